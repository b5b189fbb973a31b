//! What a request brings along on the server: the ports, and who asks. Made by the session layer and nobody else.

use leptos::prelude::*;
use model::{Answer, Refusal, actor::Actor, actor::Client, console::Console, enrolling::Enrolling};
use std::sync::Arc;

/// The request's context, for page renders, server functions and acts alike.
#[derive(Clone)]
pub struct Ctx {
    /// Everything an operator can ask.
    pub console: Arc<dyn Console>,
    /// Everything a user with a link can ask.
    pub enrolling: Arc<dyn Enrolling>,
    /// Who is signed in, found by the session cookie.
    pub actor: Option<Actor>,
    /// Where the request comes from.
    pub client: Client,
    /// What the browser calls itself; for the audit trail.
    pub agent: String,
    /// The session cookie's value.
    pub session: Option<String>,
    /// The enrollment session cookie's value.
    pub enrollment: Option<String>,
    /// The addresses of the site's assets.
    pub site: Arc<Site>,
}

impl Ctx {
    /// The operator who asks.
    ///
    /// # Errors
    /// [`Refusal::SignInFirst`] when nobody is signed in.
    pub fn actor(&self) -> Answer<&Actor> {
        self.actor.as_ref().ok_or(Refusal::SignInFirst)
    }
}

/// The context of this request.
///
/// # Errors
/// [`Refusal::SignInFirst`] outside a request, which is never the case in a page or a call.
pub fn ctx() -> Answer<Ctx> {
    use_context::<Ctx>().ok_or(Refusal::SignInFirst)
}

/// The addresses of the hashed assets, such as `/assets/main.1f0c.css`. A missing one is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// The script that loads the module.
    pub script: String,
    /// The WebAssembly module.
    pub module: String,
    /// The styles.
    pub style: String,
    /// The icon sprite.
    pub icons: String,
    /// The icon of the browser's tab.
    pub favicon: String,
}
