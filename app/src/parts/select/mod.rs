//! Choosing rows of a list for an act over many. The boxes belong to the bar's form by its id, because rows may hold forms of their own.

mod ticks;

use crate::{
    parts::form::{ActForm, FormState, Hidden},
    words::counted,
};
use leptos::prelude::*;
use model::{
    bulk::BulkAct,
    listing::{Total, grouped},
};
use ticks::{AutoKeep, note_tick};

/// The form's id; a page has one.
const FORM: &str = "selection";

/// Above the table: how many are selected, and what can be done with them.
#[component]
pub fn SelectBar(
    /// The address that the form posts to.
    #[prop(into)]
    action: String,
    /// What a row is: `task`, `enrollment`, `user`.
    what: &'static str,
    /// The list's own query string.
    query: String,
    /// The selection in the address.
    selection: Option<String>,
    /// How many rows it holds.
    count: i64,
    /// The form's key.
    key: String,
    /// How many rows the filter holds.
    total: Total,
    /// Counts what the reader ticks.
    ticks: RwSignal<u32>,
    /// What can be done with those selected.
    children: Children,
) -> impl IntoView {
    view! {
        <ActForm action id=FORM quiet=true>
            <Hidden name="selection" value=selection.unwrap_or_default() />
            <Hidden name="query" value=query />
            <Hidden name="key" value=key />
            <AutoKeep ticks />
            <Bar what count total children />
        </ActForm>
    }
}

#[component]
fn Bar(what: &'static str, count: i64, total: Total, children: Children) -> impl IntoView {
    let state = FormState::here();
    let some = count > 0;
    let all = match total {
        Total::Exactly(0) => None,
        Total::Exactly(count) => Some(grouped(i64::from(count))),
        Total::Many => Some(total.to_string()),
    };
    let all = all.map(|all| {
        view! { <button class="button small" type="submit" name="act" value="all">{format!("Select all {all} that match")}</button> }
    });
    view! {
        <div class="selected" class:some=some>
            <strong aria-live="polite">{counted(count, what)} " selected"</strong>
            {children()}
            {all}
            <button class="button small keep" type="submit" name="act" value="keep">"Keep selection"</button>
            {some.then(|| view! { <button class="button small" type="submit" name="act" value="none">"Clear selection"</button> })}
            <p class="problem">{move || state.problem("select")}</p>
        </div>
    }
}

/// The acts over many, a button each.
#[component]
pub fn BulkActs(
    /// Those the operator may do.
    acts: Vec<BulkAct>,
) -> impl IntoView {
    let acts = acts.into_iter().map(|act| {
        let class = if act == BulkAct::Remove { "button small danger" } else { "button small" };
        view! { <button class=class type="submit" name="act" value=act.code()>{act.name()}</button> }
    });
    view! { <span class="acts" role="group" aria-label="With those selected">{acts.collect_view()}</span> }
}

/// A row's box.
#[component]
pub fn SelectBox(
    /// The row.
    row: i64,
    /// What the box is called: `Select task 7`.
    #[prop(into)]
    label: String,
    /// Is it in the selection?
    selected: bool,
    /// Counts what the reader ticks.
    ticks: RwSignal<u32>,
) -> impl IntoView {
    let value = row.to_string();
    view! {
        <input type="hidden" name="shown" value=value.clone() form=FORM />
        <input
            type="checkbox"
            name="select"
            value=value
            form=FORM
            aria-label=label
            checked=selected
            prop:checked=selected
            on:change=move |event| {
                note_tick(&event);
                ticks.update(|count| *count += 1);
            }
        />
    }
}
