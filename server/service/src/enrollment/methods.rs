//! The module *Authentication Methods* of one user, as operators see it (spec §3.4).

use crate::{
    Service,
    fault::{Fault, Outcome},
    messages::mail_note,
    zone::Now,
};
use model::{
    Refusal,
    actor::Actor,
    enrollment::{Note, Status},
    refusal::Thing,
    rights::Right,
    token::TokenRow,
    user::{AuthenticationMethods, UserTaskRow, display_name},
};
use store::tokens::OwnEnrollment;

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
                notes: note_of(&task, now),
                requester: task.requester,
                provisioned_to: task.emailed_to,
                start: task.start_on,
                stop: task.stop_on,
                status: task.status,
                kind: task.kind,
                mail: task.mail.map(|mail| mail_note(mail, now)),
            })
            .collect(),
        may_manage: by.rights.has(Right::ProvisioningManage),
        may_resend: by.rights.has(Right::ProvisioningResend),
        zone: now.zone_name(),
    })
}

/// What stands beside the status of an open enrollment.
pub(crate) fn note_of(own: &OwnEnrollment, now: Now) -> Vec<Note> {
    let link_over = own.status == Status::Active && own.link_until.is_some_and(|until| until <= now.at);
    let asked = own.requested_at.filter(|_| own.status.is_open()).map(|at| Note::AskedForLink(now.moment(at)));
    link_over.then_some(Note::LinkExpired).into_iter().chain(asked).collect()
}
