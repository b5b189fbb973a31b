//! **Stop it**: kills the link that went to another address, and alerts operators. Pressed again, it changes nothing.

use super::{host_of, link, note, notices, unknown};
use crate::{Service, fault::Outcome, mail::letter::Alert};
use model::{
    actor::Client,
    enrolling::{StopPage, StopState},
};
use store::{
    Tx,
    enrollment_sessions::Ended,
    enrollments::Enrollment,
    links::{Link, Purpose},
    task_counters::TaskChange,
};

const REASON: &str = "The user stopped it.";

/// The page. Changes nothing.
pub(crate) async fn look_stop(service: &Service, secret: &str) -> Outcome<StopPage> {
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let link = stop_link(&mut tx, secret).await?;
    let enrollment = tx.enrollment(link.enrollment).await?.ok_or_else(unknown)?;
    Ok(StopPage { host: host_of(&policy, Some(&enrollment), now), state: state(link, &enrollment) })
}

/// The act.
pub(crate) async fn stop(service: &Service, secret: &str, client: &Client) -> Outcome<StopPage> {
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let link = stop_link(&mut tx, secret).await?;
    let enrollment = tx.lock_enrollment(link.enrollment).await?.ok_or_else(unknown)?;
    let mut state = state(link, &enrollment);
    if matches!(state, StopState::Live { .. }) && tx.stop_links(enrollment.id, link.generation, REASON, now.at).await? {
        tx.cancel_links_of_enrollment(enrollment.id, REASON, now.at).await?;
        tx.end_sessions(enrollment.id, Ended::Canceled, now.at).await?;
        tx.count_in(enrollment.task, &TaskChange::new().mail_failed(enrollment.counted(), false), now.at).await?;
        notices::alert(service, &mut tx, Alert::Stopped, &enrollment, &policy, now).await?;
        note(&mut tx, &enrollment, client, "enrollment.stop", None, now).await?;
        tx.commit().await?;
        service.nudge();
        state = StopState::Stopped;
    }
    Ok(StopPage { host: host_of(&policy, Some(&enrollment), now), state })
}

async fn stop_link(tx: &mut Tx, secret: &str) -> Outcome<Link> {
    let link = link(tx, secret).await?;
    if link.purpose == Purpose::StopIt { Ok(link) } else { Err(unknown()) }
}

/// It speaks of the links of one generation: those of another are no business of whoever holds it.
fn state(link: Link, enrollment: &Enrollment) -> StopState {
    match (link.generation == enrollment.generation, enrollment.completed_at.is_some()) {
        (true, true) => StopState::Used,
        (true, false) if enrollment.is_open() && enrollment.user.usable => StopState::Live { kind: enrollment.kind },
        _ => StopState::Stopped,
    }
}
