//! Above a list of tasks: search, filters that are on or off, filters with a value, and what of it is set.

use crate::{
    address::Address,
    parts::list::{ChipLink, DayField, ExportMenu, GetForm, Kept, NameField, Search, SelectField},
};
use leptos::prelude::*;
use model::{
    authentication::AuthenticationType,
    day::Day,
    export::ExportList,
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
    let list = match shelf {
        Shelf::Management => ExportList::Tasks,
        Shelf::Reports => ExportList::Reports,
    };
    let own = Address::of(list.page(), &query.write(shelf).to_query());
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
            <ExportMenu list here=own />
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
    let kinds = AuthenticationType::ALL.map(|kind| (kind.code(), kind.name())).to_vec();
    let kind = filter.kind.map_or("", AuthenticationType::code).to_owned();
    view! {
        <details class="filters">
            <summary class="chip">"More filters"</summary>
            <GetForm action=path class="panel stack">
                <Kept here=kept />
                <div class="columns">
                    <NameField name="operator" label="Operator" value=filter.operator />
                    <SelectField name="kind" label="Authentication type" options=kinds chosen=kind />
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
