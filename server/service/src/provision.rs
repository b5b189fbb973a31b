//! Provision: choices, review, the act, its result.

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{
    actor::Actor,
    forms::ProvisionForm,
    task::{ProvisionChoices, ProvisionResult, Provisioned, Review},
};

/// What can be chosen.
pub(crate) async fn choices(_service: &Service, _by: &Actor, _selection: Option<&str>) -> Outcome<ProvisionChoices> {
    Err(Fault::Broken("being built"))
}

/// What would happen.
pub(crate) async fn review(_service: &Service, _by: &Actor, _form: &ProvisionForm) -> Outcome<Review> {
    Err(Fault::Broken("being built"))
}

/// The act.
pub(crate) async fn provision(_service: &Service, _by: &Actor, _form: &ProvisionForm) -> Outcome<Provisioned> {
    Err(Fault::Broken("being built"))
}

/// The result page.
pub(crate) async fn result(_service: &Service, _by: &Actor, _task: i64) -> Outcome<ProvisionResult> {
    Err(Fault::Broken("being built"))
}
