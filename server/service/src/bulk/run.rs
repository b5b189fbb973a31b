//! The runner of acts over many. Every node has one and none is special: whoever takes the act's row does the next batch.

use super::batch::Batch;
use crate::{
    Service,
    acting::Acting,
    fault::{Fault, Outcome},
    messages,
    zone::Now,
};
use model::{actor::Actor, bulk::BulkOrder, forms::stop_date, rights::Rights};
use std::{sync::Arc, time::Duration};
use store::{Error, Tx, bulk::Bulk};

/// So many rows in one transaction: on SQLite nobody else writes meanwhile.
const BATCH: u32 = 100;
/// How often a node looks for acts that another one confirmed, or left behind.
const POLL: Duration = Duration::from_secs(2);

/// Runs what operators confirmed, for as long as it is polled.
pub async fn run(service: Arc<Service>) {
    loop {
        match service.run_bulk().await {
            Ok(true) => {
                tokio::task::yield_now().await;
                continue;
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "acts over many enrollments go on in a moment"),
        }
        tokio::select! {
            () = service.bulk.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

impl Service {
    /// Does one batch of every act that runs, so that a large one delays no small one. False when there was nothing to do.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn run_bulk(&self) -> Outcome<bool> {
        let mut tx = self.db.read().await?;
        let running = tx.running_bulks().await?;
        tx.rollback().await?;
        let mut moved = false;
        for id in running {
            match batch(self, id).await {
                Ok(any) => moved |= any,
                Err(Fault::Store(error @ Error::Busy(_))) => return Err(error.into()),
                Err(fault) => {
                    give_up(self, id, &fault).await?;
                    moved = true;
                }
            }
        }
        Ok(moved)
    }
}

/// One batch. False when nothing could be done: somebody else is at it, or it waits for mail.
async fn batch(service: &Service, id: i64) -> Outcome<bool> {
    let mut tx = service.db.write().await?;
    let Some(bulk) = tx.take_bulk(id).await? else { return Ok(false) };
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let order: BulkOrder = serde_json::from_str(&bulk.what)?;
    let by = match actor(&mut tx, &bulk, &order, now).await? {
        Ok(by) => by,
        Err(why) => return end(tx, id, Some(&why), now).await,
    };
    if order == BulkOrder::Resend && messages::obstacle(service, &mut tx).await?.is_some() {
        return Ok(false);
    }
    let Some(stretch) = tx.next_stretch(id, BATCH).await? else { return end(tx, id, None, now).await };
    tx.hold_stretch(id, stretch).await?;
    let rows = tx.planned_enrollments(id, stretch).await?;
    let acting = Acting { service, by: &by, policy: &policy, now };
    let marks = Batch { acting, order: &order }.write(&mut tx, rows).await?;
    tx.mark_bulk(id, &marks).await?;
    tx.commit().await?;
    service.nudge();
    Ok(true)
}

async fn end(mut tx: Tx, id: i64, why: Option<&str>, now: Now) -> Outcome<bool> {
    tx.end_bulk(id, why, now.at).await?;
    tx.commit().await?;
    Ok(true)
}

/// Who confirmed it, with the rights they have now; or why it cannot go on.
async fn actor(tx: &mut Tx, bulk: &Bulk, order: &BulkOrder, now: Now) -> Outcome<Result<Actor, String>> {
    let Some(row) = tx.operator_by_id(bulk.operator).await?.filter(|row| row.disabled_at.is_none()) else {
        return Ok(Err("The operator who confirmed it is disabled.".to_owned()));
    };
    let rights = Rights::from_names(&row.rights);
    let by = Actor { id: row.id, user_id: row.user_id, name: row.name, rights, address: bulk.address.clone() };
    if let Err(refusal) = bulk.act.require(&by) {
        return Ok(Err(refusal.to_string()));
    }
    let stop = match order {
        BulkOrder::StopDate { to } => Some(*to),
        BulkOrder::Unlock { stop, .. } => *stop,
        BulkOrder::Resend | BulkOrder::Remove { .. } => None,
    };
    // The day may have come to an end since it was confirmed.
    if let Some(Err(problem)) = stop.map(|stop| stop_date(&stop.iso(), now.today())) {
        return Ok(Err(format!("The new stop date cannot be set any more. {problem}")));
    }
    Ok(Ok(by))
}

/// A mistake of ours ends the act, seen by the operator and in the log, instead of being made again every two seconds.
async fn give_up(service: &Service, id: i64, fault: &Fault) -> Outcome<()> {
    let reference = service.ids.reference();
    tracing::error!(reference, error = %fault, act = id, "an act over many enrollments broke off");
    let mut tx = service.db.write().await?;
    let now = service.now(&mut tx).await?;
    tx.end_bulk(id, Some(&format!("Something went wrong on our side. Reference {reference}.")), now.at).await?;
    Ok(tx.commit().await?)
}
