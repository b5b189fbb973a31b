//! **This was not me**: suspends the token that an enrollment made, and alerts operators. Pressed again, it changes nothing.

use super::{host_of, link, note, notices, unknown};
use crate::{Service, fault::Outcome, mail::letter::Alert};
use model::{actor::Client, enrolling::NotMePage};
use store::{
    enrollments::Enrollment,
    links::{Link, Purpose},
};

/// The page. Changes nothing.
pub(crate) async fn look_not_me(service: &Service, secret: &str) -> Outcome<NotMePage> {
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let link = link(&mut tx, secret).await?;
    let enrollment = tx.enrollment(link.enrollment).await?.ok_or_else(unknown)?;
    allowed(link, &enrollment).ok_or_else(unknown)?;
    let suspended = !enrollment.token_active;
    Ok(NotMePage { host: host_of(&policy, Some(&enrollment), now), kind: enrollment.kind, suspended })
}

/// The act.
pub(crate) async fn not_me(service: &Service, secret: &str, client: &Client) -> Outcome<NotMePage> {
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let link = link(&mut tx, secret).await?;
    let enrollment = tx.lock_enrollment(link.enrollment).await?.ok_or_else(unknown)?;
    let token = allowed(link, &enrollment).ok_or_else(unknown)?;
    if tx.suspend_token(token, "This was not me", now.at).await? {
        notices::alert(service, &mut tx, Alert::NotMe, &enrollment, &policy, now).await?;
        note(&mut tx, &enrollment, client, "token.not_me", None, now).await?;
    }
    tx.commit().await?;
    service.nudge();
    Ok(NotMePage { host: host_of(&policy, Some(&enrollment), now), kind: enrollment.kind, suspended: true })
}

/// The token that this link speaks of: the completion mail's link, or the link that was used to enroll. An earlier one that a newer mail
/// replaced may have gone to a stranger, and does not count.
fn allowed(link: Link, enrollment: &Enrollment) -> Option<i64> {
    let current = link.generation == enrollment.generation;
    let serves = match link.purpose {
        Purpose::NotMe | Purpose::Enroll => current,
        Purpose::StopIt => false,
    };
    enrollment.token.filter(|_| serves && enrollment.completed_at.is_some() && enrollment.removed_at.is_none())
}
