//! Above the list of enrollments: search, filters that are on or off, filters with a value, and what of it is set.

use super::enrollments::PATH;
use crate::{
    address::Address,
    parts::list::{ActFields, ChipLink, ExportMenu, MoreFilters, NameField, Search, SelectField, SetChips, set_of_act},
};
use leptos::prelude::*;
use model::{
    enrollment::Status,
    export::ExportList,
    message::MailState,
    query::ACT_NAMES,
    report::{EnrollmentFilter, LinkState},
};

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
    let asked = filter.asked;
    let asking = first.clone().with("asked", if asked { "" } else { "1" }).to_string();
    let never = filter.never_used;
    let unused = first.clone().with("never_used", if never { "" } else { "1" }).to_string();
    let set = set_values(&filter);
    view! {
        <div class="tools">
            <Search label="Search enrollments" here=here.clone() path=PATH value=filter.search.clone() />
            <div class="chips" role="group" aria-label="Filters">
                {statuses}
                <ChipLink href=elsewhere on=redirected label="Sent to another address" />
                <ChipLink href=asking on=asked label="Asked for a new link" />
                <ChipLink href=unused on=never label="Never used" />
                <SetChips here=first.clone() set />
                <Values here=first filter />
            </div>
            <ExportMenu list=ExportList::Enrollments here />
        </div>
    }
}

/// The filters with a value that are set: parameter and words.
fn set_values(filter: &EnrollmentFilter) -> Vec<(&'static str, String)> {
    let set = [
        filter.mail.map(|mail| ("mail", format!("Mail: {}", mail.name()))),
        filter.link.map(|link| ("link", link.name().to_owned())),
        filter.started.map(|started| ("started", if started { "Started" } else { "Not started" }.to_owned())),
        filter.container.as_ref().map(|container| ("container", format!("Container: {container}"))),
    ];
    set.into_iter().flatten().chain(set_of_act(&filter.act)).collect()
}

/// The form for the filters with a value.
#[component]
fn Values(here: Address, filter: EnrollmentFilter) -> impl IntoView {
    let started = filter.started.map_or("", |started| if started { "yes" } else { "no" });
    let mails = MailState::ALL.map(|state| (state.code(), state.name())).to_vec();
    let links = LinkState::ALL.map(|state| (state.code(), state.name())).to_vec();
    let starts = vec![("yes", "Started"), ("no", "Not started")];
    view! {
        <MoreFilters action=PATH here names=values() show="Show enrollments">
            <SelectField name="mail" label="Mail" options=mails chosen=filter.mail.map_or("", MailState::code) />
            <SelectField name="link" label="Link" options=links chosen=filter.link.map_or("", LinkState::code) />
            <SelectField name="started" label="Start pressed" options=starts chosen=started />
            <NameField name="container" label="Container" value=filter.container />
            <ActFields act=filter.act />
        </MoreFilters>
    }
}

/// The parameters of the filters with a value.
fn values() -> Vec<&'static str> {
    ["mail", "link", "started", "container"].iter().chain(ACT_NAMES).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{day::Day, query::ActFilter};

    #[test]
    fn what_is_filtered_stands_in_words_with_the_parameter_that_takes_it_away() {
        let filter = EnrollmentFilter {
            mail: Some(MailState::Bounced),
            link: Some(LinkState::Unopened),
            started: Some(false),
            container: Some("Sales".into()),
            act: ActFilter { stop_to: Day::parse("2026-12-02"), ..ActFilter::default() },
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
        assert!(set.iter().all(|(name, _)| values().contains(name)));
        assert!(set_values(&EnrollmentFilter::default()).is_empty());
    }
}
