//! What the reader ticks is kept at once: the selection survives paging and reloading without another click.

use crate::parts::form::FormState;
#[cfg(feature = "hydrate")]
pub use browser::note_tick;
#[cfg(feature = "hydrate")]
use browser::{forget_notes, has_unkept_ticks, press_keep};
use leptos::{html, prelude::*};

/// With script, every tick is kept as the button `keep` of the form around it would keep it. Without script the button does it.
#[component]
pub fn AutoKeep(
    /// Counts what the reader ticks.
    ticks: RwSignal<u32>,
) -> impl IntoView {
    let state = FormState::here();
    let marker = NodeRef::<html::Span>::new();
    // Nothing until the list is there to be looked at.
    Effect::new(move |kept: Option<Option<u32>>| {
        let (ticks, busy, kept) = (ticks.get(), state.busy(), kept.flatten());
        let marker = marker.get()?;
        // What was ticked while the list was being read again is not in the selection yet.
        let missed = kept.is_none() && has_unkept_ticks(&marker);
        if !busy && (missed || ticks != kept.unwrap_or_default()) {
            press_keep(&marker);
        }
        Some(if busy { kept.unwrap_or_default() } else { ticks })
    });
    // What is on its way is no longer only the reader's. What is ticked meanwhile is.
    Effect::new(move |_| {
        if state.busy()
            && let Some(marker) = marker.get_untracked()
        {
            forget_notes(&marker);
        }
    });
    view! { <span node_ref=marker hidden></span> }
}

#[cfg(not(feature = "hydrate"))]
fn has_unkept_ticks(_: &web_sys::HtmlSpanElement) -> bool {
    false
}

/// Notes on a box what the reader made of it.
#[cfg(not(feature = "hydrate"))]
pub fn note_tick(_: &web_sys::Event) {}

#[cfg(not(feature = "hydrate"))]
fn forget_notes(_: &web_sys::HtmlSpanElement) {}

#[cfg(not(feature = "hydrate"))]
fn press_keep(_: &web_sys::HtmlSpanElement) {}

#[cfg(feature = "hydrate")]
mod browser {
    //! Boxes as they stand in the page.

    use leptos::wasm_bindgen::JsCast;
    use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

    /// What a box was made by the reader and not sent yet: its value, and whether it is ticked.
    const NOTED: &str = "data-noted";

    /// Notes on a box what the reader made of it. A list that is read again before the form is sent would forget it.
    pub fn note_tick(event: &Event) {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            let _ = input.set_attribute(NOTED, &noted(&input, input.checked()));
        }
    }

    /// With the value, because the row in which a box stands may have become another.
    fn noted(input: &HtmlInputElement, ticked: bool) -> String {
        format!("{}:{ticked}", input.value())
    }

    fn form_around(inside: &Element) -> Option<HtmlFormElement> {
        inside.closest("form").ok().flatten()?.dyn_into().ok()
    }

    /// The boxes that belong to a form by its id.
    fn boxes(form: Option<&HtmlFormElement>) -> impl Iterator<Item = HtmlInputElement> + use<> {
        let boxes = form.filter(|form| !form.id().is_empty()).and_then(|form| {
            let selector = format!("input[name=select][form={}]", form.id());
            form.owner_document()?.query_selector_all(&selector).ok()
        });
        let boxes = boxes.into_iter().flat_map(|boxes| (0..boxes.length()).filter_map(move |index| boxes.get(index)));
        boxes.filter_map(|node| node.dyn_into::<HtmlInputElement>().ok())
    }

    /// Forgets what the reader made of the boxes.
    pub fn forget_notes(inside: &HtmlElement) {
        for input in boxes(form_around(inside).as_ref()) {
            let _ = input.remove_attribute(NOTED);
        }
    }

    /// Gives the boxes of a list that was read again back what the reader made of them meanwhile. Is any not as the page was rendered?
    pub fn has_unkept_ticks(inside: &HtmlElement) -> bool {
        let mut any = false;
        for input in boxes(form_around(inside).as_ref()) {
            let note = input.get_attribute(NOTED);
            if let Some(ticked) = [true, false].into_iter().find(|ticked| note.as_ref() == Some(&noted(&input, *ticked))) {
                input.set_checked(ticked);
            }
            any |= input.checked() != input.has_attribute("checked");
        }
        any
    }

    /// Sends the form by its button `keep`.
    pub fn press_keep(inside: &HtmlElement) {
        let Some(form) = form_around(inside) else { return };
        let button = form.query_selector("button[value=keep]").ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = form.request_submit_with_submitter(Some(&button));
        }
    }
}
