//! Another address than the profile's, which served one message: kept while the enrollment waits for it, masked afterwards.

use crate::{Answer, Tx};
use model::user::masked;

impl Tx {
    /// Masks another address than the profile's wherever it was kept for this one message: on the enrollment, its task, and messages
    /// that will not be sent any more. From now on it is whole in the audit trail only (spec §3.4). Call it after canceling what waits;
    /// [`Tx::complete_enrollment`] and [`Tx::remove_enrollment`] do it by themselves.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_alternate(&mut self, id: i64) -> Answer<()> {
        self.forget_alternate_but(id, "not waiting").await
    }

    /// The same for an enrollment that is over: whatever waits for it is canceled in the same transaction.
    pub(crate) async fn forget_alternate_of_closed(&mut self, id: i64) -> Answer<()> {
        self.forget_alternate_but(id, "state <> 'sending'").await
    }

    async fn forget_alternate_but(&mut self, id: i64, which: &'static str) -> Answer<()> {
        let found = on_db!(
            self,
            optional(i64, String, String),
            "select e.task, e.emailed_to, t.emailed_to from enrollments e join tasks t on t.number = e.task
              where e.id = $1 and e.redirected",
            id
        )?;
        let Some((task, address, of_task)) = found else { return Ok(()) };
        let masked = masked(&address);
        on_db!(self, execute "update enrollments set emailed_to = $2 where id = $1 and redirected", id, &masked)?;
        let sql = format!("update outbox set to_address = $3 where enrollment = $1 and to_address = $2 and {which}");
        on_db!(self, execute sqlx::AssertSqlSafe(sql), id, &address, &masked)?;
        if of_task == address {
            self.set_task_emailed_to(task, &masked).await?;
        }
        Ok(())
    }
}
