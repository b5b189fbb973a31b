//! *Edit* and *Remove* of a provisioning task (spec §3.1, §3.3). Both hold the task's row, so that whoever completes, fails or edits
//! meanwhile comes before or after, never in the middle.

mod edit;
mod meanwhile;
mod notices;
mod remove;

pub(crate) use edit::{Chosen, Edit, edit};
pub(crate) use remove::remove;

use crate::{Service, fault::Outcome};
use model::{
    Refusal,
    refusal::{BadRequest, Thing},
};
use store::{Tx, tasks::TaskHead};

/// Removing some users of a task.
const REMOVE_USERS: &str = "task.remove_users";
/// A new stop date for some users of a task.
const STOP_DATE: &str = "task.stop_date";
/// A new stop date for all of them; users find it through their task.
const STOP_DATE_ALL: &str = "task.stop_date_all";
/// Removing a task.
const REMOVE: &str = "task.remove";

/// The task with its row locked, if it has not been edited since `version` and has anything left to edit.
async fn hold(service: &Service, tx: &mut Tx, number: i64, version: &str) -> Outcome<TaskHead> {
    let version: i64 = version.parse().map_err(|_| Refusal::BadRequest(BadRequest::Parameter))?;
    tx.lock_task(number).await?;
    let head = tx.task_head(number).await?.ok_or(Refusal::NotFound(Thing::Task))?;
    if head.edit_version != version {
        let changes = meanwhile::since(service, tx, number, version).await?;
        if head.outstanding {
            return Err(Refusal::EditedMeanwhile { version: head.edit_version, changes }.into());
        }
    }
    if !head.outstanding {
        return Err(Refusal::TaskOver.into());
    }
    Ok(head)
}
