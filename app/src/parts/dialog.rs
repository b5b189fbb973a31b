//! Dialogs: a link to an act's page opens the page's own form over the list when script is there, and leads to the page otherwise.
//! The open dialog is an entry in the history, so Back closes it, as Escape does; the focus then returns to the link.

use crate::parts::{icon::Icon, load::Changes};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};
use std::sync::Arc;
use web_sys::HtmlElement;

/// What stands in a dialog.
type Body = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// The one dialog of a page, found by links and forms through the context.
#[derive(Clone, Copy)]
pub struct Dialogs {
    open: RwSignal<Option<Open>>,
    opener: StoredValue<String>,
    /// What is read again when something below a dialog changed. Not found through the context later: a dialog provides its own.
    below: Option<Changes>,
}

#[derive(Clone)]
struct Open {
    title: String,
    body: Body,
}

/// The dialog around a form.
#[derive(Clone, Copy)]
pub struct Dialog(Dialogs);

impl Dialogs {
    /// Provides the dialog's place to everything below. Render [`DialogHost`] once beside it.
    pub fn provide() {
        provide_context(Dialogs { open: RwSignal::new(None), opener: StoredValue::new(String::new()), below: use_context() });
    }

    fn open(self, title: String, body: Body, opener: String) {
        push_entry();
        self.opener.set_value(opener);
        self.open.set(Some(Open { title, body }));
    }

    /// Takes the dialog away; the focus goes back to the link that opened it. False when none was open.
    fn shut(self) -> bool {
        let was_open = self.open.try_with_untracked(Option::is_some).unwrap_or(false);
        if was_open {
            self.open.set(None);
            let opener = self.opener.try_get_value().unwrap_or_default();
            request_animation_frame(move || focus_on_link(&opener));
        }
        was_open
    }
}

impl Dialog {
    /// Closes the dialog and goes back to the entry below it.
    pub fn close(self) {
        if self.finish() {
            go_back();
        }
    }

    /// Something below the dialog changed: it is read again, and the dialog stays as it is.
    pub fn note_change(self) {
        if let Some(below) = self.0.below {
            below.note();
        }
    }

    /// Closes the dialog and leaves its entry in the history to whoever navigates now. False when it was closed already.
    pub fn finish(self) -> bool {
        self.0.shut()
    }
}

/// A link to an act's page, that opens the page's form over this one when it can.
#[component]
pub fn ActLink(
    /// The page's address.
    #[prop(into)]
    href: String,
    /// The dialog's heading: that of the page.
    #[prop(into)]
    title: String,
    /// The form.
    body: impl Fn() -> AnyView + Send + Sync + 'static,
    /// The link's look.
    #[prop(optional)]
    class: &'static str,
    /// What the link is called, where its words alone do not say it.
    #[prop(optional, into)]
    label: Option<String>,
    /// The link's words.
    children: Children,
) -> impl IntoView {
    let dialogs = use_context::<Dialogs>();
    let body: Body = Arc::new(body);
    let opener = href.clone();
    let open = move |event: ev::MouseEvent| {
        let plain = event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if let (true, Some(dialogs)) = (plain, dialogs) {
            event.prevent_default();
            dialogs.open(title.clone(), body.clone(), opener.clone());
        }
    };
    view! { <a href=href class=class aria-label=label aria-haspopup="dialog" on:click=open>{children()}</a> }
}

/// A link to another page from a form, which takes the form's dialog away.
#[component]
pub fn Leave(
    /// Where to.
    #[prop(into)]
    href: String,
    /// The link's look.
    #[prop(optional)]
    class: &'static str,
    /// What the link is called, where its words alone do not say it.
    #[prop(optional, into)]
    label: Option<String>,
    /// The link's words.
    children: Children,
) -> impl IntoView {
    let dialog = use_context::<Dialog>();
    let leave = move |_: ev::MouseEvent| {
        if let Some(dialog) = dialog {
            dialog.finish();
        }
    };
    view! { <a href=href class=class aria-label=label on:click=leave>{children()}</a> }
}

/// Where the dialog stands. Empty until a link opens it.
#[component]
pub fn DialogHost() -> impl IntoView {
    let Some(dialogs) = use_context::<Dialogs>() else { return ().into_any() };
    close_on_back(dialogs);
    (move || dialogs.open.get().map(|open| view! { <OpenDialog dialogs open /> })).into_any()
}

#[component]
fn OpenDialog(dialogs: Dialogs, open: Open) -> impl IntoView {
    let dialog = Dialog(dialogs);
    provide_context(dialog);
    Changes::provide();
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            let _ = element.show_modal();
        }
    });
    // Escape: the entry in the history goes with the dialog.
    let cancel = move |event: ev::Event| {
        event.prevent_default();
        dialog.close();
    };
    view! {
        <dialog node_ref=element aria-labelledby="dialog-title" on:cancel=cancel>
            <header>
                <h2 id="dialog-title">{open.title.clone()}</h2>
                <button type="button" class="icon-button" aria-label="Close" on:click=move |_| dialog.close()>
                    <Icon name="close" />
                </button>
            </header>
            <div class="dialog-body">{(open.body)()}</div>
        </dialog>
    }
}

#[cfg(feature = "hydrate")]
fn close_on_back(dialogs: Dialogs) {
    let handle = window_event_listener(ev::popstate, move |_| {
        dialogs.shut();
    });
    on_cleanup(move || handle.remove());
}

#[cfg(not(feature = "hydrate"))]
fn close_on_back(_: Dialogs) {}

fn push_entry() {
    let Some(window) = web_sys::window() else { return };
    if let (Ok(history), Ok(here)) = (window.history(), window.location().href()) {
        let _ = history.push_state_with_url(&leptos::wasm_bindgen::JsValue::NULL, "", Some(&here));
    }
}

fn go_back() {
    if let Some(Ok(history)) = web_sys::window().map(|window| window.history()) {
        let _ = history.back();
    }
}

/// The link may have been rendered anew meanwhile, so it is found by where it leads.
fn focus_on_link(href: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let link = document.and_then(|document| document.query_selector(&format!("main a[href=\"{href}\"]")).ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        let _ = link.focus();
    }
}
