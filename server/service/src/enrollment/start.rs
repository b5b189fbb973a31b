//! **Start**: a new key and a session of its own, by the mailed link or by the typed code.
//!
//! Typed codes are guessed at, so they are limited by UserID (known or not) and by network, in the database; only failures count,
//! and the mailed link always works. Every failure takes the same statements in the same order, and has the same answer.

use super::{Standing, link, note, over, unknown};
use crate::{
    Service, authenticators,
    clock::MINUTE,
    fault::{Fault, Outcome},
    ids,
    keys::{Place, Purpose},
    links::code_mac,
    session::network,
    typed_code,
    zone::Now,
};
use model::{Refusal, actor::Client, forms::EnrollCodeForm, policy::Policy, text::user_key};
use store::{
    Tx,
    enrollment_sessions::NewSession,
    enrollments::Enrollment,
    links::Purpose as LinkPurpose,
    throttle::{Bucket, Taken},
};

/// Wrong typed codes for one UserID, whether somebody has it or not (spec §4.5).
const BY_USER: Bucket = Bucket { kind: "enroll_code_user", capacity: 10, refill: 10 * MINUTE };
/// Wrong typed codes from one network: 20 in ten minutes (spec §4.5).
const BY_NETWORK: Bucket = Bucket { kind: "enroll_code_network", capacity: 20, refill: MINUTE / 2 };

/// **Start** by link; answers the cookie's secret.
pub(crate) async fn start(service: &Service, secret: &str, client: &Client) -> Outcome<String> {
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let link = link(&mut tx, secret).await?;
    if link.purpose != LinkPurpose::Enroll {
        return Err(unknown());
    }
    let enrollment = tx.lock_enrollment(link.enrollment).await?.ok_or_else(unknown)?;
    Standing::of_link(&enrollment, link, now).ready().map_err(over)?;
    let cookie = open(service, &mut tx, &enrollment, &policy, now).await?;
    note(&mut tx, &enrollment, client, "enrollment.start", None, now).await?;
    tx.commit().await?;
    Ok(cookie)
}

/// **Start** by typed code; answers the cookie's secret.
pub(crate) async fn start_with_code(service: &Service, form: &EnrollCodeForm, client: &Client) -> Outcome<String> {
    let user_key = user_key(&form.user_id);
    // Hashed, because a stranger decides what it is and how long.
    let user: String = ids::hash(&user_key).iter().map(|byte| format!("{byte:02x}")).collect();
    let network = network(&client.address);
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    for (bucket, subject) in [(BY_NETWORK, &network), (BY_USER, &user)] {
        if let Taken::EmptyUntil(again) = tx.take(bucket, subject, now.at).await? {
            return Err(Refusal::TooOften { again: now.moment(again) }.into());
        }
    }
    match ready_by_code(service, &mut tx, &user_key, &form.code, now).await? {
        Some(enrollment) => {
            tx.give_back(BY_NETWORK, &network).await?;
            tx.give_back(BY_USER, &user).await?;
            let cookie = open(service, &mut tx, &enrollment, &policy, now).await?;
            note(&mut tx, &enrollment, client, "enrollment.start_with_code", None, now).await?;
            tx.commit().await?;
            Ok(cookie)
        }
        None => {
            tx.commit().await?;
            Err(Fault::Refused(Refusal::NoSuchCode))
        }
    }
}

/// The enrollment that this user may start with this code. Somebody whom there is not is looked for as user 0, who has none.
async fn ready_by_code(service: &Service, tx: &mut Tx, user_key: &str, typed: &str, now: Now) -> Outcome<Option<Enrollment>> {
    let person = tx.person_of_key(user_key).await?.unwrap_or(0);
    let mac = code_mac(&service.keys, person, &typed_code::canonical(typed));
    let Some(link) = tx.link_by_code(person, &mac).await? else { return Ok(None) };
    let Some(enrollment) = tx.lock_enrollment(link.enrollment).await? else { return Ok(None) };
    Ok((Standing::of_link(&enrollment, link, now) == Standing::Ready).then_some(enrollment))
}

/// Opens a session with a new key; the one before ends, at no cost in attempts.
async fn open(service: &Service, tx: &mut Tx, enrollment: &Enrollment, policy: &Policy, now: Now) -> Outcome<String> {
    let authenticator = authenticators::of(enrollment.kind).ok_or(Fault::Broken("a type that cannot be enrolled"))?;
    let pending = authenticator.begin(policy, &mut |bytes| service.ids.fill(bytes));
    let cookie = service.ids.secret();
    let hash = ids::hash(&cookie);
    let row = row_name(&hash);
    let sealed =
        service.keys.seal(Purpose::EnrollmentSession, place(&row, enrollment.generation), &pending.secret, &*service.ids);
    let session = NewSession {
        hash: &hash,
        enrollment: enrollment.id,
        generation: enrollment.generation,
        now: now.at,
        ends_at: now.at + i64::from(policy.window_minutes) * MINUTE,
        secret: &sealed,
        data: &pending.data,
    };
    tx.open_session(&session).await?;
    tx.note_started(enrollment.id, now.at).await?;
    Ok(cookie)
}

/// What names a session's row for ever: the hash of its cookie.
pub(super) fn row_name(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where a pending key belongs.
pub(super) fn place(row: &str, generation: i64) -> Place<'_> {
    Place { table: "enrollment_sessions", row, generation }
}
