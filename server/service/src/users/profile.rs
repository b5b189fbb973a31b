//! One user: read, add, edit, disable.

use super::address::{Before, tell_old_addresses};
use crate::{
    Service,
    fault::{Fault, Outcome},
    forms::Turn,
    trail::{Act, note},
};
use model::{
    Refusal,
    actor::Actor,
    form::Form,
    forms::{ButtonForm, UserForm},
    problem::{Problem, Problems},
    refusal::{BadRequest, Thing},
    rights::Right,
    user::{Profile, UserDetail, display_name},
};
use serde_json::{Value, json};
use store::{Constraint, Error, audit::Subject, users::UserRecord};

/// One user.
pub(crate) async fn read(service: &Service, by: &Actor, id: i64) -> Outcome<UserDetail> {
    by.require(Right::UsersView)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let user = tx.user(id).await?.ok_or(Refusal::NotFound(Thing::User))?;
    tx.rollback().await?;
    Ok(UserDetail {
        id,
        version: user.version,
        name: display_name(&user.first_name, &user.last_name, &user.user_id),
        enabled: user.disabled_at.is_none(),
        added: now.moment(user.made_at),
        zone: now.zone_name(),
        may_manage: by.rights.has(Right::UsersManage),
        key: service.new_form_key(),
        form: form(user, service.new_form_key()),
    })
}

fn form(user: UserRecord, key: String) -> UserForm {
    UserForm {
        user_id: user.user_id,
        first_name: user.first_name,
        last_name: user.last_name,
        email: user.email,
        mobile: user.mobile,
        container: user.container,
        custom1: user.custom1,
        custom2: user.custom2,
        custom3: user.custom3,
        language: user.language,
        version: user.version.to_string(),
        key,
    }
}

/// The profile, for those who may change it.
pub(crate) async fn to_edit(service: &Service, by: &Actor, id: i64) -> Outcome<UserDetail> {
    by.require(Right::UsersManage)?;
    read(service, by, id).await
}

/// Adds a user and answers their row.
pub(crate) async fn add(service: &Service, by: &Actor, form: &UserForm) -> Outcome<i64> {
    by.require(Right::UsersManage)?;
    let profile = form.check()?;
    let now = service.clock.now();
    let mut tx = service.db.write().await?;
    let ticket = match service.begin(&mut tx, by, &form.key, "user.add", form).await? {
        Turn::New(ticket) => ticket,
        Turn::Again(answer) => return Ok(serde_json::from_str(&answer)?),
    };
    let id = tx.add_user(&profile, now).await.map_err(taken)?;
    let act = Act { at: now, verb: "user.add", before: None, after: Some(as_json(&form.clone())) };
    note(&mut tx, by, act, &[Subject::User(id)]).await?;
    ticket.done(&mut tx, &id).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a profile.
pub(crate) async fn edit(service: &Service, by: &Actor, id: i64, typed: &UserForm) -> Outcome<()> {
    by.require(Right::UsersManage)?;
    let profile = typed.check()?;
    let version: i64 = typed.version.parse().map_err(|_| Refusal::BadRequest(BadRequest::Parameter))?;
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &typed.key, &format!("user.edit {id}"), typed).await? else {
        return Ok(());
    };
    let before = tx.user(id).await?.ok_or(Refusal::NotFound(Thing::User))?;
    if !tx.update_user(id, version, &profile, now.at).await.map_err(taken)? {
        return Err(Refusal::Stale.into());
    }
    let moved: Vec<Before> = Before::of_record(&before, &profile.email).into_iter().collect();
    tell_old_addresses(service, &mut tx, by, &policy, now, &moved).await?;
    let before = as_json(&form(before, String::new()));
    let after = changes(&before, &profile, typed);
    note(&mut tx, by, Act { at: now.at, verb: "user.edit", before: Some(before), after: Some(after) }, &[Subject::User(id)])
        .await?;
    ticket.done(&mut tx, &()).await?;
    tx.commit().await?;
    service.nudge();
    Ok(())
}

/// Enables or disables. Disabling ends the user's links for good and cancels what waits for them; enabling revives none of it.
pub(crate) async fn set_enabled(service: &Service, by: &Actor, id: i64, enabled: bool, form: &ButtonForm) -> Outcome<()> {
    by.require(Right::UsersManage)?;
    let now = service.clock.now();
    let verb = if enabled { "user.enable" } else { "user.disable" };
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("{verb} {id}"), form).await? else {
        return Ok(());
    };
    tx.user(id).await?.ok_or(Refusal::NotFound(Thing::User))?;
    if tx.set_user_enabled(id, enabled, now).await? {
        if !enabled {
            tx.end_links_of_person(id, now).await?;
            tx.cancel_mail_of_person(id, "The user is disabled.", now).await?;
        }
        note(
            &mut tx,
            by,
            Act { at: now, verb, before: Some(json!({ "enabled": !enabled })), after: Some(json!({ "enabled": enabled })) },
            &[Subject::User(id)],
        )
        .await?;
    }
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

fn taken(error: Error) -> Fault {
    match error {
        Error::Constraint(Constraint::UserKey) => Problems::one("user_id", Problem::UserIdTaken).into(),
        other => other.into(),
    }
}

/// Everything typed but the form's own fields.
fn as_json(form: &UserForm) -> Value {
    let fields = form.fields().0.into_iter().filter(|(name, _)| !matches!(name.as_str(), "key" | "version"));
    Value::Object(fields.map(|(name, value)| (name, Value::String(value))).collect())
}

/// The fields that are no longer what they were.
fn changes(before: &Value, profile: &Profile, typed: &UserForm) -> Value {
    let after = UserForm {
        user_id: profile.user_id.clone(),
        first_name: profile.first_name.clone(),
        last_name: profile.last_name.clone(),
        email: profile.email.clone(),
        mobile: profile.mobile.clone(),
        container: profile.container.clone(),
        language: profile.language.clone(),
        custom1: profile.custom[0].clone(),
        custom2: profile.custom[1].clone(),
        custom3: profile.custom[2].clone(),
        ..typed.clone()
    };
    match as_json(&after) {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect())
        }
        _ => json!({}),
    }
}
