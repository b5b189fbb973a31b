//! The counts of the dashboard, as far as rights allow each.

use crate::{Service, fault::Outcome};
use model::{actor::Actor, console::Dashboard, rights::Right};

/// The counts of `/`.
pub(crate) async fn read(service: &Service, by: &Actor) -> Outcome<Dashboard> {
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let users = if by.rights.has(Right::UsersView) { Some(tx.user_count().await?) } else { None };
    tx.rollback().await?;
    Ok(Dashboard { users, tasks: None, mail: None, organisation: policy.organisation, zone: now.zone_name() })
}
