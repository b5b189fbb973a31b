//! The pages that are asked for: every column, direction and place, every filter alone and in pairs, and searches that hit and miss.

use crate::seed::Seeded;
use model::{
    authentication::AuthenticationType,
    listing::{Column, Direction, Paging, Sort},
    query::ActFilter,
    task::{TASK_SORT, TaskColumn, TaskFilter, TaskQuery},
};

/// A page, by what it shows.
pub struct Case {
    /// `sort`, `filter`, `pair` or `search`.
    pub group: &'static str,
    /// What is asked, in words.
    pub name: String,
    /// What is asked.
    pub query: TaskQuery,
    /// Where in the list.
    pub place: Place,
}

/// Where in a list a page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    First,
    Second,
    Middle,
    Last,
}

impl Place {
    const ALL: [(&str, Place); 4] =
        [("first", Place::First), ("second", Place::Second), ("middle", Place::Middle), ("last", Place::Last)];

    /// How many of `rows` rows come before the page of `size`.
    pub fn begins(self, rows: usize, size: usize) -> usize {
        match self {
            Place::First => 0,
            Place::Second => size.min(rows),
            Place::Middle => rows / 2,
            Place::Last => rows.saturating_sub(size),
        }
    }
}

/// Every page.
pub fn all(seeded: &Seeded) -> Vec<Case> {
    let mut cases = Vec::new();
    for sort in sorts() {
        for (name, place) in Place::ALL {
            let query = query(TaskFilter::default(), sort);
            cases.push(Case { group: "sort", name: format!("{}, {name} page", sort.text()), query, place });
        }
    }
    let single = filters(seeded);
    let pairs = pairs(&single);
    let searches = ["keller", "yamada", "10", "m", "be", "żółć", "山田", "山", "user 77", "zzqqzz", "zq", "龘"];
    let searches =
        searches.map(|typed| (typed.to_owned(), TaskFilter { search: typed.to_owned(), ..TaskFilter::default() })).to_vec();
    for (group, found) in [("filter", single), ("pair", pairs), ("search", searches)] {
        cases.extend(found.into_iter().map(|(name, filter)| Case {
            group,
            name,
            query: query(filter, TASK_SORT),
            place: Place::First,
        }));
    }
    cases
}

/// Every column, both ways.
pub fn sorts() -> impl Iterator<Item = Sort<TaskColumn>> {
    let directions = [Direction::Ascending, Direction::Descending];
    TaskColumn::ALL.iter().flat_map(move |column| directions.map(|direction| Sort { column: *column, direction }))
}

fn query(filter: TaskFilter, sort: Sort<TaskColumn>) -> TaskQuery {
    TaskQuery { filter, paging: Paging { sort, ..Paging::default() }, ..TaskQuery::default() }
}

fn filters(seeded: &Seeded) -> Vec<(String, TaskFilter)> {
    let day = |back: i32| Some(seeded.today.plus(-back));
    let (none, any) = (TaskFilter::default, ActFilter::default);
    let act = |act| TaskFilter { act, ..none() };
    let operator = |name: &str| act(ActFilter { operator: Some(name.to_owned()), ..any() });
    let filters = [
        ("has locked", TaskFilter { has_locked: true, ..none() }),
        ("has expired", TaskFilter { has_expired: true, ..none() }),
        ("mail failed", TaskFilter { mail_failed: true, ..none() }),
        ("operator, many", operator("m.keller")),
        ("operator, few", operator("r.rare")),
        ("operator, none", operator("nobody")),
        ("type, most", act(ActFilter { kind: Some(AuthenticationType::App), ..any() })),
        ("type, few", act(ActFilter { kind: Some(AuthenticationType::Passkey), ..any() })),
        ("start date, one week", act(ActFilter { start_from: day(67), start_to: day(60), ..any() })),
        ("stop date, one week", act(ActFilter { stop_from: day(0), stop_to: day(-7), ..any() })),
    ];
    filters.map(|(name, filter)| (name.to_owned(), filter)).to_vec()
}

/// Every two filters that can hold together.
fn pairs(single: &[(String, TaskFilter)]) -> Vec<(String, TaskFilter)> {
    let mut pairs = Vec::new();
    for (place, (name, one)) in single.iter().enumerate() {
        for (other_name, other) in single.iter().skip(place + 1) {
            pairs.extend(both(one, other).map(|filter| (format!("{name} + {other_name}"), filter)));
        }
    }
    pairs
}

/// One filter and another; nothing where they ask for the same thing.
fn both(one: &TaskFilter, other: &TaskFilter) -> Option<TaskFilter> {
    let (a, b) = (&one.act, &other.act);
    let same = (a.operator.is_some() && b.operator.is_some()) || (a.kind.is_some() && b.kind.is_some());
    (!same).then(|| TaskFilter {
        search: String::new(),
        has_locked: one.has_locked || other.has_locked,
        has_expired: one.has_expired || other.has_expired,
        mail_failed: one.mail_failed || other.mail_failed,
        act: ActFilter {
            operator: a.operator.clone().or_else(|| b.operator.clone()),
            kind: a.kind.or(b.kind),
            start_from: a.start_from.or(b.start_from),
            start_to: a.start_to.or(b.start_to),
            stop_from: a.stop_from.or(b.stop_from),
            stop_to: a.stop_to.or(b.stop_to),
        },
    })
}
