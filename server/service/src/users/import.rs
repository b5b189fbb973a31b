//! Importing users.

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{actor::Actor, console::Import, user::ImportReport};

/// Imports a file.
pub(crate) async fn import(_service: &Service, _by: &Actor, _file: &[u8], _import: &Import) -> Outcome<ImportReport> {
    Err(Fault::Broken("being built"))
}
