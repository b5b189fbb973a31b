//! The list of users.

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{
    actor::Actor,
    listing::Listing,
    user::{UserQuery, UserRow},
};

/// A page of users.
pub(crate) async fn page(_service: &Service, _by: &Actor, _query: &UserQuery) -> Outcome<Listing<UserRow>> {
    Err(Fault::Broken("being built"))
}
