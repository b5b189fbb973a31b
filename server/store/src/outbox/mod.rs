//! The outbox: one row for each message, written in the transaction of what it speaks of and sent after its commit.
//!
//! The contract that the rows keep stands in `docs/mail.md`. Lock order, here as everywhere: task, enrollments by id, outbox.

mod cancel;
mod claim;
mod list;
mod mark;
mod newest;
mod queue;

pub use claim::{Claimed, LEASE, Standing};
pub use list::{MessageRecord, MessageStates, Present, RetryOf};
pub use mark::{Mark, Marked};
pub use newest::NewestMail;
pub use queue::{Boot, MAIL_CHANNEL, MailBell, QueuePause};

use crate::{Answer, Tx};
use model::message::MessageKind;

/// One-time codes go before all else.
pub const LANE_CODES: i64 = 0;
/// Everything that is not a one-time code.
pub const LANE_REST: i64 = 1;
/// The turn from which reminders are numbered: whatever else waits in their lane goes before them.
pub const TURN_REMINDERS: i64 = 1 << 32;

/// The kinds that carry an enrollment link, as SQL. Tested against [`MessageKind::carries_link`].
macro_rules! link_kinds {
    () => {
        "('enrollment', 'resend', 'reminder')"
    };
}
pub(crate) use link_kinds;
pub(crate) use newest::{NEWEST_MAIL, NewestRow};

/// A message to be sent. Everything its bytes depend on is fixed here, so that every attempt is the same message.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The Message-ID without its angle brackets; no other message has it.
    pub message_id: String,
    /// What it is for.
    pub kind: MessageKind,
    /// The task it speaks of.
    pub task: Option<i64>,
    /// The enrollment it speaks of.
    pub enrollment: Option<i64>,
    /// The user it speaks to; nothing for operators.
    pub person: Option<i64>,
    /// The address it goes to.
    pub to: String,
    /// The language of its texts.
    pub language: String,
    /// The version of its template.
    pub template: i64,
    /// What fills the template, as JSON; nothing secret.
    pub data: String,
    /// Link and code, sealed; wiped at any final state.
    pub secret: Option<Vec<u8>>,
    /// The enrollment's generation: another one, and the message is not sent.
    pub generation: Option<i64>,
    /// [`LANE_CODES`] or [`LANE_REST`].
    pub lane: i64,
    /// Its position inside its act: the lowest goes first, so that ten thousand do not delay one.
    pub turn: i64,
    /// When it is given up, in milliseconds; nothing where the stop date decides.
    pub give_up_at: Option<i64>,
    /// The failed message that it repeats.
    pub retry_of: Option<i64>,
    /// When it is written, in milliseconds: its Date, and the time from which it is due.
    pub made_at: i64,
}

impl Tx {
    /// Writes messages, one or ten thousand. They are sent once this transaction has committed and the dispatcher is woken.
    ///
    /// The enrollments' mail state is the caller's, who writes `queued` with the enrollment ([`Tx::add_message`] does both).
    ///
    /// # Errors
    /// Those of the database; [`Constraint::Retry`](crate::Constraint::Retry) when the failed message is repeated already.
    pub async fn add_messages(&mut self, messages: &[NewMessage]) -> Answer<()> {
        on_db!(self, bulk
            "insert into outbox (message_id, kind, task, enrollment, person, to_address, language, template_version, data, secret,
                                 generation, lane, turn, due_at, give_up_at, retry_of, made_at)",
            messages, 17,
            |values, row| values
                .push_bind(&row.message_id)
                .push_bind(row.kind.code())
                .push_bind(row.task)
                .push_bind(row.enrollment)
                .push_bind(row.person)
                .push_bind(&row.to)
                .push_bind(&row.language)
                .push_bind(row.template)
                .push_bind(&row.data)
                .push_bind(row.secret.as_deref())
                .push_bind(row.generation)
                .push_bind(row.lane)
                .push_bind(row.turn)
                .push_bind(row.made_at)
                .push_bind(row.give_up_at)
                .push_bind(row.retry_of)
                .push_bind(row.made_at),
            "")?;
        self.wake_mail().await
    }

    /// Writes one message; where it carries a link, its enrollment's mail is *Queued* from now on.
    ///
    /// # Errors
    /// As [`Tx::add_messages`].
    pub async fn add_message(&mut self, message: &NewMessage) -> Answer<()> {
        if let (true, Some(enrollment)) = (message.kind.carries_link(), message.enrollment) {
            self.note_link_queued(enrollment, message.made_at).await?;
        }
        self.add_messages(std::slice::from_ref(message)).await
    }

    /// The enrollment's mail is *Queued*: a message with a link is being written in this transaction.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_link_queued(&mut self, enrollment: i64, now: i64) -> Answer<()> {
        self.forget_failed_mail(enrollment).await?;
        let tasks = on_db!(
            self,
            all(i64,),
            "update enrollments set mail_state = 'queued', mail_at = $2, mail_reason = null where id = $1 returning task",
            enrollment,
            now
        )?;
        self.note_tasks(tasks);
        Ok(())
    }

    /// The enrollment's failed mail no longer counts on its task: it is sent again, or the enrollment is being completed or removed.
    /// Call it while the enrollment is still open and before its mail state changes.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_failed_mail(&mut self, enrollment: i64) -> Answer<()> {
        on_db!(self, execute
            "update tasks set mail_failed = mail_failed - 1
              where number = (select task from enrollments
                               where id = $1 and open and mail_state in ('failed', 'bounced'))",
            enrollment)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_that_carry_a_link_are_the_models() {
        let codes: Vec<_> =
            MessageKind::ALL.iter().filter(|kind| kind.carries_link()).map(|kind| format!("'{}'", kind.code())).collect();
        assert_eq!(link_kinds!(), format!("({})", codes.join(", ")));
    }
}
