//! Signing in and out, and the sessions of operators (spec §3, issue 2.3).
//!
//! Limits, and why nobody can lock an operator out. Every attempt takes from a bucket before the password is looked at and gives
//! it back when the password was right, so only failures count and fifty at once get no more than the bucket holds:
//! - From a network this operator has signed in from in the last 90 days: a bucket of that operator *and* that network, 10 and one
//!   more a minute. A stranger elsewhere cannot touch it, whatever they do.
//! - From any other network: a bucket of the network (20 failures, one more each 30 s) and one of the UserID (10, one more a
//!   minute), whether somebody has that UserID or not, so that the answer tells nothing. While a stranger keeps that bucket empty,
//!   the operator signs in from where they usually do; `provost operator reset` fills the buckets of the UserID.
//!
//! An unknown UserID takes the same buckets and the same hashing time as a known one.

use crate::{
    Service,
    clock::{HOUR, MINUTE},
    fault::{Fault, Outcome},
    ids,
};
use model::{
    Refusal,
    actor::{Actor, Client},
    forms::SignInForm,
    rights::Rights,
    text,
};
use std::net::IpAddr;
use store::{
    Tx,
    audit::{Entry, Subject},
    operators::{NewSession, OperatorRow, SessionRow},
    throttle::{Bucket, Taken},
};

/// A session unused for so long is over.
pub(crate) const IDLE: i64 = 30 * MINUTE;
/// A session this old is over.
const ABSOLUTE: i64 = 12 * HOUR;
/// A network not signed in from for so long is a stranger's.
const FAMILIAR: i64 = 90 * 24 * HOUR;

const BY_NETWORK: Bucket = Bucket { kind: "sign_in_network", capacity: 20, refill: MINUTE / 2 };
const BY_ACCOUNT: Bucket = Bucket { kind: "sign_in_account", capacity: 10, refill: MINUTE };
const BY_PLACE: Bucket = Bucket { kind: "sign_in_place", capacity: 10, refill: MINUTE };

/// The network that limits count: an IPv4 address, or the /64 of an IPv6 address (threats, "limits behind a proxy").
pub(crate) fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Err(_) => "unknown".to_owned(),
    }
}

/// Checks UserID and password and opens a session; answers the cookie's secret.
pub(crate) async fn sign_in(
    service: &Service,
    form: &SignInForm,
    client: &Client,
    agent: &str,
    earlier: Option<&str>,
) -> Outcome<String> {
    form.check()?;
    let user_key = text::user_key(&form.user_id);
    let network = network(&client.address);
    // Not one transaction but two: the password is compared between them, and the only writer of SQLite must not wait for that.
    let (operator, buckets) = take_turn(service, &user_key, &network).await?;
    let hash =
        operator.as_ref().filter(|operator| operator.disabled_at.is_none()).map(|operator| operator.password_hash.as_str());
    let right = service.passwords.verify(&form.password, hash).await;
    match (operator, right) {
        (Some(operator), Ok(true)) => {
            let mut tx = service.db.write().await?;
            give_back(&mut tx, &buckets).await?;
            let Some(secret) = open(service, &mut tx, &operator, client, agent, earlier).await? else {
                tx.rollback().await?;
                failed(service, Some(operator), client).await?;
                return Err(Fault::Refused(Refusal::SignInFailed));
            };
            tx.note_place(operator.id, &network, service.clock.now()).await?;
            tx.commit().await?;
            Ok(secret)
        }
        (operator, Ok(_)) => {
            failed(service, operator, client).await?;
            Err(Fault::Refused(Refusal::SignInFailed))
        }
        (_, Err(fault)) => {
            let mut tx = service.db.write().await?;
            give_back(&mut tx, &buckets).await?;
            tx.commit().await?;
            Err(fault)
        }
    }
}

type Buckets = Vec<(Bucket, String)>;

/// Takes from every bucket that counts for this attempt, or refuses. A refusal takes from none.
async fn take_turn(service: &Service, user_key: &str, network: &str) -> Outcome<(Option<OperatorRow>, Buckets)> {
    let mut tx = service.db.write().await?;
    let now = service.now(&mut tx).await?;
    let buckets = if tx.is_familiar(user_key, network, now.at - FAMILIAR).await? {
        vec![(BY_PLACE, place(user_key, network))]
    } else {
        vec![(BY_NETWORK, network.to_owned()), (BY_ACCOUNT, user_key.to_owned())]
    };
    for (bucket, subject) in &buckets {
        if let Taken::EmptyUntil(again) = tx.take(*bucket, subject, now.at).await? {
            return Err(Refusal::TooOften { again: now.moment(again) }.into());
        }
    }
    let operator = tx.operator(user_key).await?;
    tx.commit().await?;
    Ok((operator, buckets))
}

fn place(user_key: &str, network: &str) -> String {
    // No UserID holds a slash, so no two pairs are one text.
    format!("{user_key}/{network}")
}

async fn give_back(tx: &mut Tx, buckets: &Buckets) -> Outcome<()> {
    for (bucket, subject) in buckets {
        tx.give_back(*bucket, subject).await?;
    }
    Ok(())
}

/// Makes the session, ends the one the browser still held, and writes it down. Nothing when the operator was reset or disabled since.
async fn open(
    service: &Service,
    tx: &mut Tx,
    operator: &OperatorRow,
    client: &Client,
    agent: &str,
    earlier: Option<&str>,
) -> Outcome<Option<String>> {
    let now = service.clock.now();
    let secret = service.ids.secret();
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(200).collect();
    let new = NewSession {
        hash: &ids::hash(&secret),
        operator: operator.id,
        version: operator.version,
        made_at: now,
        ends_at: now + ABSOLUTE,
        address: &client.address,
        agent: &agent,
    };
    if !tx.add_session(new).await? {
        return Ok(None);
    }
    if let Some(earlier) = earlier {
        tx.end_session(&ids::hash(earlier)).await?;
    }
    note(tx, now, operator.id, &operator.user_id, Some(&client.address), "operator.sign_in").await?;
    Ok(Some(secret))
}

/// A failure is in the trail of the operator it concerns; the limits bound how many there can be. One with a UserID that nobody has
/// is written down as well, so that it takes as long, but without the UserID: it may be a password typed into the wrong field.
async fn failed(service: &Service, operator: Option<OperatorRow>, client: &Client) -> Outcome<()> {
    let (id, name, subject) = match &operator {
        Some(operator) => (Some(operator.id), operator.user_id.as_str(), Subject::Operator(operator.id)),
        None => (None, "Unknown", Subject::Instance),
    };
    let (at, address) = (service.clock.now(), Some(client.address.as_str()));
    let entry = Entry { at, operator: id, operator_name: name, address, verb: "operator.sign_in_failed", ..Entry::default() };
    let mut tx = service.db.write().await?;
    tx.audit(entry, &[subject]).await?;
    Ok(tx.commit().await?)
}

/// The operator whose session has this secret, or nobody. Whoever asks is using it.
pub(crate) async fn operator(service: &Service, secret: &str, client: &Client) -> Outcome<Option<Actor>> {
    let (hash, now) = (ids::hash(secret), service.clock.now());
    let session = live_session(service, &hash, now).await?;
    if let Some(session) = session.as_ref().filter(|session| now - session.seen_at >= MINUTE) {
        touch(service, &hash, session.seen_at, now).await;
    }
    Ok(session.map(|session| actor(session, client)))
}

/// The same without counting as use: what a page asks by itself keeps no session alive.
pub(crate) async fn watcher(service: &Service, secret: &str, client: &Client) -> Outcome<Option<Actor>> {
    let session = live_session(service, &ids::hash(secret), service.clock.now()).await?;
    Ok(session.map(|session| actor(session, client)))
}

async fn live_session(service: &Service, hash: &[u8], now: i64) -> Outcome<Option<SessionRow>> {
    Ok(service.db.glance().await?.session(hash, now, now - IDLE).await?)
}

fn actor(session: SessionRow, client: &Client) -> Actor {
    Actor {
        id: session.id,
        user_id: session.user_id,
        name: session.name,
        rights: Rights::from_names(&session.rights),
        address: Some(client.address.clone()),
    }
}

/// Best effort: a busy database must not turn reading into an error.
async fn touch(service: &Service, hash: &[u8], seen_at: i64, now: i64) {
    let touched = async {
        let mut tx = service.db.write().await?;
        tx.touch_session(hash, seen_at, now).await?;
        tx.commit().await
    };
    if let Err(error) = touched.await {
        tracing::warn!(%error, "a session's last use was not noted");
    }
}

/// Ends the session for good.
pub(crate) async fn sign_out(service: &Service, secret: &str) -> Outcome<()> {
    let mut tx = service.db.write().await?;
    if let Some((id, user_id)) = tx.end_session(&ids::hash(secret)).await? {
        note(&mut tx, service.clock.now(), id, &user_id, None, "operator.sign_out").await?;
    }
    Ok(tx.commit().await?)
}

/// Fills every bucket of an account that does not belong to a place.
pub(crate) async fn fill_limits(tx: &mut Tx, user_key: &str) -> Outcome<()> {
    tx.refill(BY_ACCOUNT, user_key).await?;
    Ok(tx.refill_beginning(BY_PLACE, &place(user_key, "")).await?)
}

async fn note(tx: &mut Tx, at: i64, id: i64, user_id: &str, address: Option<&str>, verb: &str) -> Outcome<()> {
    let entry = Entry { at, operator: Some(id), operator_name: user_id, address, verb, ..Entry::default() };
    tx.audit(entry, &[Subject::Operator(id)]).await?;
    Ok(())
}
