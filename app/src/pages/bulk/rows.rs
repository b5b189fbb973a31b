//! The enrollments of an act: what becomes of each.

use super::ROOT;
use crate::{boot::use_boot, parts::list::ChipLink};
use leptos::prelude::*;
use model::{
    bulk::{BulkAct, BulkDetail, BulkQuery, BulkRow, BulkState, Outcome},
    rights::Right,
};

/// A page of the rows, with what they can be narrowed to.
#[component]
pub fn Rows(detail: BulkDetail) -> impl IntoView {
    let (id, query, state) = (detail.act.id, detail.query, detail.act.state);
    let act = detail.act.order.act();
    let may_view = use_boot().me.is_some_and(|me| me.rights.has(Right::UsersView));
    let to = move |query: BulkQuery| query.write().at(&format!("{ROOT}/{id}"));
    let chips = [
        (Outcome::Planned, planned(state), detail.planned),
        (Outcome::Done, "Done", detail.done),
        (Outcome::LeftOut, "Left out", detail.left_out_count()),
    ];
    let chips: Vec<_> = chips.into_iter().filter(|(only, _, count)| *count > 0 || query.only == Some(*only)).collect();
    // Where all went one way there is nothing to choose.
    let chips = (chips.len() > 1 || query.only.is_some()).then(|| {
        let chips = chips.into_iter().map(|(only, label, count)| {
            let on = query.only == Some(only);
            let href = to(BulkQuery { only: (!on).then_some(only), from: 0 });
            view! { <ChipLink href on label count /> }
        });
        view! { <div class="tools"><div class="chips" role="group" aria-label="Filters">{chips.collect_view()}</div></div> }
    });
    let rows = detail.rows.into_iter().map(|row| view! { <Row row act state may_view /> }).collect_view();
    let pages = [(detail.previous, "Previous"), (detail.next, "Next")].map(|(from, label)| {
        from.map(|from| view! { <a class="button small" href=to(BulkQuery { from, ..query }) data-noscroll="">{label}</a> })
    });
    view! {
        <section class="card list" aria-label="Enrollments">
            {chips}
            <table class="cards">
                <caption>"Enrollments"</caption>
                <thead>
                    <tr>
                        <th scope="col">"User ID"</th>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Task"</th>
                        <th scope="col">"Outcome"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <footer class="pager">
                <span>"Dates in " {detail.zone}</span>
                <span class="pages">{pages.collect_view()}</span>
            </footer>
        </section>
    }
}

const fn planned(state: BulkState) -> &'static str {
    match state {
        BulkState::Planned => "Will be done",
        BulkState::Running => "To go",
        BulkState::Done | BulkState::Canceled | BulkState::Stopped => "Not reached",
    }
}

#[component]
fn Row(row: BulkRow, act: BulkAct, state: BulkState, may_view: bool) -> impl IntoView {
    let user_id = row.user_id.clone();
    let user = if may_view && !row.deleted {
        view! { <a href=format!("/users/{}", row.user)><bdi>{user_id}</bdi></a> }.into_any()
    } else {
        view! { <bdi>{user_id}</bdi> }.into_any()
    };
    let outcome = match (row.outcome, row.reason) {
        (Outcome::Planned, _) => planned(state).to_owned(),
        (Outcome::Done, _) => act.done().to_owned(),
        (Outcome::LeftOut, why) => format!("Left out. {}", why.map(|why| why.sentence()).unwrap_or_default()),
    };
    view! {
        <tr>
            <td class="key clip">{user}</td>
            <td class="clip"><bdi>{row.name}</bdi></td>
            <td>{row.task}</td>
            <td class="second">{outcome}</td>
        </tr>
    }
}
