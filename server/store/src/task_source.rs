//! The filters of a list of tasks as SQL, each twice: to seek by, through its own index, and to test a row that was found otherwise.
//!
//! SQLite's planner cannot know without statistics which index is best, so it is told: a test is written so that no index serves it,
//! and what is sought by is written plainly (see [`dialect::hidden`]).

use crate::{Tx, dialect, dynamic::Values};
use model::{
    day::Day,
    task::{TaskColumn, TaskFilter, TaskState},
    text::user_key,
};

/// What is asked of a list of tasks, beside its sort and page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) state: TaskState,
    pub(crate) filter: &'a TaskFilter,
    pub(crate) today: Day,
}

/// A filter with an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Locked,
    MailFailed,
    Expired,
    Operator,
    Kind,
    Start,
    Stop,
}

impl Source {
    /// The cheap tests first.
    const ALL: [Source; 7] =
        [Source::Locked, Source::MailFailed, Source::Operator, Source::Kind, Source::Start, Source::Stop, Source::Expired];

    /// Those that hold few most often first.
    const RARE: [Source; 7] =
        [Source::MailFailed, Source::Locked, Source::Expired, Source::Start, Source::Stop, Source::Operator, Source::Kind];

    /// Which of several is likely to hold fewest, when nothing was counted.
    pub(crate) fn likely_rarest(given: &[Source]) -> Option<Source> {
        Source::RARE.into_iter().find(|source| given.contains(source))
    }

    /// The column of its test. The other filters' indexes carry it.
    const fn column(self) -> &'static str {
        match self {
            Source::Locked => "locked",
            Source::MailFailed => "mail_failed",
            Source::Expired => "min_unlocked_stop_on",
            Source::Operator => "operator_key",
            Source::Kind => "type",
            Source::Start => "start_on",
            Source::Stop => "max_stop_on",
        }
    }

    /// The filters that are given.
    pub(crate) fn given(asked: Asked<'_>) -> Vec<Source> {
        Source::ALL.into_iter().filter(|source| source.seek(asked, &mut Values::default()).is_some()).collect()
    }

    /// The filter whose index is that of a column.
    pub(crate) const fn walked_by(column: TaskColumn) -> Option<Source> {
        match column {
            TaskColumn::Start => Some(Source::Start),
            TaskColumn::Stop => Some(Source::Stop),
            _ => None,
        }
    }

    /// The tasks that the filter holds, through its index; nothing when it is not given.
    pub(crate) fn seek(self, asked: Asked<'_>, values: &mut Values) -> Option<String> {
        let Asked { state, filter, today } = asked;
        let outstanding = state == TaskState::Outstanding;
        // Word for word the conditions of their partial indexes, and nothing beside them that another index would serve. What is over has
        // neither locked enrollments nor mail that counts as failed.
        let partial = |condition: &str| if outstanding { condition.to_owned() } else { "1 = 0".to_owned() };
        let condition = match self {
            Source::Locked => return filter.has_locked.then(|| partial("open > 0 and locked > 0")),
            Source::MailFailed => return filter.mail_failed.then(|| partial("open > 0 and mail_failed > 0")),
            Source::Expired => {
                filter.has_expired.then(|| format!("min_unlocked_stop_on < {}", values.push(i64::from(today.epoch()))))?
            }
            Source::Operator => format!("operator_key = {}", values.push(user_key(filter.act.operator.as_deref()?))),
            Source::Kind => format!("type = {}", values.push(filter.act.kind?.code())),
            Source::Start => range("start_on", filter.act.start_from, filter.act.start_to, values)?,
            Source::Stop => range("max_stop_on", filter.act.stop_from, filter.act.stop_to, values)?,
        };
        Some(format!("outstanding = {outstanding} and {condition}"))
    }

    /// The test of a task `t`; nothing when the filter is not given.
    fn test(self, tx: &Tx, asked: Asked<'_>, values: &mut Values) -> Option<String> {
        let Asked { filter, today, .. } = asked;
        let column = dialect::hidden(tx, &format!("t.{}", self.column()));
        match self {
            Source::Locked => filter.has_locked.then(|| format!("{column} > 0")),
            Source::MailFailed => filter.mail_failed.then(|| format!("{column} > 0")),
            Source::Expired => filter.has_expired.then(|| format!("{column} < {}", values.push(i64::from(today.epoch())))),
            Source::Operator => Some(format!("{column} = {}", values.push(user_key(filter.act.operator.as_deref()?)))),
            Source::Kind => Some(format!("{column} = {}", values.push(filter.act.kind?.code()))),
            Source::Start => range(&column, filter.act.start_from, filter.act.start_to, values),
            Source::Stop => range(&column, filter.act.stop_from, filter.act.stop_to, values),
        }
    }
}

/// Every condition but the search. `sought` is the filter whose index finds the rows, where one does; `walked` the one whose index is
/// walked, so that the walk begins and ends with its range.
pub(crate) fn conditions(
    tx: &Tx,
    asked: Asked<'_>,
    sought: Option<Source>,
    walked: Option<Source>,
    values: &mut Values,
) -> Vec<String> {
    let mut all = Vec::new();
    match sought.and_then(|source| source.seek(asked, values)) {
        Some(seek) => all.push(seek),
        None => all.push(format!("t.outstanding = {}", asked.state == TaskState::Outstanding)),
    }
    all.extend(over(tx, asked.state));
    for source in Source::ALL {
        if walked == Some(source) {
            all.extend(source.seek(asked, values));
        } else if sought != Some(source) {
            all.extend(source.test(tx, asked, values));
        }
    }
    all
}

/// The outstanding tasks among the first rows of one filter, as they come, that the others hold as well; nothing in another state, which
/// the indexes do not tell.
pub(crate) fn among_first(tx: &Tx, asked: Asked<'_>, source: Source, rows: i64, values: &mut Values) -> Option<String> {
    if asked.state != TaskState::Outstanding {
        return None;
    }
    let seek = source.seek(asked, values)?;
    let others: Vec<Source> = Source::given(asked).into_iter().filter(|other| *other != source).collect();
    let columns: Vec<&str> = ["number"].into_iter().chain(others.iter().map(|other| other.column())).collect();
    let tests: Vec<String> = others.iter().filter_map(|other| other.test(tx, asked, values)).collect();
    let first = format!("select {} from tasks where {seek} limit {rows}", columns.join(", "));
    Some(format!("select t.number from ({first}) t where {}", tests.join(" and ")))
}

/// How a task that is over ended.
fn over(tx: &Tx, state: TaskState) -> Option<String> {
    let completed = dialect::hidden(tx, "t.completed");
    match state {
        TaskState::Outstanding => None,
        TaskState::Completed => Some(format!("{completed} > 0")),
        TaskState::Removed => Some(format!("{completed} = 0")),
    }
}

/// The test of a task `t` for the state alone.
pub(crate) fn in_state(tx: &Tx, state: TaskState) -> String {
    let outstanding = format!("t.outstanding = {}", state == TaskState::Outstanding);
    [outstanding].into_iter().chain(over(tx, state)).collect::<Vec<_>>().join(" and ")
}

/// The tasks of a state or more, from one index and nothing else.
pub(crate) fn all(state: TaskState) -> String {
    match state {
        TaskState::Outstanding => "select number from tasks where open >= 1".to_owned(),
        TaskState::Completed | TaskState::Removed => "select number from tasks where outstanding = false".to_owned(),
    }
}

/// The outstanding tasks, all or those of a filter that stands alone, from one index and nothing else.
pub(crate) fn alone(asked: Asked<'_>, values: &mut Values) -> Option<String> {
    if asked.state != TaskState::Outstanding || !asked.filter.search.is_empty() {
        return None;
    }
    match Source::given(asked).as_slice() {
        [] => Some(all(asked.state)),
        [source] => source.seek(asked, values).map(|seek| format!("select number from tasks where {seek}")),
        _ => None,
    }
}

/// `column` from one day to another, where at least one of them is given.
fn range(column: &str, from: Option<Day>, to: Option<Day>, values: &mut Values) -> Option<String> {
    let from = from.map(|day| format!("{column} >= {}", values.push(i64::from(day.epoch()))));
    let to = to.map(|day| format!("{column} <= {}", values.push(i64::from(day.epoch()))));
    let ends: Vec<String> = from.into_iter().chain(to).collect();
    (!ends.is_empty()).then(|| ends.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Db;
    use model::{authentication::AuthenticationType, query::ActFilter};

    /// How SQLite would read it.
    async fn plan(tx: &mut Tx, sql: String, values: &Values) -> String {
        let steps: Vec<(i64, i64, i64, String)> = tx.dynamic(format!("explain query plan {sql}"), values).await.unwrap();
        steps.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("; ")
    }

    #[tokio::test]
    async fn every_filter_is_sought_in_its_own_index() {
        let db = Db::open("sqlite::memory:").await.unwrap();
        db.migrate().await.unwrap();
        let mut tx = db.read().await.unwrap();
        let today = Day::parse("2026-11-02").unwrap();
        let (none, any) = (TaskFilter::default, ActFilter::default);
        let act = |act| TaskFilter { act, ..none() };
        let filters = [
            (TaskFilter { has_locked: true, ..none() }, "tasks_with_locked"),
            (TaskFilter { mail_failed: true, ..none() }, "tasks_with_mail_failed"),
            (TaskFilter { has_expired: true, ..none() }, "tasks_with_expired (outstanding=? AND min_unlocked_stop_on<?)"),
            (act(ActFilter { operator: Some("olga".into()), ..any() }), "tasks_by_operator (outstanding=? AND operator_key=?)"),
            (act(ActFilter { kind: Some(AuthenticationType::App), ..any() }), "tasks_with_type (outstanding=? AND type=?)"),
            (act(ActFilter { start_from: Some(today), ..any() }), "tasks_by_start_on (outstanding=? AND start_on>?)"),
            (act(ActFilter { stop_to: Some(today), ..any() }), "tasks_by_stop_on (outstanding=? AND max_stop_on<?)"),
        ];
        for (filter, index) in &filters {
            let asked = Asked { state: TaskState::Outstanding, filter, today };
            let mut values = Values::default();
            let seek = Source::given(asked)[0].seek(asked, &mut values).unwrap();
            let said = plan(&mut tx, format!("select number from tasks where {seek}"), &values).await;
            assert!(said.contains(&format!(" INDEX {index}")), "{seek}: {said}");
        }
        let filter = none();
        let asked = Asked { state: TaskState::Outstanding, filter: &filter, today };
        let all = alone(asked, &mut Values::default()).unwrap();
        assert_eq!(plan(&mut tx, all, &Values::default()).await, "SCAN tasks USING INDEX tasks_outstanding");
    }
}
