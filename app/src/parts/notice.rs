//! Sentences that stand by themselves: an alert, a hint, a page that cannot be shown.

use crate::{api::Error, parts::icon::Icon};
use leptos::prelude::*;
use leptos_meta::Title;
use model::{Refusal, refusal::Thing};

/// What kind of notice it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Something to decide with care.
    Warning,
    /// Something went wrong.
    Bad,
    /// Something went well.
    Good,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Tone::Info => "notice info",
            Tone::Warning => "notice warning",
            Tone::Bad => "notice bad",
            Tone::Good => "notice good",
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Tone::Info => "info",
            Tone::Warning | Tone::Bad => "alert",
            Tone::Good => "check",
        }
    }
}

/// A sentence or two, set apart.
#[component]
pub fn Notice(
    /// Its kind.
    tone: Tone,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=tone.class()>
            <Icon name=tone.icon() />
            <div>{children()}</div>
        </div>
    }
}

/// What an act came to that led here. Stands outside of what is read again, so that a screen reader hears it.
#[component]
pub fn Outcome(
    /// The sentence; nothing where no act led here.
    words: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <div role="status" class="outcome">
            {move || words().map(|words| view! { <Notice tone=Tone::Good>{words}</Notice> })}
        </div>
    }
}

/// In place of a page that cannot be shown: a heading, the sentence, and where to go from here.
#[component]
pub fn Refused(
    /// Why.
    error: Error,
) -> impl IntoView {
    let heading = heading(&error);
    let way_out = match &error {
        Error::Refused(Refusal::SignInFirst) => {
            view! { <a class="button primary" href="/login" rel="external">"Sign in"</a> }.into_any()
        }
        Error::Refused(Refusal::NotFound(Thing::User)) => view! { <a class="button" href="/users">"Users"</a> }.into_any(),
        _ => view! { <a class="button" href="/">"Dashboard"</a> }.into_any(),
    };
    view! {
        <Title text=heading />
        <section class="refused">
            <h1>{heading}</h1>
            <p>{error.to_string()}</p>
            <p>{way_out}</p>
        </section>
    }
}

const fn heading(error: &Error) -> &'static str {
    match error {
        Error::Unreachable => "No answer",
        Error::Refused(refusal) => match refusal {
            Refusal::SignInFirst => "Sign in",
            Refusal::Forbidden(_) | Refusal::ForeignForm { .. } => "Not allowed",
            Refusal::NotFound(_) => "Not found",
            Refusal::BadRequest(_) | Refusal::Invalid(_) => "Bad request",
            Refusal::Busy => "Try again in a moment",
            Refusal::Accident { .. } => "Something went wrong",
            _ => "Not possible",
        },
    }
}
