//! A link's page. Looking changes nothing, however often and by whomever: mail scanners open links (spec §4.2).

use super::{Standing, host_of, link, name_of, unknown};
use crate::{Service, fault::Outcome, zone::Now};
use model::{
    enrolling::{Ask, LinkPage, LinkState},
    policy::Policy,
};
use store::{
    enrollments::Enrollment,
    links::{Link, Purpose},
};

/// The link's page.
pub(crate) async fn look(service: &Service, secret: &str, opened: bool) -> Outcome<LinkPage> {
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let link = link(&mut tx, secret).await?;
    if link.purpose != Purpose::Enroll {
        return Err(unknown());
    }
    let enrollment = tx.enrollment(link.enrollment).await?.ok_or_else(unknown)?;
    tx.rollback().await?;
    let state = state(&enrollment, link, &policy, now);
    if opened && enrollment.link_opened_at.is_none() && matches!(state, LinkState::Ready { .. }) {
        note_opened(service, enrollment.id, now).await;
    }
    Ok(LinkPage { host: host_of(&policy, Some(&enrollment), now), state })
}

fn state(enrollment: &Enrollment, link: Link, policy: &Policy, now: Now) -> LinkState {
    match Standing::of_link(enrollment, link, now) {
        Standing::Ready => LinkState::Ready {
            name: name_of(enrollment),
            kind: enrollment.kind,
            stop: enrollment.stop_on,
            started: enrollment.started_at.is_some(),
        },
        Standing::Completed => LinkState::Used { not_me: enrollment.token_active && link.generation == enrollment.generation },
        Standing::Canceled => LinkState::Canceled,
        Standing::Replaced => LinkState::Replaced,
        Standing::Ended => LinkState::Ended,
        Standing::Locked => LinkState::Locked,
        Standing::Expired => LinkState::Expired { ask: asking(enrollment, policy) },
        Standing::TooOld => LinkState::TooOld { ask: asking_in_time(enrollment) },
    }
}

/// What can be asked for while the stop date is open: without an address of the profile, only the operators' help.
fn asking_in_time(enrollment: &Enrollment) -> Ask {
    match (enrollment.user.email.is_empty(), enrollment.requested_at) {
        (false, _) => Ask::ForLink,
        (true, Some(_)) => Ask::Asked,
        (true, None) => Ask::ForHelp,
    }
}

/// What can be asked for once the stop date is over.
pub(super) fn asking(enrollment: &Enrollment, policy: &Policy) -> Ask {
    match (enrollment.requested_at, policy.expired_may_ask) {
        (Some(_), _) => Ask::Asked,
        (None, true) => Ask::ForLink,
        (None, false) => Ask::ForHelp,
    }
}

/// Best effort: no rule uses it, and a busy database must not hide the page.
async fn note_opened(service: &Service, enrollment: i64, now: Now) {
    let noted = async {
        let mut tx = service.db.write().await?;
        tx.note_link_opened(enrollment, now.at).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "that a link was opened was not noted");
    }
}
