//! Fields of the filters with a value.

use leptos::prelude::*;
use model::day::Day;

/// A filter that is one of a few.
#[component]
pub fn SelectField(
    /// The parameter.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// Value and words of each; *Any* comes first.
    options: Vec<(&'static str, &'static str)>,
    /// The value that is set; empty for any.
    chosen: String,
) -> impl IntoView {
    let id = format!("filter-{name}");
    let options = [("", "Any")].into_iter().chain(options).map(|(value, words)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected prop:selected=selected>{words}</option> }
    });
    let options = options.collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>{options}</select>
        </div>
    }
}

/// A filter that is a name as people write it.
#[component]
pub fn NameField(
    /// The parameter.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// What is set.
    value: Option<String>,
) -> impl IntoView {
    let (id, value) = (format!("filter-{name}"), value.unwrap_or_default());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name value=value.clone() prop:value=value maxlength="100" autocomplete="off" />
        </div>
    }
}

/// A filter that is a day.
#[component]
pub fn DayField(
    /// The parameter.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// What is set.
    day: Option<Day>,
) -> impl IntoView {
    let (id, day) = (format!("filter-{name}"), day.map(Day::iso).unwrap_or_default());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id type="date" name=name value=day.clone() prop:value=day />
        </div>
    }
}
