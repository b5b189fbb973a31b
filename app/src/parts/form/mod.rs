//! The one form mechanism. A form posts to the address of its act. Without script the server answers with a redirect, or with the
//! same page and everything typed in place. With script the same fields go to the same address and the answer comes as JSON: the
//! page then goes on without reloading, or shows the refusal where it belongs.

#[cfg(feature = "hydrate")]
mod send;
mod state;

use crate::{
    api::Error,
    boot::use_boot,
    parts::{
        dialog::Dialog,
        load::Changes,
        notice::{Notice, Tone},
        words::Words,
    },
};
use leptos::{context::Provider, ev::SubmitEvent, html, prelude::*};
use model::{Answer, Refusal, form::Fields};
#[cfg(feature = "hydrate")]
pub use send::fields_of;
pub use state::FormState;

/// A form's own rule, run in the browser before anything is sent; the server runs the same one.
pub type Check = fn(&Fields) -> Answer<()>;

/// A form that posts to an act. Its fields find what was typed and what is wrong through [`FormState`].
#[component]
pub fn ActForm(
    /// The act's address, with the query of the page it stands on, if any.
    #[prop(into)]
    action: String,
    /// The form's rule, when the browser can run it.
    #[prop(optional)]
    check: Option<Check>,
    /// Does the form carry a file?
    #[prop(optional)]
    upload: bool,
    /// Load a new document after success: for sign-in and sign-out, which change who everything is for.
    #[prop(optional)]
    fresh: bool,
    /// Stay where the reader is after success: the same list in another state.
    #[prop(optional)]
    quiet: bool,
    /// The name by which boxes outside of it belong to it.
    #[prop(optional)]
    id: Option<&'static str>,
    /// The form's look.
    #[prop(optional)]
    class: &'static str,
    /// Its fields and buttons.
    children: Children,
) -> impl IntoView {
    let path = action.split('?').next().unwrap_or_default().to_owned();
    let posted = use_boot().posted.filter(|posted| posted.path == path);
    let state = FormState::new(&path, posted);
    let form = NodeRef::<html::Form>::new();
    let after = After { fresh, quiet, dialog: use_context::<Dialog>(), changes: use_context::<Changes>() };
    let submit = submitter(action.clone(), check, upload, state, after);
    view! {
        <form
            method="post"
            id=id
            action=action
            enctype=upload.then_some("multipart/form-data")
            class=class
            novalidate
            node_ref=form
            aria-busy=move || state.busy().then_some("true")
            on:submit=submit
        >
            {move || state.no().map(|no| view! { <FormAlert no /> })}
            <Provider value=state>{children()}</Provider>
        </form>
    }
}

/// What happens once the act is done.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "read in the browser only"))]
struct After {
    fresh: bool,
    quiet: bool,
    dialog: Option<Dialog>,
    changes: Option<Changes>,
}

#[cfg(feature = "hydrate")]
fn submitter(action: String, check: Option<Check>, upload: bool, state: FormState, after: After) -> impl FnMut(SubmitEvent) {
    let navigate = leptos_router::hooks::use_navigate();
    move |event| send::submit(&event, &action, check, upload, state, after, navigate.clone())
}

#[cfg(not(feature = "hydrate"))]
fn submitter(_: String, _: Option<Check>, _: bool, _: FormState, _: After) -> impl FnMut(SubmitEvent) {
    |_| {}
}

/// The refusal, inside the form it belongs to.
#[component]
fn FormAlert(no: Error) -> impl IntoView {
    if let Some(words) = use_context::<Words>() {
        return words.alert(&no).map(|sentence| view! { <Alert>{sentence}</Alert> }).into_any();
    }
    let sentence = match &no {
        Error::Refused(refusal) => refusal.to_string(),
        Error::Unreachable => "No answer came. Send the form again: it will not be done twice.".to_owned(),
    };
    let sign_in = (no == Error::Refused(Refusal::SignInFirst)).then(
        || view! { " " <a href="/login" rel="external" target="_blank">"Sign in in another tab"</a> " and send the form again." },
    );
    view! { <Alert>{sentence} {sign_in}</Alert> }.into_any()
}

#[component]
fn Alert(children: Children) -> impl IntoView {
    view! {
        <div role="alert" tabindex="-1">
            <Notice tone=Tone::Bad>{children()}</Notice>
        </div>
    }
}

/// Without script: why an act was refused whose button the page no longer shows, such as *Retry* of a message that went out meanwhile.
/// Every page with buttons in its rows has one above them.
#[component]
pub fn Unclaimed(
    /// The addresses that the page's forms post to; each says itself why it was refused.
    forms: Vec<String>,
) -> impl IntoView {
    let posted = use_boot().posted.filter(|posted| !forms.contains(&posted.path))?;
    let no = FormState::new("", Some(posted)).no()?;
    Some(view! { <div class="unclaimed"><FormAlert no /></div> })
}

/// The form's row of buttons.
#[component]
pub fn Buttons(
    /// The buttons, the act first.
    children: Children,
) -> impl IntoView {
    view! { <div class="buttons">{children()}</div> }
}

/// The button that does the act; it waits while the form is under way.
#[component]
pub fn Submit(
    /// What the button says.
    #[prop(into)]
    label: String,
    /// What it says while the act is under way, where that may take a while.
    #[prop(optional, into)]
    busy: Option<String>,
    /// For an act that cannot be reversed.
    #[prop(optional)]
    danger: bool,
    /// The name of the choice this button makes, in a form with several buttons.
    #[prop(optional)]
    name: Option<&'static str>,
    /// The choice.
    #[prop(optional)]
    value: Option<&'static str>,
) -> impl IntoView {
    let state = FormState::here();
    let class = if danger { "button danger" } else { "button primary" };
    view! {
        <button type="submit" class=class name=name value=value aria-disabled=move || state.busy().then_some("true")>
            {move || busy.clone().filter(|_| state.busy()).unwrap_or_else(|| label.clone())}
        </button>
    }
}

/// Leaves the form and changes nothing: a link on its page, and closes the dialog in one.
#[component]
pub fn Cancel(
    /// Where to.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    let dialog = use_context::<Dialog>();
    let close = move |event: leptos::ev::MouseEvent| {
        if let Some(dialog) = dialog {
            event.prevent_default();
            dialog.close();
        }
    };
    view! { <a class="button" href=href on:click=close>"Cancel"</a> }
}

/// A value that travels with the form unseen, such as its key.
#[component]
pub fn Hidden(
    /// The field's name.
    name: &'static str,
    /// The field's value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let value = FormState::here().typed(name).unwrap_or(value);
    view! { <input type="hidden" name=name value=value /> }
}
