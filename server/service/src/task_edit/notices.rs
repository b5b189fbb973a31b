//! The mail to users who were removed, at the profile's address.

use crate::{
    Service,
    fault::Outcome,
    mail::letter::{Content, Desk, Recipient, Sender},
    zone::Now,
};
use model::{authentication::AuthenticationType, policy::Policy, user::display_name};
use store::{Tx, task_edit::OpenUser};

/// Writes one notice to each of these users who can be told. Wake the dispatcher after the commit.
pub(super) async fn tell(
    service: &Service,
    tx: &mut Tx,
    (task, kind): (i64, AuthenticationType),
    users: &[OpenUser],
    policy: &Policy,
    now: Now,
) -> Outcome<()> {
    let sender = Sender::new(policy, &service.base_url);
    let desk = Desk { sender, keys: &service.keys, ids: &*service.ids, now: now.at };
    let mut messages = Vec::with_capacity(users.len());
    for (turn, user) in (0..).zip(users.iter().filter(|user| user.usable)) {
        let language = if user.language.is_empty() { &policy.language } else { &user.language };
        let to = Recipient {
            address: user.email.clone(),
            name: display_name(&user.first_name, &user.last_name, &user.user_id),
            language: language.clone(),
            person: Some(user.person),
            task: Some(task),
            enrollment: Some(user.enrollment),
            ..Recipient::default()
        };
        messages.push(desk.message(to, Content::Removed { kind }, None, turn)?);
    }
    Ok(tx.add_messages(&messages).await?)
}
