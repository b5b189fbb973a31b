//! An enrollment's life (spec §2). Its status is derived when read, from stored facts and today; nothing has to run for it to change.

use crate::day::{Day, Moment};
use serde::{Deserialize, Serialize};

/// Where one user stands inside a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    /// May still enroll.
    Active,
    /// Enrolled and proven by one successful authentication. Final.
    Completed,
    /// The attempts are used up.
    Locked,
    /// The stop date is over.
    Expired,
    /// An operator removed the user or the task. Final.
    Removed,
}

impl Status {
    /// Every status, in the order of the progress bar, then Removed.
    pub const ALL: [Status; 5] = [Status::Completed, Status::Active, Status::Locked, Status::Expired, Status::Removed];

    /// The word on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Active => "Active",
            Status::Completed => "Completed",
            Status::Locked => "Locked",
            Status::Expired => "Expired",
            Status::Removed => "Removed",
        }
    }

    /// The word in addresses, style sheets and the `case` in SQL.
    pub const fn code(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Completed => "completed",
            Status::Locked => "locked",
            Status::Expired => "expired",
            Status::Removed => "removed",
        }
    }

    /// The status of that short word.
    pub fn of_code(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Neither completed nor removed, so that locked and expired are open.
    pub const fn is_open(self) -> bool {
        matches!(self, Status::Active | Status::Locked | Status::Expired)
    }
}

/// The stored facts that decide a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// An operator removed it.
    pub removed: bool,
    /// Enrolled and proven.
    pub completed: bool,
    /// The attempts are used up.
    pub locked: bool,
    /// The last day on which the user may enroll.
    pub stop_on: Day,
}

impl Facts {
    /// The status on the day `today` of the organisation's zone. The `case` in SQL says the same, and a test compares them.
    pub fn status(self, today: Day) -> Status {
        if self.removed {
            Status::Removed
        } else if self.completed {
            Status::Completed
        } else if self.locked {
            Status::Locked
        } else if self.stop_on < today {
            Status::Expired
        } else {
            Status::Active
        }
    }
}

/// A fact shown beside the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// Somebody or something opened the link.
    LinkOpened(Moment),
    /// The user pressed Start.
    Started(Moment),
    /// The link's lifetime is over though the stop date is not.
    LinkExpired,
    /// The user asked for a new link.
    AskedForLink(Moment),
    /// Nobody has authenticated with the token since its enrollment, as far as Provost is told.
    NeverUsed,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Note::LinkOpened(at) => write!(f, "Link opened {at} (may be a mail scanner)"),
            Note::Started(at) => write!(f, "Started {at}"),
            Note::LinkExpired => f.write_str("Link expired"),
            Note::AskedForLink(at) => write!(f, "Asked for a new link {at}"),
            Note::NeverUsed => f.write_str("Never used"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(removed: bool, completed: bool, locked: bool, stop_on: i32) -> Facts {
        Facts { removed, completed, locked, stop_on: Day::from_epoch(stop_on) }
    }

    #[test]
    fn the_first_fact_that_holds_decides() {
        let today = Day::from_epoch(100);
        assert_eq!(facts(true, true, true, 99).status(today), Status::Removed);
        assert_eq!(facts(false, true, true, 99).status(today), Status::Completed);
        assert_eq!(facts(false, false, true, 99).status(today), Status::Locked);
        assert_eq!(facts(false, false, false, 99).status(today), Status::Expired);
    }

    #[test]
    fn the_stop_date_itself_still_counts() {
        assert_eq!(facts(false, false, false, 100).status(Day::from_epoch(100)), Status::Active);
    }
}
