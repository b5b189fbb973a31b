//! **Ask for a new link**, on the page of a link that is too old or whose stop date is over.

use crate::parts::form::{ActForm, Submit};
use leptos::prelude::*;
use model::{
    catalogue::enroll::{AskTexts, EnrollTexts, OverText},
    enrolling::Ask,
};

/// What pressing the button does, and the button; or that it was pressed.
pub fn offer(texts: &'static EnrollTexts, ask: Ask, secret: &str) -> (&'static str, Option<AnyView>) {
    let texts = &texts.ask;
    match ask {
        Ask::ForLink => (texts.for_link, Some(button(texts, secret))),
        Ask::ForHelp => (texts.for_help, Some(button(texts, secret))),
        Ask::Asked => (texts.asked, None),
    }
}

fn button(texts: &'static AskTexts, secret: &str) -> AnyView {
    view! {
        <ActForm action=format!("/enroll/ask/{secret}") fresh=true class="stack">
            <Submit label=texts.button />
        </ActForm>
    }
    .into_any()
}

/// What asking came to, from the address it leads to.
pub fn outcome(texts: &'static EnrollTexts, asked: &str) -> Option<OverText> {
    match asked {
        "sent" => Some(texts.ask.sent),
        "requested" => Some(texts.ask.requested),
        _ => None,
    }
}
