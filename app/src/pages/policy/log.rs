//! The policy's change log, below its form.

use super::PATH;
use crate::{
    address::Address,
    api::policy::policy_log_page,
    parts::{
        list::{Pager, SortHeader, by_age},
        load::{load_or, use_own_address},
        status::Time,
    },
};
use leptos::prelude::*;
use model::{
    listing::Listing,
    policy::{PolicyChange, PolicyLogColumn, PolicyLogQuery},
    query::Query,
};

/// Who changed what, and when.
#[component]
pub fn ChangeLog() -> impl IntoView {
    let here = use_own_address(PATH);
    // Whoever may not see the policy reads that once, in place of its form.
    load_or(
        move || here.get().1,
        policy_log_page,
        show,
        |error| match error {
            crate::api::Error::Refused(model::Refusal::Forbidden(_) | model::Refusal::SignInFirst) => ().into_any(),
            error => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
        },
    )
}

fn show((query, log): (PolicyLogQuery, Listing<PolicyChange>)) -> AnyView {
    let here = Address::of(PATH, &query.write().to_query());
    let Listing { rows, total, previous, next, zone, .. } = log;
    let (size, words) = (query.paging.size, by_age(query.paging.sort.direction));
    let list = if rows.is_empty() {
        view! { <p class="empty">"Nobody has changed the policy yet."</p> }.into_any()
    } else {
        let rows = rows.into_iter().map(row).collect_view();
        view! {
            <table class="cards two policy-log">
                <caption>"Changes of the policy"</caption>
                <thead>
                    <tr>
                        <SortHeader column=PolicyLogColumn::When sort=query.paging.sort here=here.clone() label="When" />
                        <th scope="col">"Operator"</th>
                        <th scope="col">"Changes"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="card list" aria-labelledby="changes">
            <h2 id="changes">"Change log"</h2>
            {list}
            <Pager here total what="change" size previous next words zone />
        </section>
    }
    .into_any()
}

fn row(entry: PolicyChange) -> impl IntoView {
    let changes = entry.changes.into_iter().map(|change| {
        view! {
            <li>
                <span class="soft">{change.field} ": "</span>
                {change.before}
                " → "
                <strong>{change.after}</strong>
            </li>
        }
    });
    view! {
        <tr>
            <td class="key nowrap"><Time at=entry.at /></td>
            <td class="end"><bdi>{entry.by}</bdi></td>
            <td class="second"><ul class="plain-list">{changes.collect_view()}</ul></td>
        </tr>
    }
}
