//! *Remove*: the task leaves the list, and nobody who has not completed can enroll any more. Nothing is deleted.

use super::{REMOVE, hold, meanwhile::Trace, notices};
use crate::{
    Service,
    fault::{Fault, Outcome},
    forms::Turn,
    trail::{Act, note},
};
use model::{
    actor::Actor,
    edit::{EditedWhat, RemoveTaskForm, typed_count},
    problem::Problems,
    rights::Right,
};
use serde_json::json;
use store::{audit::Subject, task_counters::TaskChange};

/// Removes every open enrollment of a task and answers how many.
pub(crate) async fn remove(service: &Service, by: &Actor, number: i64, form: &RemoveTaskForm) -> Outcome<i64> {
    by.require(Right::ProvisioningManage)?;
    let mut tx = service.db.write().await?;
    let ticket = match service.begin(&mut tx, by, &form.key, &format!("task.remove {number}"), form).await? {
        Turn::New(ticket) => ticket,
        Turn::Again(answer) => return Ok(serde_json::from_str(&answer)?),
    };
    let head = hold(service, &mut tx, number, &form.version).await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let users = tx.open_users_of_task(number).await?;
    let count = users.len() as i64;
    typed_count(&form.count, count).map_err(|problem| Problems::one("count", problem))?;
    let (stops, mail_failed) = (tx.task_stops(number).await?, tx.failed_mail_of_task(number).await?);
    if tx.remove_open_of_task(number, &by.user_id, now.at).await? != users.len() as u64 {
        return Err(Fault::Broken("a task's open enrollments changed under its lock"));
    }
    let change = TaskChange::new().all_removed(&stops, mail_failed).by_operator();
    tx.count_in(number, &change, now.at).await?;
    tx.reserve(head.kind, -count).await?;
    let notified = form.notify == "yes";
    if notified {
        notices::tell(service, &mut tx, (number, head.kind), &users, &policy, now).await?;
    }
    let trace = Trace { edit_version: head.edit_version + 1, what: EditedWhat::Removed { count, notified } };
    let before = json!({ "count": head.count, "open": count });
    let after = json!({ "count": head.count - count, "open": 0, "notified": notified });
    let act = Act { at: now.at, verb: REMOVE, before: Some(before), after: Some(trace.beside(after)?) };
    note(&mut tx, by, act, &[Subject::Task(number)]).await?;
    ticket.done(&mut tx, &count).await?;
    tx.commit().await?;
    service.nudge();
    Ok(count)
}
