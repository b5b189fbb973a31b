//! How an enrollment's newest message with a link fares, as people see it beside the enrollment.

use super::link_kinds;
use crate::{Answer, Error};
use model::message::{MailState, MessageKind};

/// How the newest message with a link fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewestMail {
    /// Where it stands.
    pub state: MailState,
    /// Since when, in milliseconds.
    pub at: i64,
    /// Why; empty where nothing is to be said.
    pub reason: String,
    /// The message.
    pub message: i64,
    /// What it is for.
    pub kind: MessageKind,
}

/// The columns of [`NewestRow`], for `select` over enrollments `e`.
pub(crate) const NEWEST_MAIL: &str = concat!(
    "e.mail_state, e.mail_at, e.mail_reason,
     (select max(o.id) from outbox o where o.enrollment = e.id and o.kind in ",
    link_kinds!(),
    ") as mail_message,
     (select o.kind from outbox o where o.enrollment = e.id and o.kind in ",
    link_kinds!(),
    " order by o.id desc limit 1) as mail_kind"
);

/// The columns of [`NEWEST_MAIL`], to be flattened into a row.
#[derive(sqlx::FromRow)]
pub(crate) struct NewestRow {
    mail_state: Option<String>,
    mail_at: Option<i64>,
    mail_reason: Option<String>,
    mail_message: Option<i64>,
    mail_kind: Option<String>,
}

impl NewestRow {
    /// What the columns say; nothing before the first message.
    ///
    /// # Errors
    /// [`Error::Unreadable`] for words of a newer version.
    pub(crate) fn read(self) -> Answer<Option<NewestMail>> {
        let (Some(state), Some(at), Some(message), Some(kind)) =
            (self.mail_state, self.mail_at, self.mail_message, self.mail_kind)
        else {
            return Ok(None);
        };
        let state = MailState::of_code(&state).ok_or(Error::Unreadable { table: "enrollments", column: "mail_state" })?;
        let kind = MessageKind::of_code(&kind).ok_or(Error::Unreadable { table: "outbox", column: "kind" })?;
        Ok(Some(NewestMail { state, at, reason: self.mail_reason.unwrap_or_default(), message, kind }))
    }
}
