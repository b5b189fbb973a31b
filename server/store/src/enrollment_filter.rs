//! Which enrollments a list holds, as SQL, and from which end to look for them.
//!
//! As with tasks (see `task_filter`), a list is *walked* in the order of its sort, or the few rows of its rarest filter are *collected*
//! and sorted. A walk goes once through each *stage*: status, link and Start as far as they are stored stand in one number, with which
//! every sort index begins. So a filter on them chooses walks instead of testing rows, and a walk never crosses a million rows of a
//! stage that cannot match. Tests are written so that no index serves them but the one that is walked.

use crate::{Answer, Tx, between::Between, dynamic::Values, search::Searched, tokens::NEVER_USED};
use model::{
    day::Day,
    enrollment::Status,
    listing::Total,
    message::MailState,
    report::{EnrollmentColumn, EnrollmentFilter, LinkState},
    text::{search_key, user_key},
};

/// Up to so many rows are collected and sorted: a walk of every stage looks for a page in each.
const FEW: i64 = 4_000;
/// Up to so many, where every test of a walk would have to look into another table.
const FEW_ELSEWHERE: i64 = 10_000;
/// What `marks` holds more of a link that went to another address.
const ELSEWHERE: i64 = 8;

/// What no row has.
const NO_STAGE: i64 = 99;

/// A filter at a time.
#[derive(Clone, Copy, Debug)]
pub struct Which<'a> {
    /// The filter.
    pub filter: &'a EnrollmentFilter,
    /// Today.
    pub today: Day,
    /// Now, in milliseconds.
    pub now: i64,
}

/// How a list is going to be read, decided once by counting its filters.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The filter that matches fewest, and how many, exact to 10,000.
    rarest: Option<(i64, Source)>,
    /// Every filter that counts is exact and there is one only: its count is the list's.
    alone: bool,
    /// Where the tasks of the operator who is asked for lie.
    between: Option<Between>,
}

/// The test of `marks` that goes with a state of the mail.
fn marked(state: MailState, redirected: bool) -> String {
    let mark = match state {
        MailState::Bounced => 1,
        MailState::Failed => 2,
        MailState::Canceled => 3,
        MailState::Deferred => 4,
        MailState::Uncertain => 5,
        MailState::Queued | MailState::Sending | MailState::Accepted => 0,
    };
    match redirected {
        true => format!("e.marks + 0 = {}", mark + ELSEWHERE),
        false => format!("e.marks + 0 in ({mark}, {})", mark + ELSEWHERE),
    }
}

/// A statement being put together: the few rows it begins with, if any, and its conditions.
pub(crate) struct Found {
    with: String,
    from: &'static str,
    conditions: Vec<String>,
}

/// The user and the task of a row, and how they are found.
pub(crate) const BESIDE: &str = "cross join users u cross join tasks t";
pub(crate) const OF_THE_ROW: &str = "u.id = e.person and t.number = e.task";

impl Found {
    /// `with … {head} from … where …`; ` and …` may follow.
    pub(crate) fn select(&self, head: &str) -> String {
        format!("{}{head} from {} where {}", self.with, self.from, self.conditions.join(" and "))
    }

    /// The same with the user `u` and the task `t` of each row beside it.
    pub(crate) fn select_whole(&self, head: &str) -> String {
        let conditions = self.conditions.join(" and ");
        format!("{}{head} from {} {BESIDE} where {conditions} and {OF_THE_ROW}", self.with, self.from)
    }

    /// The same of one stage only; the first condition is that on the stages.
    pub(crate) fn at(&self, stage: i64, head: &str) -> String {
        let others: String = self.conditions.iter().skip(1).map(|condition| format!(" and {condition}")).collect();
        format!("{}{head} from {} where e.stage = {stage}{others}", self.with, self.from)
    }
}

/// A filter with an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Search,
    Stages,
    Stop,
    Start,
    Mail,
    LinkExpired,
    Redirected,
    Asked,
    Operator,
    Container,
    Kind,
}

impl Source {
    const ALL: [Source; 11] = [
        Source::Search,
        Source::Stages,
        Source::Stop,
        Source::Start,
        Source::Mail,
        Source::LinkExpired,
        Source::Redirected,
        Source::Asked,
        Source::Operator,
        Source::Container,
        Source::Kind,
    ];

    /// The most rows that are collected through it. None where a walk in this order does as well.
    const fn most(self, sort: Option<EnrollmentColumn>) -> i64 {
        match (self, sort) {
            (Source::Stages, Some(_))
            | (Source::Start, Some(EnrollmentColumn::Start))
            | (Source::Stop, Some(EnrollmentColumn::Stop)) => 0,
            (Source::Operator | Source::Container | Source::Search | Source::Asked, _) => FEW_ELSEWHERE,
            _ => FEW,
        }
    }
}

impl Plan {
    /// Is collecting the rarest filter better than walking in the order of `sort`; nothing: of the rows themselves?
    pub(crate) fn collects(&self, sort: Option<EnrollmentColumn>) -> bool {
        self.rarest.is_some_and(|(count, source)| count <= source.most(sort))
    }
}

impl Which<'_> {
    /// The stages that can match.
    pub(crate) fn stages(&self) -> Vec<i64> {
        let filter = self.filter;
        let link_expired = filter.link == Some(LinkState::Expired);
        let fates: &[i64] = match filter.status {
            None if link_expired => &[0],
            None => &[0, 4, 8, 12],
            Some(Status::Active | Status::Expired) => &[0],
            Some(_) if link_expired => &[],
            Some(Status::Locked) => &[4],
            Some(Status::Completed) => &[8],
            Some(Status::Removed) => &[12],
        };
        let opened = match filter.link {
            Some(LinkState::Opened) => Some(true),
            Some(LinkState::Unopened) => Some(false),
            _ => None,
        };
        let holds = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
        // Whoever asked for a link waits for it, or waits no longer.
        let fates = fates.iter().filter(|fate| (!filter.asked || **fate < 8) && (!filter.never_used || **fate == 8));
        let steps = (0..4).filter(|step| holds(opened, step & 1 > 0) && holds(filter.started, step & 2 > 0));
        let stages: Vec<i64> = steps.flat_map(|step| fates.clone().map(move |fate| fate + step)).collect();
        if stages.is_empty() { vec![NO_STAGE] } else { stages }
    }

    /// The days between which the stop date must lie: those asked for, and what status and link say.
    fn stop(&self) -> (Option<Day>, Option<Day>) {
        let (mut from, mut to) = (self.filter.act.stop_from, self.filter.act.stop_to);
        if self.filter.status == Some(Status::Active) || self.filter.link == Some(LinkState::Expired) {
            from = from.max(Some(self.today));
        }
        if self.filter.status == Some(Status::Expired) {
            let yesterday = self.today.plus(-1);
            to = Some(to.map_or(yesterday, |to| to.min(yesterday)));
        }
        (from, to)
    }

    /// The state of the mail that is asked for, where an index knows it: most mail is accepted.
    fn troubled_mail(&self) -> Option<MailState> {
        self.filter.mail.filter(|state| *state != MailState::Accepted)
    }

    /// The column whose index finds the filter soonest when the order does not matter.
    fn soonest(&self, plan: &Plan) -> Option<EnrollmentColumn> {
        let filter = self.filter;
        if filter.act.start_from.or(filter.act.start_to).is_some() {
            return Some(EnrollmentColumn::Start);
        }
        let by_task = plan.between.map(|_| EnrollmentColumn::Task);
        by_task.or_else(|| (self.stop() != (None, None)).then_some(EnrollmentColumn::Stop))
    }

    /// Every condition but the search and the stages. `seeks` is the column whose index is walked: its range is left to that index.
    pub(crate) fn conditions(&self, seeks: Option<EnrollmentColumn>, plan: &Plan, values: &mut Values) -> Vec<String> {
        let filter = self.filter;
        let mut all = Vec::new();
        let start = if seeks == Some(EnrollmentColumn::Start) { "e.start_on" } else { "e.start_on + 0" };
        let stop = if seeks == Some(EnrollmentColumn::Stop) { "e.stop_on" } else { "e.stop_on + 0" };
        all.extend(range(start, filter.act.start_from, filter.act.start_to, values));
        let (from, to) = self.stop();
        all.extend(range(stop, from, to, values));
        if let Some(between) = &plan.between {
            all.push(between.condition(seeks, values));
        }
        if let Some(state) = filter.mail {
            all.push(marked(state, filter.redirected));
            all.push(format!("e.mail_state || '' = {}", values.push(state.code())));
        } else if filter.redirected {
            all.push(format!("e.marks + 0 >= {ELSEWHERE}"));
        }
        if filter.asked {
            all.push("e.requested_at + 0 is not null".to_owned());
        }
        if filter.never_used {
            all.push(NEVER_USED.to_owned());
        }
        if filter.link == Some(LinkState::Expired) {
            all.push(format!("e.link_until + 0 <= {}", values.push(self.now)));
        }
        if let Some(operator) = &filter.act.operator {
            let operator = values.push(user_key(operator));
            all.push(format!("(select t.operator_key from tasks t where t.number = e.task) = {operator}"));
        }
        if let Some(container) = &filter.container {
            let container = values.push(search_key(container));
            all.push(format!("(select u.container_key from users u where u.id = e.person) = {container}"));
        }
        if let Some(kind) = filter.act.kind {
            all.push(format!("e.type || '' = {}", values.push(kind.code())));
        }
        all
    }
}

/// `column` from one day to another, where at least one of them is given.
fn range(column: &str, from: Option<Day>, to: Option<Day>, values: &mut Values) -> Option<String> {
    let from = from.map(|day| format!("{column} >= {}", values.push(i64::from(day.epoch()))));
    let to = to.map(|day| format!("{column} <= {}", values.push(i64::from(day.epoch()))));
    let ends: Vec<String> = from.into_iter().chain(to).collect();
    (!ends.is_empty()).then(|| ends.join(" and "))
}

/// The tasks `t` of the operator who is asked for.
fn of_operator(filter: &EnrollmentFilter, values: &mut Values) -> Option<String> {
    Some(format!("t.operator_key = {}", values.push(user_key(filter.act.operator.as_deref()?))))
}

/// The tasks `t` of the type that is asked for.
fn of_kind(filter: &EnrollmentFilter, values: &mut Values) -> Option<String> {
    Some(format!("t.outstanding in (true, false) and t.type = {}", values.push(filter.act.kind?.code())))
}

/// `column in (…)`, its numbers ours.
fn in_stages(column: &str, stages: &[i64]) -> String {
    let stages: Vec<String> = stages.iter().map(i64::to_string).collect();
    format!("{column} in ({})", stages.join(", "))
}

impl Tx {
    /// Counts the filters and decides how to read the list.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn plan_enrollments(&mut self, which: Which<'_>) -> Answer<Plan> {
        let mut rarest: Option<(i64, Source)> = None;
        let mut given = 0;
        for source in Source::ALL {
            let Some(count) = self.counted(source, which).await? else { continue };
            given += 1;
            if rarest.is_none_or(|(least, _)| count < least) {
                rarest = Some((count, source));
            }
        }
        let between = match &which.filter.act.operator {
            Some(operator) => Some(self.tasks_between(&user_key(operator)).await?),
            None => None,
        };
        // The sources of a search and of an accepted mail hold more, or nothing; no source knows of a token's use.
        let (mail, link) = (which.filter.mail, which.filter.link);
        let exact = mail != Some(MailState::Accepted) && link != Some(LinkState::Expired) && !which.filter.never_used;
        Ok(Plan { rarest, alone: given == 1 && exact, between })
    }

    /// The enrollments of the rarest filter, to be collected.
    pub(crate) fn few_enrollments(&self, plan: &Plan, which: Which<'_>, values: &mut Values) -> Found {
        let source = plan.rarest.map(|(_, source)| source);
        let few = source.and_then(|source| self.source(source, which, values)).unwrap_or_else(|| "select 0 as id".to_owned());
        let mut conditions = vec!["e.id = few.id".to_owned(), in_stages("e.stage + 0", &which.stages())];
        // What they were found by needs no test, where that would look into another table.
        let mut filter = which.filter.clone();
        match source {
            Some(Source::Operator) => filter.act.operator = None,
            Some(Source::Container) => filter.container = None,
            Some(Source::Kind) => filter.act.kind = None,
            _ => {}
        }
        conditions.extend(Which { filter: &filter, ..which }.conditions(None, plan, values));
        if source != Some(Source::Search) {
            conditions.extend(self.searched_enrollment(which, values));
        }
        Found { with: format!("with few (id) as ({few}) "), from: "few cross join enrollments e", conditions }
    }

    /// The enrollments that a walk tests, in the order of the index on `seeks`. `stage` is that column, or an expression of it where
    /// its indexes are not to be used.
    pub(crate) fn walked_enrollments(
        &self,
        plan: &Plan,
        which: Which<'_>,
        seeks: Option<EnrollmentColumn>,
        stage: &str,
        values: &mut Values,
    ) -> Found {
        let mut conditions = vec![in_stages(stage, &which.stages())];
        conditions.extend(which.conditions(seeks, plan, values));
        conditions.extend(self.searched_enrollment(which, values));
        Found { with: String::new(), from: "enrollments e", conditions }
    }

    /// The test of a search, for rows that did not come from it.
    fn searched_enrollment(&self, which: Which<'_>, values: &mut Values) -> Option<String> {
        let people = self.search(Searched::Users, &which.filter.search, values.next())?;
        values.push(people.argument);
        Some(format!("exists ({} and {} = e.person)", people.ids, people.id))
    }

    /// How many enrollments the filter holds, exact to 10,000.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_enrollments(&mut self, which: Which<'_>, plan: &Plan) -> Answer<Total> {
        match plan.rarest {
            Some((count, _)) if plan.alone => return Ok(Total::from_capped(count)),
            Some((0, _)) => return Ok(Total::Exactly(0)),
            _ => {}
        }
        let most = Total::EXACT_TO + 1;
        let mut values = Values::default();
        let found = if plan.rarest.is_some_and(|(count, _)| count < i64::from(most)) {
            self.few_enrollments(plan, which, &mut values)
        } else {
            let seeks = which.soonest(plan);
            // Without a filter that counts, rows as they lie are as good as any.
            let stage = if plan.rarest.is_some() { "e.stage" } else { "e.stage + 0" };
            self.walked_enrollments(plan, which, seeks, stage, &mut values)
        };
        let sql = format!("{} limit {most}) counted", found.select("select count(*) from (select e.id"));
        Ok(Total::from_capped(self.dynamic_count(sql, &values).await?))
    }

    /// How many a filter holds, at most 10,001. So many tasks hold so many enrollments at least; of fewer, each knows how many it holds.
    async fn counted(&mut self, source: Source, which: Which<'_>) -> Answer<Option<i64>> {
        let most = Total::EXACT_TO + 1;
        let mut values = Values::default();
        let condition = match source {
            Source::Operator => of_operator(which.filter, &mut values),
            Source::Kind => of_kind(which.filter, &mut values),
            _ => {
                let Some(sql) = self.source(source, which, &mut values) else { return Ok(None) };
                let sql = format!("select count(*) from ({sql} limit {most}) found");
                return Ok(Some(self.dynamic_count(sql, &values).await?));
            }
        };
        let Some(condition) = condition else { return Ok(None) };
        let tasks = format!("select count(*) from (select t.number from tasks t where {condition} limit {most}) found");
        let tasks = self.dynamic_count(tasks, &values).await?;
        if tasks >= i64::from(most) {
            return Ok(Some(tasks));
        }
        let held = format!("select cast(coalesce(sum(t.count + t.removed), 0) as bigint) from tasks t where {condition}");
        Ok(Some(self.dynamic_count(held, &values).await?.min(i64::from(most))))
    }

    /// The enrollments that one filter holds, or more, through its index; nothing when it is not given.
    fn source(&self, source: Source, which: Which<'_>, values: &mut Values) -> Option<String> {
        let filter = which.filter;
        let of_tasks = |condition: String| {
            format!("select e.id from tasks t cross join enrollments e where {condition} and e.task = t.number")
        };
        Some(match source {
            Source::Search => {
                let people = self.search(Searched::Users, &filter.search, values.next())?;
                values.push(people.argument);
                format!("select e.id from ({}) p cross join enrollments e where e.person = p.{}", people.ids, people.id)
            }
            Source::Stages => {
                let stages = which.stages();
                let chosen = stages.len() < 16 && filter.link != Some(LinkState::Expired);
                // Where days are asked for, or a state of the mail, those sources say the same and more.
                let days = which.stop() != (None, None) || filter.act.start_from.or(filter.act.start_to).is_some();
                (chosen && !days && which.troubled_mail().is_none())
                    .then(|| format!("select id from enrollments where {}", in_stages("stage", &stages)))?
            }
            Source::Start => {
                let days = range("start_on", filter.act.start_from, filter.act.start_to, values)?;
                format!("select id from enrollments where {} and {days}", in_stages("stage", &which.stages()))
            }
            Source::Stop => {
                let (from, to) = which.stop();
                which.troubled_mail().is_none().then_some(())?;
                let days = range("stop_on", from, to, values)?;
                format!("select id from enrollments where {} and {days}", in_stages("stage", &which.stages()))
            }
            // Word for word the conditions of the partial indexes.
            Source::Mail => {
                let state = values.push(which.troubled_mail()?.code());
                let (from, to) = which.stop();
                let stages = in_stages("stage", &which.stages());
                let days = range("stop_on", from, to, values).map(|days| format!(" and {days}")).unwrap_or_default();
                format!("select id from enrollments where mail_state = {state} and mail_state <> 'accepted' and {stages}{days}")
            }
            Source::LinkExpired => {
                (filter.link == Some(LinkState::Expired)).then_some(())?;
                let now = values.push(which.now);
                format!("select id from enrollments where open and link_until is not null and link_until <= {now}")
            }
            Source::Redirected => filter.redirected.then(|| "select id from enrollments where redirected".to_owned())?,
            Source::Asked => {
                filter.asked.then(|| "select id from enrollments where open and requested_at is not null".to_owned())?
            }
            Source::Operator => of_tasks(of_operator(filter, values)?),
            Source::Kind => of_tasks(of_kind(filter, values)?),
            Source::Container => {
                let container = values.push(search_key(filter.container.as_deref()?));
                format!(
                    "select e.id from users u cross join enrollments e
                      where u.live in (true, false) and u.container_key = {container} and e.person = u.id"
                )
            }
        })
    }
}
