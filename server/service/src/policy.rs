//! The self-enrollment policy: as the database keeps it, how it is changed, and its log.

use crate::{
    Service, authenticators,
    cursor::Scope,
    fault::Outcome,
    forms::Turn,
    trail::{Act, note},
};
use model::{
    Refusal,
    actor::Actor,
    authentication::AuthenticationType,
    console::PolicyPage,
    listing::Listing,
    policy::{Policy, PolicyChange, PolicyForm, PolicyLogQuery, changes},
    problem::{Problem, Problems},
    refusal::BadRequest,
    rights::Right,
};
use serde_json::Value;
use store::{Tx, audit::Subject, instance::PolicyChange as Logged, keyset::Key};

/// The policy in force; its defaults before it was first changed.
///
/// # Errors
/// Those of the database.
pub(crate) async fn read(tx: &mut Tx) -> Outcome<Policy> {
    Ok(with_version(tx).await?.1)
}

/// The policy in force and its version; 0 before it was first changed.
async fn with_version(tx: &mut Tx) -> Outcome<(i64, Policy)> {
    Ok(match tx.policy().await? {
        Some((version, document)) => (version, serde_json::from_str(&document)?),
        None => (0, Policy::default()),
    })
}

/// What the page shows.
pub(crate) async fn page(service: &Service, by: &Actor) -> Outcome<PolicyPage> {
    by.require(Right::PolicyManage)?;
    let mut tx = service.db.read().await?;
    let (version, policy) = with_version(&mut tx).await?;
    tx.rollback().await?;
    Ok(PolicyPage {
        form: PolicyForm::of(&policy, version, service.new_form_key()),
        enrollable: AuthenticationType::ALL.into_iter().filter(|kind| authenticators::of(*kind).is_some()).collect(),
        zones: chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name().to_owned()).collect(),
    })
}

/// Changes the policy; a form that changes nothing leaves no trace.
pub(crate) async fn change(service: &Service, by: &Actor, form: &PolicyForm) -> Outcome<()> {
    by.require(Right::PolicyManage)?;
    let after = form.check()?;
    if after.time_zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(Problems::one("time_zone", Problem::NotAChoice).into());
    }
    let version: i64 = form.version.parse().map_err(|_| Refusal::BadRequest(BadRequest::Parameter))?;
    let at = service.clock.now();
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, "policy.change", form).await? else {
        return Ok(());
    };
    let (stored, before) = with_version(&mut tx).await?;
    if stored != version {
        return Err(Refusal::Stale.into());
    }
    if before != after {
        write(&mut tx, by, at, version, (&before, &after)).await?;
    }
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

async fn write(tx: &mut Tx, by: &Actor, at: i64, version: i64, (before, after): (&Policy, &Policy)) -> Outcome<()> {
    let (old, new) = (serde_json::to_value(before)?, serde_json::to_value(after)?);
    let logged =
        Logged { at, operator: Some(by.id), operator_name: &by.user_id, before: &old.to_string(), after: &new.to_string() };
    if !tx.replace_policy(version, logged).await? {
        return Err(Refusal::Stale.into());
    }
    let act = Act { at, verb: "policy.change", before: Some(differing(&old, &new)), after: Some(differing(&new, &old)) };
    note(tx, by, act, &[Subject::Policy]).await
}

/// The fields that are not the same in the other.
fn differing(these: &Value, others: &Value) -> Value {
    let fields = these.as_object().into_iter().flatten();
    fields.filter(|(name, value)| others.get(name) != Some(value)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A page of the log.
pub(crate) async fn log(service: &Service, by: &Actor, query: &PolicyLogQuery) -> Outcome<Listing<PolicyChange>> {
    by.require(Right::PolicyManage)?;
    let scope = Scope::new("/policy/self-enrollment", &query.paging.sort);
    let from = service.open_cursor(&scope, &query.paging.cursor)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let page = tx.policy_log(query.paging.sort.direction, query.paging.size, from.as_ref()).await?;
    let total = tx.count_policy_log().await?;
    tx.rollback().await?;
    let rows = page.rows.into_iter().map(|row| {
        let (before, after): (Policy, Policy) = (serde_json::from_str(&row.before)?, serde_json::from_str(&row.after)?);
        Ok(PolicyChange { id: row.id, at: now.moment(row.at), by: row.operator_name, changes: changes(&before, &after) })
    });
    let rows = rows.collect::<Outcome<Vec<_>>>()?;
    let page = store::keyset::Page { rows, before: page.before, after: page.after };
    Ok(service.listing(&scope, now, page, total, |row| (Key::Int(row.id), row.id), |row| row))
}
