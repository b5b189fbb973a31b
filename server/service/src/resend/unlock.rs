//! **Unlock**: attempts 0, the same link. The stop date may be over by then, so a new one can be given with it.

use super::locked;
use crate::{
    Service,
    fault::Outcome,
    forms::Turn,
    trail::{Act, note},
    zone::Now,
};
use model::{
    Refusal,
    actor::Actor,
    forms::{UnlockForm, UnlockOrder},
    resend::user_task_path,
    rights::Right,
};
use serde_json::json;
use store::{
    Tx,
    audit::Subject,
    enrollments::Enrollment,
    task_counters::{Counted, TaskChange},
};

/// Unlocks.
pub(crate) async fn unlock(service: &Service, by: &Actor, user: i64, task: i64, form: &UnlockForm) -> Outcome<()> {
    by.require(Right::UsersView)?;
    by.require(Right::ProvisioningManage)?;
    let mut tx = service.db.write().await?;
    let now = service.now(&mut tx).await?;
    let order = form.check(now.today())?;
    let about = format!("{}/unlock", user_task_path(user, task));
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &about, form).await? else { return Ok(()) };
    let enrollment = locked(&mut tx, user, task).await?;
    unlock_one(&mut tx, by, &enrollment, &order, now).await?;
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

/// Unlocks one enrollment, locked for this transaction.
///
/// # Errors
/// [`Refusal::NotLocked`], before anything is written.
pub(crate) async fn unlock_one(tx: &mut Tx, by: &Actor, enrollment: &Enrollment, order: &UnlockOrder, now: Now) -> Outcome<()> {
    let stop_on = order.stop.unwrap_or(enrollment.stop_on);
    let status = enrollment.status(now.today());
    if !tx.unlock_enrollment(enrollment.id, stop_on).await? {
        return Err(Refusal::NotLocked(status).into());
    }
    let was = enrollment.counted();
    let open = Counted { locked: false, ..was };
    tx.count_in(enrollment.task, &TaskChange::new().locked(was, false).moved(open, stop_on), now.at).await?;
    let before = json!({ "attempts": enrollment.attempts, "stop_on": enrollment.stop_on.iso() });
    let after = json!({ "attempts": 0, "stop_on": stop_on.iso(), "reason": order.reason });
    let subjects = [Subject::User(enrollment.person), Subject::Task(enrollment.task), Subject::Enrollment(enrollment.id)];
    note(tx, by, Act { at: now.at, verb: "enrollment.unlock", before: Some(before), after: Some(after) }, &subjects).await
}
