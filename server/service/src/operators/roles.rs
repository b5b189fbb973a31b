//! Roles: sets of rights. The built-in ones are as they are; the others are made of rights that whoever makes them holds.

use crate::{
    Service,
    fault::{Fault, Outcome},
    forms::Turn,
    trail::{Act, note},
};
use model::{
    Refusal,
    actor::Actor,
    forms::ButtonForm,
    operator::{RoleForm, RoleRow},
    problem::{Problem, Problems},
    refusal::{BadRequest, Thing},
    rights::{BuiltIn, Right, Rights},
};
use serde_json::{Value, json};
use store::{Constraint, Error, Tx, audit::Subject, roles::RoleRecord};

/// Every role, the built-in ones first, in the order of the specification.
pub(crate) async fn all(service: &Service, by: &Actor) -> Outcome<Vec<RoleRow>> {
    by.require(Right::OperatorsManage)?;
    let mut tx = service.db.read().await?;
    let mut roles: Vec<RoleRow> = tx.roles().await?.into_iter().map(row).collect();
    tx.rollback().await?;
    let place = |name: &str| BuiltIn::ALL.iter().position(|role| role.name() == name).unwrap_or(BuiltIn::ALL.len());
    roles.sort_by_key(|role| place(&role.name));
    Ok(roles)
}

fn row(role: RoleRecord) -> RoleRow {
    RoleRow {
        rights: Rights::from_names(&role.rights),
        name: role.name,
        built_in: role.built_in,
        version: role.version,
        operators: role.operators,
    }
}

/// Adds a role.
pub(crate) async fn add(service: &Service, by: &Actor, form: &RoleForm) -> Outcome<()> {
    by.require(Right::OperatorsManage)?;
    let (name, rights) = form.check_new()?;
    rights.iter().try_for_each(|right| by.require(right))?;
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, "role.add", form).await? else { return Ok(()) };
    tx.add_role(&name, &rights.to_names(), at).await.map_err(|error| match error {
        Error::Constraint(Constraint::RoleName) => Problems::one("name", Problem::RoleTaken).into(),
        other => Fault::Store(other),
    })?;
    let act = Act { at, verb: "role.add", before: None, after: Some(as_json(&name, rights)) };
    note(&mut tx, by, act, &[Subject::Instance]).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

/// Changes a role's rights, for everybody who has it and from their next request on.
pub(crate) async fn edit(service: &Service, by: &Actor, name: &str, form: &RoleForm) -> Outcome<()> {
    by.require(Right::OperatorsManage)?;
    known(name)?;
    let rights = form.check_edit()?;
    let version: i64 = form.version.parse().map_err(|_| Refusal::BadRequest(BadRequest::Parameter))?;
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("role.edit {name}"), form).await? else {
        return Ok(());
    };
    let before = own(&mut tx, name).await?;
    let had = Rights::from_names(&before.rights);
    rights.iter().filter(|right| !had.has(*right)).try_for_each(|right| by.require(right))?;
    if !tx.update_role(name, version, &rights.to_names()).await? {
        return Err(Refusal::Stale.into());
    }
    let act = Act { at, verb: "role.edit", before: Some(as_json(name, had)), after: Some(as_json(name, rights)) };
    note(&mut tx, by, act, &[Subject::Instance]).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

/// Removes a role that nobody has.
pub(crate) async fn remove(service: &Service, by: &Actor, name: &str, form: &ButtonForm) -> Outcome<()> {
    by.require(Right::OperatorsManage)?;
    known(name)?;
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("role.remove {name}"), form).await? else {
        return Ok(());
    };
    let before = own(&mut tx, name).await?;
    if !tx.remove_role(name).await? {
        return Err(Refusal::RoleInUse.into());
    }
    let before = Some(as_json(name, Rights::from_names(&before.rights)));
    note(&mut tx, by, Act { at, verb: "role.remove", before, after: None }, &[Subject::Instance]).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

/// Passes for a name that a role can have. It comes from the address, and not every text can be asked for: PostgreSQL takes none with NUL.
fn known(name: &str) -> Outcome<()> {
    if name.chars().any(char::is_control) { Err(Refusal::NotFound(Thing::Role).into()) } else { Ok(()) }
}

/// A role of the organisation's own, held until the end.
async fn own(tx: &mut Tx, name: &str) -> Outcome<RoleRecord> {
    let role = tx.lock_role(name).await?.ok_or(Refusal::NotFound(Thing::Role))?;
    if role.built_in { Err(Refusal::BuiltInRole.into()) } else { Ok(role) }
}

fn as_json(name: &str, rights: Rights) -> Value {
    json!({ "name": name, "rights": rights.to_names() })
}
