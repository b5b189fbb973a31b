//! The plain answer: every row looked at, sorted by the rule of the list. Slow, and right by reading it.

use crate::seed::{Seeded, Task, found};
use model::{
    day::Day,
    listing::{Direction, Sort},
    task::{TaskColumn, TaskFilter},
    text::{search_key, user_key},
};
use store::keyset::Key;

/// The outstanding tasks that the filter holds, in order.
pub fn rows<'a>(seeded: &'a Seeded, filter: &TaskFilter, sort: Sort<TaskColumn>) -> Vec<&'a Task> {
    let typed = search_key(&filter.search);
    let people: Vec<bool> = seeded.people.iter().map(|person| found(&person.keys, &typed)).collect();
    let mut rows: Vec<&Task> = seeded.tasks.iter().filter(|task| holds(seeded, task, filter, &typed, &people)).collect();
    // Keys that compare as they do in the database: both compare texts by their bytes.
    rows.sort_by_cached_key(|task| (comparable(key(task, sort.column)), task.number));
    if sort.direction == Direction::Descending {
        rows.reverse();
    }
    rows
}

/// What the list sorts the task by.
pub fn key(task: &Task, column: TaskColumn) -> Key {
    match column {
        TaskColumn::Task => Key::Int(task.number),
        TaskColumn::Operator => Key::Text(user_key(task.operator)),
        TaskColumn::EmailedTo => Key::Text(task.emailed_to_key.clone()),
        TaskColumn::Start => Key::Int(i64::from(task.start.epoch())),
        TaskColumn::Stop => Key::Int(i64::from(task.stop.epoch())),
        TaskColumn::Count => Key::Int(task.count()),
        TaskColumn::Progress => Key::Int(task.progress()),
    }
}

fn comparable(key: Key) -> (i64, String) {
    match key {
        Key::Int(number) => (number, String::new()),
        Key::Text(text) => (0, text),
    }
}

fn holds(seeded: &Seeded, task: &Task, filter: &TaskFilter, typed: &str, people: &[bool]) -> bool {
    let within =
        |day: Day, from: Option<Day>, to: Option<Day>| from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to);
    let inside = || task.members.iter().any(|member| !member.removed && people[member.person]);
    task.open() > 0
        && (!filter.has_locked || task.members.iter().any(|member| member.locked))
        && (!filter.has_expired || (task.stop < seeded.today && task.members.iter().any(|member| member.is_active())))
        && (!filter.mail_failed || task.members.iter().any(|member| member.mail_failed))
        && filter.act.operator.as_ref().is_none_or(|operator| user_key(operator) == user_key(task.operator))
        && filter.act.kind.is_none_or(|kind| kind == task.kind)
        && within(task.start, filter.act.start_from, filter.act.start_to)
        && within(task.stop, filter.act.stop_from, filter.act.stop_to)
        && (typed.is_empty() || found(&task.keys, typed) || inside())
}
