//! The messages that steps of enrolling write: to the user, and to those operators who can do something about it.

use super::name_of;
use crate::{
    Service,
    fault::Outcome,
    mail::letter::{Alert, Content, Desk, Recipient, Sender},
    zone::Now,
};
use model::{
    policy::Policy,
    rights::{Right, Rights},
};
use store::{Tx, enrollments::Enrollment, operators::OperatorToTell, outbox::NewMessage};

/// Whoever writes messages for this act.
pub(crate) fn desk<'a>(service: &'a Service, policy: &Policy, now: Now) -> Desk<'a> {
    Desk { sender: Sender::new(policy, &service.base_url), keys: &service.keys, ids: &*service.ids, now: now.at }
}

/// The user, at the profile's address.
pub(crate) fn to_user(enrollment: &Enrollment, policy: &Policy) -> Recipient {
    let user = &enrollment.user;
    let language = if user.language.is_empty() { &policy.language } else { &user.language };
    Recipient {
        address: user.email.clone(),
        name: name_of(enrollment),
        language: language.clone(),
        person: Some(enrollment.person),
        task: Some(enrollment.task),
        enrollment: Some(enrollment.id),
        generation: Some(enrollment.generation),
    }
}

/// Every operator who may manage provisioning and can sign in.
pub(crate) async fn managers(tx: &mut Tx) -> Outcome<Vec<OperatorToTell>> {
    let mut all = tx.operators_to_tell().await?;
    all.retain(|operator| Rights::from_names(&operator.rights).has(Right::ProvisioningManage));
    Ok(all)
}

/// An operator, in the organisation's language.
pub(crate) fn to_operator(operator: OperatorToTell, policy: &Policy) -> Recipient {
    Recipient { address: operator.email, name: operator.name, language: policy.language.clone(), ..Recipient::default() }
}

/// Tells every operator who may manage provisioning and can sign in.
pub(super) async fn alert(
    service: &Service,
    tx: &mut Tx,
    what: Alert,
    enrollment: &Enrollment,
    policy: &Policy,
    now: Now,
) -> Outcome<()> {
    let desk = desk(service, policy, now);
    let mut messages: Vec<NewMessage> = Vec::new();
    for operator in managers(tx).await? {
        let to = Recipient { task: Some(enrollment.task), enrollment: Some(enrollment.id), ..to_operator(operator, policy) };
        let content = Content::Alert { what, user_id: enrollment.user.user_id.clone(), task: enrollment.task };
        messages.push(desk.message(to, content, None, messages.len() as i64)?);
    }
    Ok(tx.add_messages(&messages).await?)
}
