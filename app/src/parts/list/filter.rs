//! Filters with a value: what of them is set, and the form that sets them.

use super::{ChipLink, GetForm, Kept};
use crate::address::Address;
use leptos::prelude::*;
use model::{authentication::AuthenticationType, day::Day, query::ActFilter};

/// The filters with a value that are set, each with its words and a link that takes it away.
#[component]
pub fn SetChips(
    /// The list's address now.
    here: Address,
    /// Parameter and words of each.
    set: Vec<(&'static str, String)>,
) -> impl IntoView {
    let first = here.without("cursor");
    let chips = set.into_iter().map(|(name, label)| {
        let href = first.clone().without(name).to_string();
        view! { <ChipLink href on=true label /> }
    });
    chips.collect_view()
}

/// A form for the filters with a value; without script it opens and works all the same.
#[component]
pub fn MoreFilters(
    /// The page's path.
    #[prop(into)]
    action: String,
    /// The page's address now.
    here: Address,
    /// The parameters of its fields.
    names: Vec<&'static str>,
    /// The words of its button.
    show: &'static str,
    /// Its fields.
    children: Children,
) -> impl IntoView {
    let kept = names.into_iter().fold(here.without("cursor"), |kept, name| kept.without(name));
    view! {
        <details class="filters">
            <summary class="chip">"More filters"</summary>
            <GetForm action class="panel stack">
                <Kept here=kept />
                <div class="columns">{children()}</div>
                <div class="buttons">
                    <button class="button primary" type="submit">{show}</button>
                </div>
            </GetForm>
        </details>
    }
}

/// What of an [`ActFilter`] is set: parameter and words.
pub fn set_of_act(act: &ActFilter) -> Vec<(&'static str, String)> {
    let day = |name, words: &str, day: Option<Day>| day.map(|day| (name, format!("{words} {day}")));
    let set = [
        act.operator.as_ref().map(|operator| ("operator", format!("Operator: {operator}"))),
        act.kind.map(|kind| ("kind", kind.name().to_owned())),
        day("start_from", "Started from", act.start_from),
        day("start_to", "Started to", act.start_to),
        day("stop_from", "Stops from", act.stop_from),
        day("stop_to", "Stops to", act.stop_to),
    ];
    set.into_iter().flatten().collect()
}

/// The fields of an [`ActFilter`], named as [`model::query::ACT_NAMES`] says.
#[component]
pub fn ActFields(
    /// What is set.
    act: ActFilter,
) -> impl IntoView {
    let kinds = AuthenticationType::ALL.map(|kind| (kind.code(), kind.name())).to_vec();
    let kind = act.kind.map_or("", AuthenticationType::code);
    view! {
        <NameField name="operator" label="Operator" value=act.operator />
        <SelectField name="kind" label="Authentication type" options=kinds chosen=kind />
        <DayField name="start_from" label="Start Date from" day=act.start_from />
        <DayField name="start_to" label="Start Date to" day=act.start_to />
        <DayField name="stop_from" label="Stop Date from" day=act.stop_from />
        <DayField name="stop_to" label="Stop Date to" day=act.stop_to />
    }
}

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
    #[prop(into)]
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
    /// It is a number: a phone offers figures.
    #[prop(optional)]
    digits: bool,
) -> impl IntoView {
    let (id, value) = (format!("filter-{name}"), value.unwrap_or_default());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name value=value.clone() prop:value=value maxlength="100" inputmode=digits.then_some("numeric") autocomplete="off" />
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

#[cfg(test)]
mod tests {
    use super::*;
    use model::query::ACT_NAMES;

    #[test]
    fn what_is_filtered_stands_in_words_with_the_parameter_that_takes_it_away() {
        let act = ActFilter {
            operator: Some("m.keller".into()),
            kind: Some(AuthenticationType::App),
            stop_to: Day::parse("2026-12-02"),
            ..ActFilter::default()
        };
        let set = set_of_act(&act);
        let expected = [("operator", "Operator: m.keller"), ("kind", "Authenticator app"), ("stop_to", "Stops to 02 Dec 2026")];
        assert_eq!(set, expected.map(|(name, words)| (name, words.to_owned())));
        assert!(set.iter().all(|(name, _)| ACT_NAMES.contains(name)));
        assert!(set_of_act(&ActFilter::default()).is_empty());
    }
}
