//! Acts on provisioning tasks.

use super::{Call, Outcome, done, report};
use model::{
    Answer,
    edit::{EditTaskForm, RemoveTaskForm},
    form::Fields,
    refusal::Thing,
    task::TaskUserQuery,
};

/// `POST /provisioning-tasks/{number}/edit`: says what was done, and to whom it could not be done any more. Or, without script, shows
/// another page of the users with everything that was ticked and typed.
pub async fn edit(call: Call) -> Answer<Outcome> {
    let (number, form) = (call.row("number", Thing::Task)?, call.form::<EditTaskForm>()?);
    if form.act == EditTaskForm::SHOW {
        call.actor()?;
        return report(&());
    }
    report(&call.ctx.console.edit_task(call.actor()?, number, &form).await?)
}

/// `POST /provisioning-tasks/{number}/remove`: back to the list as it was, which no longer holds the task.
pub async fn remove(call: Call) -> Answer<Outcome> {
    let (number, form) = (call.row("number", Thing::Task)?, call.form::<RemoveTaskForm>()?);
    let (_, list) = Fields::of_query(&call.query)?.split(TaskUserQuery::PREFIX);
    call.ctx.console.remove_task(call.actor()?, number, &form).await?;
    done(list.at("/provisioning-tasks"))
}
