//! Noting what became of a claimed message, beside it on its enrollment and, where it failed, on its task.

use super::{Claimed, link_kinds};
use crate::{Answer, Tx};
use model::{message::MailState, user::masked};

/// What became of a claimed message.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The row.
    pub id: i64,
    /// The fencing number of the claim.
    pub attempt: i64,
    /// The enrollment it speaks of.
    pub enrollment: Option<i64>,
    /// The task it speaks of.
    pub task: Option<i64>,
    /// Where it stands now; not *Sending*.
    pub state: MailState,
    /// Why, in a sentence; empty for *Accepted*.
    pub reason: String,
    /// The relay's last answer; empty where there was none.
    pub reply: String,
    /// When it is due again, in milliseconds; of no use for a final state.
    pub due_at: i64,
    /// How much this attempt counts towards giving up.
    pub tries: i64,
    /// The final dot was written.
    pub sent: bool,
    /// When this happened, in milliseconds.
    pub at: i64,
}

impl Mark {
    /// A mark without reason, reply and count.
    pub fn new(message: &Claimed, state: MailState, at: i64) -> Mark {
        Mark {
            id: message.id,
            attempt: message.attempt,
            enrollment: message.enrollment,
            task: message.task,
            state,
            reason: String::new(),
            reply: String::new(),
            due_at: at,
            tries: 0,
            sent: false,
            at,
        }
    }
}

/// What a mark came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// It is noted.
    Done,
    /// Somebody else owns the message; nothing was changed.
    Lost,
    /// Somebody took the message over while this was being written: roll this transaction back.
    Torn,
}

impl Tx {
    /// Notes what became of a message, if the claim is still the newest. Final states wipe its secret. Many marks share one
    /// transaction, and so one durable commit; give them in the order of enrollments, those that fail in one of their own.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn mark_message(&mut self, mark: &Mark) -> Answer<Marked> {
        let noted = self.note_on_task(mark).await? + self.note_on_enrollment(mark).await?;
        let marked = on_db!(self, execute
            "update outbox set state = $3, reason = nullif($4, ''), reply = coalesce(nullif($5, ''), reply), due_at = $6,
                    tries = tries + $7, boot = null,
                    sent_at = case when $8 then $9 else sent_at end,
                    ended_at = case when $10 then $9 else null end,
                    secret = case when $10 then null else secret end
              where id = $1 and attempt = $2 and state = 'sending'",
            mark.id, mark.attempt, mark.state.code(), mark.reason.as_str(), mark.reply.as_str(), mark.due_at, mark.tries,
            mark.sent, mark.at, mark.state.is_final())?;
        if let Some(task) = mark.task.filter(|_| noted > 0) {
            self.note_task(task, false);
        }
        if marked > 0 && mark.state.is_final() {
            self.forget_alternate_of_late(mark).await?;
        }
        Ok(match (marked, noted) {
            (0, 0) => Marked::Lost,
            (0, _) => Marked::Torn,
            _ => Marked::Done,
        })
    }

    /// What was on its way while its enrollment ended, or while a newer link replaced its own: another address than the profile's is not
    /// kept beyond that.
    async fn forget_alternate_of_late(&mut self, mark: &Mark) -> Answer<()> {
        let Some(enrollment) = mark.enrollment else { return Ok(()) };
        let late = on_db!(
            self,
            optional(String,),
            concat!(
                "select o.to_address from outbox o join enrollments e on e.id = o.enrollment join users u on u.id = e.person
              where o.id = $1 and e.id = $2 and o.kind in ",
                link_kinds!(),
                "
                and (not e.open or e.generation <> o.generation) and o.to_address <> u.email"
            ),
            mark.id,
            enrollment
        )?;
        if let Some((address,)) = late {
            on_db!(self, execute "update outbox set to_address = $2 where id = $1", mark.id, masked(&address))?;
        }
        Ok(())
    }

    /// One more open enrollment of the task has failed mail.
    async fn note_on_task(&mut self, mark: &Mark) -> Answer<u64> {
        let (true, Some(task), Some(enrollment)) = (mark.state.needs_a_look(), mark.task, mark.enrollment) else { return Ok(0) };
        // Whoever changes the enrollment meanwhile holds the task; what follows is decided on what they leave.
        self.lock_task(task).await?;
        on_db!(self, execute concat!(
            "update tasks set mail_failed = mail_failed + 1
              where number = $1
                and exists (select 1 from enrollments e
                             where e.id = $2 and e.open and (e.mail_state is null or e.mail_state not in ('failed', 'bounced')))
                and exists (select 1 from outbox o
                             where o.id = $3 and o.attempt = $4 and o.state = 'sending' and o.kind in ", link_kinds!(), ")
                and not exists (select 1 from outbox n
                                 where n.enrollment = $2 and n.id > $3 and n.kind in ", link_kinds!(), ")"),
            task, enrollment, mark.id, mark.attempt)
    }

    /// The newest message with a link is what people see beside the enrollment.
    async fn note_on_enrollment(&mut self, mark: &Mark) -> Answer<u64> {
        let Some(enrollment) = mark.enrollment else { return Ok(0) };
        on_db!(self, execute concat!(
            "update enrollments set mail_state = $4, mail_at = $5, mail_reason = nullif($6, '')
              where id = $1
                and exists (select 1 from outbox o
                             where o.id = $2 and o.attempt = $3 and o.state = 'sending' and o.kind in ", link_kinds!(), ")
                and not exists (select 1 from outbox n
                                 where n.enrollment = $1 and n.id > $2 and n.kind in ", link_kinds!(), ")"),
            enrollment, mark.id, mark.attempt, mark.state.code(), mark.at, mark.reason.as_str())
    }
}
