//! Acts on provisioning tasks.

use super::{Call, Outcome, done, report};
use model::{
    Answer,
    edit::{EditTaskForm, RemoveTaskForm},
    refusal::Thing,
};

/// `POST /provisioning-tasks/{number}/edit`: says what was done, and to whom it could not be done any more.
pub async fn edit(call: Call) -> Answer<Outcome> {
    let (number, form) = (call.row("number", Thing::Task)?, call.form::<EditTaskForm>()?);
    report(&call.ctx.console.edit_task(call.actor()?, number, &form).await?)
}

/// `POST /provisioning-tasks/{number}/remove`: back to the list, which no longer holds the task.
pub async fn remove(call: Call) -> Answer<Outcome> {
    let (number, form) = (call.row("number", Thing::Task)?, call.form::<RemoveTaskForm>()?);
    call.ctx.console.remove_task(call.actor()?, number, &form).await?;
    done("/provisioning-tasks")
}
