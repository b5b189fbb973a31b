//! Which tasks a list holds, as SQL, and from which end to look for them.
//!
//! A list is *walked* along the index of its sort column, testing rows, when its filters match many; when one of them matches few,
//! those few are *collected* and sorted (architecture, "Lists"). SQLite's planner cannot know which is better without statistics,
//! so it is told: a walk writes its tests so that no index serves them (`x || ''`, `x + 0`), and collecting names its few rows in a
//! `with` that comes first.

use crate::{
    Answer, Tx,
    dynamic::Values,
    keyset::Step,
    search::{Search, Searched},
};
use model::{
    day::Day,
    task::{TaskFilter, TaskState},
    text::user_key,
};

/// Up to so many rows are collected and sorted.
const FEW: usize = 2_000;
/// Up to so many users are followed to their tasks; more are tested task by task.
const FEW_USERS: usize = 1_000;

/// What is asked of a list of tasks, beside its sort and page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) state: TaskState,
    pub(crate) filter: &'a TaskFilter,
    pub(crate) today: Day,
}

/// How the search reaches tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Few match: they can be named.
    Few,
    /// Many match: each task is tested.
    Many,
}

/// A statement being put together: the few rows it begins with, if any, and its conditions.
pub(crate) struct Parts {
    /// `with few (task) as (…)`, or nothing.
    with: String,
    /// `tasks t`, with the few rows before it.
    from: &'static str,
    /// The conditions, to be joined by `and`.
    conditions: Vec<String>,
    /// Their values.
    pub(crate) values: Values,
}

impl Parts {
    /// `with … select {head} from … where …`; ` and …` may follow.
    pub(crate) fn select(&self, head: &str) -> String {
        format!("{} select {head} {}", self.with, self.found())
    }

    fn found(&self) -> String {
        format!("from {} where {}", self.from, self.conditions.join(" and "))
    }

    /// One step of a page. Few rows are sorted by what their order needs, and only those on the page are read in full.
    pub(crate) fn page(&self, columns: &str, step: &Step) -> String {
        let Step { condition, tail } = step;
        if self.with.is_empty() {
            return format!("{}{condition} {tail}", self.select(columns));
        }
        format!(
            "{}, page (number) as (select t.number {}{condition} {tail})
             select {columns} from page cross join tasks t where t.number = page.number {tail}",
            self.with,
            self.found()
        )
    }
}

impl Tx {
    /// The parts of a page's statement.
    pub(crate) async fn page_parts(&mut self, asked: Asked<'_>) -> Answer<Parts> {
        let mut values = Values::default();
        let mut conditions = conditions(asked, &mut values);
        if asked.filter.search.is_empty() {
            let with = self.rarest(asked, &mut values).await?;
            return Ok(parts(with, conditions, values));
        }
        let (tasks, users) = self.reach(&asked.filter.search).await?;
        let typed = &asked.filter.search;
        if (tasks, users) == (Reach::Few, Reach::Few) {
            let with = self.found_tasks(typed, "union", &mut values);
            return Ok(parts(with, conditions, values));
        }
        conditions.extend(self.tested(typed, tasks, users, &mut values));
        Ok(parts(None, conditions, values))
    }

    /// A statement of the numbers of the tasks that are asked for, so that counting them stops early. A filter that stands alone is
    /// counted in its index; a search is counted from what it finds; and what has to be walked is walked where the index has it all.
    pub(crate) async fn numbers(&mut self, asked: Asked<'_>) -> Answer<(String, Values)> {
        let mut values = Values::default();
        if let Some(sql) = alone(asked, &mut values) {
            return Ok((sql, values));
        }
        if asked.filter.search.is_empty() {
            let parts = self.page_parts(asked).await?;
            let order = if parts.with.is_empty() { " order by t.number" } else { "" };
            return Ok((format!("{}{order}", parts.select("t.number")), parts.values));
        }
        let conditions = conditions(asked, &mut values);
        let with = self.found_tasks(&asked.filter.search, "union all", &mut values);
        let parts = parts(with, conditions, values);
        Ok((parts.select("distinct t.number"), parts.values))
    }

    /// Does the search match few tasks, and few users?
    async fn reach(&mut self, typed: &str) -> Answer<(Reach, Reach)> {
        let tasks = self.found_at_most(Searched::Tasks, typed, FEW).await?;
        let users = self.found_at_most(Searched::Users, typed, FEW_USERS).await?;
        let reach = |few: bool| if few { Reach::Few } else { Reach::Many };
        Ok((reach(tasks), reach(users)))
    }

    async fn found_at_most(&mut self, what: Searched, typed: &str, most: usize) -> Answer<bool> {
        let Some(Search { ids, argument, .. }) = self.search(what, typed, 1) else { return Ok(true) };
        let mut values = Values::default();
        values.push(argument);
        let count = self.dynamic_count(format!("select count(*) from ({ids} limit {}) found", most + 1), &values).await?;
        Ok(count <= most as i64)
    }

    /// `with few (task) as (…)` of the tasks a search finds, by themselves or through a user inside who is not removed.
    fn found_tasks(&self, typed: &str, union: &str, values: &mut Values) -> Option<String> {
        let tasks = self.search(Searched::Tasks, typed, values.next())?;
        values.push(tasks.argument);
        let users = self.search(Searched::Users, typed, values.next())?;
        values.push(users.argument.clone());
        Some(format!("{} {union} {}", tasks.ids, inside(&users)))
    }

    /// The test of one task for a search that matches many.
    fn tested(&self, typed: &str, tasks: Reach, users: Reach, values: &mut Values) -> Option<String> {
        let search = |reach, what, n| match reach {
            Reach::Few => self.search(what, typed, n),
            Reach::Many => self.search_one(what, typed, n),
        };
        let itself = search(tasks, Searched::Tasks, values.next())?;
        values.push(itself.argument);
        let people = search(users, Searched::Users, values.next())?;
        values.push(people.argument.clone());
        let itself = match tasks {
            Reach::Few => format!("t.number in ({})", itself.ids),
            Reach::Many => format!("exists ({} and {} = t.number)", itself.ids, itself.id),
        };
        let inside = match users {
            Reach::Few => format!("t.number in ({})", inside(&people)),
            Reach::Many => format!(
                "exists (select 1 from enrollments e where e.task = t.number and e.removed_at is null and exists ({} and {} = e.person))",
                people.ids, people.id
            ),
        };
        Some(format!("({itself} or {inside})"))
    }

    /// The rarest filter, where it matches few.
    async fn rarest(&mut self, asked: Asked<'_>, values: &mut Values) -> Answer<Option<String>> {
        let mut rarest: Option<(i64, Source)> = None;
        for source in Source::ALL {
            let mut own = Values::default();
            let Some(sql) = source.sql(asked, &mut own) else { continue };
            let count = self.dynamic_count(format!("select count(*) from ({sql} limit {}) found", FEW + 1), &own).await?;
            if count <= FEW as i64 && rarest.is_none_or(|(least, _)| count < least) {
                rarest = Some((count, source));
            }
        }
        Ok(rarest.and_then(|(_, source)| source.sql(asked, values)))
    }
}

/// The tasks that hold one of these users.
fn inside(users: &Search) -> String {
    format!(
        "select e.task from ({}) p cross join enrollments e where e.person = p.{} and e.removed_at is null",
        users.ids, users.id
    )
}

fn parts(few: Option<String>, mut conditions: Vec<String>, values: Values) -> Parts {
    match few {
        Some(few) => {
            conditions.push("t.number = few.task".to_owned());
            Parts { with: format!("with few (task) as ({few})"), from: "few cross join tasks t", conditions, values }
        }
        None => Parts { with: String::new(), from: "tasks t", conditions, values },
    }
}

/// The outstanding tasks of a filter that stands alone, from its index and nothing else.
fn alone(asked: Asked<'_>, values: &mut Values) -> Option<String> {
    let searched = !asked.filter.search.is_empty();
    let mut given = Source::ALL.into_iter().filter(|source| source.sql(asked, &mut Values::default()).is_some());
    match (asked.state, searched, given.next(), given.next()) {
        (TaskState::Outstanding, false, Some(Source::Expired), None) => {
            let today = values.push(i64::from(asked.today.epoch()));
            Some(format!("select distinct task from task_stops where stop_on < {today} and open > locked"))
        }
        (TaskState::Outstanding, false, Some(source), None) => source.sql(asked, values),
        _ => None,
    }
}

/// Every condition but the search, each written so that only the walked index serves it.
fn conditions(asked: Asked<'_>, values: &mut Values) -> Vec<String> {
    let Asked { state, filter, today } = asked;
    let mut all = vec![match state {
        TaskState::Outstanding => "t.outstanding = true".to_owned(),
        TaskState::Completed => "t.outstanding = false and t.completed > 0".to_owned(),
        TaskState::Removed => "t.outstanding = false and t.completed = 0".to_owned(),
    }];
    let flags = [(filter.has_locked, "t.locked + 0 > 0"), (filter.mail_failed, "t.mail_failed + 0 > 0")];
    all.extend(flags.into_iter().filter(|(on, _)| *on).map(|(_, condition)| condition.to_owned()));
    if filter.has_expired {
        let today = values.push(i64::from(today.epoch()));
        all.push(format!(
            "t.min_stop_on + 0 < {today} and exists
             (select 1 from task_stops s where s.task = t.number and s.stop_on < {today} and s.open > s.locked)"
        ));
    }
    if let Some(operator) = &filter.act.operator {
        all.push(format!("t.operator_key || '' = {}", values.push(user_key(operator))));
    }
    if let Some(kind) = filter.act.kind {
        all.push(format!("t.type || '' = {}", values.push(kind.code())));
    }
    let ranges = [
        ("t.start_on + 0 >=", filter.act.start_from),
        ("t.start_on + 0 <=", filter.act.start_to),
        ("t.max_stop_on + 0 >=", filter.act.stop_from),
        ("t.max_stop_on + 0 <=", filter.act.stop_to),
    ];
    for (condition, day) in ranges {
        if let Some(day) = day {
            all.push(format!("{condition} {}", values.push(i64::from(day.epoch()))));
        }
    }
    all
}

/// A filter with an index of its own.
#[derive(Clone, Copy, Debug)]
enum Source {
    Locked,
    MailFailed,
    Expired,
    Operator,
    Kind,
    Start,
    Stop,
}

impl Source {
    const ALL: [Source; 7] =
        [Source::Locked, Source::MailFailed, Source::Expired, Source::Operator, Source::Kind, Source::Start, Source::Stop];

    /// The tasks that the filter holds, or more, through its index; nothing when it is not given.
    fn sql(self, asked: Asked<'_>, values: &mut Values) -> Option<String> {
        let Asked { state, filter, today } = asked;
        let condition = match self {
            // Word for word the conditions of their partial indexes, and nothing beside them that another index would serve.
            Source::Locked => {
                return filter.has_locked.then(|| "select number from tasks where open > 0 and locked > 0".to_owned());
            }
            Source::MailFailed => {
                return filter.mail_failed.then(|| "select number from tasks where open > 0 and mail_failed > 0".to_owned());
            }
            Source::Expired => filter.has_expired.then(|| format!("min_stop_on < {}", values.push(i64::from(today.epoch()))))?,
            Source::Operator => format!("operator_key = {}", values.push(user_key(filter.act.operator.as_deref()?))),
            Source::Kind => format!("type = {}", values.push(filter.act.kind?.code())),
            Source::Start => range("start_on", filter.act.start_from, filter.act.start_to, values)?,
            Source::Stop => range("max_stop_on", filter.act.stop_from, filter.act.stop_to, values)?,
        };
        let outstanding = state == TaskState::Outstanding;
        Some(format!("select number from tasks where outstanding = {outstanding} and {condition}"))
    }
}

/// `column` from one day to another, where at least one of them is given.
fn range(column: &str, from: Option<Day>, to: Option<Day>, values: &mut Values) -> Option<String> {
    let from = from.map(|day| format!("{column} >= {}", values.push(i64::from(day.epoch()))));
    let to = to.map(|day| format!("{column} <= {}", values.push(i64::from(day.epoch()))));
    let ends: Vec<String> = from.into_iter().chain(to).collect();
    (!ends.is_empty()).then(|| ends.join(" and "))
}
