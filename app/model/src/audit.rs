//! The audit trail: who did what to whom, with what was there before and after. It only grows.

use crate::{
    day::{Day, Moment},
    listing::{Column, Direction, Listing, Paging, Sort},
};
use serde::{Deserialize, Serialize};

/// Every verb of the trail and what the screens call it, in the order of the filter.
pub const VERBS: &[(&str, &str)] = &[
    ("user.add", "Added the user"),
    ("user.edit", "Edited the user"),
    ("user.enable", "Enabled the user"),
    ("user.disable", "Disabled the user"),
    ("user.delete", "Deleted the user"),
    ("user.import", "Imported users"),
    ("task.provision", "Provisioned"),
    ("task.stop_date", "Set a new stop date"),
    ("task.stop_date_all", "Set a new stop date for the whole task"),
    ("task.remove_users", "Removed users from the task"),
    ("task.remove", "Removed the task"),
    ("enrollment.resend", "Resent the link"),
    ("enrollment.redirect", "Sent a link to another address"),
    ("enrollment.unlock", "Unlocked the enrollment"),
    ("enrollment.remind", "Sent a reminder"),
    ("bulk.confirm", "Confirmed an act over many enrollments"),
    ("bulk.cancel", "Canceled an act over many enrollments"),
    ("message.retry", "Retried a message"),
    ("mail.resume", "Resumed mail"),
    ("enrollment.start", "Started enrolling"),
    ("enrollment.start_with_code", "Started enrolling with a typed code"),
    ("enrollment.complete", "Completed enrollment"),
    ("enrollment.lock", "Used up the attempts"),
    ("enrollment.request", "Asked operators for a new link"),
    ("enrollment.ask", "Got a new link by asking for one"),
    ("enrollment.stop", "Stopped a link that went to another address"),
    ("token.not_me", "Said “This was not me”"),
    ("report.export", "Began an export"),
    ("report.exported", "Exported"),
    ("operator.add", "Added the operator"),
    ("operator.edit", "Edited the operator"),
    ("operator.enable", "Enabled the operator"),
    ("operator.disable", "Disabled the operator"),
    ("operator.reset", "Reset the operator’s password"),
    ("operator.sign_in", "Signed in"),
    ("operator.sign_in_failed", "Failed to sign in"),
    ("operator.sign_out", "Signed out"),
    ("account.password", "Changed their password"),
    ("account.password_failed", "Failed to change their password"),
    ("account.end_sessions", "Ended sessions of theirs"),
    ("role.add", "Added a role"),
    ("role.edit", "Edited a role"),
    ("role.remove", "Removed a role"),
    ("policy.change", "Changed the policy"),
];

/// What the screens call a verb; one of a newer version stands as it is.
pub fn words(verb: &str) -> &str {
    VERBS.iter().find(|(code, _)| *code == verb).map_or(verb, |(_, words)| words)
}

/// The verb of that code.
pub fn known_verb(code: &str) -> Option<&'static str> {
    VERBS.iter().map(|(known, _)| *known).find(|known| *known == code)
}

/// What the trail can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AuditColumn {
    /// When it was written.
    #[default]
    At,
}

impl Column for AuditColumn {
    const ALL: &'static [AuditColumn] = &[AuditColumn::At];

    fn name(self) -> &'static str {
        "at"
    }

    fn first_direction(self) -> Direction {
        Direction::Descending
    }
}

/// The sort of the trail when the address names none: newest first.
pub const AUDIT_SORT: Sort<AuditColumn> = Sort { column: AuditColumn::At, direction: Direction::Descending };

/// Which entries the list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AuditFilter {
    /// Only what this finds: an operator, words of a verb, a task's or serial number, a UserID.
    pub search: String,
    /// Only this verb, of [`VERBS`].
    pub verb: Option<String>,
    /// Only what this one did: an operator's UserID, or a name the trail shows.
    pub operator: Option<String>,
    /// Only from this day on, in the organisation's zone.
    pub from: Option<Day>,
    /// Only to the end of this day.
    pub to: Option<Day>,
}

/// What `/audit` is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AuditQuery {
    /// Which entries.
    pub filter: AuditFilter,
    /// Sort, size and page.
    pub paging: Paging<AuditColumn>,
}

impl AuditQuery {
    /// A query for the newest entries.
    pub fn all() -> AuditQuery {
        AuditQuery { paging: Paging { sort: AUDIT_SORT, ..Paging::default() }, ..AuditQuery::default() }
    }
}

/// What `/users/{id}/activity` is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ActivityQuery {
    /// Size and page; newest first always.
    pub paging: Paging<AuditColumn>,
}

/// One entry, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// The entry's number.
    pub id: i64,
    /// When.
    pub at: Moment,
    /// Who, as it was written then.
    pub operator: String,
    /// The client's address; nothing for the machine, and for those who may not see it.
    pub address: Option<String>,
    /// What was done; [`words`] says it.
    pub verb: String,
    /// What it is about.
    pub subjects: Vec<AuditSubject>,
    /// It is about more than `subjects` holds.
    pub more_subjects: bool,
    /// What was there before and after, field by field.
    pub changes: Vec<AuditChange>,
}

/// Something an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSubject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its row.
    pub id: i64,
    /// What it is called: a UserID, a number; empty where the kind says all.
    pub name: String,
}

/// What an entry can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SubjectKind {
    /// A user.
    User,
    /// A provisioning task.
    Task,
    /// A token.
    Token,
    /// An operator.
    Operator,
    /// A message.
    Message,
    /// The self-enrollment policy.
    Policy,
}

impl SubjectKind {
    /// What the screens call it.
    pub const fn name(self) -> &'static str {
        match self {
            SubjectKind::User => "User",
            SubjectKind::Task => "Task",
            SubjectKind::Token => "Token",
            SubjectKind::Operator => "Operator",
            SubjectKind::Message => "Message",
            SubjectKind::Policy => "Self-Enrollment Policy",
        }
    }
}

/// One field before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    /// The field, as the screens call it.
    pub field: String,
    /// What it held; nothing where there was nothing.
    pub before: Option<String>,
    /// What it holds now.
    pub after: Option<String>,
}

/// What the module *Activity* shows of one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// The user's row.
    pub id: i64,
    /// UserID.
    pub user_id: String,
    /// First and last name, or the UserID.
    pub name: String,
    /// What happened, newest first.
    pub entries: Listing<AuditRow>,
}
