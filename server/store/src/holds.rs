//! Who waits for whom. Every transaction takes its rows in one order: users, tasks, enrollments by id, tokens, inventory, outbox. A writer
//! on SQLite is alone anyway.

use crate::{Answer, Tx, dialect, enrollments::Enrollment};

impl Tx {
    /// Keeps the users of a selection as they are until the transaction ends: nobody is disabled, deleted or moved to another address
    /// between the look and the write. A writer on SQLite is alone anyway.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hold_candidates(&mut self, selection: &str) -> Answer<()> {
        if let Tx::Postgres(tx) = self {
            sqlx::query(
                "select u.id from users u where u.id in (select i.item from selection_items i where i.selection = $1)
                  order by u.id for share of u",
            )
            .bind(selection)
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }

    /// Keeps a user as they are until the transaction ends: what is sent to the address just read is not overtaken by an edit of the
    /// profile, nor by disabling or deleting.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hold_user(&mut self, id: i64) -> Answer<()> {
        self.take_user(id, "for share").await
    }

    /// Takes a user's row for this transaction: nobody provisions, resends to or edits them meanwhile.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn lock_user(&mut self, id: i64) -> Answer<()> {
        self.take_user(id, "for no key update").await
    }

    async fn take_user(&mut self, id: i64, how: &'static str) -> Answer<()> {
        if let Tx::Postgres(tx) = self {
            let sql = format!("select id from users where id = $1 {how}");
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// [`Tx::lock_enrollment`] with its user held first ([`Tx::hold_user`]): for whatever mails to the address in the profile.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hold_enrollment(&mut self, id: i64) -> Answer<Option<Enrollment>> {
        if let Some((person,)) = on_db!(self, optional(i64,), "select person from enrollments where id = $1", id)? {
            self.hold_user(person).await?;
        }
        self.lock_enrollment(id).await
    }

    /// An enrollment with its task and itself locked, in the order of locks, so that it stays as read until the transaction ends.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn lock_enrollment(&mut self, id: i64) -> Answer<Option<Enrollment>> {
        let Some((task,)) = on_db!(self, optional(i64,), "select task from enrollments where id = $1", id)? else {
            return Ok(None);
        };
        self.lock_task(task).await?;
        let sql = format!("select id from enrollments where id = $1{}", dialect::for_update(self));
        on_db!(self, optional(i64,), sqlx::AssertSqlSafe(sql), id)?;
        self.enrollment(id).await
    }
}
