//! One's own account: profile, password, sessions. Needs no right, and reaches nobody else's.

use crate::{
    Service,
    clock::MINUTE,
    fault::{Fault, Outcome},
    forms::Turn,
    ids,
    session::IDLE,
    trail::{Act, note},
};
use model::{
    Refusal,
    actor::Actor,
    forms::ButtonForm,
    operator::{Account, PasswordForm, SessionRow},
    problem::{Problem, Problems},
    rights::Rights,
};
use serde_json::json;
use store::{
    Tx,
    audit::Subject,
    operators::OperatorRow,
    throttle::{Bucket, Taken},
};

/// Wrong current passwords of one operator: as many as sign-in allows, counted apart from it, so that whoever found a console open
/// can neither try for ever nor keep its operator from signing in.
const OWN_PASSWORD: Bucket = Bucket { kind: "own_password", capacity: 10, refill: MINUTE };

/// Profile and live sessions.
pub(crate) async fn read(service: &Service, by: &Actor, session: &str) -> Outcome<Account> {
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let own = tx.operator_record(by.id).await?.ok_or(Refusal::SignInFirst)?;
    let sessions = tx.sessions_of(by.id, now.at, now.at - IDLE).await?;
    tx.rollback().await?;
    let current = ids::hash(session);
    let sessions = sessions.into_iter().map(|session| SessionRow {
        name: name_of(&session.hash),
        since: now.moment(session.made_at),
        seen: now.moment(session.seen_at),
        address: session.address,
        agent: session.agent,
        current: session.hash == current,
    });
    Ok(Account {
        user_id: own.user_id,
        name: own.name,
        email: own.email,
        role: own.role,
        rights: Rights::from_names(&own.rights),
        sessions: sessions.collect(),
        zone: now.zone_name(),
    })
}

/// What names a session to its operator: the beginning of its secret's hash, which opens nothing.
fn name_of(hash: &[u8]) -> String {
    hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// Changes the password.
pub(crate) async fn change_password(service: &Service, by: &Actor, session: &str, form: &PasswordForm) -> Outcome<()> {
    form.check()?;
    let Some(own) = take_turn(service, by, form).await? else { return Ok(()) };
    match service.passwords.verify(&form.current_password, Some(&own.password_hash)).await {
        Ok(true) => {}
        Ok(false) => {
            failed(service, by).await?;
            return Err(Problems::one("current_password", Problem::WrongPassword).into());
        }
        Err(fault) => {
            let mut tx = service.db.write().await?;
            tx.give_back(OWN_PASSWORD, &by.id.to_string()).await?;
            tx.commit().await?;
            return Err(fault);
        }
    }
    let password_hash = service.passwords.hash_in_turn(&form.password, &*service.ids).await?;
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, ABOUT, form).await? else { return Ok(()) };
    tx.give_back(OWN_PASSWORD, &by.id.to_string()).await?;
    // The version is that of the password just compared: a reset meanwhile wins.
    if own.disabled_at.is_some() || !tx.set_password(by.id, own.version, &password_hash).await? {
        return Err(Refusal::Stale.into());
    }
    tx.end_other_sessions(by.id, &ids::hash(session)).await?;
    let act = Act { at, verb: "account.password", before: None, after: None };
    note(&mut tx, by, act, &[Subject::Operator(by.id)]).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

const ABOUT: &str = "account.password";

/// The operator whose password is to be compared, after taking from the bucket; nothing when this form has been answered already.
async fn take_turn(service: &Service, by: &Actor, form: &PasswordForm) -> Outcome<Option<OperatorRow>> {
    // A look at the key only: what is begun here is undone, because comparing takes long and the key is written with the change.
    let mut tx = service.db.write().await?;
    let turn = service.begin(&mut tx, by, &form.key, ABOUT, form).await?;
    tx.rollback().await?;
    if matches!(turn, Turn::Again(_)) {
        return Ok(None);
    }
    let mut tx = service.db.write().await?;
    let now = service.now(&mut tx).await?;
    if let Taken::EmptyUntil(again) = tx.take(OWN_PASSWORD, &by.id.to_string(), now.at).await? {
        return Err(Refusal::TooOften { again: now.moment(again) }.into());
    }
    let own = tx.operator_by_id(by.id).await?.ok_or(Fault::Refused(Refusal::SignInFirst))?;
    tx.commit().await?;
    Ok(Some(own))
}

async fn failed(service: &Service, by: &Actor) -> Outcome<()> {
    let act = Act { at: service.clock.now(), verb: "account.password_failed", before: None, after: None };
    let mut tx = service.db.write().await?;
    note(&mut tx, by, act, &[Subject::Operator(by.id)]).await?;
    Ok(tx.commit().await?)
}

/// Ends one session.
pub(crate) async fn end_session(service: &Service, by: &Actor, name: &str, form: &ButtonForm) -> Outcome<()> {
    // It comes from the address. No session has such a name, and PostgreSQL takes no text with it.
    if name.contains('\0') {
        return Ok(());
    }
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("account.end_session {name}"), form).await? else {
        return Ok(());
    };
    let sessions = tx.sessions_of(by.id, at, at - IDLE).await?;
    let ended = match sessions.iter().find(|session| name_of(&session.hash) == name) {
        Some(session) => u64::from(tx.end_session_of(by.id, &session.hash).await?),
        None => 0,
    };
    ended_sessions(&mut tx, by, at, ended).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

/// Ends every session but the one that asks.
pub(crate) async fn end_other_sessions(service: &Service, by: &Actor, session: &str, form: &ButtonForm) -> Outcome<()> {
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, "account.end_other_sessions", form).await? else {
        return Ok(());
    };
    let ended = tx.end_other_sessions(by.id, &ids::hash(session)).await?;
    ended_sessions(&mut tx, by, at, ended).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

async fn ended_sessions(tx: &mut Tx, by: &Actor, at: i64, ended: u64) -> Outcome<()> {
    if ended == 0 {
        return Ok(());
    }
    let act = Act { at, verb: "account.end_sessions", before: Some(json!({ "sessions": ended })), after: None };
    note(tx, by, act, &[Subject::Operator(by.id)]).await
}
