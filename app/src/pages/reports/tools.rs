//! Above the list of enrollments: search, filters that are on or off, filters with a value, and what of it is set.

use super::enrollments::PATH;
use crate::{
    address::Address,
    parts::list::{ChipLink, DayField, ExportMenu, GetForm, Kept, NameField, Search, SelectField},
};
use leptos::prelude::*;
use model::{
    authentication::AuthenticationType,
    day::Day,
    enrollment::Status,
    export::ExportList,
    message::MailState,
    report::{EnrollmentFilter, LinkState},
};

/// The parameters of the filters with a value.
const VALUES: [&str; 10] =
    ["mail", "link", "started", "container", "operator", "kind", "start_from", "start_to", "stop_from", "stop_to"];

/// Search and filters of the list of enrollments.
#[component]
pub fn Tools(
    /// What is asked for.
    filter: EnrollmentFilter,
    /// The page's address now.
    here: Address,
) -> impl IntoView {
    let first = here.clone().without("cursor");
    let statuses = Status::ALL.map(|status| {
        let on = filter.status == Some(status);
        let href = first.clone().with("status", if on { "" } else { status.code() }).to_string();
        view! { <ChipLink href on label=status.name() /> }
    });
    let statuses = statuses.collect_view();
    let redirected = filter.redirected;
    let elsewhere = first.clone().with("redirected", if redirected { "" } else { "1" }).to_string();
    let set = set_values(&filter).into_iter().map(|(name, label)| {
        let href = first.clone().without(name).to_string();
        view! { <ChipLink href on=true label /> }
    });
    let set = set.collect_view();
    view! {
        <div class="tools">
            <Search label="Search enrollments" here=here.clone() path=PATH value=filter.search.clone() />
            <div class="chips" role="group" aria-label="Filters">
                {statuses}
                <ChipLink href=elsewhere on=redirected label="Sent to another address" />
                {set}
                <MoreFilters here=first filter />
            </div>
            <ExportMenu list=ExportList::Enrollments here />
        </div>
    }
}

/// The filters with a value that are set: parameter and words.
fn set_values(filter: &EnrollmentFilter) -> Vec<(&'static str, String)> {
    let day = |name, words: &str, day: Option<Day>| day.map(|day| (name, format!("{words} {day}")));
    let named = |name, words: &str, value: &Option<String>| value.as_ref().map(|value| (name, format!("{words}: {value}")));
    let set = [
        filter.mail.map(|mail| ("mail", format!("Mail: {}", mail.name()))),
        filter.link.map(|link| ("link", link.name().to_owned())),
        filter.started.map(|started| ("started", if started { "Started" } else { "Not started" }.to_owned())),
        named("container", "Container", &filter.container),
        named("operator", "Operator", &filter.operator),
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
fn MoreFilters(here: Address, filter: EnrollmentFilter) -> impl IntoView {
    let kept = VALUES.iter().fold(here, |kept, name| kept.without(name));
    let started = filter.started.map_or("", |started| if started { "yes" } else { "no" });
    let mails = MailState::ALL.map(|state| (state.code(), state.name())).to_vec();
    let links = LinkState::ALL.map(|state| (state.code(), state.name())).to_vec();
    let kinds = AuthenticationType::ALL.map(|kind| (kind.code(), kind.name())).to_vec();
    view! {
        <details class="filters">
            <summary class="chip">"More filters"</summary>
            <GetForm action=PATH class="panel stack">
                <Kept here=kept />
                <div class="columns">
                    <SelectField name="mail" label="Mail" options=mails chosen=filter.mail.map_or("", MailState::code).to_owned() />
                    <SelectField name="link" label="Link" options=links chosen=filter.link.map_or("", LinkState::code).to_owned() />
                    <SelectField
                        name="started"
                        label="Start pressed"
                        options=vec![("yes", "Started"), ("no", "Not started")]
                        chosen=started.to_owned()
                    />
                    <SelectField
                        name="kind"
                        label="Authentication type"
                        options=kinds
                        chosen=filter.kind.map_or("", AuthenticationType::code).to_owned()
                    />
                    <NameField name="container" label="Container" value=filter.container />
                    <NameField name="operator" label="Operator" value=filter.operator />
                    <DayField name="start_from" label="Start Date from" day=filter.start_from />
                    <DayField name="start_to" label="Start Date to" day=filter.start_to />
                    <DayField name="stop_from" label="Stop Date from" day=filter.stop_from />
                    <DayField name="stop_to" label="Stop Date to" day=filter.stop_to />
                </div>
                <div class="buttons">
                    <button class="button primary" type="submit">"Show enrollments"</button>
                </div>
            </GetForm>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filtered_stands_in_words_with_the_parameter_that_takes_it_away() {
        let filter = EnrollmentFilter {
            mail: Some(MailState::Bounced),
            link: Some(LinkState::Unopened),
            started: Some(false),
            container: Some("Sales".into()),
            stop_to: Day::parse("2026-12-02"),
            ..EnrollmentFilter::default()
        };
        let set = set_values(&filter);
        let expected = [
            ("mail", "Mail: Bounced"),
            ("link", "Link not opened"),
            ("started", "Not started"),
            ("container", "Container: Sales"),
            ("stop_to", "Stops to 02 Dec 2026"),
        ];
        assert_eq!(set, expected.map(|(name, words)| (name, words.to_owned())));
        assert!(set.iter().all(|(name, _)| VALUES.contains(name)));
        assert!(set_values(&EnrollmentFilter::default()).is_empty());
    }
}
