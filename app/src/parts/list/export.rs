//! Exporting a list: a plain form, which the browser answers with a download, with script and without.

use super::Kept;
use crate::address::Address;
use leptos::prelude::*;
use model::export::ExportList;

/// What is filtered, as a file.
#[component]
pub fn ExportMenu(
    /// The list.
    list: ExportList,
    /// The list's own parameters.
    here: Address,
) -> impl IntoView {
    let kept = ["sort", "size", "cursor"].into_iter().fold(here, |kept, name| kept.without(name));
    view! {
        <details class="filters export">
            <summary class="chip">"Export"</summary>
            <form method="get" action=format!("{}/export", list.page()) class="panel stack">
                <Kept here=kept />
                <p class="soft">"Everything this search and these filters hold, the newest first."</p>
                <div class="check">
                    <input type="checkbox" id="export-bom" name="bom" value="1" />
                    <label for="export-bom">"CSV with BOM, for Excel"</label>
                </div>
                <div class="buttons">
                    <button class="button primary" type="submit" name="format" value="csv">"Export CSV"</button>
                    <button class="button" type="submit" name="format" value="json">"Export JSON"</button>
                </div>
            </form>
        </details>
    }
}
