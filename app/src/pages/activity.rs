//! `/users/{id}/activity`: what happened to one user, newest first.

use crate::{
    address::Address,
    api::audit::{UserActivity, activity_page},
    parts::{
        list::Pager,
        load::{load, use_own_act_address},
        modules::{Module, Modules},
        trail::Trail,
    },
};
use leptos::prelude::*;
use model::query::Query;

/// The module *Activity*.
#[component]
pub fn Activity() -> impl IntoView {
    let here = use_own_act_address("/users", "/activity");
    load(move || here.get(), |(id, query)| activity_page(id, query), show)
}

fn show(page: UserActivity) -> AnyView {
    let UserActivity { query, activity } = page;
    let here = Address::of(format!("/users/{}/activity", activity.id), &query.write().to_query());
    let entries = activity.entries;
    let table = if entries.rows.is_empty() {
        view! { <p class="empty">"No activity."</p> }.into_any()
    } else {
        view! { <Trail caption="Activity" rows=entries.rows /> }.into_any()
    };
    view! {
        <Modules id=activity.id user_id=activity.user_id name=activity.name current=Module::Activity>
            <section class="card list" aria-label="Entries">
                <h2 class="card-head">"Activity"</h2>
                {table}
                <Pager
                    here
                    total=entries.total
                    what="act"
                    size=query.paging.size
                    previous=entries.previous
                    next=entries.next
                    words=("Newer", "Older")
                    zone=entries.zone
                />
            </section>
        </Modules>
    }
    .into_any()
}
