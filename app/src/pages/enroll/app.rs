//! The step of an authenticator app: scan or type the key, then prove it with a code.

use super::{
    code::{CodeField, NAME},
    frame::Frame,
    over::{Ending, EndsHere},
    qr::Qr,
};
use crate::parts::form::{ActForm, FormState, Submit};
use leptos::prelude::*;
use model::{
    catalogue::{
        self,
        enroll::{CodeTexts, counted},
    },
    enrolling::{Host, SESSION_PATH, Step},
    problem::Problem,
};
use std::time::Duration;

/// The step.
#[component]
pub fn AppStep(
    /// Whose page it is.
    host: Host,
    /// The person's name.
    name: String,
    /// What it shows.
    step: Step,
    /// Where it is noted that the session is over.
    ending: Ending,
) -> impl IntoView {
    let Step::App { qr, key, address, digits, attempts_left, stop, minutes_left } = step else { return ().into_any() };
    let language = catalogue::of(&host.language);
    let (texts, code) = (&language.enroll.app, &language.enroll.code);
    let who = catalogue::fill(texts.who, &[("name", &name), ("day", &stop.long())]);
    view! {
        <Frame host title=texts.title step=2 foot=texts.not_you>
            <p class="soft">{who}</p>
            <p class="unseen">{texts.scan}</p>
            <Qr modules=qr label=texts.qr />
            <div class="field">
                <p>
                    <a href=address rel="external noreferrer">
                        {texts.open}
                    </a>
                    " "
                    {texts.or_type}
                </p>
                <label class="unseen" for="enroll-key">
                    {texts.key}
                </label>
                <output id="enroll-key" class="key">
                    {key}
                </output>
                <small>{texts.key_hint}</small>
            </div>
            <ActForm action=SESSION_PATH class="stack">
                <EndsHere ending />
                <CodeField texts=code digits />
                <Left texts=code attempts=attempts_left minutes=minutes_left ending />
                <Submit label=code.verify />
            </ActForm>
        </Frame>
    }
    .into_any()
}

/// What is left: attempts, told by the last answer, and minutes, counted down while the page is open.
#[component]
fn Left(texts: &'static CodeTexts, attempts: u8, minutes: u16, ending: Ending) -> impl IntoView {
    let state = FormState::here();
    let attempts = Memo::new(move |last: Option<&u32>| match state.wrong(NAME) {
        Some(Problem::WrongCode { left }) => left,
        _ => last.copied().unwrap_or(u32::from(attempts)),
    });
    let minutes = RwSignal::new(u32::from(minutes));
    Effect::new(move |_| {
        let tick = move || match minutes.get_untracked().checked_sub(1) {
            Some(left) => minutes.set(left),
            None => ending.time_is_over(),
        };
        if let Ok(ticking) = set_interval_with_handle(tick, Duration::from_secs(60)) {
            on_cleanup(move || ticking.clear());
        }
    });
    view! {
        <p class="left">
            <span>{move || counted(texts.attempts_left, attempts.get())}</span>
            " · "
            <span>{move || counted(texts.minutes_left, minutes.get())}</span>
        </p>
    }
}
