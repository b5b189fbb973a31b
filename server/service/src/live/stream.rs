//! One stream of events: what changed, a little gathered, for as long as the session lives and holds the right.

use super::hub::Told;
use crate::{
    Service,
    clock::Clock,
    fault::{Fault, Outcome},
    ids,
    session::IDLE,
    zone::Now,
};
use async_trait::async_trait;
use model::{
    actor::Actor,
    day::Day,
    live::{Changed, Live, LiveEvent, LiveEvents},
    rights::{Right, Rights},
};
use std::{sync::Arc, time::Duration};
use store::Db;
use tokio::{
    sync::broadcast::error::{RecvError, TryRecvError},
    time::{sleep, timeout},
};

/// What changes within so long is told as one.
const GATHER: Duration = Duration::from_millis(300);
/// After so long without anything to tell the line is kept open, and the session looked at.
const ALIVE: Duration = Duration::from_secs(15);

/// Opens a stream for the operator of this session.
pub(crate) async fn open(service: &Service, by: &Actor, session: &str) -> Outcome<Live> {
    by.require(Right::ProvisioningManage)?;
    let told = service.hub.listen(by.id)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    tx.rollback().await?;
    let stream = Stream {
        db: service.db.clone(),
        clock: service.clock.clone(),
        session: ids::hash(session),
        told,
        seen: now,
        over: false,
    };
    Ok(Live(Box::new(stream)))
}

struct Stream {
    db: Db,
    clock: Arc<dyn Clock>,
    /// The session's hash.
    session: Vec<u8>,
    told: Told,
    /// When it last looked, and the zone of then.
    seen: Now,
    over: bool,
}

#[async_trait]
impl LiveEvents for Stream {
    async fn next(&mut self) -> Option<LiveEvent> {
        if self.over {
            return None;
        }
        let (before, now) = (self.seen.today(), Now { at: self.clock.now(), ..self.seen });
        let changed = if now.today() == before { self.wait(now).await? } else { Changed::nothing() };
        // Whoever may not know any more is told nothing but that.
        match self.look().await {
            Ok(Some(today)) if today != before => Some(LiveEvent::Day),
            Ok(Some(_)) if changed.is_nothing() => Some(LiveEvent::Alive),
            Ok(Some(_)) => Some(LiveEvent::Changed(changed)),
            Ok(None) => {
                self.over = true;
                Some(LiveEvent::Over)
            }
            Err(error) => {
                tracing::warn!(%error, "a stream ends: its session could not be looked at");
                None
            }
        }
    }
}

impl Stream {
    /// What changes next, gathered; nothing when it is time to look again. None when the process stops.
    async fn wait(&mut self, now: Now) -> Option<Changed> {
        let midnight = u64::try_from(now.end_of(now.today()) - now.at).unwrap_or_default();
        let told = tokio::select! {
            biased;
            _ = self.told.stop.wait_for(|stopping| *stopping) => return None,
            told = timeout(ALIVE.min(Duration::from_millis(midnight)), self.told.changes.recv()) => told,
        };
        let mut changed = match told {
            Err(_) => return Some(Changed::nothing()),
            Ok(Ok(changed)) => changed,
            Ok(Err(RecvError::Lagged(_))) => Changed::Many,
            Ok(Err(RecvError::Closed)) => return None,
        };
        sleep(GATHER).await;
        loop {
            match self.told.changes.try_recv() {
                Ok(more) => changed.and(more),
                Err(TryRecvError::Lagged(_)) => changed = Changed::Many,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return Some(changed),
            }
        }
    }

    /// Today, if the session lives and holds the right. Looking does not count as use.
    async fn look(&mut self) -> Result<Option<Day>, Fault> {
        let mut tx = self.db.read().await?;
        let policy = crate::policy::read(&mut tx).await?;
        self.seen = Now::new(self.clock.now(), &policy.time_zone);
        let session = tx.session(&self.session, self.seen.at, self.seen.at - IDLE).await?;
        tx.rollback().await?;
        let may = session.is_some_and(|session| Rights::from_names(&session.rights).has(Right::ProvisioningManage));
        Ok(may.then(|| self.seen.today()))
    }
}
