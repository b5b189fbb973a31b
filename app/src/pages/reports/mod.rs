//! `/reports`: completed, removed and outstanding tasks; and the enrollments over all of them.

mod enrollments;
mod tools;

use crate::{
    address::Address,
    api::tasks::{Report, reports_page},
    boot::use_boot,
    pages::tasks::{ROOT, StopDate, pager_words, tools as task_tools},
    parts::{
        list::{Nothing, Pager, SortHeader},
        load::{load, use_page_query},
        progress::ProgressBar,
        status::On,
        title::PageTitle,
    },
};
pub use enrollments::Enrollments;
use leptos::prelude::*;
use model::{
    listing::grouped,
    query::Shelf,
    rights::Right,
    task::{TaskColumn, TaskFilter, TaskQuery, TaskRow, TaskState},
};

const PATH: &str = "/reports";

/// Tasks of every state, completed ones first.
#[component]
pub fn Reports() -> impl IntoView {
    let query = use_page_query(PATH);
    load(move || query.get(), reports_page, show)
}

fn show(report: Report) -> AnyView {
    let Report { query, tasks } = report;
    let here = Address::of(PATH, &query.write(Shelf::Reports).to_query());
    let (size, words) = (query.paging.size, pager_words(&query));
    let (is_empty, filtered) = (tasks.rows.is_empty(), query.filter != TaskFilter::default());
    let clear = TaskQuery { state: query.state, ..TaskQuery::all() }.write(Shelf::Reports).at(PATH);
    view! {
        <PageTitle heading="Reports" line="Provisioning tasks, and what became of them" />
        {tabs(Some(&query))}
        <section class="card list" aria-label="Tasks">
            <task_tools::Tools shelf=Shelf::Reports query=query.clone() here=here.clone() path=PATH.to_owned() />
            {if is_empty {
                view! { <Nothing what="No provisioning tasks." filtered clear /> }.into_any()
            } else {
                view! { <Table query here=here.clone() rows=tasks.rows /> }.into_any()
            }}
            <Pager here total=tasks.total what="task" size previous=tasks.previous next=tasks.next words zone=tasks.zone />
        </section>
    }
    .into_any()
}

/// The reports: links to the tasks of each state, which keep search and sort, and to the enrollments; nothing is asked of tasks there.
fn tabs(query: Option<&TaskQuery>) -> impl IntoView + use<> {
    let links = [TaskState::Completed, TaskState::Removed, TaskState::Outstanding].map(|state| {
        let current = query.is_some_and(|query| query.state == state).then_some("page");
        let all = TaskQuery::all();
        let query = query.unwrap_or(&all);
        let to = TaskQuery { state, paging: query.paging.first(), ..query.clone() }.write(Shelf::Reports).at(PATH);
        view! { <li><a href=to aria-current=current data-noscroll="">{state.name()}</a></li> }
    });
    let enrollments = query.is_none().then_some("page");
    view! {
        <nav class="tabs" aria-label="Reports">
            <ul>
                {links.collect_view()}
                <li><a href=enrollments::PATH aria-current=enrollments data-noscroll="">"Enrollments"</a></li>
            </ul>
        </nav>
    }
}

/// A task's number; a link for those who may open it. An outstanding task opens in Provisioning Task Management, which is not for
/// everybody who reads reports.
#[component]
fn TaskLink(number: i64, outstanding: bool, may_manage: bool) -> impl IntoView {
    if may_manage || !outstanding {
        view! { <a href=format!("{ROOT}/{number}")>{number}</a> }.into_any()
    } else {
        number.into_any()
    }
}

#[component]
fn Table(query: TaskQuery, here: Address, rows: Vec<TaskRow>) -> impl IntoView {
    let sort = query.paging.sort;
    let may_manage = use_boot().me.is_some_and(|me| me.rights.has(Right::ProvisioningManage));
    let rows = rows.into_iter().map(|row| view! { <Row row may_manage /> }).collect_view();
    view! {
        <table class="cards tasks report">
            <caption>{format!("{} tasks", query.state.name())}</caption>
            <thead>
                <tr>
                    <SortHeader column=TaskColumn::Task sort here=here.clone() label="Task" />
                    <SortHeader column=TaskColumn::Operator sort here=here.clone() label="Operator" />
                    <th scope="col" class="roomy">"Authentication Type"</th>
                    <SortHeader column=TaskColumn::EmailedTo sort here=here.clone() label="Emailed to" />
                    <SortHeader column=TaskColumn::Start sort here=here.clone() label="Start Date" />
                    <SortHeader column=TaskColumn::Stop sort here=here.clone() label="Stop Date" />
                    <SortHeader column=TaskColumn::Count sort here=here.clone() class="number" label="Count" />
                    <th scope="col" class="number">"Removed"</th>
                    <SortHeader column=TaskColumn::Progress sort here label="Progress" />
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Row(row: TaskRow, may_manage: bool) -> impl IntoView {
    view! {
        <tr>
            <td class="key"><TaskLink number=row.number outstanding=row.outstanding may_manage /></td>
            <td class="clip"><bdi>{row.operator}</bdi></td>
            <td class="wide roomy">{row.kind.name()}</td>
            <td class="clip soft wide" title=row.emailed_to.clone()>{row.emailed_to.clone()}</td>
            <td class="wide"><On day=row.start /></td>
            <td class="end"><StopDate stop=row.stop from=row.stop_from /></td>
            <td class="number wide">{grouped(row.progress.count())}</td>
            <td class="number wide">{grouped(row.removed)}</td>
            <td class="second"><ProgressBar progress=row.progress /></td>
        </tr>
    }
}
