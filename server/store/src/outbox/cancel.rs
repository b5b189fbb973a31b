//! Canceling what waits, in the transaction that makes it pointless. A message that is being sent right now is left to the look that
//! every sender takes just before: see [`Standing`](super::Standing).

use super::link_kinds;
use crate::{Answer, Tx};

impl Tx {
    /// Cancels the waiting links of one enrollment: it was completed or removed, or a newer link replaces them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn cancel_links_of_enrollment(&mut self, enrollment: i64, reason: &str, now: i64) -> Answer<()> {
        on_db!(self, execute concat!(
            "update enrollments set mail_state = 'canceled', mail_at = $2, mail_reason = $3
              where id = $1 and exists (select 1 from outbox o where o.enrollment = enrollments.id and o.waiting
                                           and o.state <> 'sending' and o.kind in ", link_kinds!(), ")"),
            enrollment, now, reason)?;
        on_db!(self, execute concat!(
            "update outbox set state = 'canceled', reason = $3, ended_at = $2, secret = null
              where enrollment = $1 and waiting and state <> 'sending' and kind in ", link_kinds!()),
            enrollment, now, reason)?;
        Ok(())
    }

    /// Cancels the waiting links of those enrollments of a task that are no longer open, after all of them were removed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn cancel_links_of_closed(&mut self, task: i64, reason: &str, now: i64) -> Answer<()> {
        on_db!(self, execute concat!(
            "update enrollments set mail_state = 'canceled', mail_at = $2, mail_reason = $3
              where task = $1 and not open
                and id in (select o.enrollment from outbox o where o.task = $1 and o.waiting and o.state <> 'sending'
                              and o.kind in ", link_kinds!(), ")"),
            task, now, reason)?;
        on_db!(self, execute concat!(
            "update outbox set state = 'canceled', reason = $3, ended_at = $2, secret = null
              where task = $1 and waiting and state <> 'sending' and kind in ", link_kinds!(), "
                and enrollment in (select e.id from enrollments e where e.task = $1 and not e.open)"),
            task, now, reason)?;
        Ok(())
    }

    /// Cancels everything that waits for a user who was disabled or deleted.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn cancel_mail_of_person(&mut self, person: i64, reason: &str, now: i64) -> Answer<()> {
        let tasks = on_db!(
            self,
            all(i64,),
            concat!(
                "update enrollments set mail_state = 'canceled', mail_at = $2, mail_reason = $3
              where person = $1
                and id in (select o.enrollment from outbox o where o.person = $1 and o.waiting and o.state <> 'sending'
                              and o.kind in ",
                link_kinds!(),
                ") returning task"
            ),
            person,
            now,
            reason
        )?;
        self.note_tasks(tasks);
        on_db!(self, execute
            "update outbox set state = 'canceled', reason = $3, ended_at = $2, secret = null
              where person = $1 and waiting and state <> 'sending'",
            person, now, reason)?;
        Ok(())
    }
}
