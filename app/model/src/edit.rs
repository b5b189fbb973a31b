//! *Edit* and *Remove* of a provisioning task (spec §3.1, §3.3): what is sent, and what came of it.

use crate::{
    day::{Day, Moment},
    enrollment::Status,
    form,
    forms::stop_date,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};

/// Above so many users a removal must be confirmed by typing how many.
pub const TYPED_ABOVE: i64 = 50;

form! {
    /// `/provisioning-tasks/{n}/edit`: two acts on the same rows.
    pub struct EditTaskForm {
        /// The ticked rows: enrollments of the task.
        pub select: Vec<String>,
        /// The new stop date, for `apply`.
        pub stop_on: String,
        /// `selected` or `all`: who gets the new stop date.
        pub scope: String,
        /// `yes`: tell the removed users by e-mail.
        pub notify: String,
        /// How many are removed, typed where they are many.
        pub count: String,
        /// `apply` sets the stop date, `remove` removes, [`EditTaskForm::SHOW`] only shows.
        pub act: String,
        /// The edit version of the task that was looked at.
        pub version: String,
        /// The idempotency key.
        pub key: String,
    }
}

form! {
    /// `/provisioning-tasks/{n}/remove`.
    pub struct RemoveTaskForm {
        /// `yes`: tell the users by e-mail.
        pub notify: String,
        /// How many lose the chance to enroll, typed where they are many.
        pub count: String,
        /// The edit version of the task that was looked at.
        pub version: String,
        /// The idempotency key.
        pub key: String,
    }
}

/// A checked [`EditTaskForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskEdit {
    /// These enrollments are removed.
    Remove {
        /// The enrollments, each once.
        rows: Vec<i64>,
        /// Tell their users.
        notify: bool,
    },
    /// A new stop date.
    Stop {
        /// The enrollments; nothing: all open ones.
        rows: Option<Vec<i64>>,
        /// The day.
        to: Day,
    },
}

impl EditTaskForm {
    /// The act of the buttons that lead to another page of the users, with all that is ticked. It changes nothing.
    pub const SHOW: &'static str = "show";

    /// What is to be done, on the day `today`.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check(&self, today: Day) -> Result<TaskEdit, Problems> {
        let mut problems = Problems::default();
        let edit = match (self.act.as_str(), self.scope.as_str()) {
            ("remove", _) => {
                let rows = problems.keep("select", rows(&self.select));
                let typed = rows.as_ref().and_then(|rows| problems.keep("count", typed_count(&self.count, rows.len() as i64)));
                rows.zip(typed).map(|(rows, ())| TaskEdit::Remove { rows, notify: self.notify == "yes" })
            }
            ("apply", "selected") => {
                let rows = problems.keep("select", rows(&self.select));
                let to = problems.keep("stop_on", new_stop_date(&self.stop_on, today));
                rows.zip(to).map(|(rows, to)| TaskEdit::Stop { rows: Some(rows), to })
            }
            ("apply", "all") => {
                problems.keep("stop_on", new_stop_date(&self.stop_on, today)).map(|to| TaskEdit::Stop { rows: None, to })
            }
            ("apply", _) => problems.keep("scope", Err(Problem::NotAChoice)),
            _ => problems.keep("act", Err(Problem::NotAChoice)),
        };
        edit.ok_or(problems)
    }
}

/// A stop date that must be given.
pub(crate) fn new_stop_date(text: &str, today: Day) -> Result<Day, Problem> {
    if text.trim().is_empty() { Err(Problem::Required) } else { stop_date(text, today) }
}

/// The ticked rows, each once.
fn rows(ticked: &[String]) -> Result<Vec<i64>, Problem> {
    let mut rows: Vec<i64> = ticked.iter().map(|row| row.parse().ok()).collect::<Option<_>>().ok_or(Problem::NotAChoice)?;
    rows.sort_unstable();
    rows.dedup();
    if rows.is_empty() { Err(Problem::NobodySelected) } else { Ok(rows) }
}

/// Passes when `text` says how many are removed, or when they are few.
///
/// # Errors
/// The field's problem.
pub fn typed_count(text: &str, count: i64) -> Result<(), Problem> {
    let typed: String = text.chars().filter(|c| !matches!(c, ',' | '.' | ' ' | '\u{a0}')).collect();
    if count <= TYPED_ABOVE || typed == count.to_string() { Ok(()) } else { Err(Problem::CountToType { count }) }
}

/// What an edit came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskEdited {
    /// The task.
    pub task: i64,
    /// What was done.
    pub what: EditedWhat,
    /// Chosen and left as they were, because they were completed or removed meanwhile: UserID and status.
    pub left: Vec<(String, Status)>,
    /// Changed, but their link's lifetime is over: user's row and UserID, the first hundred.
    pub too_old: Vec<(i64, String)>,
    /// The task has an open enrollment still.
    pub outstanding: bool,
}

/// What was done to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EditedWhat {
    /// Users were removed.
    Removed {
        /// How many.
        count: i64,
        /// They are told by e-mail.
        notified: bool,
    },
    /// Users got a new stop date.
    Stop {
        /// How many.
        count: i64,
        /// The day.
        to: Day,
    },
}

impl std::fmt::Display for EditedWhat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EditedWhat::Removed { count, notified: true } => write!(f, "removed {} and told them by email", users(*count)),
            EditedWhat::Removed { count, notified: false } => write!(f, "removed {}", users(*count)),
            EditedWhat::Stop { count, to } => write!(f, "set the stop date of {} to {to}", users(*count)),
        }
    }
}

/// So many users: `1 user`, `1,200 users`.
pub fn users(count: i64) -> String {
    if count == 1 { "1 user".to_owned() } else { format!("{} users", crate::listing::grouped(count)) }
}

/// An edit that came before one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meanwhile {
    /// Who.
    pub operator: String,
    /// When.
    pub at: Moment,
    /// What.
    pub what: EditedWhat,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        Day::parse("2026-11-22").expect("a day")
    }

    fn form(act: &str) -> EditTaskForm {
        EditTaskForm {
            act: act.into(),
            select: vec!["7".into(), "3".into(), "7".into()],
            scope: "selected".into(),
            ..EditTaskForm::default()
        }
    }

    #[test]
    fn nobody_selected_is_nobody_removed() {
        let nobody = EditTaskForm { select: Vec::new(), ..form("remove") };
        assert_eq!(nobody.check(today()), Err(Problems::one("select", Problem::NobodySelected)));
        assert_eq!(form("remove").check(today()), Ok(TaskEdit::Remove { rows: vec![3, 7], notify: false }));
    }

    #[test]
    fn above_fifty_the_count_must_be_typed() {
        let many = |count: &str| EditTaskForm {
            select: (1..=51).map(|n| n.to_string()).collect(),
            count: count.into(),
            ..form("remove")
        };
        assert_eq!(many("").check(today()), Err(Problems::one("count", Problem::CountToType { count: 51 })));
        assert!(many(" 51 ").check(today()).is_ok());
        assert_eq!([typed_count("1,240", 1240), typed_count("", 50)], [Ok(()), Ok(())]);
    }

    #[test]
    fn a_new_stop_date_is_today_or_later_and_not_after_a_year_and_a_day() {
        let stop = |day: &str| EditTaskForm { stop_on: day.into(), ..form("apply") }.check(today());
        assert!(stop("2026-11-22").is_ok() && stop("2027-11-23").is_ok());
        for bad in ["2026-11-21", "2027-11-24", "", "soon"] {
            assert!(stop(bad).is_err(), "{bad}");
        }
        let all = EditTaskForm { stop_on: "2026-12-01".into(), scope: "all".into(), select: Vec::new(), ..form("apply") };
        assert!(matches!(all.check(today()), Ok(TaskEdit::Stop { rows: None, .. })));
    }
}
