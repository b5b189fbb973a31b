//! What other operators did to a task since one looked at it, read from the audit trail.

use super::{REMOVE, REMOVE_USERS, STOP_DATE, STOP_DATE_ALL};
use crate::{Service, fault::Outcome};
use model::edit::{EditedWhat, Meanwhile};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Tx, audit::Subject};

/// The newest edits that are told; whoever comes later than that looks at the task again.
const MOST: u32 = 20;

/// The field of *after* in which an edit leaves its trace; the fields beside it are what people read.
#[derive(Deserialize)]
struct Traced {
    trace: Trace,
}

/// What an edit leaves in the trail for whoever edits the same task.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trace {
    /// The task's edit version after it.
    pub edit_version: i64,
    /// What was done.
    pub what: EditedWhat,
}

impl Trace {
    /// *After* as it is written: what people read, with the trace beside it.
    pub(super) fn beside(&self, mut told: Value) -> Outcome<Value> {
        told["trace"] = serde_json::to_value(self)?;
        Ok(told)
    }
}

/// The edits after `version`, the newest first.
pub(super) async fn since(service: &Service, tx: &mut Tx, task: i64, version: i64) -> Outcome<Vec<Meanwhile>> {
    let now = service.now(tx).await?;
    let mut edits = Vec::new();
    let verbs = [REMOVE, REMOVE_USERS, STOP_DATE, STOP_DATE_ALL];
    for entry in tx.audit_of_verbs(Subject::Task(task), &verbs, MOST).await? {
        let Some(Traced { trace }) = entry.after.as_deref().and_then(|after| serde_json::from_str(after).ok()) else { continue };
        if trace.edit_version > version {
            edits.push(Meanwhile { operator: entry.operator_name, at: now.moment(entry.at), what: trace.what });
        }
    }
    Ok(edits)
}
