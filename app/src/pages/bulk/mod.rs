//! `/bulk`: acts over many enrollments. `/bulk/new` asks for what an act needs, `/bulk/{id}` shows its dry run, its progress and its
//! result.

mod act;
mod new;
mod rows;

pub use act::Bulk;
pub use new::NewBulk;

use crate::{
    api::bulk::bulks_page,
    parts::{list::Nothing, load::load, status::Time, title::PageTitle},
};
use leptos::prelude::*;
use model::bulk::{BulkActs as Page, BulkOrder};

/// The list's path; an act stands behind it.
pub const ROOT: &str = "/bulk";

/// The operator's own acts.
#[component]
pub fn BulkActs() -> impl IntoView {
    load(|| (), |()| bulks_page(), show)
}

fn show(page: Page) -> AnyView {
    let Page { acts, zone } = page;
    let none = acts.is_empty().then(|| view! { <Nothing what="No acts over many." filtered=false clear=ROOT /> });
    let rows = acts.into_iter().map(|act| {
        view! {
            <tr>
                <td class="key"><a href=format!("{ROOT}/{}", act.id)>{what(&act.order)}</a></td>
                <td class="end">{act.state.name()}</td>
                <td class="second"><Time at=act.made /></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <PageTitle heading="Acts over many" line="What you did to many enrollments at once, the newest first" />
        <section class="card list">
            {none}
            <table class="cards">
                <caption>"Acts over many"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Act"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Begun"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <footer class="pager">
                <span>"Dates in " {zone}</span>
            </footer>
        </section>
    }
    .into_any()
}

/// An act with what it is done with.
fn what(order: &BulkOrder) -> String {
    let name = order.act().name();
    match order {
        BulkOrder::StopDate { to } => format!("{name} {to}"),
        BulkOrder::Unlock { stop: Some(stop), .. } => format!("{name}, stop date {stop}"),
        BulkOrder::Remove { notify: true } => format!("{name} and notify"),
        BulkOrder::Resend | BulkOrder::Unlock { .. } | BulkOrder::Remove { .. } => name.to_owned(),
    }
}
