//! Every page and its address.

use crate::{
    api::{self, Error},
    boot::{forget_posted, provide_boot},
    pages,
    parts::{
        frame::{Console, ConsoleFrame},
        notice::Refused,
    },
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};
use model::{Refusal, refusal::Thing};

/// The whole app, the same on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_boot();
    provide_meta_context();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Provost".to_owned() } else { format!("{title} · Provost") } />
        <Router>
            <Arrivals />
            <Routes fallback=NotFound>
                <Route path=path!("/login") view=pages::login::Login ssr=SsrMode::Async />
                <Route path=path!("/enroll") view=pages::enroll::Typed ssr=SsrMode::Async />
                <Route path=path!("/enroll/session") view=pages::enroll::Session ssr=SsrMode::Async />
                <Route path=path!("/enroll/not-me/:secret") view=pages::enroll::NotMe ssr=SsrMode::Async />
                <Route path=path!("/enroll/stop/:secret") view=pages::enroll::Stop ssr=SsrMode::Async />
                <Route path=path!("/enroll/ask/:secret") view=pages::enroll::Link ssr=SsrMode::Async />
                <Route path=path!("/enroll/:secret") view=pages::enroll::Link ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Console ssr=SsrMode::Async>
                    <Route path=path!("") view=pages::dashboard::Dashboard ssr=SsrMode::Async />
                    <Route path=path!("/users") view=pages::users::Users ssr=SsrMode::Async />
                    <Route path=path!("/users/new") view=pages::user_form::AddUserPage ssr=SsrMode::Async />
                    <Route path=path!("/users/paste") view=pages::paste_users::PasteUsersPage ssr=SsrMode::Async />
                    <Route path=path!("/users/import") view=pages::import_users::ImportUsers ssr=SsrMode::Async />
                    <Route path=path!("/users/:id") view=pages::user::User ssr=SsrMode::Async />
                    <Route path=path!("/users/:id/edit") view=pages::user_form::EditUserPage ssr=SsrMode::Async />
                    <Route
                        path=path!("/users/:id/authentication-methods")
                        view=pages::authentication_methods::AuthenticationMethods
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/users/:id/activity") view=pages::activity::Activity ssr=SsrMode::Async />
                    <Route path=path!("/users/:id/delete") view=pages::delete_user::DeleteUserPage ssr=SsrMode::Async />
                    <Route path=path!("/users/:id/provisioning-tasks/:number") view=pages::user_task::ResendPage ssr=SsrMode::Async />
                    <Route path=path!("/users/:id/provisioning-tasks/:number/unlock") view=pages::user_task::UnlockPage ssr=SsrMode::Async />
                    <Route path=path!("/provision") view=pages::provision::Provision ssr=SsrMode::Async />
                    <Route path=path!("/provision/review") view=pages::provision::ReviewProvision ssr=SsrMode::Async />
                    <Route path=path!("/provision/:task") view=pages::provision::ProvisionResult ssr=SsrMode::Async />
                    <Route path=path!("/provisioning-tasks/:number/edit") view=pages::tasks::EditTaskPage ssr=SsrMode::Async />
                    <Route path=path!("/provisioning-tasks/:number/remove") view=pages::tasks::RemoveTaskPage ssr=SsrMode::Async />
                    <Route path=path!("/provisioning-tasks/:number?") view=pages::tasks::Tasks ssr=SsrMode::Async />
                    <Route path=path!("/reports") view=pages::reports::Reports ssr=SsrMode::Async />
                    <Route path=path!("/reports/enrollments") view=pages::reports::Enrollments ssr=SsrMode::Async />
                    <Route path=path!("/bulk") view=pages::bulk::BulkActs ssr=SsrMode::Async />
                    <Route path=path!("/bulk/new") view=pages::bulk::NewBulk ssr=SsrMode::Async />
                    <Route path=path!("/bulk/:id") view=pages::bulk::Bulk ssr=SsrMode::Async />
                    <Route path=path!("/policy/self-enrollment") view=pages::policy::SelfEnrollmentPolicy ssr=SsrMode::Async />
                    <Route path=path!("/operators") view=pages::operators::Operators ssr=SsrMode::Async />
                    <Route path=path!("/operators/new") view=pages::operators::AddOperatorPage ssr=SsrMode::Async />
                    <Route path=path!("/operators/:id/edit") view=pages::operators::EditOperatorPage ssr=SsrMode::Async />
                    <Route path=path!("/operators/:id/password") view=pages::operators::ResetPasswordPage ssr=SsrMode::Async />
                    <Route path=path!("/operators/roles/new") view=pages::operators::AddRolePage ssr=SsrMode::Async />
                    <Route path=path!("/operators/roles/:name/edit") view=pages::operators::EditRolePage ssr=SsrMode::Async />
                    <Route path=path!("/account") view=pages::account::OwnAccount ssr=SsrMode::Async />
                    <Route path=path!("/account/password") view=pages::account::PasswordPage ssr=SsrMode::Async />
                    <Route path=path!("/communications") view=pages::communications::Communications ssr=SsrMode::Async />
                    <Route path=path!("/audit") view=pages::audit::Audit ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// After a navigation without reload: the focus goes to the page, and what an earlier form held is forgotten.
#[component]
fn Arrivals() -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| page(&before) != page(&now)) {
            forget_posted();
            request_animation_frame(focus_on_page);
        }
        now
    });
}

/// Addresses of one page, such as a list with one of its rows expanded: there the focus stays where it is.
fn page(path: &str) -> &str {
    if path.starts_with(pages::tasks::ROOT) { pages::tasks::ROOT } else { path }
}

/// The focus goes to the page.
pub fn focus_on_page() {
    let main = web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("main"));
    if let Some(main) = main.and_then(|main| leptos::wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(main).ok()) {
        let _ = main.focus();
    }
}

/// Any other address; below `/enroll` it is a link that does not work.
#[component]
fn NotFound() -> impl IntoView {
    if use_location().pathname.with_untracked(|path| path.starts_with("/enroll/")) {
        return view! { <pages::enroll::NoSuchLink /> }.into_any();
    }
    let refusal = Refusal::NotFound(Thing::Page);
    api::say_status(refusal.status());
    view! {
        <ConsoleFrame>
            <Refused error=Error::Refused(refusal) />
        </ConsoleFrame>
    }
    .into_any()
}
