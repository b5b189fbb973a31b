//! The module *Authentication Methods* of one user, as operators see it (spec §3.4).

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{
    Refusal,
    actor::Actor,
    refusal::Thing,
    rights::Right,
    token::TokenRow,
    user::{AuthenticationMethods, UserTaskRow, display_name},
};

/// A user's tokens and open enrollments.
pub(crate) async fn of_user(service: &Service, by: &Actor, id: i64) -> Outcome<AuthenticationMethods> {
    by.require(Right::UsersView)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let user = tx.user(id).await?.ok_or(Fault::Refused(Refusal::NotFound(Thing::User)))?;
    let tokens = tx.tokens_of(id).await?;
    let tasks = tx.own_enrollments(id, now.today()).await?;
    Ok(AuthenticationMethods {
        id,
        name: display_name(&user.first_name, &user.last_name, &user.user_id),
        user_id: user.user_id,
        tokens: tokens
            .into_iter()
            .map(|token| TokenRow { serial: token.serial, kind: token.kind, state: token.state, since: now.moment(token.since) })
            .collect(),
        tasks: tasks
            .into_iter()
            .map(|task| UserTaskRow {
                task: task.task,
                requester: task.requester,
                provisioned_to: task.emailed_to,
                start: task.start_on,
                stop: task.stop_on,
                status: task.status,
                kind: task.kind,
            })
            .collect(),
        may_manage: by.rights.has(Right::ProvisioningManage),
        zone: now.zone_name(),
    })
}
