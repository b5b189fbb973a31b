//! Lists of provisioning tasks, and one task.

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{
    actor::Actor,
    listing::Listing,
    task::{TaskDetail, TaskQuery, TaskRow, TaskUserQuery},
};

/// A page of tasks.
pub(crate) async fn page(_service: &Service, _by: &Actor, _query: &TaskQuery) -> Outcome<Listing<TaskRow>> {
    Err(Fault::Broken("being built"))
}

/// One task with its users.
pub(crate) async fn detail(_service: &Service, _by: &Actor, _number: i64, _users: &TaskUserQuery) -> Outcome<TaskDetail> {
    Err(Fault::Broken("being built"))
}
