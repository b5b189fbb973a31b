//! Above a list of tasks: search, filters that are on or off, filters with a value, and what of it is set.

use crate::{
    address::Address,
    parts::list::{ChipLink, GetForm, Kept, Search},
};
use leptos::prelude::*;
use model::{
    authentication::AuthenticationType,
    day::Day,
    query::Shelf,
    task::{TaskFilter, TaskQuery, TaskState},
};

/// The parameters of the filters with a value.
const VALUES: [&str; 6] = ["operator", "kind", "start_from", "start_to", "stop_from", "stop_to"];

/// Search and filters of a list of tasks.
#[component]
pub fn Tools(
    /// Where the list stands.
    shelf: Shelf,
    /// What was asked for.
    query: TaskQuery,
    /// The page's address now.
    here: Address,
    /// The page's path.
    path: String,
) -> impl IntoView {
    let filter = query.filter;
    let open_only = shelf == Shelf::Management || query.state == TaskState::Outstanding;
    let flags = [
        ("has_expired", "Has expired", filter.has_expired),
        ("has_locked", "Has locked", filter.has_locked),
        ("mail_failed", "Mail failed", filter.mail_failed),
    ];
    let flags = flags.into_iter().filter(|(_, _, on)| open_only || *on).map(|(name, label, on)| {
        let href = here.clone().without("cursor").with(name, if on { "" } else { "1" }).to_string();
        view! { <ChipLink href on label /> }
    });
    let flags = flags.collect_view();
    let set = set_values(&filter).into_iter().map(|(name, label)| {
        let href = here.clone().without("cursor").without(name).to_string();
        view! { <ChipLink href on=true label /> }
    });
    let set = set.collect_view();
    view! {
        <div class="tools">
            <Search label="Search tasks" here=here.clone() path=path.clone() value=filter.search.clone() />
            <div class="chips" role="group" aria-label="Filters">
                {flags}
                {set}
                <MoreFilters here path filter />
            </div>
        </div>
    }
}

/// The filters with a value that are set: parameter and words.
fn set_values(filter: &TaskFilter) -> Vec<(&'static str, String)> {
    let day = |name, words: &str, day: Option<Day>| day.map(|day| (name, format!("{words} {day}")));
    let set = [
        filter.operator.as_ref().map(|operator| ("operator", format!("Operator: {operator}"))),
        filter.kind.map(|kind| ("kind", kind.name().to_owned())),
        day("start_from", "Started from", filter.start_from),
        day("start_to", "Started to", filter.start_to),
        day("stop_from", "Stops from", filter.stop_from),
        day("stop_to", "Stops to", filter.stop_to),
    ];
    set.into_iter().flatten().collect()
}

/// A form for the filters with a value; without script it opens and works all the same.
#[component]
fn MoreFilters(here: Address, path: String, filter: TaskFilter) -> impl IntoView {
    let kept = VALUES.iter().fold(here.without("cursor"), |kept, name| kept.without(name));
    let operator = filter.operator.unwrap_or_default();
    let kinds = AuthenticationType::ALL.map(|kind| (kind.code(), kind.name()));
    let kinds = [("", "Any")].into_iter().chain(kinds).map(|(code, name)| {
        let chosen = code == filter.kind.map_or("", AuthenticationType::code);
        view! { <option value=code selected=chosen prop:selected=chosen>{name}</option> }
    });
    let kinds = kinds.collect_view();
    view! {
        <details class="filters">
            <summary class="chip">"More filters"</summary>
            <GetForm action=path class="panel stack">
                <Kept here=kept />
                <div class="columns">
                    <div class="field">
                        <label for="filter-operator">"Operator"</label>
                        <input id="filter-operator" name="operator" value=operator.clone() prop:value=operator maxlength="100" autocomplete="off" />
                    </div>
                    <div class="field">
                        <label for="filter-kind">"Authentication type"</label>
                        <select id="filter-kind" name="kind">{kinds}</select>
                    </div>
                    <DayField name="start_from" label="Start Date from" day=filter.start_from />
                    <DayField name="start_to" label="Start Date to" day=filter.start_to />
                    <DayField name="stop_from" label="Stop Date from" day=filter.stop_from />
                    <DayField name="stop_to" label="Stop Date to" day=filter.stop_to />
                </div>
                <div class="buttons">
                    <button class="button primary" type="submit">"Show tasks"</button>
                </div>
            </GetForm>
        </details>
    }
}

/// A filter's day.
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

/// In place of a table without rows.
#[component]
pub fn Nothing(
    /// The filter that holds nothing.
    filter: TaskFilter,
    /// The list without a filter.
    #[prop(into)]
    clear: String,
) -> impl IntoView {
    let filtered = filter != TaskFilter::default();
    view! {
        <div class="empty">
            <p>"No provisioning tasks."</p>
            {filtered.then(|| view! { <p>"Nothing matches this search and these filters. " <a href=clear data-noscroll="">"Clear them"</a></p> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filtered_stands_in_words_with_the_parameter_that_takes_it_away() {
        let filter = TaskFilter {
            operator: Some("m.keller".into()),
            kind: Some(AuthenticationType::App),
            stop_to: Day::parse("2026-12-02"),
            ..TaskFilter::default()
        };
        let set = set_values(&filter);
        let expected = [("operator", "Operator: m.keller"), ("kind", "Authenticator app"), ("stop_to", "Stops to 02 Dec 2026")];
        assert_eq!(set, expected.map(|(name, words)| (name, words.to_owned())));
        assert!(set.iter().all(|(name, _)| VALUES.contains(name)));
        assert!(set_values(&TaskFilter::default()).is_empty());
    }
}
