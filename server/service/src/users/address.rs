//! A changed e-mail address: the old one is told (spec §3.4), in the transaction of the change.

use crate::{
    Service,
    fault::Outcome,
    mail::letter::{Content, Desk, Recipient, Sender},
    zone::Now,
};
use model::{
    actor::Actor,
    policy::Policy,
    user::{display_name, email_key},
};
use store::{Tx, user_bulk::KnownUser, users::UserRecord};

/// A user whose address is being changed, as they were before.
pub(crate) struct Before {
    id: i64,
    name: String,
    email: String,
    language: String,
}

impl Before {
    /// The user, if `new` is another address and not the old one written differently.
    pub(crate) fn of(user: &KnownUser, new: &str) -> Option<Before> {
        let name = display_name(&user.first_name, &user.last_name, &user.user_id);
        let before = Before { id: user.id, name, email: user.email.clone(), language: user.language.clone() };
        (email_key(&user.email) != email_key(new)).then_some(before)
    }

    /// The same for a whole record.
    pub(crate) fn of_record(user: &UserRecord, new: &str) -> Option<Before> {
        let name = display_name(&user.first_name, &user.last_name, &user.user_id);
        let before = Before { id: user.id, name, email: user.email.clone(), language: user.language.clone() };
        (email_key(&user.email) != email_key(new)).then_some(before)
    }
}

/// Writes a notice to each old address. Wake the dispatcher after the commit.
pub(crate) async fn tell_old_addresses(
    service: &Service,
    tx: &mut Tx,
    by: &Actor,
    policy: &Policy,
    now: Now,
    moved: &[Before],
) -> Outcome<()> {
    let sender = Sender::new(policy, &service.base_url);
    let desk = Desk { sender, keys: &service.keys, ids: &*service.ids, now: now.at };
    let mut messages = Vec::with_capacity(moved.len());
    for (turn, user) in (0..).zip(moved) {
        let language = if user.language.is_empty() { policy.language.clone() } else { user.language.clone() };
        let to = Recipient {
            address: user.email.clone(),
            name: user.name.clone(),
            language,
            person: Some(user.id),
            ..Recipient::default()
        };
        let content = Content::AddressChanged { operator: by.user_id.clone(), at: now.now() };
        messages.push(desk.message(to, content, None, turn)?);
    }
    Ok(tx.add_messages(&messages).await?)
}
