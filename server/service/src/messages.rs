//! Communications: the outbox as operators see it.

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{
    actor::Actor,
    forms::ButtonForm,
    listing::Listing,
    message::{MailSummary, MessageQuery, MessageRow},
};

/// A page of messages.
pub(crate) async fn page(_service: &Service, _by: &Actor, _query: &MessageQuery) -> Outcome<Listing<MessageRow>> {
    Err(Fault::Broken("being built"))
}

/// How the mail is going.
pub(crate) async fn summary(_service: &Service, _by: &Actor) -> Outcome<MailSummary> {
    Err(Fault::Broken("being built"))
}

/// Sends a failed message again.
pub(crate) async fn retry(_service: &Service, _by: &Actor, _id: i64, _form: &ButtonForm) -> Outcome<()> {
    Err(Fault::Broken("being built"))
}

/// Lets a paused queue go on.
pub(crate) async fn resume(_service: &Service, _by: &Actor, _form: &ButtonForm) -> Outcome<()> {
    Err(Fault::Broken("being built"))
}
