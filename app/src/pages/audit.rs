//! `/audit`: every act, with who did it, when, from where, and what was there before and after.

use crate::{
    address::Address,
    api::audit::{Audit as Page, audit_page},
    parts::{
        list::{DayField, MoreFilters, NameField, Nothing, Pager, Search, SelectField, SetChips, by_age},
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
                view! { <Nothing what="No entries." filtered clear=PATH /> }.into_any()
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
    let set = [
        filter.verb.as_ref().map(|verb| ("verb", words(verb).to_owned())),
        filter.operator.as_ref().map(|operator| ("operator", format!("Operator: {operator}"))),
        filter.from.map(|day| ("from", format!("From {day}"))),
        filter.to.map(|day| ("to", format!("To {day}"))),
    ];
    let set: Vec<_> = set.into_iter().flatten().collect();
    view! {
        <div class="tools">
            <Search label="Search the audit trail" here=here.clone() path=PATH value=filter.search />
            <div class="chips" role="group" aria-label="Filters">
                <SetChips here=here.clone() set />
                <MoreFilters action=PATH here names=vec!["verb", "operator", "from", "to"] show="Show entries">
                    <SelectField name="verb" label="What was done" options=VERBS.to_vec() chosen=filter.verb.unwrap_or_default() />
                    <NameField name="operator" label="Operator" value=filter.operator />
                    <DayField name="from" label="From" day=filter.from />
                    <DayField name="to" label="To" day=filter.to />
                </MoreFilters>
            </div>
        </div>
    }
}
