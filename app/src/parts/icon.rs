//! An icon from the sprite. Always beside a word, so it is hidden from screen readers.

use crate::boot::icon;
use leptos::prelude::*;

/// The icon of that name in `assets/icons.svg`.
#[component]
pub fn Icon(
    /// The symbol's id.
    name: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use href=icon(name) />
        </svg>
    }
}
