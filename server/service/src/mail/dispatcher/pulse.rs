//! The heartbeat: leases are renewed while messages are on their way, and a node that cannot renew them stops by its own clock.

use super::Shared;
use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::outbox::LEASE;
use tokio::time::Instant;

/// How often leases are renewed.
const BEAT: Duration = Duration::from_millis(LEASE as u64 / 4);
/// How long this node trusts a lease after asking for it: less than the database does.
const TRUSTED: Duration = Duration::from_millis(LEASE as u64 - 2_000);

/// When the leases were last renewed, by the machine's monotonic clock.
pub(super) struct Pulse(Mutex<Instant>);

impl Pulse {
    pub fn new() -> Pulse {
        Pulse(Mutex::new(Instant::now()))
    }

    fn renewed(&self, asked_at: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = asked_at;
    }

    /// May a message that was claimed then still be sent now?
    pub fn holds(&self, claimed_at: Instant) -> bool {
        let renewed = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        claimed_at.max(renewed).elapsed() < TRUSTED
    }
}

/// Renews until it is dropped.
pub(super) async fn work(shared: &Arc<Shared>, boot: String) -> Infallible {
    loop {
        tokio::time::sleep(BEAT).await;
        if shared.in_flight() == 0 {
            continue;
        }
        let asked_at = Instant::now();
        match renew(shared, &boot).await {
            Ok(_) => shared.pulse.renewed(asked_at),
            Err(error) => tracing::warn!(%error, "leases of messages could not be renewed"),
        }
    }
}

async fn renew(shared: &Shared, boot: &str) -> store::Answer<u64> {
    let mut tx = shared.parts.db.write().await?;
    let renewed = tx.renew_leases(boot, shared.parts.clock.now()).await?;
    tx.commit().await?;
    Ok(renewed)
}
