//! The keys forms are sent with (spec §3.5): the same form twice does its work once.

use crate::{Answer, Constraint, Error, Tx};

/// What is known of a form's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormKey {
    /// It is new and now written: do the work, then [`Tx::answer_form`].
    New,
    /// The same form was sent before, and this was the answer.
    Answered(String),
    /// The key was sent with other content.
    OtherContent,
}

impl Tx {
    /// Writes the key first of all. Another transaction with the same key waits here for the first to end.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin_form(&mut self, operator: i64, key: &str, digest: &[u8], now: i64) -> Answer<FormKey> {
        let new = on_db!(self, execute
            "insert into idempotency (operator, key, digest, made_at) values ($1, $2, $3, $4) on conflict do nothing",
            operator, key, digest, now)?;
        if new > 0 {
            return Ok(FormKey::New);
        }
        let row = on_db!(
            self,
            optional(Vec<u8>, Option<String>),
            "select digest, answer from idempotency where operator = $1 and key = $2",
            operator,
            key
        )?;
        match row {
            Some((first, _)) if first != digest => Ok(FormKey::OtherContent),
            Some((_, Some(answer))) => Ok(FormKey::Answered(answer)),
            // Written and not answered cannot be committed, and a row that vanished is being cleaned up: say so, nothing was changed.
            _ => Err(Error::Constraint(Constraint::IdempotencyKey)),
        }
    }

    /// Keeps the answer of a form whose key is new, in the same transaction.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn answer_form(&mut self, operator: i64, key: &str, answer: &str) -> Answer<()> {
        on_db!(self, execute "update idempotency set answer = $3 where operator = $1 and key = $2 and answer is null",
            operator, key, answer)?;
        Ok(())
    }

    /// Forgets the keys made before that time; they are kept for 24 hours.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_form_keys(&mut self, made_before: i64) -> Answer<u64> {
        on_db!(self, execute "delete from idempotency where made_at < $1", made_before)
    }
}
