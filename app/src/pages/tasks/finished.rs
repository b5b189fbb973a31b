//! A task that has left the list: it can be read, and nothing can be done to it.

use super::{ROOT, open::Users, rows::StopDate};
use crate::{
    address::Address,
    api::tasks::OpenTask,
    parts::{
        form::Unclaimed,
        notice::{Notice, Tone},
        progress::ProgressBar,
        status::On,
        title::PageTitle,
    },
};
use leptos::prelude::*;
use model::{listing::grouped, query::Query};

#[component]
pub fn Finished(task: Box<OpenTask>) -> impl IntoView {
    let row = task.task.row.clone();
    let zone = task.task.users.zone.clone();
    let here = Address::of(format!("{ROOT}/{}", row.number), &task.query.write().to_query());
    let nobody = row.progress.completed == 0;
    let description = if row.description.is_empty() { "–".to_owned() } else { row.description };
    view! {
        <PageTitle heading="Provisioning Task Management" line=format!("Task {}", row.number) />
        <Unclaimed forms=Vec::new() />
        <div class="stack">
            <Notice tone=Tone::Info>
                <p>
                    {format!("Task {} is completed; its data is kept for reporting.", row.number)}
                    {nobody.then_some(" Everybody was removed from it.")}
                </p>
                <p><a href="/reports">"Reports"</a></p>
            </Notice>
            <section class="card list" aria-label="The task">
                <dl class="facts padded">
                    <dt>"Operator"</dt>
                    <dd><bdi>{row.operator}</bdi></dd>
                    <dt>"Authentication Type"</dt>
                    <dd>{row.kind.name()}</dd>
                    <dt>"Description"</dt>
                    <dd><bdi>{description}</bdi></dd>
                    <dt>"Emailed to"</dt>
                    <dd>{row.emailed_to}</dd>
                    <dt>"Start Date"</dt>
                    <dd><On day=row.start /></dd>
                    <dt>"Stop Date"</dt>
                    <dd><StopDate stop=row.stop from=row.stop_from /></dd>
                    <dt>"Count"</dt>
                    <dd>{grouped(row.progress.count())}</dd>
                    <dt>"Removed"</dt>
                    <dd>{grouped(row.removed)}</dd>
                    <dt>"Progress"</dt>
                    <dd><ProgressBar progress=row.progress /></dd>
                </dl>
                <Users open=task here zone />
            </section>
        </div>
    }
}
