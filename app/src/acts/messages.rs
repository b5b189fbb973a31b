//! Acts on mail. Each leads back to the list it was done on, as the list was.

use super::{Call, Outcome, done};
use model::{Answer, forms::ButtonForm, refusal::Thing};

/// `POST /communications/{id}/retry`.
pub async fn retry(call: Call) -> Answer<Outcome> {
    send_again(&call).await?;
    done(call.back_to("/communications"))
}

/// `POST /provisioning-tasks/{number}/messages/{id}/retry`: the same, beside the user it concerns.
pub async fn retry_in_task(call: Call) -> Answer<Outcome> {
    let task = call.row("number", Thing::Task)?;
    send_again(&call).await?;
    done(call.back_to(&format!("/provisioning-tasks/{task}")))
}

/// `POST /communications/resume`.
pub async fn resume(call: Call) -> Answer<Outcome> {
    let form: ButtonForm = call.form()?;
    call.ctx.console.resume_mail(call.actor()?, &form).await?;
    done(call.back_to("/communications"))
}

async fn send_again(call: &Call) -> Answer<()> {
    let (id, form) = (call.row("id", Thing::Message)?, call.form::<ButtonForm>()?);
    call.ctx.console.retry_message(call.actor()?, id, &form).await
}
