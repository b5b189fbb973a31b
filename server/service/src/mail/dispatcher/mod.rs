//! Who sends: claims rows, hands each to its one recipient, and notes what became of it. Nothing waits for it, and it can be killed at
//! any moment: what was claimed is claimed again, and goes out as the same bytes.
//!
//! One *feeder* claims and keeps the workers supplied · some *workers*, each with a line of its own, look again and send · one *marker*
//! commits results in groups · one *pulse* renews the leases. They share nothing but [`Shared`] and two channels.

pub mod backoff;
mod feeder;
mod marker;
mod pulse;
mod worker;

#[cfg(test)]
mod tests;

use super::transport::Transport;
use crate::{
    clock::Clock,
    fault::{Fault, Outcome},
    ids::Ids,
    keys::Keys,
};
use backoff::Breaker;
use chrono_tz::Tz;
use marker::Noted;
use pulse::Pulse;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use store::{
    Db,
    outbox::{Boot, Claimed},
};
use tokio::{
    sync::{Mutex, Notify, mpsc},
    task::JoinSet,
    time::Instant,
};

/// How many messages are handed over at the same time, each over a line of its own.
const WORKERS: usize = 8;
/// How many messages may be claimed and not yet marked.
const MOST_CLAIMED: usize = 160;

/// What a dispatcher is made of.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub ids: Arc<dyn Ids>,
    /// The secret key that belongs to the database.
    pub keys: Keys,
    /// The way out.
    pub transport: Transport,
    /// Wakes it: the service's [`Outlet::nudge`](crate::Outlet::nudge).
    pub nudge: Arc<Notify>,
}

/// Sends what is in the outbox.
#[derive(Clone)]
pub struct Dispatcher(Arc<Shared>);

struct Shared {
    parts: Parts,
    breaker: Breaker,
    pulse: Pulse,
    /// Claimed and not yet marked.
    in_flight: AtomicUsize,
    /// Something was marked: there is room.
    room: Notify,
    stopping: AtomicBool,
    stop: Notify,
}

/// A claimed message on its way to a worker.
struct Job {
    message: Claimed,
    claimed_at: Instant,
    around: Arc<Around>,
}

/// What the policy said when messages were claimed.
struct Around {
    /// The organisation's zone: it decides which day it is.
    zone: Tz,
    /// The sender of the envelope. The From is the row's; when the relay refuses the sender, a corrected policy helps rows that wait.
    sender: String,
}

/// When work ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// When it is told to stop.
    Stopped,
    /// When nothing is due any more.
    Drained,
}

impl Dispatcher {
    /// A dispatcher that does nothing yet.
    pub fn new(parts: Parts) -> Dispatcher {
        Dispatcher(Arc::new(Shared {
            parts,
            breaker: Breaker::default(),
            pulse: Pulse::new(),
            in_flight: AtomicUsize::new(0),
            room: Notify::new(),
            stopping: AtomicBool::new(false),
            stop: Notify::new(),
        }))
    }

    /// A fresh dispatcher of the same parts, for after one that ended by itself.
    pub fn anew(&self) -> Dispatcher {
        Dispatcher::new(self.0.parts.clone())
    }

    /// Sends until [`Dispatcher::stop`] is called, then finishes the messages in flight and gives the others back.
    ///
    /// # Errors
    /// Those of the database at the start. Later it waits for the database to come back.
    pub async fn run(&self) -> Outcome<()> {
        self.work(Until::Stopped).await
    }

    /// Sends everything that is due, and answers when it is all marked. For tests and for making sample data.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drain(&self) -> Outcome<()> {
        self.work(Until::Drained).await
    }

    /// Begins to stop; [`Dispatcher::run`] returns when it has.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
        self.0.stop.notify_waiters();
        self.0.stop.notify_one();
    }

    async fn work(&self, until: Until) -> Outcome<()> {
        let shared = &self.0;
        let mut boot = feeder::begin(shared).await?;
        let (jobs_in, jobs) = mpsc::channel::<Job>(MOST_CLAIMED);
        let (done_in, done) = mpsc::channel::<Noted>(MOST_CLAIMED);
        let jobs = Arc::new(Mutex::new(jobs));
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS {
            workers.spawn(worker::work(Arc::clone(shared), Arc::clone(&jobs), done_in.clone()));
        }
        drop(done_in);
        let marker = tokio::spawn(marker::work(Arc::clone(shared), done));
        let fed = {
            let beating = pulse::work(shared, boot.name().to_owned());
            let mut feeding = Box::pin(feeder::work(shared, &mut boot, jobs_in, until));
            tokio::pin!(beating);
            let fed = tokio::select! {
                fed = &mut feeding => fed,
                fault = broken_off(&mut workers) => Err(fault),
                never = &mut beating => match never {},
            };
            drop(feeding);
            // The feeder is gone and its channel closed: workers finish what they hold, and the leases are kept up meanwhile.
            let finishing = async { while workers.join_next().await.is_some() {} };
            tokio::pin!(finishing);
            tokio::select! { () = &mut finishing => {}, never = &mut beating => match never {} }
            fed
        };
        // A marker that was broken off left rows to their leases; nothing is lost.
        let _ = marker.await;
        end(&shared.parts.db, boot).await;
        fed
    }
}

/// Answers when a worker broke off over a mistake in the program; what it held belongs to this boot, so the dispatcher must begin anew.
async fn broken_off(workers: &mut JoinSet<()>) -> Fault {
    while let Some(ended) = workers.join_next().await {
        if ended.is_err() {
            return Fault::Broken("a worker that sends mail broke off");
        }
    }
    std::future::pending().await
}

async fn end(db: &Db, boot: Boot) {
    if let Err(error) = boot.end(db).await {
        tracing::warn!(%error, "the dispatcher could not sign off; others will notice by themselves");
    }
}

impl Shared {
    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }
}
