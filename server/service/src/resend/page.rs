//! The page of one user's enrollment in one task.

use crate::{
    Service,
    enrollment::{enough, limits, note_of},
    fault::Outcome,
    messages::mail_note,
};
use model::{
    Refusal,
    actor::Actor,
    refusal::Thing,
    resend::{UserTask, UserTaskRights},
    rights::Right,
    user::{display_name, email_key, masked},
};

/// What may be done with it, and what Resend would do.
pub(crate) async fn read(service: &Service, by: &Actor, user: i64, task: i64) -> Outcome<UserTask> {
    by.require(Right::UsersView)?;
    let may = UserTaskRights {
        resend: by.rights.has(Right::ProvisioningResend),
        redirect: by.rights.has(Right::ProvisioningRedirect),
        manage: by.rights.has(Right::ProvisioningManage),
    };
    if !may.manage {
        by.require(Right::ProvisioningResend)?;
    }
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let profile = tx.user(user).await?.ok_or(Refusal::NotFound(Thing::User))?;
    let own = tx.own_enrollment(user, task, now.today()).await?.ok_or(Refusal::NotFound(Thing::Task))?;
    let id = tx.enrollment_of(user, task).await?.ok_or(Refusal::NotFound(Thing::Task))?;
    let enrollment = tx.enrollment(id).await?.ok_or(Refusal::NotFound(Thing::Task))?;
    let limits = limits(&policy, &enrollment, &profile.email);
    let again = tx.would_resend(&email_key(&profile.email), now.today(), now.at, limits).await?;
    tx.rollback().await?;
    let again = enough(again, now);
    let link_lives = enrollment.linked && enrollment.link_until.is_none_or(|until| until > now.at);
    let hidden = enrollment.redirected && !own.status.is_open();
    let policy_stop = now.today().plus(i32::from(policy.days));
    Ok(UserTask {
        id: user,
        name: display_name(&profile.first_name, &profile.last_name, &profile.user_id),
        user_id: profile.user_id,
        task,
        enrollment: id,
        notes: note_of(&own, now),
        today: now.today(),
        requester: own.requester,
        provisioned_to: if hidden { masked(&own.emailed_to) } else { own.emailed_to },
        start: own.start_on,
        stop: own.stop_on,
        status: own.status,
        kind: own.kind,
        mail: own.mail.map(|mail| mail_note(mail, now)),
        email: profile.email,
        new_stop: own.stop_on.max(policy_stop),
        policy_stop,
        day_is_full: again.as_ref().is_some_and(|enough| enough.day_is_full),
        again: again.map(|enough| enough.again),
        link_lives,
        disabled: profile.disabled_at.is_some(),
        alternate: policy.alternate_addresses,
        may,
        zone: now.zone_name(),
        key: service.new_form_key(),
    })
}
