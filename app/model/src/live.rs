//! Live: which tasks changed, as it is told from node to node and to the browsers that show them, and how those ask for their rows again.
//! What is told says no more than "task 12 changed"; everything else is asked for, by right.

use crate::{
    Answer, Refusal,
    actor::{Actor, Client},
    day::Moment,
    refusal::BadRequest,
    task::{TaskFilter, TaskRow, TaskUserRow},
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a page asks by itself, with no operator's hand in it. A part of the operators' port, [`Console`](crate::console::Console).
#[async_trait]
pub trait Watching: Send + Sync {
    /// As [`Console::operator`](crate::console::Console::operator), but it does not count as use: a page that is left open on a desk keeps
    /// no session alive.
    ///
    /// # Errors
    /// Accidents only.
    async fn watcher(&self, secret: &str, client: &Client) -> Answer<Option<Actor>>;

    /// Which tasks change from now on, for as long as the session of this secret lives and holds the right `provisioning.manage`.
    ///
    /// # Errors
    /// [`Busy`](Refusal::Busy) when this operator, or everybody together, has too many open.
    async fn live(&self, by: &Actor, session: &str) -> Answer<Live>;

    /// Rows of the list of tasks, read again where they stand. Right `provisioning.manage`.
    ///
    /// # Errors
    /// [`BadRequest`](Refusal::BadRequest) for more than a page shows.
    async fn tasks_again(&self, by: &Actor, asked: &TasksAgain) -> Answer<TasksNow>;
}

/// Which tasks changed. As text: `12,+15` (a plus for a new one), or `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// These, sorted by number, and whether each is new.
    Tasks(Vec<(i64, bool)>),
    /// More than are named one by one, or nobody knows which: look again.
    Many,
}

impl Changed {
    /// So many are named one by one.
    pub const MOST: usize = 200;

    /// Nothing yet.
    pub const fn nothing() -> Changed {
        Changed::Tasks(Vec::new())
    }

    /// Did nothing change?
    pub fn is_nothing(&self) -> bool {
        matches!(self, Changed::Tasks(tasks) if tasks.is_empty())
    }

    /// This task changed, too; `new` when it was made.
    pub fn note(&mut self, task: i64, new: bool) {
        let Changed::Tasks(tasks) = self else { return };
        match tasks.binary_search_by_key(&task, |(number, _)| *number) {
            Ok(place) => tasks[place].1 |= new,
            Err(place) => tasks.insert(place, (task, new)),
        }
        if tasks.len() > Changed::MOST {
            *self = Changed::Many;
        }
    }

    /// What changed in both.
    pub fn and(&mut self, other: Changed) {
        match other {
            Changed::Many => *self = Changed::Many,
            Changed::Tasks(tasks) => tasks.into_iter().for_each(|(task, new)| self.note(task, new)),
        }
    }

    /// Reads the text. What cannot be read, such as that of a newer version, is [`Changed::Many`]: looking again is always right.
    pub fn read(text: &str) -> Changed {
        let mut changed = Changed::nothing();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (new, number) = part.strip_prefix('+').map_or((false, part), |number| (true, number));
            match number.parse() {
                Ok(number) => changed.note(number, new),
                Err(_) => return Changed::Many,
            }
        }
        changed
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Changed::Tasks(tasks) = self else { return f.write_str("*") };
        for (place, (task, new)) in tasks.iter().enumerate() {
            let (comma, plus) = (if place > 0 { "," } else { "" }, if *new { "+" } else { "" });
            write!(f, "{comma}{plus}{task}")?;
        }
        Ok(())
    }
}

/// What a stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveEvent {
    /// Tasks changed.
    Changed(Changed),
    /// A day began in the organisation's zone: what stopped yesterday is expired.
    Day,
    /// The session ended, or the right was taken away. Nothing follows.
    Over,
    /// Nothing happened for a while; keeps the line open.
    Alive,
}

/// The word of [`LiveEvent::Over`] on the line.
pub const OVER: &str = "over";

impl LiveEvent {
    /// The event as it stands on the line (WHATWG HTML §9.2.5). To [`Changed::read`] a new day is a reason to look again, as it must be.
    pub fn line(&self) -> String {
        match self {
            LiveEvent::Changed(changed) => format!("data: {changed}\n\n"),
            LiveEvent::Day => "data: day\n\n".to_owned(),
            LiveEvent::Over => format!("data: {OVER}\n\n"),
            LiveEvent::Alive => ": alive\n\n".to_owned(),
        }
    }
}

/// A stream of events, for as long as it is read.
pub struct Live(pub Box<dyn LiveEvents>);

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Live")
    }
}

/// What a stream says, one after the other.
#[async_trait]
pub trait LiveEvents: Send {
    /// The next event; nothing when the stream ends, as when the server stops: open another.
    async fn next(&mut self) -> Option<LiveEvent>;
}

/// A page's rows, asked for again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TasksAgain {
    /// The tasks to be read again: some of those that the page shows.
    pub shown: Vec<i64>,
    /// The list's filter.
    pub filter: TaskFilter,
    /// Tasks that the page does not show and that may have come: those that the filter holds are answered.
    pub maybe_new: Vec<i64>,
    /// As well the tasks made after that time, in milliseconds, where nobody knows which changed.
    pub since: Option<i64>,
    /// Rows of the expanded task: its number, and enrollments.
    pub users: Option<(i64, Vec<i64>)>,
}

impl TasksAgain {
    /// A page, the expanded task beside it, and no more.
    const MOST_ROWS: usize = 101;

    /// The numbers in `1,2,3`.
    ///
    /// # Errors
    /// [`BadRequest::Parameter`] for anything else.
    pub fn numbers(text: &str) -> Answer<Vec<i64>> {
        let numbers = text.split(',').filter(|part| !part.is_empty()).map(str::parse::<i64>);
        numbers.collect::<Result<_, _>>().map_err(|_| Refusal::BadRequest(BadRequest::Parameter))
    }

    /// Is it no more than a page asks for?
    ///
    /// # Errors
    /// [`BadRequest::Parameter`].
    pub fn check(&self) -> Answer<()> {
        let users = self.users.as_ref().map_or(0, |(_, users)| users.len());
        let most = self.shown.len().max(users) <= TasksAgain::MOST_ROWS && self.maybe_new.len() <= 2 * Changed::MOST;
        if most { Ok(()) } else { Err(Refusal::BadRequest(BadRequest::Parameter)) }
    }
}

/// The answer to [`TasksAgain`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TasksNow {
    /// When it was read.
    pub now: Moment,
    /// The tasks as they are now, in no order. One without an open enrollment is no longer outstanding.
    pub rows: Vec<TaskRow>,
    /// The users of the expanded task as they are now, in no order.
    pub users: Vec<TaskUserRow>,
    /// The tasks that have come.
    pub new: Vec<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(tasks: &[(i64, bool)]) -> Changed {
        Changed::Tasks(tasks.to_vec())
    }

    #[test]
    fn what_is_told_is_read_as_it_was_meant() {
        for (what, text) in [
            (changed(&[]), ""),
            (changed(&[(12, false)]), "12"),
            (changed(&[(12, false), (15, true)]), "12,+15"),
            (Changed::Many, "*"),
        ] {
            assert_eq!(what.to_string(), text);
            assert_eq!(Changed::read(text), what);
        }
        assert_eq!([Changed::read("day"), Changed::read("12,x")], [Changed::Many, Changed::Many]);
    }

    #[test]
    fn a_task_that_is_made_and_then_changed_stays_new() {
        let mut both = changed(&[(7, true)]);
        both.note(7, false);
        both.and(changed(&[(8, false)]));
        assert_eq!(both, changed(&[(7, true), (8, false)]));
        both.and(Changed::Many);
        assert_eq!(both, Changed::Many);
    }

    #[test]
    fn many_are_not_named_and_what_is_named_fits_a_notification() {
        let mut all = Changed::nothing();
        (0..200).for_each(|place| all.note(i64::MAX - place, true));
        assert!(all.to_string().len() < 8_000, "PostgreSQL takes no longer payload");
        all.note(1, false);
        assert_eq!(all, Changed::Many);
    }

    #[test]
    fn a_page_asks_for_a_page_and_no_more() {
        let asked = |count: i64| TasksAgain { shown: (0..count).collect(), ..TasksAgain::default() };
        assert_eq!(asked(101).check(), Ok(()));
        assert!(asked(102).check().is_err());
        assert_eq!(TasksAgain::numbers("3,5"), Ok(vec![3, 5]));
        assert!(TasksAgain::numbers("3,five").is_err());
    }
}
