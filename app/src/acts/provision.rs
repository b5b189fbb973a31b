//! The act of provisioning.

use super::{Call, Outcome, done};
use model::{Answer, forms::ProvisionForm};

/// `POST /provision/review`: **Confirm** opens one task; the same form again leads to the same task.
pub async fn confirm(call: Call) -> Answer<Outcome> {
    let form: ProvisionForm = call.form()?;
    let provisioned = call.ctx.console.provision(call.actor()?, &form).await?;
    done(format!("/provision/{}", provisioned.task))
}
