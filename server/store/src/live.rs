//! Telling which tasks changed once that is durable: within the process on SQLite, which one process serves; by `notify`, which is part
//! of the transaction, from node to node on PostgreSQL.

use crate::{Answer, Db, Error};
use model::live::Changed;
use sqlx::{PgConnection, postgres::PgListener};
use std::time::Duration;
use tokio::{
    sync::broadcast::{Receiver, Sender, error::RecvError},
    time::timeout,
};

/// The channel of `listen` and `notify` on PostgreSQL.
const CHANNEL: &str = "provost_tasks";
/// So many tellings wait for who listens in this process.
pub(crate) const WAITING: usize = 256;
/// After so long without a word the line is tried.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a try may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells this process.
pub(crate) fn tell(to: Option<&Sender<Changed>>, changed: Changed) {
    if let Some(to) = to.filter(|_| !changed.is_nothing()) {
        // Nobody may be listening.
        let _ = to.send(changed);
    }
}

/// Tells every node once this transaction commits, and none if it does not.
pub(crate) async fn notify(tx: &mut PgConnection, changed: &Changed) -> Answer<()> {
    if !changed.is_nothing() {
        sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(changed.to_string()).execute(tx).await?;
    }
    Ok(())
}

/// Hears which tasks change, on whichever node.
pub struct Listening(Ear);

enum Ear {
    Process(Receiver<Changed>),
    Nodes(PgListener),
}

impl Listening {
    /// Begins to listen. Of what changed before nothing is heard.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn new(db: &Db) -> Answer<Listening> {
        let Some(pool) = db.postgres() else { return Ok(Listening(Ear::Process(db.told()))) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Listening(Ear::Nodes(listener)))
    }

    /// Waits for the next change. [`Changed::Many`] where some was missed.
    ///
    /// # Errors
    /// Those of the database: begin to listen anew, after a moment.
    pub async fn next(&mut self) -> Answer<Changed> {
        match &mut self.0 {
            Ear::Process(told) => match told.recv().await {
                Ok(changed) => Ok(changed),
                Err(RecvError::Lagged(_)) => Ok(Changed::Many),
                Err(RecvError::Closed) => Err(Error::Busy(sqlx::Error::PoolClosed)),
            },
            Ear::Nodes(listener) => heard(listener).await,
        }
    }
}

/// A line that broke is made anew inside, and what was told meanwhile is lost. One that is dead without having broken shows when tried.
async fn heard(listener: &mut PgListener) -> Answer<Changed> {
    loop {
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(told) => return Ok(told?.map_or(Changed::Many, |told| Changed::read(told.payload()))),
            Err(_) => {
                let tried = timeout(PATIENCE, sqlx::query("select 1").execute(&mut *listener)).await;
                tried.map_err(|_| Error::Busy(sqlx::Error::PoolTimedOut))??;
            }
        }
    }
}
