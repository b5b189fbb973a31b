//! Forms that only ask: they lead to an address, with or without script.

use crate::{
    address::Address,
    boot::{Posted, Reply},
    parts::{form::FormState, icon::Icon},
};
use leptos::{context::Provider, ev::SubmitEvent, html, prelude::*, wasm_bindgen::JsCast};
use model::{Refusal, form::Form, problem::Problems};

/// A form whose fields become the query of `action`. With script the page is not loaded anew, keeps its place, and empty fields are
/// left out of the address.
#[component]
pub fn GetForm(
    /// The path of the page it leads to.
    #[prop(into)]
    action: String,
    /// The form's look.
    #[prop(optional)]
    class: &'static str,
    /// Go to the top of the page it leads to.
    #[prop(optional)]
    to_top: bool,
    /// Its fields and buttons.
    children: Children,
) -> impl IntoView {
    let submit = submitter(action.clone(), to_top);
    view! {
        <form method="get" action=action class=class novalidate on:submit=submit>
            {children()}
        </form>
    }
}

#[cfg(feature = "hydrate")]
fn submitter(action: String, to_top: bool) -> impl FnMut(SubmitEvent) {
    use crate::parts::form::fields_of;
    let navigate = leptos_router::hooks::use_navigate();
    move |event| {
        let Some((form, mut fields)) = fields_of(&event) else { return };
        event.prevent_default();
        fields.0.retain(|(_, value)| !value.is_empty());
        if let Ok(Some(open)) = form.closest("details[open]") {
            let _ = open.remove_attribute("open");
            focus_on(&open, "summary");
        }
        let options = leptos_router::NavigateOptions { scroll: to_top, ..Default::default() };
        navigate(&fields.at(&action), options);
    }
}

#[cfg(not(feature = "hydrate"))]
fn submitter(_: String, _: bool) -> impl FnMut(SubmitEvent) {
    |_| {}
}

/// A form that leads on with what it holds, and shows what is wrong with it when it comes back.
#[component]
pub fn AskForm<F: Form + Send + 'static>(
    /// The path of the page it leads to.
    #[prop(into)]
    action: String,
    /// What it holds.
    form: F,
    /// What is wrong with that.
    problems: Problems,
    /// The form's look.
    #[prop(optional)]
    class: &'static str,
    /// Its fields and buttons.
    children: Children,
) -> impl IntoView {
    let wrong = !problems.is_empty();
    let posted =
        wrong.then(|| Posted { path: action.clone(), fields: form.fields(), reply: Reply::No(Refusal::Invalid(problems)) });
    let state = FormState::new(&action, posted);
    let root = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let (true, Some(root)) = (wrong, root.get()) {
            request_animation_frame(move || focus_on(&root, "[aria-invalid=true]"));
        }
    });
    view! {
        <div node_ref=root>
            <GetForm action class to_top=true>
                <Provider value=state>{children()}</Provider>
            </GetForm>
        </div>
    }
}

fn focus_on(root: &web_sys::Element, selector: &str) {
    let wanted = root.query_selector(selector).ok().flatten();
    if let Some(wanted) = wanted.and_then(|wanted| wanted.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = wanted.focus();
    }
}

/// Parameters of the page's address that a form keeps, in hidden fields.
#[component]
pub fn Kept(
    /// The address with what is kept.
    here: Address,
) -> impl IntoView {
    let kept = here.fields().iter().map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone() /> });
    kept.collect_view()
}

/// The search of a list. Without script it is a form like any other.
#[component]
pub fn Search(
    /// The field's accessible name.
    #[prop(into)]
    label: String,
    /// The list's address now; its other parameters stay.
    here: Address,
    /// The path of the list.
    #[prop(into)]
    path: String,
    /// The parameter.
    #[prop(default = "search")]
    name: &'static str,
    /// Where the list begins anew.
    #[prop(default = "cursor")]
    cursor: &'static str,
    /// What is searched for now.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let hint = format!("{name}-hint");
    view! {
        <search class="search">
            <GetForm action=path>
                <Kept here=here.without(name).without(cursor) />
                <Icon name="search" />
                <input
                    type="search"
                    name=name
                    value=value.clone()
                    prop:value=value
                    aria-label=label.clone()
                    aria-describedby=hint.clone()
                    placeholder=label
                    maxlength="100"
                    autocomplete="off"
                />
                <button type="submit" class="unseen">"Search"</button>
                <small class="hint" id=hint>
                    "1–2 characters match the beginning of a word or number, three or more match anywhere."
                </small>
            </GetForm>
        </search>
    }
}
