//! What `/` counts.

use crate::message::MailSummary;
use serde::{Deserialize, Serialize};

/// The counts of `/`; nothing where the operator lacks the right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Users.
    pub users: Option<i64>,
    /// Outstanding tasks, and what they hold.
    pub tasks: Option<TaskCounts>,
    /// How the mail is going.
    pub mail: Option<MailSummary>,
    /// The organisation.
    pub organisation: String,
    /// The organisation's time zone.
    pub zone: String,
}

/// What the outstanding tasks hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskCounts {
    /// Outstanding tasks.
    pub outstanding: i64,
    /// Outstanding tasks in which somebody's stop date is today or within the next two days.
    pub stopping_soon: i64,
    /// Locked enrollments.
    pub locked: i64,
    /// Expired enrollments.
    pub expired: i64,
    /// Open enrollments whose mail failed.
    pub mail_failed: i64,
}
