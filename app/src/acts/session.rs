//! Sign in, sign out.

use super::{Call, CookieChange, Outcome, done_with};
use crate::address::local_path;
use model::{Answer, forms::SignInForm};

/// `POST /login`: a new session, whatever the browser held before.
pub async fn sign_in(call: Call) -> Answer<Outcome> {
    let form: SignInForm = call.form()?;
    let ctx = &call.ctx;
    let secret = ctx.console.sign_in(&form, &ctx.client, &ctx.agent, ctx.session.as_deref()).await?;
    done_with(local_path(&form.to), CookieChange::Session(Some(secret)))
}

/// `POST /logout`: the session ends on the server, and the cookie with it.
pub async fn sign_out(call: Call) -> Answer<Outcome> {
    if let Some(secret) = &call.ctx.session {
        call.ctx.console.sign_out(secret).await?;
    }
    done_with("/login", CookieChange::Session(None))
}
