//! What a person sees: pages, parts, the calls behind them, and the acts their forms post to. Compiled twice, for the server
//! (feature `ssr`) and for the browser (feature `hydrate`).
//!
//! To add a page: a function in `api/` that answers all the page shows, a file in `pages/`, a line in [`routes`]. To add an act: its
//! form in `model`, a function in `acts/` with a line in its table, and an `<ActForm>` on the page of the same address.

// The view macro names the builders of its components by full paths.
#![allow(unused_qualifications)]

#[cfg(feature = "ssr")]
pub mod acts;
pub mod address;
pub mod api;
pub mod boot;
#[cfg(feature = "ssr")]
pub mod ctx;
pub mod json;
pub mod pages;
pub mod parts;
mod routes;
#[cfg(feature = "ssr")]
mod shell;
pub mod words;

pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;

/// Sets the marker `data-hydrated` on the document once the page answers to the browser half; tests wait for it.
pub fn mark_hydrated() {
    let mark = || {
        let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.document_element());
        if let Some(root) = root {
            let _ = root.set_attribute("data-hydrated", "");
        }
    };
    // What hangs on data wakes in microtasks of its own; a timer comes after them.
    leptos::prelude::set_timeout(mark, std::time::Duration::ZERO);
}
