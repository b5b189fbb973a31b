//! The page of an enrollment session: the key is shown only here, and only to the browser that pressed Start.

use super::{
    Standing, host_of, name_of, over,
    start::{place, row_name},
};
use crate::{
    Service,
    authenticators::{self, Authenticator, PageFacts, Pending},
    clock::MINUTE,
    fault::{Fault, Outcome},
    ids,
    keys::Purpose,
    zone::Now,
};
use model::{
    enrolling::{SessionPage, Step},
    policy::Policy,
    refusal::EnrollmentOver,
};
use store::{
    Tx,
    enrollment_sessions::{Ended, Session},
    enrollments::Enrollment,
};

/// The session's page.
pub(crate) async fn session(service: &Service, cookie: &str) -> Outcome<SessionPage> {
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let hash = ids::hash(cookie);
    let (session, enrollment) = find(&mut tx, &hash, false).await?;
    let page = |step| SessionPage { host: host_of(&policy, Some(&enrollment), now), name: name_of(&enrollment), step };
    if let Some(step) = done(&session, &enrollment, now) {
        return Ok(page(step));
    }
    let live = live(service, &hash, &session, &enrollment, now)?;
    let facts = PageFacts {
        organisation: &policy.organisation,
        user_id: &enrollment.user.user_id,
        attempts_left: attempts_left(&policy, enrollment.attempts),
        stop: enrollment.stop_on,
        minutes_left: minutes_left(session.ends_at - now.at),
    };
    Ok(page(live.authenticator.page(&live.pending, facts)?))
}

/// The session of a cookie and its enrollment, `locked` for a step that changes something.
pub(super) async fn find(tx: &mut Tx, hash: &[u8], locked: bool) -> Outcome<(Session, Enrollment)> {
    let none = || over(EnrollmentOver::NoSession);
    let session = tx.enrollment_session(hash).await?.ok_or_else(none)?;
    if !locked {
        let enrollment = tx.enrollment(session.enrollment).await?.ok_or_else(none)?;
        return Ok((session, enrollment));
    }
    let enrollment = tx.lock_enrollment(session.enrollment).await?.ok_or_else(none)?;
    // Read again: whoever held the lock may have ended it.
    let session = tx.enrollment_session(hash).await?.ok_or_else(none)?;
    Ok((session, enrollment))
}

/// The last page, for a while, to the session that completed the enrollment.
fn done(session: &Session, enrollment: &Enrollment, now: Now) -> Option<Step> {
    let shown = session.ended == Some(Ended::Completed) && now.at < session.ends_at;
    shown.then(|| Step::Done { serial: enrollment.serial.clone().unwrap_or_default(), kind: enrollment.kind })
}

/// A session that may go on.
pub(super) struct Live {
    pub(super) authenticator: &'static dyn Authenticator,
    pub(super) pending: Pending,
}

/// Passes a session whose every condition holds now: the enrollment's, its generation, its own window.
///
/// # Errors
/// Why it is over.
pub(super) fn live(service: &Service, hash: &[u8], session: &Session, enrollment: &Enrollment, now: Now) -> Outcome<Live> {
    let standing = match Standing::of(enrollment, session.generation, now) {
        // The lifetime is a limit on opening the link; whoever pressed Start in time has the session's own window.
        Standing::TooOld => Standing::Ready,
        standing => standing,
    };
    match (standing, session.ended) {
        (Standing::Completed | Standing::Canceled | Standing::Replaced | Standing::Ended, _) => standing.ready().map_err(over)?,
        (_, Some(Ended::Elsewhere)) => return Err(over(EnrollmentOver::StartedElsewhere)),
        (Standing::Locked | Standing::Expired, _) => standing.ready().map_err(over)?,
        (_, Some(_)) => return Err(over(EnrollmentOver::NoSession)),
        (_, None) if session.ends_at <= now.at => return Err(over(EnrollmentOver::NoSession)),
        (_, None) => {}
    }
    let sealed = session.secret.as_deref().ok_or(Fault::Broken("a live session without a key"))?;
    let secret = service.keys.open_sealed(Purpose::EnrollmentSession, place(&row_name(hash), session.generation), sealed)?;
    let authenticator = authenticators::of(enrollment.kind).ok_or(Fault::Broken("a type that cannot be enrolled"))?;
    Ok(Live { authenticator, pending: Pending { secret, data: session.data.clone().unwrap_or_default() } })
}

/// Wrong codes left. A limit that was lowered meanwhile locks nobody: one is always left, and that one locks.
pub(super) fn attempts_left(policy: &Policy, attempts: i64) -> u8 {
    u8::try_from((i64::from(policy.attempts) - attempts).max(1)).unwrap_or(u8::MAX)
}

/// Minutes begun.
fn minutes_left(millis: i64) -> u16 {
    u16::try_from((millis + MINUTE - 1) / MINUTE).unwrap_or(u16::MAX)
}
