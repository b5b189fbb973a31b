//! The plain answer: every row looked at, sorted by the rule of the list. Slow, and right by reading it.

use crate::seed::{Seeded, Task};
use model::{
    day::Day,
    listing::{Direction, Sort},
    task::{TaskColumn, TaskFilter},
    text::{search_beginnings, search_key, user_key},
};

/// The outstanding tasks that the filter holds, in order.
pub fn rows(seeded: &Seeded, filter: &TaskFilter, sort: Sort<TaskColumn>) -> Vec<i64> {
    let people: Vec<bool> = seeded.people.iter().map(|fields| found(fields, &filter.search)).collect();
    let mut rows: Vec<&Task> = seeded.tasks.iter().filter(|task| holds(seeded, task, filter, &people)).collect();
    rows.sort_by(|a, b| {
        let order = compare(a, b, sort.column).then(a.number.cmp(&b.number));
        if sort.direction == Direction::Ascending { order } else { order.reverse() }
    });
    rows.into_iter().map(|task| task.number).collect()
}

fn compare(a: &Task, b: &Task, column: TaskColumn) -> std::cmp::Ordering {
    match column {
        TaskColumn::Task => a.number.cmp(&b.number),
        TaskColumn::Operator => user_key(a.operator).cmp(&user_key(b.operator)),
        TaskColumn::EmailedTo => search_key(&a.emailed_to).cmp(&search_key(&b.emailed_to)),
        TaskColumn::Start => a.start.cmp(&b.start),
        TaskColumn::Stop => a.stop.cmp(&b.stop),
        TaskColumn::Count => a.count().cmp(&b.count()),
        TaskColumn::Progress => a.progress().cmp(&b.progress()),
    }
}

fn holds(seeded: &Seeded, task: &Task, filter: &TaskFilter, people: &[bool]) -> bool {
    let within =
        |day: Day, from: Option<Day>, to: Option<Day>| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to);
    let searched = || {
        found(
            &[task.number.to_string(), task.operator.to_owned(), task.emailed_to.clone(), task.description.clone()],
            &filter.search,
        ) || task.members.iter().any(|member| !member.removed && people[member.person])
    };
    task.open() > 0
        && (!filter.has_locked || task.members.iter().any(|member| member.locked))
        && (!filter.has_expired || (task.stop < seeded.today && task.members.iter().any(|member| member.is_active())))
        && (!filter.mail_failed || task.members.iter().any(|member| member.mail_failed))
        && filter.act.operator.as_ref().is_none_or(|operator| user_key(operator) == user_key(task.operator))
        && filter.act.kind.is_none_or(|kind| kind == task.kind)
        && within(task.start, filter.act.start_from, filter.act.start_to)
        && within(task.stop, filter.act.stop_from, filter.act.stop_to)
        && (filter.search.is_empty() || searched())
}

/// One or two characters match the beginning of a word, three and more anywhere (spec §3.2).
fn found(fields: &[String], typed: &str) -> bool {
    let key = search_key(typed);
    let mut keys = fields.iter().map(|field| search_key(field));
    match key.chars().count() {
        0 => false,
        1 | 2 => keys.any(|text| search_beginnings(&text).contains(&key)),
        _ => keys.any(|text| text.contains(&key)),
    }
}
