//! The audit trail: who did what to whom, with what was there before and after.

use crate::{Service, fault::Outcome};
use model::{actor::Actor, rights::Rights};
use serde_json::Value;
use store::{
    Tx,
    audit::{Entry, Subject},
};

/// An act on its way into the trail.
pub(crate) struct Act<'a> {
    /// When, in milliseconds.
    pub at: i64,
    /// What was done, such as `user.edit`.
    pub verb: &'a str,
    /// What was there before.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
}

/// Writes an act of `by` into the trail.
pub(crate) async fn note(tx: &mut Tx, by: &Actor, act: Act<'_>, subjects: &[Subject]) -> Outcome<()> {
    let entry = Entry {
        at: act.at,
        operator: Some(by.id).filter(|id| *id != COMMAND_LINE),
        operator_name: &by.user_id,
        address: by.address.as_deref(),
        verb: act.verb,
        before: act.before.map(|value| value.to_string()),
        after: act.after.map(|value| value.to_string()),
    };
    tx.audit(entry, subjects).await?;
    Ok(())
}

/// Writes that `by` edited many users at once: for each the row, and what was there before and is there now.
pub(crate) async fn note_edits(tx: &mut Tx, by: &Actor, at: i64, edits: &[(i64, Value, Value)]) -> Outcome<()> {
    let common = Entry {
        at,
        operator: Some(by.id).filter(|id| *id != COMMAND_LINE),
        operator_name: &by.user_id,
        address: by.address.as_deref(),
        verb: "user.edit",
        ..Entry::default()
    };
    let edits: Vec<_> = edits.iter().map(|(user, before, after)| (*user, before.to_string(), after.to_string())).collect();
    Ok(tx.audit_users(&common, &edits).await?)
}

const COMMAND_LINE: i64 = 0;

impl Service {
    /// Whoever can run commands on the machine. Holds every right; the trail names them "Command line".
    pub fn command_line() -> Actor {
        let name = "Command line".to_owned();
        Actor { id: COMMAND_LINE, user_id: name.clone(), name, rights: Rights::all(), address: None }
    }
}
