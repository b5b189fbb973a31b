//! The browser's half of the form mechanism: the same fields to the same address, the answer as JSON.

use super::{After, Check, FormState};
use crate::{api::Error, boot::Reply, json, parts::load::go_to_sign_in};
use gloo_net::http::Request;
use leptos::{
    ev::SubmitEvent,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
};
use leptos_router::NavigateOptions;
use model::{
    Refusal,
    form::{Done, Fields},
};
use web_sys::{FormData, HtmlElement, HtmlFormElement};

/// Handles a form's submit event.
pub fn submit(
    event: &SubmitEvent,
    action: &str,
    check: Option<Check>,
    upload: bool,
    state: FormState,
    after: After,
    navigate: impl Fn(&str, NavigateOptions) + Clone + 'static,
) {
    let Some((form, data)) = data_of(event) else { return };
    event.prevent_default();
    if !state.begin() {
        return;
    }
    let fields = entries(&data);
    if let Some(Err(refusal)) = check.map(|check| check(&fields)) {
        state.settle(Some(Error::Refused(refusal)));
        focus_on_outcome(form);
        return;
    }
    let action = action.to_owned();
    leptos::task::spawn_local(async move {
        match post(&action, upload.then_some(data), &fields).await {
            Ok(Reply::Go(done)) => finish(&done, state, after, navigate),
            Ok(Reply::Report(report)) => {
                state.show_report(report);
                // What had the focus may be gone with the fields.
                focus_on_outcome(form);
                if let Some(dialog) = after.dialog {
                    dialog.note_change();
                }
            }
            Ok(Reply::No(Refusal::SignInFirst)) if after.fresh => go_to_sign_in(),
            Ok(Reply::No(refusal)) => refused(form, state, Error::Refused(refusal)),
            Err(no) => refused(form, state, no),
        }
    });
}

/// The form that is being sent, and its fields with those of the button that sends it.
pub fn fields_of(event: &SubmitEvent) -> Option<(HtmlFormElement, Fields)> {
    let (form, data) = data_of(event)?;
    Some((form, entries(&data)))
}

fn data_of(event: &SubmitEvent) -> Option<(HtmlFormElement, FormData)> {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok())?;
    let data = FormData::new_with_form(&form).ok()?;
    append_button(event, &data);
    Some((form, data))
}

/// A form's data leaves out the button that sent it.
fn append_button(event: &SubmitEvent, data: &FormData) {
    let button = event.submitter();
    let attribute =
        |name| button.as_ref().and_then(|button| button.get_attribute(name)).filter(|value: &String| !value.is_empty());
    if let Some(name) = attribute("name") {
        let _ = data.append_with_str(&name, &attribute("value").unwrap_or_default());
    }
}

/// Every field but files.
fn entries(data: &FormData) -> Fields {
    let pairs = js_sys::try_iter(data).ok().flatten();
    let pairs = pairs.into_iter().flatten().filter_map(Result::ok).map(|pair| js_sys::Array::from(&pair));
    Fields(pairs.filter_map(|pair| Some((pair.get(0).as_string()?, pair.get(1).as_string()?))).collect())
}

fn refused(form: HtmlFormElement, state: FormState, no: Error) {
    state.settle(Some(no));
    focus_on_outcome(form);
}

async fn post(action: &str, file: Option<FormData>, fields: &Fields) -> Result<Reply, Error> {
    let request = Request::post(action).header("accept", "application/json");
    let request = match file {
        Some(data) => request.body(JsValue::from(data)),
        None => {
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields.0).finish();
            request.header("content-type", "application/x-www-form-urlencoded").body(body)
        }
    };
    let response = request.map_err(|_| Error::Unreachable)?.send().await.map_err(|_| Error::Unreachable)?;
    let text = response.text().await.map_err(|_| Error::Unreachable)?;
    json::read(&text).map_err(|_| Error::Unreachable)
}

fn finish(done: &Done, state: FormState, after: After, navigate: impl Fn(&str, NavigateOptions)) {
    let Some(location) = web_sys::window().map(|window| window.location()) else { return };
    if after.fresh {
        let _ = location.set_href(&done.to);
        return;
    }
    let here = format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    // A page that is about to be read anew brings a form of its own; until then this one takes nothing more.
    if !after.quiet || here == done.to {
        state.settle(None);
    }
    // The dialog's own entry in the history gives way to where the act leads.
    let replace = after.dialog.is_some_and(|dialog| dialog.finish());
    let replace = replace || after.quiet || here == done.to;
    navigate(&done.to, NavigateOptions { replace, scroll: !after.quiet, ..NavigateOptions::default() });
    if here == done.to {
        match (after.dialog, after.changes) {
            (Some(dialog), _) => dialog.note_change(),
            (None, Some(changes)) => changes.note(),
            (None, None) => {}
        }
    }
}

/// After the page has shown what came of the form: the first wrong field, or the sentence.
fn focus_on_outcome(form: HtmlFormElement) {
    request_animation_frame(move || {
        let wrong = form.query_selector("[aria-invalid=true]").ok().flatten();
        let wrong = wrong.or_else(|| form.query_selector("[role=alert]").ok().flatten());
        if let Some(element) = wrong.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
