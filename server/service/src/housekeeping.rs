//! What is done now and then: sweeping up, and telling of stop dates. No rule depends on it: whatever is over is refused at use, whether
//! it was swept or not.

use crate::{
    Service,
    clock::{HOUR, MINUTE},
    fault::Outcome,
};
use std::{sync::Arc, time::Duration};

/// How long the keys of forms are kept (spec §3.5).
const FORM_KEYS: i64 = 24 * HOUR;
/// How long a selection that nobody uses is kept, and a dry run that nobody confirms.
const SELECTIONS: i64 = 30 * 24 * HOUR;
/// How long an operator's session lives unused.
const IDLE_SESSIONS: i64 = 30 * MINUTE;

impl Service {
    /// Wipes the pending keys of enrollment sessions whose window is over, and forgets what nobody will ask for again: ended sessions,
    /// old keys of forms, unused selections and dry runs, full throttles, the resends of past days. One short transaction.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tidy(&self) -> Outcome<()> {
        let mut tx = self.db.write().await?;
        let now = self.now(&mut tx).await?;
        tx.end_over_sessions(now.at).await?;
        tx.forget_sessions(now.at, now.at - IDLE_SESSIONS).await?;
        tx.forget_form_keys(now.at - FORM_KEYS).await?;
        tx.forget_selections(now.at - SELECTIONS).await?;
        tx.forget_bulks(now.at - SELECTIONS).await?;
        tx.forget_full_buckets(now.at).await?;
        tx.forget_resends(now.today().plus(-1)).await?;
        Ok(tx.commit().await?)
    }
}

/// Tidies and tells of stop dates once a minute, for as long as it is polled. Where the database is busy or away, later.
pub async fn run(service: Arc<Service>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(60));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = service.tidy().await {
            tracing::warn!(%error, "not tidied this time");
        }
        if let Err(error) = service.tell_of_stop_dates().await {
            tracing::warn!(%error, "stop dates are looked at again in a minute");
        }
    }
}
