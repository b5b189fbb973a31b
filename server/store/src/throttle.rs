//! Limits that hold across nodes: token buckets, each taken by one guarded upsert.

use crate::{Answer, Tx};

/// A token bucket's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name in the database.
    pub kind: &'static str,
    /// How many can be taken at once from a full bucket.
    pub capacity: i64,
    /// Milliseconds until one more can be taken.
    pub refill: i64,
}

/// What a bucket answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// One was taken.
    Yes,
    /// It is empty until then, in milliseconds since 1970-01-01.
    EmptyUntil(i64),
}

impl Tx {
    /// Takes one from the bucket of `subject`, or says when there will be one. However many ask at once, no more than the capacity
    /// pass: the guard stands in the statement itself.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn take(&mut self, bucket: Bucket, subject: &str, now: i64) -> Answer<Taken> {
        let taken = on_db!(self, execute
            "insert into throttles (kind, subject, full_at) values ($1, $2, $3 + $4)
             on conflict (kind, subject) do update
                set full_at = case when throttles.full_at > $3 then throttles.full_at else $3 end + $4
              where throttles.full_at + $4 <= $3 + $4 * $5",
            bucket.kind, subject, now, bucket.refill, bucket.capacity)?;
        if taken > 0 {
            return Ok(Taken::Yes);
        }
        let full_at =
            on_db!(self, optional(i64,), "select full_at from throttles where kind = $1 and subject = $2", bucket.kind, subject)?;
        let full_at = full_at.map_or(now, |(full_at,)| full_at);
        Ok(Taken::EmptyUntil(full_at + bucket.refill - bucket.refill * bucket.capacity))
    }

    /// Is there one to take? For showing a page; never instead of [`Tx::take`].
    ///
    /// # Errors
    /// Those of the database.
    pub async fn would_take(&mut self, bucket: Bucket, subject: &str, now: i64) -> Answer<bool> {
        let row =
            on_db!(self, optional(i64,), "select full_at from throttles where kind = $1 and subject = $2", bucket.kind, subject)?;
        Ok(row.is_none_or(|(full_at,)| full_at + bucket.refill <= now + bucket.refill * bucket.capacity))
    }

    /// Gives one back, when what was taken for turned out well.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn give_back(&mut self, bucket: Bucket, subject: &str) -> Answer<()> {
        on_db!(self, execute "update throttles set full_at = full_at - $3 where kind = $1 and subject = $2",
            bucket.kind, subject, bucket.refill)?;
        Ok(())
    }

    /// Fills the bucket of `subject` again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refill(&mut self, bucket: Bucket, subject: &str) -> Answer<()> {
        on_db!(self, execute "delete from throttles where kind = $1 and subject = $2", bucket.kind, subject)?;
        Ok(())
    }

    /// Fills the buckets of every subject that begins like that.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refill_beginning(&mut self, bucket: Bucket, beginning: &str) -> Answer<()> {
        on_db!(self, execute "delete from throttles where kind = $1 and subject >= $2 and subject < $3",
            bucket.kind, beginning, format!("{beginning}\u{10ffff}"))?;
        Ok(())
    }

    /// Forgets the buckets that are full again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_full_buckets(&mut self, now: i64) -> Answer<u64> {
        on_db!(self, execute "delete from throttles where full_at <= $1", now)
    }
}
