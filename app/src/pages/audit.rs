//! `/audit`: every act, with who did it, when, from where, and what was there before and after.

use crate::{
    address::Address,
    api::audit::{Audit as Page, audit_page},
    parts::{
        list::{ChipLink, DayField, GetForm, Kept, NameField, Pager, Search, SelectField, by_age},
        load::{load, use_own_address},
        title::PageTitle,
        trail::Trail,
    },
};
use leptos::prelude::*;
use model::{
    audit::{AuditFilter, VERBS, words},
    query::Query,
};

const PATH: &str = "/audit";

/// The audit trail.
#[component]
pub fn Audit() -> impl IntoView {
    let here = use_own_address(PATH);
    load(move || here.get().1, audit_page, show)
}

fn show(page: Page) -> AnyView {
    let Page { query, entries } = page;
    let here = Address::of(PATH, &query.write().to_query());
    let (sort, size, zone) = (query.paging.sort, query.paging.size, entries.zone.clone());
    let pager_words = by_age(sort.direction);
    let is_empty = entries.rows.is_empty();
    let filtered = query.filter != AuditFilter::default();
    view! {
        <PageTitle heading="Audit" line="Every act. Nothing here can be changed or removed." />
        <section class="card list" aria-label="Entries">
            <Tools filter=query.filter here=here.clone() />
            {if is_empty {
                view! {
                    <div class="empty">
                        <p>"No entries."</p>
                        {filtered.then(|| view! { <p>"Nothing matches this search and these filters. " <a href=PATH data-noscroll="">"Clear them"</a></p> })}
                    </div>
                }
                .into_any()
            } else {
                view! { <Trail caption="Audit" sort=Some((sort, here.clone())) rows=entries.rows /> }.into_any()
            }}
            <Pager
                here
                total=entries.total
                what="act"
                size
                previous=entries.previous
                next=entries.next
                words=pager_words
                zone
            />
        </section>
    }
    .into_any()
}

#[component]
fn Tools(filter: AuditFilter, here: Address) -> impl IntoView {
    let first = here.clone().without("cursor");
    let set = [
        filter.verb.as_ref().map(|verb| ("verb", words(verb).to_owned())),
        filter.operator.as_ref().map(|operator| ("operator", format!("Operator: {operator}"))),
        filter.from.map(|day| ("from", format!("From {day}"))),
        filter.to.map(|day| ("to", format!("To {day}"))),
    ];
    let set = set.into_iter().flatten().map(|(name, label)| {
        let href = first.clone().without(name).to_string();
        view! { <ChipLink href on=true label /> }
    });
    let set = set.collect_view();
    view! {
        <div class="tools">
            <Search label="Search the audit trail" here path=PATH value=filter.search.clone() />
            <div class="chips" role="group" aria-label="Filters">
                {set}
                <MoreFilters here=first filter />
            </div>
        </div>
    }
}

#[component]
fn MoreFilters(here: Address, filter: AuditFilter) -> impl IntoView {
    let kept = ["verb", "operator", "from", "to"].iter().fold(here, |kept, name| kept.without(name));
    let verbs = VERBS.to_vec();
    let chosen = filter.verb.unwrap_or_default();
    view! {
        <details class="filters">
            <summary class="chip">"More filters"</summary>
            <GetForm action=PATH class="panel stack">
                <Kept here=kept />
                <div class="columns">
                    <SelectField name="verb" label="What was done" options=verbs chosen />
                    <NameField name="operator" label="Operator" value=filter.operator />
                    <DayField name="from" label="From" day=filter.from />
                    <DayField name="to" label="To" day=filter.to />
                </div>
                <div class="buttons">
                    <button class="button primary" type="submit">"Show entries"</button>
                </div>
            </GetForm>
        </details>
    }
}
