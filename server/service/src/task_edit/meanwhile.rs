//! What other operators did to a task since one looked at it, read from the audit trail.

use super::{REMOVE, REMOVE_USERS, STOP_DATE, STOP_DATE_ALL};
use crate::{Service, fault::Outcome};
use model::edit::{EditedWhat, Meanwhile};
use serde::{Deserialize, Serialize};
use store::{Tx, audit::Subject};

/// The newest edits that are told; whoever comes later than that looks at the task again.
const MOST: u32 = 20;

/// What an edit leaves in the trail as *after*.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trace {
    /// The task's edit version after it.
    pub edit_version: i64,
    /// What was done.
    pub what: EditedWhat,
}

/// The edits after `version`, the newest first.
pub(super) async fn since(service: &Service, tx: &mut Tx, task: i64, version: i64) -> Outcome<Vec<Meanwhile>> {
    let now = service.now(tx).await?;
    let mut edits = Vec::new();
    for entry in tx.audit_of(Subject::Task(task), None, MOST).await? {
        if ![REMOVE, REMOVE_USERS, STOP_DATE, STOP_DATE_ALL].contains(&entry.verb.as_str()) {
            continue;
        }
        let Some(trace) = entry.after.as_deref().and_then(|after| serde_json::from_str::<Trace>(after).ok()) else { continue };
        if trace.edit_version > version {
            edits.push(Meanwhile { operator: entry.operator_name, at: now.moment(entry.at), what: trace.what });
        }
    }
    Ok(edits)
}
