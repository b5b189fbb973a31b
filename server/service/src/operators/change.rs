//! Operators as the console changes them. Nobody gives a role with a right they lack, and nobody changes an operator who may do what
//! they may not: whoever could give such an operator a password would have those rights.

use super::taken;
use crate::{
    Service,
    fault::Outcome,
    forms::Turn,
    trail::{Act, note},
};
use model::{
    Answer, Refusal,
    actor::Actor,
    forms::ButtonForm,
    operator::{OperatorForm, OperatorProfile, ResetForm},
    problem::{Problem, Problems},
    refusal::{BadRequest, Thing},
    rights::{Right, Rights},
    text,
};
use serde_json::{Value, json};
use store::{Tx, audit::Subject, operator_list::ListedOperator, operators::NewOperator};

/// Passes when `by` holds each of these rights.
///
/// # Errors
/// [`Refusal::Forbidden`] naming the first that is lacking.
pub(crate) fn within(by: &Actor, rights: &str) -> Answer<()> {
    Rights::from_names(rights).iter().try_for_each(|right| by.require(right))
}

/// Adds an operator and answers their row.
pub(crate) async fn add(service: &Service, by: &Actor, form: &OperatorForm) -> Outcome<i64> {
    by.require(Right::OperatorsManage)?;
    let profile = form.check_new()?;
    let password_hash = service.passwords.hash_in_turn(&form.password, &*service.ids).await?;
    let now = service.clock.now();
    let mut tx = service.db.write().await?;
    let ticket = match service.begin(&mut tx, by, &form.key, "operator.add", form).await? {
        Turn::New(ticket) => ticket,
        Turn::Again(answer) => return Ok(serde_json::from_str(&answer)?),
    };
    give(&mut tx, by, &profile.role).await?;
    let new = NewOperator {
        user_id: &profile.user_id,
        user_key: &text::user_key(&profile.user_id),
        name: &profile.name,
        email: &profile.email,
        role: &profile.role,
        password_hash: &password_hash,
    };
    let id = tx.add_operator(new, now).await.map_err(taken)?;
    let act = Act { at: now, verb: "operator.add", before: None, after: Some(as_json(&profile)) };
    note(&mut tx, by, act, &[Subject::Operator(id)]).await?;
    ticket.done(&mut tx, &id).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes profile and role; the new role counts from the next request of each session.
pub(crate) async fn edit(service: &Service, by: &Actor, id: i64, form: &OperatorForm) -> Outcome<()> {
    by.require(Right::OperatorsManage)?;
    let profile = form.check_edit()?;
    if !form.password.is_empty() {
        return Err(Refusal::BadRequest(BadRequest::Parameter).into());
    }
    let version: i64 = form.version.parse().map_err(|_| Refusal::BadRequest(BadRequest::Parameter))?;
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("operator.edit {id}"), form).await? else {
        return Ok(());
    };
    let before = reached(&mut tx, by, id).await?;
    if before.role != profile.role {
        give(&mut tx, by, &profile.role).await?;
    }
    if before.version != version {
        return Err(Refusal::Stale.into());
    }
    if !tx.update_operator(id, version, &profile).await.map_err(taken)? {
        return Err(Refusal::LastOperator.into());
    }
    let was = OperatorProfile { user_id: before.user_id, name: before.name, email: before.email, role: before.role };
    let act = Act { at, verb: "operator.edit", before: Some(as_json(&was)), after: Some(as_json(&profile)) };
    note(&mut tx, by, act, &[Subject::Operator(id)]).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

/// Enables or disables. Disabling ends every session at once.
pub(crate) async fn set_enabled(service: &Service, by: &Actor, id: i64, enabled: bool, form: &ButtonForm) -> Outcome<()> {
    by.require(Right::OperatorsManage)?;
    let verb = if enabled { "operator.enable" } else { "operator.disable" };
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("{verb} {id}"), form).await? else {
        return Ok(());
    };
    let before = reached(&mut tx, by, id).await?;
    if before.disabled_at.is_none() != enabled {
        let done = if enabled { tx.enable_operator(id).await? } else { tx.disable_operator(id, at).await? };
        if !done {
            return Err(Refusal::LastOperator.into());
        }
        let state = |enabled: bool| Some(json!({ "enabled": enabled }));
        note(&mut tx, by, Act { at, verb, before: state(!enabled), after: state(enabled) }, &[Subject::Operator(id)]).await?;
    }
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

/// Gives another password. One's own is changed where the old one is asked for.
pub(crate) async fn reset(service: &Service, by: &Actor, id: i64, form: &ResetForm) -> Outcome<()> {
    by.require(Right::OperatorsManage)?;
    if id == by.id {
        return Err(Refusal::OwnPassword.into());
    }
    form.check()?;
    let password_hash = service.passwords.hash_in_turn(&form.password, &*service.ids).await?;
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("operator.reset {id}"), form).await? else {
        return Ok(());
    };
    let before = reached(&mut tx, by, id).await?;
    if !tx.set_password(id, before.version, &password_hash).await? {
        return Err(Refusal::Stale.into());
    }
    tx.end_sessions_of(id).await?;
    tx.forget_places(id).await?;
    crate::session::fill_limits(&mut tx, &before.user_key).await?;
    let act = Act { at, verb: "operator.reset", before: None, after: None };
    note(&mut tx, by, act, &[Subject::Operator(id)]).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

/// The operator, held until the end, if `by` may change them.
async fn reached(tx: &mut Tx, by: &Actor, id: i64) -> Outcome<ListedOperator> {
    let found = tx.lock_operator(id).await?.ok_or(Refusal::NotFound(Thing::Operator))?;
    within(by, &found.rights)?;
    Ok(found)
}

/// Passes when there is such a role, with no right that `by` lacks. The role stays as it is until the end.
async fn give(tx: &mut Tx, by: &Actor, role: &str) -> Outcome<()> {
    let role = tx.lock_role(role).await?.ok_or_else(|| Refusal::from(Problems::one("role", Problem::NotAChoice)))?;
    Ok(within(by, &role.rights)?)
}

/// What the trail keeps; never a password.
fn as_json(profile: &OperatorProfile) -> Value {
    json!({ "user_id": profile.user_id, "name": profile.name, "email": profile.email, "role": profile.role })
}
