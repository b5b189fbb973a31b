//! The browser's entry: wakes the page the server rendered. Nothing else, ever.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script when this module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    app::mark_hydrated();
}
