//! Acts on operators, roles, and one's own account.

use super::{Call, Outcome, done};
use model::{
    Answer, Refusal,
    forms::ButtonForm,
    operator::{OperatorForm, PasswordForm, ResetForm, RoleForm},
    refusal::Thing,
};

const OPERATORS: &str = "/operators";
const ACCOUNT: &str = "/account";

/// `POST /operators/new`.
pub async fn add(call: Call) -> Answer<Outcome> {
    let form: OperatorForm = call.form()?;
    call.ctx.console.new_operator(call.actor()?, &form).await?;
    done(OPERATORS)
}

/// `POST /operators/{id}/edit`.
pub async fn edit(call: Call) -> Answer<Outcome> {
    let (id, form) = (call.row("id", Thing::Operator)?, call.form::<OperatorForm>()?);
    call.ctx.console.edit_operator(call.actor()?, id, &form).await?;
    done(OPERATORS)
}

/// `POST /operators/{id}/enable`.
pub async fn enable(call: Call) -> Answer<Outcome> {
    set_enabled(call, true).await
}

/// `POST /operators/{id}/disable`.
pub async fn disable(call: Call) -> Answer<Outcome> {
    set_enabled(call, false).await
}

async fn set_enabled(call: Call, enabled: bool) -> Answer<Outcome> {
    let (id, form) = (call.row("id", Thing::Operator)?, call.form::<ButtonForm>()?);
    call.ctx.console.set_operator_enabled(call.actor()?, id, enabled, &form).await?;
    done(call.back_to(OPERATORS))
}

/// `POST /operators/{id}/password`.
pub async fn reset(call: Call) -> Answer<Outcome> {
    let (id, form) = (call.row("id", Thing::Operator)?, call.form::<ResetForm>()?);
    call.ctx.console.reset_password(call.actor()?, id, &form).await?;
    done(OPERATORS)
}

/// `POST /operators/roles/new`.
pub async fn add_role(call: Call) -> Answer<Outcome> {
    let form: RoleForm = call.form()?;
    call.ctx.console.new_role(call.actor()?, &form).await?;
    done(OPERATORS)
}

/// `POST /operators/roles/{name}/edit`.
pub async fn edit_role(call: Call) -> Answer<Outcome> {
    let form: RoleForm = call.form()?;
    call.ctx.console.edit_role(call.actor()?, call.param("name"), &form).await?;
    done(OPERATORS)
}

/// `POST /operators/roles/{name}/remove`.
pub async fn remove_role(call: Call) -> Answer<Outcome> {
    let form: ButtonForm = call.form()?;
    call.ctx.console.remove_role(call.actor()?, call.param("name"), &form).await?;
    done(call.back_to(OPERATORS))
}

/// `POST /account/password`.
pub async fn change_password(call: Call) -> Answer<Outcome> {
    let form: PasswordForm = call.form()?;
    call.ctx.console.change_password(call.actor()?, session(&call)?, &form).await?;
    done(format!("{ACCOUNT}?changed=1"))
}

/// `POST /account/sessions/{name}/end`.
pub async fn end_session(call: Call) -> Answer<Outcome> {
    let form: ButtonForm = call.form()?;
    call.ctx.console.end_session(call.actor()?, call.param("name"), &form).await?;
    done(ACCOUNT)
}

/// `POST /account/sessions/end`.
pub async fn end_other_sessions(call: Call) -> Answer<Outcome> {
    let form: ButtonForm = call.form()?;
    call.ctx.console.end_other_sessions(call.actor()?, session(&call)?, &form).await?;
    done(ACCOUNT)
}

/// The secret of the session that asks.
fn session(call: &Call) -> Answer<&str> {
    call.ctx.session.as_deref().ok_or(Refusal::SignInFirst)
}
