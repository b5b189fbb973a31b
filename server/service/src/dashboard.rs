//! The counts of the dashboard, as far as rights allow each.

use crate::{Service, fault::Outcome, messages};
use model::{
    actor::Actor,
    console::{Dashboard, TaskCounts},
    rights::Right,
};

/// The counts of `/`.
pub(crate) async fn read(service: &Service, by: &Actor) -> Outcome<Dashboard> {
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let users = if by.rights.has(Right::UsersView) { Some(tx.user_count().await?) } else { None };
    let tasks = if by.rights.has(Right::ProvisioningManage) {
        let outstanding = tx.outstanding(now.today()).await?;
        Some(TaskCounts {
            outstanding: outstanding.tasks,
            stopping_soon: outstanding.stopping_soon,
            locked: outstanding.locked,
            expired: outstanding.expired,
            mail_failed: outstanding.mail_failed,
        })
    } else {
        None
    };
    let mail = if by.rights.has(Right::MessagesManage) { Some(messages::summary_in(service, &mut tx, now).await?) } else { None };
    tx.rollback().await?;
    Ok(Dashboard { users, tasks, mail, organisation: policy.organisation, zone: now.zone_name() })
}
