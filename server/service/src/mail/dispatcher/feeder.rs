//! Claims messages and keeps the workers supplied: woken by the nudge of this process, by other nodes, and once a second as the net.

use super::{Around, Job, MOST_CLAIMED, Shared, Until, WORKERS};
use crate::{fault::Outcome, policy, zone::Now};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use store::{
    Error,
    outbox::{Boot, Claimed, MailBell},
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};

/// The net under every notification.
const POLL: Duration = Duration::from_secs(1);
/// How often the rest is seen to: dead nodes, figures.
const ROUNDS: Duration = Duration::from_secs(5);

/// Signs on as a boot of its own. A pause of the queue ends: settings change only with a restart, so they may be mended now.
pub(super) async fn begin(shared: &Shared) -> Outcome<Boot> {
    let parts = &shared.parts;
    let mut number = [0; 8];
    parts.ids.fill(&mut number);
    let number = i64::from_le_bytes(number) & i64::MAX;
    let (boot, reclaimed) = Boot::begin(&parts.db, &parts.ids.key(), number, parts.clock.now()).await?;
    if reclaimed > 0 {
        tracing::info!(reclaimed, "messages that an earlier run was sending go out again");
        metrics::counter!("provost_mail_reclaimed_total").increment(reclaimed);
    }
    let mut tx = parts.db.write().await?;
    if tx.resume_mail().await? {
        tracing::info!("the paused mail queue goes on after the restart");
    }
    tx.commit().await?;
    Ok(boot)
}

struct Feeder<'a> {
    shared: &'a Arc<Shared>,
    boot: &'a mut Boot,
    jobs: mpsc::Sender<Job>,
    until: Until,
    /// The last claim got all that was due.
    drained: bool,
    /// One message tries whether the relay is back; until it is marked nothing else is claimed.
    probing: bool,
    /// How many are worth claiming ahead of the workers: a tenth of a second's work.
    ahead: usize,
    claimed_before: Option<(Instant, usize)>,
    rounds_at: Instant,
}

/// Feeds until it is told to stop, or until nothing is due.
pub(super) async fn work(shared: &Arc<Shared>, boot: &mut Boot, jobs: mpsc::Sender<Job>, until: Until) -> Outcome<()> {
    let mut bell = MailBell::new(&shared.parts.db).await?;
    let mut feeder = Feeder {
        shared,
        boot,
        jobs,
        until,
        drained: false,
        probing: false,
        ahead: 2 * WORKERS,
        claimed_before: None,
        rounds_at: Instant::now(),
    };
    while !shared.is_stopping() {
        feeder.probing &= shared.in_flight() > 0;
        if feeder.may_claim() {
            feeder.claim().await?;
            continue;
        }
        if until == Until::Drained && shared.in_flight() == 0 && (feeder.drained || shared.breaker.open_for().is_some()) {
            break;
        }
        feeder.wait(&mut bell).await;
        feeder.go_round().await;
    }
    Ok(())
}

impl Feeder<'_> {
    fn may_claim(&self) -> bool {
        let in_flight = self.shared.in_flight();
        !self.drained
            && !self.probing
            && self.shared.breaker.open_for().is_none()
            && (in_flight == 0 || in_flight < self.ahead / 2)
    }

    /// Claims as many as the workers can send soon. A database that is away is waited for, except at the end of a drain.
    async fn claim(&mut self) -> Outcome<()> {
        let in_flight = self.shared.in_flight();
        self.measure(in_flight);
        self.probing = self.shared.breaker.is_probing();
        let room = if self.probing { 1 } else { self.ahead.saturating_sub(in_flight).max(1) };
        match self.claim_some(room).await {
            Ok((messages, around, claimed_at)) => {
                self.drained = messages.len() < room;
                self.shared.in_flight.fetch_add(messages.len(), Ordering::SeqCst);
                let around = Arc::new(around);
                for message in messages {
                    // The channel holds all that may be in flight, so this never waits.
                    let _ = self.jobs.send(Job { message, claimed_at, around: Arc::clone(&around) }).await;
                }
            }
            Err(fault) if self.until == Until::Drained => return Err(fault),
            Err(fault) => {
                tracing::warn!(error = %fault, "messages could not be claimed");
                self.drained = true;
            }
        }
        Ok(())
    }

    /// A fast relay is worth claiming ahead for, so that commits are few; before a slow one little waits, so that what matters more
    /// can still overtake.
    fn measure(&mut self, in_flight: usize) {
        if let Some((at, claimed)) = self.claimed_before {
            let done = claimed.saturating_sub(in_flight) as f64;
            let per_tenth = done / at.elapsed().as_secs_f64().max(0.001) / 10.0;
            self.ahead = (per_tenth as usize).clamp(2 * WORKERS, MOST_CLAIMED);
        }
    }

    async fn claim_some(&mut self, room: usize) -> Outcome<(Vec<Claimed>, Around, Instant)> {
        let parts = &self.shared.parts;
        let (claimed_at, now) = (Instant::now(), parts.clock.now());
        let mut tx = parts.db.write().await?;
        let policy = policy::read(&mut tx).await?;
        let around = Around { zone: Now::new(now, &policy.time_zone).zone, sender: policy.sender_address };
        if tx.mail_pause().await?.is_some() {
            return Ok((Vec::new(), around, claimed_at));
        }
        let messages = tx.claim_messages(self.boot.name(), u32::try_from(room).unwrap_or(u32::MAX), now).await?;
        if messages.is_empty() {
            tx.rollback().await?;
        } else {
            tx.commit().await?;
        }
        self.claimed_before = Some((claimed_at, self.shared.in_flight() + messages.len()));
        Ok((messages, around, claimed_at))
    }

    /// Until something may be due: a nudge, another node's bell, room after a mark, the relay's pause, a second.
    async fn wait(&mut self, bell: &mut MailBell) {
        let poll = self.shared.breaker.open_for().unwrap_or(POLL).min(POLL);
        tokio::select! {
            () = self.shared.parts.nudge.notified() => self.drained = false,
            rung = bell.rung() => match rung {
                Ok(()) => self.drained = false,
                Err(error) => {
                    tracing::warn!(%error, "the bell of the database broke");
                    sleep(POLL).await;
                }
            },
            () = self.shared.room.notified() => {}
            () = self.shared.stop.notified() => {}
            () = sleep(poll) => self.drained = false,
        }
    }

    async fn go_round(&mut self) {
        if self.rounds_at.elapsed() < ROUNDS {
            return;
        }
        self.rounds_at = Instant::now();
        if let Err(error) = self.see_to_the_rest().await {
            tracing::warn!(%error, "the dispatcher's round was broken off");
        }
    }

    async fn see_to_the_rest(&mut self) -> Result<(), Error> {
        let parts = &self.shared.parts;
        self.boot.keep(&parts.db).await?;
        let now = parts.clock.now();
        if parts.db.postgres().is_some() {
            self.free_dead_boots(now).await?;
        }
        let mut tx = parts.db.read().await?;
        let states = tx.message_states(i64::MAX).await?;
        drop(tx);
        metrics::gauge!("provost_mail_waiting").set(states.waiting as f64);
        metrics::gauge!("provost_mail_failed").set(states.failed as f64);
        let oldest = if states.waiting > 0 { (now - states.oldest) as f64 / 1000.0 } else { 0.0 };
        metrics::gauge!("provost_mail_oldest_waiting_seconds").set(oldest);
        Ok(())
    }

    async fn free_dead_boots(&mut self, now: i64) -> Result<(), Error> {
        let mut tx = self.shared.parts.db.write().await?;
        let reclaimed = tx.free_dead_boots(now).await?;
        tx.commit().await?;
        if reclaimed > 0 {
            tracing::info!(reclaimed, "messages that a dead node was sending go out again");
            metrics::counter!("provost_mail_reclaimed_total").increment(reclaimed);
            self.drained = false;
        }
        Ok(())
    }
}
