//! The field of an authenticator's code: large digits, a keyboard of digits, and what is wrong said aloud.

use crate::parts::form::FormState;
use leptos::prelude::*;
use model::catalogue::{self, enroll::CodeTexts};

/// The field's name in the form.
pub const NAME: &str = "code";

/// One code.
#[component]
pub fn CodeField(
    /// The texts.
    texts: &'static CodeTexts,
    /// How many digits a code has.
    digits: u8,
) -> impl IntoView {
    let state = FormState::here();
    let id = state.id(NAME);
    let (problem_id, hint_id) = (format!("{id}-problem"), format!("{id}-hint"));
    let described = format!("{problem_id} {hint_id}");
    let hint = catalogue::fill(texts.hint, &[("digits", &digits.to_string())]);
    view! {
        <div class="field code required">
            <label for=id.clone()>{texts.label}</label>
            <input
                id=id
                name=NAME
                type="text"
                inputmode="numeric"
                autocomplete="one-time-code"
                autocapitalize="off"
                spellcheck="false"
                autofocus=state.wrong(NAME).is_some()
                aria-required="true"
                aria-invalid=move || state.wrong(NAME).is_some().then_some("true")
                aria-describedby=described
            />
            <p class="problem" id=problem_id role="alert">
                {move || state.problem(NAME)}
            </p>
            <small id=hint_id>{hint}</small>
        </div>
    }
}
