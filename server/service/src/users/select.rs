//! Selections of users.

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{
    actor::Actor,
    console::Selected,
    forms::{PasteForm, SelectForm},
    user::Pasted,
};

/// Changes a selection.
pub(crate) async fn change(_service: &Service, _by: &Actor, _form: &SelectForm) -> Outcome<Selected> {
    Err(Fault::Broken("being built"))
}

/// How many it holds.
pub(crate) async fn count(_service: &Service, _by: &Actor, _selection: &str) -> Outcome<i64> {
    Err(Fault::Broken("being built"))
}

/// Selects pasted UserIDs.
pub(crate) async fn paste(_service: &Service, _by: &Actor, _form: &PasteForm) -> Outcome<Pasted> {
    Err(Fault::Broken("being built"))
}
