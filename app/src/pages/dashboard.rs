//! `/`: what needs attention.

use crate::{api::dashboard::dashboard_page, parts::load::load};
use leptos::prelude::*;
use leptos_meta::Title;
use model::console::Dashboard as Counts;

/// The first page after sign-in.
#[component]
pub fn Dashboard() -> impl IntoView {
    view! {
        <Title text="Dashboard" />
        {load(|| (), |()| dashboard_page(), show)}
    }
}

fn show(counts: Counts) -> AnyView {
    view! {
        <header class="title">
            <h1>"Dashboard"</h1>
            <p>{counts.organisation} " · " {counts.zone}</p>
        </header>
    }
    .into_any()
}
