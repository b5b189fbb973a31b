//! `/provisioning-tasks` and `/provisioning-tasks/{n}`: Provisioning Task Management (spec §3.2). One page, so that a task opens and
//! closes in its place.

mod edit;
mod edited;
mod finished;
mod live;
mod open;
mod remove;
mod rows;
pub mod tools;

pub use edit::EditTaskPage;
pub use remove::RemoveTaskPage;
pub use rows::StopDate;

use crate::{
    address::Address,
    api::{
        bulk::Selecting,
        tasks::{OpenTask, TaskList, tasks_page},
    },
    boot::use_boot,
    parts::{
        form::Unclaimed,
        list::{Nothing, Pager, by_age},
        load::{load, use_own_address},
        select::{BulkActs, SelectBar},
        title::PageTitle,
    },
};
use leptos::prelude::*;
use model::{
    listing::Listing,
    query::{Query, Shelf},
    rights::Right,
    task::{TaskColumn, TaskFilter, TaskQuery, TaskRow},
};

/// The list's path; a task's number stands behind it.
pub const ROOT: &str = "/provisioning-tasks";

/// The outstanding tasks, one of them expanded perhaps.
#[component]
pub fn Tasks() -> impl IntoView {
    let here = use_own_address(ROOT);
    let live = live::Live::provide();
    view! {
        <live::Said live here />
        {load(move || here.get(), |(number, query)| tasks_page(number, query), move |page| show(page, live))}
    }
}

fn show(page: TaskList, live: live::Live) -> AnyView {
    live.begin(&page);
    match page {
        TaskList::List { query, tasks, open, selecting } => {
            view! { <List query=*query tasks open selecting=*selecting /> }.into_any()
        }
        TaskList::Finished(task) => view! { <finished::Finished task /> }.into_any(),
    }
}

#[component]
fn List(query: TaskQuery, tasks: Listing<TaskRow>, open: Option<Box<OpenTask>>, selecting: Selecting) -> impl IntoView {
    let ticks = RwSignal::new(0);
    let own = query.write(Shelf::Management);
    let (path, users) = match &open {
        Some(open) => (format!("{ROOT}/{}", open.task.row.number), open.query.write()),
        None => (ROOT.to_owned(), Default::default()),
    };
    let here = Address::of(path.clone(), &own.and(users).to_query());
    let select = Address::of(format!("{path}/select"), &here.query());
    let mut forms = open.as_deref().map(open::retries).unwrap_or_default();
    forms.push(format!("{path}/select"));
    let (list, selection) = (query.write(Shelf::Management).to_query(), query.selection.clone());
    let may_provision = use_boot().me.is_some_and(|me| me.rights.has(Right::ProvisioningCreate));
    let (total, zone) = (tasks.total, tasks.zone.clone());
    let (previous, next) = (tasks.previous.clone(), tasks.next.clone());
    let (size, words) = (query.paging.size, pager_words(&query));
    let is_empty = tasks.rows.is_empty() && open.is_none();
    let filtered = query.filter != TaskFilter::default();
    view! {
        <PageTitle heading="Provisioning Task Management" line=line(&query, &tasks)>
            {may_provision.then(|| view! { <a class="button primary" href="/provision">"Provision"</a> })}
        </PageTitle>
        <Unclaimed forms />
        <section class="card list" aria-label="Tasks">
            <tools::Tools shelf=Shelf::Management query=query.clone() here=here.clone() path=path />
            {(!is_empty).then(|| {
                let Selecting { marked, acts, key } = selecting.clone();
                let (action, count) = (select.to_string(), marked.count);
                view! { <SelectBar action what="task" query=list selection count key total ticks><BulkActs acts /></SelectBar> }
            })}
            {if is_empty {
                view! { <Nothing what="No provisioning tasks." filtered clear=ROOT /> }.into_any()
            } else {
                view! { <rows::Table query here=here.clone() rows=tasks.rows open marked=selecting.marked.rows ticks /> }.into_any()
            }}
            <Pager here total what="task" size previous next words zone />
        </section>
    }
}

fn line(query: &TaskQuery, tasks: &Listing<TaskRow>) -> String {
    let what = if query.filter == TaskFilter::default() { "outstanding" } else { "of the outstanding tasks match" };
    format!("{} {what}", tasks.total)
}

/// What the pages before and after are called: by age where the list is sorted by it.
pub fn pager_words(query: &TaskQuery) -> (&'static str, &'static str) {
    match query.paging.sort.column {
        TaskColumn::Task | TaskColumn::Start => by_age(query.paging.sort.direction),
        _ => ("Previous", "Next"),
    }
}

/// A task's own page, with the list's parameters.
pub fn task_address(number: i64, query: &TaskQuery) -> String {
    query.write(Shelf::Management).at(&format!("{ROOT}/{number}"))
}

/// The address of a path with the list's parameters, written already.
fn behind(path: &str, list: &str) -> String {
    if list.is_empty() { path.to_owned() } else { format!("{path}?{list}") }
}

/// The page of an act on a task, `edit` or `remove`, with the list's parameters: they lead back to the list as it was.
pub fn act_address(number: i64, act: &str, query: &TaskQuery) -> Address {
    Address::of(format!("{ROOT}/{number}/{act}"), &query.write(Shelf::Management).to_query())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{
        listing::{Direction, Paging, Sort},
        task::TASK_SORT,
    };

    #[test]
    fn a_task_opens_inside_the_list_as_it_is() {
        let filter = TaskFilter { has_locked: true, ..TaskFilter::default() };
        let query = TaskQuery {
            filter,
            paging: Paging { sort: TASK_SORT, cursor: "c".into(), ..Paging::default() },
            ..TaskQuery::default()
        };
        assert_eq!(task_address(7, &query), "/provisioning-tasks/7?has_locked=1&cursor=c");
        assert_eq!(act_address(7, "remove", &query).to_string(), "/provisioning-tasks/7/remove?has_locked=1&cursor=c");
        assert_eq!(task_address(7, &TaskQuery::all()), "/provisioning-tasks/7");
    }

    #[test]
    fn pages_are_newer_and_older_only_where_the_list_is_sorted_by_age() {
        let words = |column, direction| {
            let paging = Paging { sort: Sort { column, direction }, ..Paging::default() };
            pager_words(&TaskQuery { paging, ..TaskQuery::default() })
        };
        assert_eq!(words(TaskColumn::Task, Direction::Descending), ("Newer", "Older"));
        assert_eq!(words(TaskColumn::Start, Direction::Ascending), ("Older", "Newer"));
        assert_eq!(words(TaskColumn::Count, Direction::Descending), ("Previous", "Next"));
    }
}
