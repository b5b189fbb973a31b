//! The act on the self-enrollment policy.

use super::{Call, Outcome, done};
use model::{Answer, policy::PolicyForm};

/// `POST /policy/self-enrollment`. The key in the address tells this change from the one before.
pub async fn change(call: Call) -> Answer<Outcome> {
    let form: PolicyForm = call.form()?;
    call.ctx.console.change_policy(call.actor()?, &form).await?;
    done(format!("/policy/self-enrollment?saved={}", form.key))
}
