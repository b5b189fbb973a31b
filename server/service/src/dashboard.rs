//! The counts of the dashboard, as far as rights allow each.

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{actor::Actor, console::Dashboard};

/// The counts of `/`.
pub(crate) async fn read(_service: &Service, _by: &Actor) -> Outcome<Dashboard> {
    Err(Fault::Broken("being built"))
}
