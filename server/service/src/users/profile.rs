//! One user: read, add, edit, disable.

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{
    actor::Actor,
    forms::{ButtonForm, UserForm},
    user::UserDetail,
};

/// One user.
pub(crate) async fn read(_service: &Service, _by: &Actor, _id: i64) -> Outcome<UserDetail> {
    Err(Fault::Broken("being built"))
}

/// Adds a user.
pub(crate) async fn add(_service: &Service, _by: &Actor, _form: &UserForm) -> Outcome<i64> {
    Err(Fault::Broken("being built"))
}

/// Changes a profile.
pub(crate) async fn edit(_service: &Service, _by: &Actor, _id: i64, _form: &UserForm) -> Outcome<()> {
    Err(Fault::Broken("being built"))
}

/// Enables or disables.
pub(crate) async fn set_enabled(_service: &Service, _by: &Actor, _id: i64, _enabled: bool, _form: &ButtonForm) -> Outcome<()> {
    Err(Fault::Broken("being built"))
}
