//! The queue as a whole: paused or running, and which boots of which nodes are alive.

use crate::{Answer, Db, Error, Tx};
use sqlx::{Connection, PgConnection};

/// Why the whole queue is paused.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct QueuePause {
    /// Since when, in milliseconds.
    pub paused_at: i64,
    /// Why, in a sentence.
    pub reason: String,
    /// The relay's answer; empty where there was none.
    pub reply: String,
}

/// One start of one server. On PostgreSQL it holds an advisory lock on a connection of its own for as long as it lives, by which other
/// nodes know that what it claimed is still being sent.
#[derive(Debug)]
pub struct Boot {
    name: String,
    number: i64,
    alive: Option<PgConnection>,
}

impl Boot {
    /// Begins a boot under a random name and number. On SQLite one server serves a file, so what other boots claimed is free at once.
    /// Answers how many messages that were.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin(db: &Db, name: &str, number: i64, now: i64) -> Answer<(Boot, u64)> {
        let alive = hold(db, number).await?;
        let mut tx = db.write().await?;
        let freed = tx.begin_boot(name, number, now).await?;
        tx.commit().await?;
        Ok((Boot { name: name.to_owned(), number, alive }, freed))
    }

    /// The name that claims are made under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Looks whether the lock still holds, and takes it again when its connection broke: others may have taken over what this boot had
    /// claimed, which the fencing numbers then show.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn keep(&mut self, db: &Db) -> Answer<()> {
        if let Some(connection) = &mut self.alive
            && connection.ping().await.is_err()
        {
            self.alive = hold(db, self.number).await?;
        }
        Ok(())
    }

    /// Ends the boot: nothing is being sent any more.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end(self, db: &Db) -> Answer<()> {
        let mut tx = db.write().await?;
        tx.forget_boot(&self.name).await?;
        tx.commit().await?;
        if let Some(connection) = self.alive {
            connection.close().await?;
        }
        Ok(())
    }
}

/// Takes the advisory lock of a boot on a new connection; there is none on SQLite.
async fn hold(db: &Db, number: i64) -> Answer<Option<PgConnection>> {
    let Some(pool) = db.postgres() else { return Ok(None) };
    let mut connection = PgConnection::connect_with(&pool.connect_options()).await?;
    sqlx::query("select pg_advisory_lock($1)").bind(number).execute(&mut connection).await?;
    Ok(Some(connection))
}

impl Tx {
    /// Notes a boot, and frees what dead ones claimed. On SQLite all others are dead.
    async fn begin_boot(&mut self, boot: &str, number: i64, now: i64) -> Answer<u64> {
        on_db!(self, execute "insert into boots (boot, number, made_at, seen_at) values ($1, $2, $3, $3)", boot, number, now)?;
        if let Tx::Postgres(_) = self {
            return self.free_dead_boots(now).await;
        }
        on_db!(self, execute "delete from boots where boot <> $1", boot)?;
        on_db!(self, execute "update outbox set due_at = $2 where state = 'sending' and boot <> $1 and due_at > $2", boot, now)
    }

    async fn forget_boot(&mut self, boot: &str) -> Answer<u64> {
        on_db!(self, execute "delete from boots where boot = $1", boot)
    }

    /// Frees what dead boots claimed on PostgreSQL: a boot whose advisory lock can be taken is dead. Answers how many messages.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn free_dead_boots(&mut self, now: i64) -> Answer<u64> {
        let Tx::Postgres(_) = self else { return Ok(0) };
        let boots = on_db!(
            self,
            all(String, i64),
            "select b.boot, b.number from boots b
              where exists (select 1 from outbox o where o.boot = b.boot and o.state = 'sending')"
        )?;
        let mut freed = 0;
        for (boot, number) in boots {
            let (dead,) = on_db!(self, one(bool,), "select pg_try_advisory_xact_lock($1)", number)?;
            if dead {
                freed += on_db!(self, execute
                    "update outbox set due_at = $2 where state = 'sending' and boot = $1 and due_at > $2", boot.as_str(), now)?;
                self.forget_boot(&boot).await?;
            }
        }
        Ok(freed)
    }

    /// Pauses the whole queue. True for the first to do so: it raises the alarm.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn pause_mail(&mut self, reason: &str, reply: &str, now: i64) -> Answer<bool> {
        let paused = on_db!(self, execute
            "update mail_queue set paused_at = $1, reason = $2, reply = $3 where id = 1 and paused_at is null", now, reason, reply)?;
        Ok(paused > 0)
    }

    /// Lets the queue go on. True when it was paused.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn resume_mail(&mut self) -> Answer<bool> {
        let resumed = on_db!(self, execute
            "update mail_queue set paused_at = null, reason = null, reply = null where id = 1 and paused_at is not null")?;
        Ok(resumed > 0)
    }

    /// Why the queue is paused; nothing while it runs.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn mail_pause(&mut self) -> Answer<Option<QueuePause>> {
        on_db!(self, optional QueuePause,
            "select paused_at, coalesce(reason, '') as reason, coalesce(reply, '') as reply
               from mail_queue where id = 1 and paused_at is not null")
    }

    /// Wakes the dispatchers of all nodes once this transaction commits. [`Tx::add_messages`] does it by itself.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn wake_mail(&mut self) -> Answer<()> {
        if let Tx::Postgres(tx) = self {
            sqlx::query("select pg_notify($1, '')").bind(MAIL_CHANNEL).execute(&mut **tx).await?;
        }
        Ok(())
    }
}

/// The channel of `listen` and `notify` on PostgreSQL.
pub const MAIL_CHANNEL: &str = "provost_mail";

/// Wakes a dispatcher when another node wrote messages.
pub struct MailBell(Option<sqlx::postgres::PgListener>);

impl MailBell {
    /// Begins to listen; on SQLite there is nobody to hear.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn new(db: &Db) -> Answer<MailBell> {
        let Some(pool) = db.postgres() else { return Ok(MailBell(None)) };
        let mut listener = sqlx::postgres::PgListener::connect_with(pool).await?;
        listener.listen(MAIL_CHANNEL).await?;
        Ok(MailBell(Some(listener)))
    }

    /// Waits until somebody wrote a message; for ever on SQLite. A broken connection is made anew inside.
    ///
    /// # Errors
    /// Those of the database: wait a moment before asking again.
    pub async fn rung(&mut self) -> Answer<()> {
        match &mut self.0 {
            None => std::future::pending().await,
            Some(listener) => listener.recv().await.map(drop).map_err(Error::from),
        }
    }
}
