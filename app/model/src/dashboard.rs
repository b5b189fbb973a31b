//! What `/` counts, and where each count leads: to the list that holds just so many.

use crate::{listing::Total, message::MailSummary, task::TaskRow};
use serde::{Deserialize, Serialize};

/// How things stand; nothing where the operator lacks the right to what it leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Users.
    pub users: Option<i64>,
    /// Outstanding tasks.
    pub outstanding: Option<Figure>,
    /// What somebody should look at, also where there is none of it.
    pub attention: Option<Vec<Figure>>,
    /// The outstanding tasks made last.
    pub last: Option<Vec<TaskRow>>,
    /// How the mail is going.
    pub mail: Option<MailSummary>,
    /// The organisation.
    pub organisation: String,
    /// The organisation's time zone.
    pub zone: String,
}

/// A count, and the list that holds just so many rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Of what.
    pub what: What,
    /// Tasks are counted, and not the users in them.
    pub tasks: bool,
    /// How many.
    pub total: Total,
    /// The list's address.
    pub href: String,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// Outstanding tasks.
    Outstanding,
    /// The stop date is today or within the next two days.
    Stopping,
    /// The stop date is over.
    Expired,
    /// Attempts used up.
    Locked,
    /// Mail failed.
    MailFailed,
    /// Mail came back.
    MailBounced,
    /// Waits for a new link, for which only an operator can give a later stop date.
    Asked,
}

impl Figure {
    /// Is there none?
    pub fn is_none(&self) -> bool {
        self.total == Total::Exactly(0)
    }

    /// What stands below the number.
    pub const fn words(&self) -> &'static str {
        match (self.what, self.tasks) {
            (What::Outstanding, _) => "outstanding tasks",
            (What::Stopping, false) => "enrollments stop within three days",
            (What::Stopping, true) => "tasks stop within three days",
            (What::Expired, false) => "expired enrollments",
            (What::Expired, true) => "tasks with expired users",
            (What::Locked, false) => "locked enrollments",
            (What::Locked, true) => "tasks with locked users",
            (What::MailFailed, false) => "enrollments with failed mail",
            (What::MailFailed, true) => "tasks with failed mail",
            (What::MailBounced, _) => "enrollments whose mail came back",
            (What::Asked, _) => "enrollments waiting for a new link",
        }
    }
}
