//! Which tasks a list holds, as SQL, and from which end to look for them.
//!
//! A list is *walked* along the index of its sort column, testing rows, when its filters match many; when they match few, those few are
//! *collected* and sorted (architecture, "Lists"). Which of the two is decided once for a page, by counting.

use crate::{
    Answer, Tx, dialect,
    dynamic::Values,
    search::{Search, Searched},
    task_source::{Asked, Source, all, alone, among_first, conditions, in_state},
};
use model::{
    listing::Total,
    task::{TaskColumn, TaskState},
};

/// Up to so many rows are collected and sorted, and up to so many users are followed to their tasks; more are tested task by task.
const FEW: i64 = 2_000;
/// Up to so many are found quicker than a short list is looked through, such as somebody's UserID.
const NAMED: i64 = 50;
/// Up to so many rows of one filter are looked through for those that the others hold as well; first it is asked whether so few will do.
const SOME: i64 = 100_000;
const FEWER: i64 = 25_000;
/// The first rows of a filter that is not rare: most often enough of them pass the others to tell that there are many.
const SAMPLE: i64 = 50_000;
/// One more than a total says exactly.
const MANY: i64 = Total::EXACT_TO as i64 + 1;
/// So many that a search finds through users are counted first: most often more than enough are distinct.
const FIRST: i64 = 3 * MANY;

/// How a list is going to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plan {
    /// The rows of this filter, of which few pass the others.
    Collect(Source),
    /// What the search finds, which is few.
    Found,
    /// Of this filter's few rows, or of a list that is short altogether, those that the search finds: each is tested.
    Tested(Option<Source>),
    /// Along the index of the sort.
    Walk {
        /// How the search reaches tasks, where there is one.
        search: Option<(Reach, Reach)>,
        /// How many rows there are, up to [`MANY`], where that was counted already.
        counted: Option<i64>,
        /// The first and last task of the days of creation that are asked for, where the days are few enough to be looked up.
        numbers: Option<(i64, i64)>,
    },
}

/// How the search reaches tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Few match: they can be named.
    Few,
    /// Many match: each task is tested.
    Many,
}

/// A statement being put together: where its tasks `t` come from, and its conditions.
pub(crate) struct Parts {
    from: String,
    conditions: Vec<String>,
    /// Their values.
    pub(crate) values: Values,
}

impl Parts {
    /// `select {head} from … where …`; ` and …` may follow.
    pub(crate) fn select(&self, head: &str) -> String {
        format!("select {head} from {} where {}", self.from, self.conditions.join(" and "))
    }
}

impl Plan {
    /// Few rows are collected and sorted.
    pub(crate) const fn collects(self) -> bool {
        matches!(self, Plan::Collect(_) | Plan::Found | Plan::Tested(_))
    }
}

impl Tx {
    /// Decides how a list is read.
    pub(crate) async fn plan_tasks(&mut self, asked: Asked<'_>) -> Answer<Plan> {
        let typed = &asked.filter.search;
        if typed.is_empty() {
            return self.plan_filters(asked).await;
        }
        let tasks = self.found_up_to(Searched::Tasks, typed, FEW + 1).await?;
        let mut users = None;
        if tasks <= NAMED {
            users = Some(self.found_up_to(Searched::Users, typed, FEW + 1).await?);
        }
        if users.is_some_and(|users| users <= NAMED) {
            return Ok(Plan::Found);
        }
        if let Some((_, source)) = self.rarest(asked, &Source::given(asked), FEW).await? {
            return Ok(Plan::Tested(Some(source)));
        }
        if self.count_in_index(all(asked.state), &Values::default(), FEW + 1).await? <= FEW {
            return Ok(Plan::Tested(None));
        }
        let users = match users {
            Some(users) => users,
            None => self.found_up_to(Searched::Users, typed, FEW + 1).await?,
        };
        if tasks <= FEW && users <= FEW {
            return Ok(Plan::Found);
        }
        let reach = |found: i64| if found <= FEW { Reach::Few } else { Reach::Many };
        Ok(Plan::Walk { search: Some((reach(tasks), reach(users))), counted: None, numbers: None })
    }

    async fn plan_filters(&mut self, asked: Asked<'_>) -> Answer<Plan> {
        let given = Source::given(asked);
        let counted = match given.as_slice() {
            [source] => self.count_alone(asked, *source).await?,
            several => self.count_together(asked, several).await?,
        };
        match counted {
            Some((count, source)) if count <= FEW => Ok(Plan::Collect(source)),
            _ => {
                let numbers = self.numbers_of_start(asked, &given).await?;
                Ok(Plan::Walk { search: None, counted: counted.map(|(count, _)| count), numbers })
            }
        }
    }

    /// How many tasks one filter holds, up to [`MANY`]; nothing where its index tells that it is not few, and no more.
    async fn count_alone(&mut self, asked: Asked<'_>, source: Source) -> Answer<Option<(i64, Source)>> {
        let mut values = Values::default();
        match alone(asked, &mut values) {
            Some(sql) => Ok(Some((self.count_in_index(sql, &values, MANY).await?, source))),
            None => self.rarest(asked, &[source], FEW).await,
        }
    }

    /// How many tasks several filters hold together at most, exact above [`FEW`] and up to [`MANY`], and one whose rows were looked through
    /// for it; nothing where each matches so many that the list has to be walked.
    async fn count_together(&mut self, asked: Asked<'_>, given: &[Source]) -> Answer<Option<(i64, Source)>> {
        if let Some(rarest) = self.rarest(asked, given, FEW).await? {
            return Ok(Some(rarest));
        }
        if let Some((_, source)) = self.rarest(asked, given, FEWER).await? {
            return Ok(Some((self.count_among(asked, source).await?, source)));
        }
        if let Some(source) = Source::likely_rarest(given)
            && self.are_many_among_first(asked, source).await?
        {
            return Ok(Some((MANY, source)));
        }
        let Some((_, source)) = self.rarest(asked, given, SOME).await? else { return Ok(None) };
        Ok(Some((self.count_among(asked, source).await?, source)))
    }

    /// How many of a filter's rows the others hold as well, up to [`MANY`].
    async fn count_among(&mut self, asked: Asked<'_>, source: Source) -> Answer<i64> {
        let parts = parts("tasks t", |values| conditions(self, asked, Some(source), None, values));
        self.count_up_to(parts.select("t.number"), &parts.values, MANY).await
    }

    /// Do the others hold [`MANY`] of the first rows of a filter?
    async fn are_many_among_first(&mut self, asked: Asked<'_>, source: Source) -> Answer<bool> {
        let mut values = Values::default();
        let Some(sql) = among_first(self, asked, source, SAMPLE, &mut values) else { return Ok(false) };
        Ok(self.count_up_to(sql, &values, MANY).await? == MANY)
    }

    /// The filter that matches fewest, where that is no more than `most`.
    async fn rarest(&mut self, asked: Asked<'_>, given: &[Source], most: i64) -> Answer<Option<(i64, Source)>> {
        let mut rarest: Option<(i64, Source)> = None;
        for source in given {
            let mut values = Values::default();
            let Some(seek) = source.seek(asked, &mut values) else { continue };
            // Beyond the rarest so far it does not matter how many there are; and none is rarer than one that matches nothing.
            let least = rarest.map_or(most + 1, |(least, _)| least);
            if least == 0 {
                break;
            }
            let count = self.count_in_index(format!("select number from tasks where {seek}"), &values, least).await?;
            if count < least {
                rarest = Some((count, *source));
            }
        }
        Ok(rarest)
    }

    /// Numbers follow time: where the tasks of some days lie. Without that, a walk by number would pass everything that came since.
    async fn numbers_of_start(&mut self, asked: Asked<'_>, given: &[Source]) -> Answer<Option<(i64, i64)>> {
        if !given.contains(&Source::Start) {
            return Ok(None);
        }
        let act = &asked.filter.act;
        self.tasks_of_days(asked.state == TaskState::Outstanding, act.start_from, act.start_to).await
    }

    /// The parts of a statement that reads the list, in the order of `column` where it is walked.
    pub(crate) fn task_parts(&self, asked: Asked<'_>, plan: Plan, column: Option<TaskColumn>) -> Parts {
        match plan {
            Plan::Collect(source) => parts("tasks t", |values| conditions(self, asked, Some(source), None, values)),
            Plan::Found => self.found_parts(asked, "union", column),
            Plan::Tested(source) => parts("tasks t", |values| {
                let mut all = conditions(self, asked, source, None, values);
                all.extend(self.tested(asked, Reach::Many, Reach::Many, values));
                all
            }),
            Plan::Walk { search, numbers, .. } => parts("tasks t", |values| {
                let mut all = conditions(self, asked, None, column.and_then(Source::walked_by), values);
                if let Some((first, last)) = numbers {
                    let walked = column == Some(TaskColumn::Task);
                    let number = if walked { "t.number".to_owned() } else { dialect::hidden(self, "t.number") };
                    all.push(format!("{number} >= {} and {number} <= {}", values.push(first), values.push(last)));
                }
                all.extend(search.and_then(|(tasks, users)| self.tested(asked, tasks, users, values)));
                all
            }),
        }
    }

    /// How many tasks the list holds, up to [`MANY`]. All tasks, or a filter that stands alone, are counted in one index; a search is
    /// counted from what it finds; and what has to be walked is walked where the index has it all.
    pub(crate) async fn count_planned(&mut self, asked: Asked<'_>, plan: Plan) -> Answer<i64> {
        let mut values = Values::default();
        if let Plan::Walk { counted: Some(counted), .. } = plan {
            return Ok(counted);
        }
        if let Some(sql) = alone(asked, &mut values) {
            return self.count_in_index(sql, &values, MANY).await;
        }
        if !asked.filter.search.is_empty() && !matches!(plan, Plan::Tested(_)) {
            return self.count_found(asked).await;
        }
        let parts = self.task_parts(asked, plan, Some(TaskColumn::Task));
        let order = if plan.collects() { "" } else { dialect::walked_by_number(self) };
        self.count_up_to(format!("{}{order}", parts.select("t.number")), &parts.values, MANY).await
    }

    /// How many rows a statement has, up to `most`.
    async fn count_up_to(&mut self, sql: String, values: &Values, most: i64) -> Answer<i64> {
        self.dynamic_count(format!("select count(*) from ({sql} limit {most}) counted"), values).await
    }

    /// The same where rows come straight from one index: whether there are so many is seen in half the time that counting them takes.
    /// `most` is 1 or more.
    async fn count_in_index(&mut self, sql: String, values: &Values, most: i64) -> Answer<i64> {
        let last = most - 1;
        let counted = format!("select count(*) from ({sql} limit {most}) counted");
        self.dynamic_count(
            format!("select coalesce((select {most} from ({sql}) many limit 1 offset {last}), ({counted}))"),
            values,
        )
        .await
    }

    /// How many a search matches, whatever their state, up to `most`.
    async fn found_up_to(&mut self, what: Searched, typed: &str, most: i64) -> Answer<i64> {
        let Some(Search { ids, argument, .. }) = self.search(what, typed, 1) else { return Ok(0) };
        let mut values = Values::default();
        values.push(argument);
        self.count_up_to(ids, &values, most).await
    }

    /// The tasks a search finds, that the filters hold as well, with what their order needs. Where that is the number alone, no task is
    /// looked at a second time.
    fn found_parts(&self, asked: Asked<'_>, union: &str, column: Option<TaskColumn>) -> Parts {
        let mut values = Values::default();
        let found = self.found_tasks(asked, union, &mut values);
        if Source::given(asked).is_empty() && column.is_none_or(|column| column == TaskColumn::Task) {
            let from = format!("(select found.task as number from ({found}) found) t");
            return Parts { from, conditions: vec!["true".to_owned()], values };
        }
        let mut all = vec!["t.number = found.task".to_owned()];
        all.extend(conditions(self, asked, None, None, &mut values));
        Parts { from: format!("({found}) found cross join tasks t"), conditions: all, values }
    }

    /// How many tasks a search finds, up to [`MANY`].
    async fn count_found(&mut self, asked: Asked<'_>) -> Answer<i64> {
        if Source::given(asked).is_empty() {
            if dialect::reads_all_before_distinct(self) {
                if let Some(count) = self.count_first_found(asked).await? {
                    return Ok(count);
                }
            } else if self.are_many_open(asked).await? {
                return Ok(MANY);
            }
        }
        let parts = self.found_parts(asked, "union all", None);
        self.count_up_to(parts.select("distinct t.number"), &parts.values, MANY).await
    }

    /// Are there so many among the first open enrollments of users it finds? Those are in outstanding tasks, of which none is looked at:
    /// where most of what a search finds is over, looking takes a hundred times as long.
    async fn are_many_open(&mut self, asked: Asked<'_>) -> Answer<bool> {
        let Some(users) = self.search(Searched::Users, &asked.filter.search, 1) else { return Ok(false) };
        if asked.state != TaskState::Outstanding {
            return Ok(false);
        }
        let mut values = Values::default();
        let sql = format!("select distinct task from ({} and e.completed_at is null limit {FIRST}) first", inside(&users));
        values.push(users.argument);
        Ok(self.count_up_to(sql, &values, MANY).await? == MANY)
    }

    /// The same from the first that are found, where those are enough to tell.
    async fn count_first_found(&mut self, asked: Asked<'_>) -> Answer<Option<i64>> {
        let mut values = Values::default();
        let Some(themselves) = self.found_themselves(asked, &mut values) else { return Ok(Some(0)) };
        if self.count_up_to(themselves.clone(), &values, MANY).await? == MANY || self.are_many_open(asked).await? {
            return Ok(Some(MANY));
        }
        let Some(inside) = self.found_inside(asked, &mut values) else { return Ok(None) };
        let sql = format!(
            "with inside (task) as materialized ({inside} limit {FIRST})
             select (select count(*) from (select distinct task from ({themselves} union all select task from inside) found limit {MANY})
                     counted), (select count(*) from inside)"
        );
        let counted: Vec<(i64, i64)> = self.dynamic(sql, &values).await?;
        Ok(counted.first().filter(|(count, inside)| *count == MANY || *inside < FIRST).map(|(count, _)| *count))
    }

    /// The tasks a search finds in this state, by themselves or through a user inside who is not removed: `select … as task`. Who has an
    /// open enrollment is in an outstanding task; that is seen without looking at the task.
    fn found_tasks(&self, asked: Asked<'_>, union: &str, values: &mut Values) -> String {
        let mut found: Vec<String> = self.found_themselves(asked, values).into_iter().collect();
        found.extend(self.found_inside(asked, values));
        if found.is_empty() {
            "select number as task from tasks where 1 = 0".to_owned()
        } else {
            found.join(&format!(" {union} "))
        }
    }

    /// The tasks a search finds in this state by themselves.
    fn found_themselves(&self, asked: Asked<'_>, values: &mut Values) -> Option<String> {
        let Search { ids, id, argument } = self.search(Searched::Tasks, &asked.filter.search, values.next())?;
        values.push(argument);
        let is = self.is_in_state(&format!("f.{id}"), asked.state);
        Some(format!("select f.{id} as task from ({ids}) f where {is}"))
    }

    /// The tasks in this state that hold a user a search finds; one that holds several comes as often.
    fn found_inside(&self, asked: Asked<'_>, values: &mut Values) -> Option<String> {
        let users = self.search(Searched::Users, &asked.filter.search, values.next())?;
        values.push(users.argument.clone());
        let open = if asked.state == TaskState::Outstanding { "e.completed_at is null or " } else { "" };
        Some(format!("{} and ({open}{})", inside(&users), self.is_in_state("e.task", asked.state)))
    }

    /// The test of a task's number. Outstanding tasks have a narrow index of nothing but their numbers.
    fn is_in_state(&self, task: &str, state: TaskState) -> String {
        let (index, is) = match state {
            TaskState::Outstanding => (dialect::by_index(self, "tasks_outstanding"), "t.open >= 1".to_owned()),
            TaskState::Completed | TaskState::Removed => (String::new(), in_state(self, state)),
        };
        format!("exists (select 1 from tasks t{index} where t.number = {task} and {is})")
    }

    /// The test of one task for a search that matches many.
    fn tested(&self, asked: Asked<'_>, tasks: Reach, users: Reach, values: &mut Values) -> Option<String> {
        let typed = &asked.filter.search;
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
            // Not `exists`: PostgreSQL would look up all that match before the first row.
            Reach::Many => format!("({} and {} = t.number limit 1) is not null", itself.ids, itself.id),
        };
        let inside = match users {
            Reach::Few => format!("t.number in ({})", inside(&people)),
            Reach::Many => format!(
                "(select 1 from enrollments e where e.task = t.number and e.removed_at is null
                  and ({} and {} = e.person limit 1) is not null limit 1) = 1",
                people.ids, people.id
            ),
        };
        Some(format!("({itself} or {inside})"))
    }
}

/// The tasks that hold one of these users.
fn inside(users: &Search) -> String {
    format!(
        "select e.task from ({}) p cross join enrollments e where e.person = p.{} and e.removed_at is null",
        users.ids, users.id
    )
}

fn parts(from: &str, conditions: impl FnOnce(&mut Values) -> Vec<String>) -> Parts {
    let mut values = Values::default();
    let conditions = conditions(&mut values);
    Parts { from: from.to_owned(), conditions, values }
}
