//! Every act: what a form of a page does when it is sent. Each posts to an address in [`table`], runs one use case, and says where
//! to go. The server reads the body, checks where the request comes from, and answers a browser with or without script.
//!
//! To add an act: a function from [`Call`] to [`Outcome`], a line in the table, and an `<ActForm>` with the same address.

mod bulk;
mod enroll;
mod messages;
mod operators;
mod policy;
mod provision;
mod session;
mod tasks;
mod users;

use crate::{boot::Reply, ctx::Ctx};
use model::{
    Answer,
    actor::Actor,
    form::{Done, Fields, Form, is_secret},
    refusal::Thing,
};
use serde::Serialize;
use std::{pin::Pin, sync::Arc};

/// One act and its address.
#[derive(Clone)]
pub struct Act {
    /// The address it is posted to, in axum's form: `/users/{id}/edit`.
    pub path: &'static str,
    /// The page that shows a refusal when there is no script, where that is not the page of the same address.
    pub page: &'static str,
    /// The most bytes its body may have.
    pub most: usize,
    /// Its body carries a file.
    pub upload: bool,
    /// What it does.
    pub run: Arc<dyn Fn(Call) -> Running + Send + Sync>,
}

/// An act under way.
pub type Running = Pin<Box<dyn Future<Output = Answer<Outcome>> + Send>>;

/// The most bytes of an ordinary form.
pub const FORM_LIMIT: usize = 64 * 1024;
/// The most bytes of an uploaded file.
pub const UPLOAD_LIMIT: usize = 20 * 1024 * 1024;

/// Every act there is.
pub fn table() -> Vec<Act> {
    vec![
        act("/login", session::sign_in),
        act("/logout", session::sign_out).on("/"),
        act("/enroll", enroll::start_with_code),
        act("/enroll/session", enroll::verify),
        act("/enroll/{secret}", enroll::start),
        act("/enroll/ask/{secret}", enroll::ask_for_link),
        act("/enroll/not-me/{secret}", enroll::not_me),
        act("/enroll/stop/{secret}", enroll::stop),
        act("/users/new", users::add),
        act("/users/{id}/edit", users::edit),
        act("/users/{id}/enable", users::enable).on("/users/{id}"),
        act("/users/{id}/disable", users::disable).on("/users/{id}"),
        act("/users/{id}/delete", users::delete),
        act("/users/{id}/provisioning-tasks/{number}", users::resend),
        act("/users/{id}/provisioning-tasks/{number}/unlock", users::unlock),
        act("/users/select", users::select).on("/users"),
        act("/users/paste", users::paste).with_file(),
        act("/users/import", users::import).with_file(),
        act("/provision/review", provision::confirm),
        act("/provisioning-tasks/{number}/edit", tasks::edit),
        act("/provisioning-tasks/{number}/remove", tasks::remove),
        act("/provisioning-tasks/select", bulk::select_tasks).on("/provisioning-tasks"),
        act("/provisioning-tasks/{number}/select", bulk::select_tasks).on("/provisioning-tasks/{number}"),
        act("/reports/enrollments/select", bulk::select_enrollments).on("/reports/enrollments"),
        act("/bulk/new", bulk::plan),
        act("/bulk/{id}/confirm", bulk::confirm).on("/bulk/{id}"),
        act("/bulk/{id}/new-links", bulk::new_links).on("/bulk/{id}"),
        act("/bulk/{id}/cancel", bulk::cancel).on("/bulk/{id}"),
        act("/communications/{id}/retry", messages::retry).on("/communications"),
        act("/communications/resume", messages::resume).on("/communications"),
        act("/policy/self-enrollment", policy::change),
        act("/operators/new", operators::add),
        act("/operators/{id}/edit", operators::edit),
        act("/operators/{id}/enable", operators::enable).on("/operators"),
        act("/operators/{id}/disable", operators::disable).on("/operators"),
        act("/operators/{id}/password", operators::reset),
        act("/operators/roles/new", operators::add_role),
        act("/operators/roles/{name}/edit", operators::edit_role),
        act("/operators/roles/{name}/remove", operators::remove_role).on("/operators"),
        act("/account/password", operators::change_password),
        act("/account/sessions/{name}/end", operators::end_session).on("/account"),
        act("/account/sessions/end", operators::end_other_sessions).on("/account"),
        act("/provisioning-tasks/{number}/messages/{id}/retry", messages::retry_in_task).on("/provisioning-tasks/{number}"),
    ]
}

fn act<R>(path: &'static str, run: impl Fn(Call) -> R + Send + Sync + 'static) -> Act
where
    R: Future<Output = Answer<Outcome>> + Send + 'static,
{
    Act { path, page: path, most: FORM_LIMIT, upload: false, run: Arc::new(move |call| Box::pin(run(call))) }
}

impl Act {
    /// Another page shows the refusal; it has the same parameters.
    fn on(self, page: &'static str) -> Act {
        Act { page, ..self }
    }

    /// The form carries a file.
    fn with_file(self) -> Act {
        Act { upload: true, most: UPLOAD_LIMIT, ..self }
    }
}

/// What an act is called with.
pub struct Call {
    /// Who asks, and the ports.
    pub ctx: Ctx,
    /// The parameters of the address.
    pub params: Vec<(String, String)>,
    /// The query string of the address, which is that of the page the form stands on.
    pub query: String,
    /// The form's fields.
    pub fields: Fields,
    /// The file, where the form carries one: never trusted, not even its name.
    pub file: Option<Vec<u8>>,
}

impl Call {
    /// The operator who asks.
    ///
    /// # Errors
    /// [`Refusal::SignInFirst`].
    pub fn actor(&self) -> Answer<&Actor> {
        self.ctx.actor()
    }

    /// The form.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for unknown and doubled fields.
    pub fn form<F: Form>(&self) -> Answer<F> {
        F::read(&self.fields)
    }

    /// The text of a parameter of the address.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(param, _)| param == name).map_or("", |(_, value)| value)
    }

    /// A page's path with the query string of this address: back to the list as it was.
    pub fn back_to(&self, path: &str) -> String {
        if self.query.is_empty() { path.to_owned() } else { format!("{path}?{}", self.query) }
    }

    /// The row that a parameter of the address names.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anything but a number.
    pub fn row(&self, name: &str, thing: Thing) -> Answer<i64> {
        crate::address::row(self.param(name), thing)
    }
}

/// What an act came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Where to go, or what to show on the form's page.
    pub reply: Reply,
    /// The cookie that changes with it.
    pub cookie: Option<CookieChange>,
}

/// A cookie that an act sets or takes away.
#[derive(Clone, PartialEq, Eq)]
pub enum CookieChange {
    /// The operator's session.
    Session(Option<String>),
    /// The enrollment session.
    Enrollment(Option<String>),
}

/// Shows which cookie, not what it holds.
impl std::fmt::Debug for CookieChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, value) = match self {
            CookieChange::Session(value) => ("Session", value),
            CookieChange::Enrollment(value) => ("Enrollment", value),
        };
        write!(f, "{name}({})", if value.is_some() { "…" } else { "none" })
    }
}

/// Go to `to`.
pub fn done(to: impl Into<String>) -> Answer<Outcome> {
    Ok(Outcome { reply: Reply::Go(Done::to(to)), cookie: None })
}

/// Go to `to` with a changed cookie.
pub fn done_with(to: impl Into<String>, cookie: CookieChange) -> Answer<Outcome> {
    Ok(Outcome { reply: Reply::Go(Done::to(to)), cookie: Some(cookie) })
}

/// Stay on the form's page and show what came of it.
pub fn report(report: &impl Serialize) -> Answer<Outcome> {
    let json = serde_json::to_string(report).unwrap_or_default();
    Ok(Outcome { reply: Reply::Report(json), cookie: None })
}

/// What may go back to a page of a refused form: a secret is typed again.
pub fn without_secrets(fields: Fields) -> Fields {
    Fields(fields.0.into_iter().filter(|(name, _)| !is_secret(name)).collect())
}
