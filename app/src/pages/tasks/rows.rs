//! The table *Provisioning tasks*, with the expanded task below its row; above all others where its row is not on this page.

use super::{ROOT, behind, edit::EditTaskForm, live::Live, open::Open, remove::RemoveTaskForm};
use crate::{
    address::Address,
    api::tasks::OpenTask,
    parts::{dialog::ActLink, list::SortHeader, progress::ProgressBar, select::SelectBox, settled::lively, status::On},
};
use leptos::prelude::*;
use model::{
    day::Day,
    listing::grouped,
    query::Shelf,
    task::{TaskColumn, TaskQuery, TaskRow},
};

/// A box, and Task, Operator, Emailed to, Start Date, Stop Date, Count, Progress, Edit, Remove.
const COLUMNS: &str = "10";

#[component]
pub fn Table(
    query: TaskQuery,
    here: Address,
    rows: Vec<TaskRow>,
    open: Option<Box<OpenTask>>,
    marked: Vec<i64>,
    ticks: RwSignal<u32>,
) -> impl IntoView {
    let (sort, list) = (query.paging.sort, query.write(Shelf::Management).to_query());
    let number = open.as_ref().map(|open| open.task.row.number);
    let on_page = rows.iter().any(|row| Some(row.number) == number);
    let pinned = open.as_ref().filter(|_| !on_page).map(|open| open.task.row.clone());
    let mut open = open;
    let rows = pinned.into_iter().chain(rows).map(|row| {
        let opened = if Some(row.number) == number { open.take() } else { None };
        let selected = marked.contains(&row.number);
        let opened = opened.map(|open| (open, here.clone()));
        view! { <Row row list=list.clone() opened on_page selected ticks /> }
    });
    let rows = rows.collect_view();
    view! {
        <table class="cards tasks">
            <caption>"Provisioning tasks"</caption>
            <thead>
                <tr>
                    <th class="tick"><span class="unseen">"Select"</span></th>
                    <SortHeader column=TaskColumn::Task sort here=here.clone() label="Task" />
                    <SortHeader column=TaskColumn::Operator sort here=here.clone() label="Operator" />
                    <SortHeader column=TaskColumn::EmailedTo sort here=here.clone() label="Emailed to" />
                    <SortHeader column=TaskColumn::Start sort here=here.clone() label="Start Date" />
                    <SortHeader column=TaskColumn::Stop sort here=here.clone() label="Stop Date" />
                    <SortHeader column=TaskColumn::Count sort here=here.clone() class="number" label="Count" />
                    <SortHeader column=TaskColumn::Progress sort here label="Progress" />
                    <th scope="col">"Edit"</th>
                    <th scope="col">"Remove"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Row(
    row: TaskRow,
    list: String,
    opened: Option<(Box<OpenTask>, Address)>,
    on_page: bool,
    selected: bool,
    ticks: RwSignal<u32>,
) -> impl IntoView {
    let number = row.number;
    let is_open = opened.is_some();
    let own = format!("{ROOT}/{number}");
    let (edit, remove) = (behind(&format!("{own}/edit"), &list), behind(&format!("{own}/remove"), &list));
    let to = behind(if is_open { ROOT } else { &own }, &list);
    let list_too = list.clone();
    let pinned = (is_open && !on_page).then(|| view! { <small class="soft">"not on this page"</small> });
    let live = use_context::<Live>();
    let (operator, start) = (row.operator.clone(), row.start);
    let now = move || live.map_or_else(|| row.clone(), |live| live.task(&row));
    view! {
        <tr class=is_open.then_some("open")>
            <td class="tick">
                <SelectBox row=number label=format!("Select task {number}") selected ticks />
            </td>
            <td class="key">
                <a href=to aria-expanded=if is_open { "true" } else { "false" } data-noscroll="">{number}</a>
                {pinned}
            </td>
            <td class="clip" title=operator.clone()><bdi>{operator.clone()}</bdi></td>
            {lively(move || changing(now(), start))}
            <td class="act">
                <ActLink
                    href=edit
                    title=format!("Edit task {number}")
                    label=format!("Edit task {number}")
                    body=move || view! { <EditTaskForm number list=list.clone() /> }.into_any()
                >
                    "Edit"
                </ActLink>
            </td>
            <td class="act">
                <ActLink
                    href=remove
                    title=format!("Remove task {number}")
                    label=format!("Remove task {number}")
                    body=move || view! { <RemoveTaskForm number list=list_too.clone() /> }.into_any()
                >
                    "Remove"
                </ActLink>
            </td>
        </tr>
        {opened.map(|(open, here)| view! { <tr class="inner"><td colspan=COLUMNS><Open open here /></td></tr> })}
    }
}

/// The cells that change by themselves. No other cell is touched when they do: what has the focus keeps it.
fn changing(row: TaskRow, start: Day) -> impl IntoView {
    let gone = gone(&row);
    view! {
        <td class="clip soft wide" title=row.emailed_to.clone()>{row.emailed_to.clone()}</td>
        <td class="wide"><On day=start /></td>
        <td class="end"><StopDate stop=row.stop from=row.stop_from /></td>
        <td class="number wide">{grouped(row.progress.count())}</td>
        <td class="second">
            <ProgressBar progress=row.progress gone />
        </td>
    }
}

/// What became of a task that has left the list while it was shown.
pub fn gone(row: &TaskRow) -> Option<&'static str> {
    match (row.outstanding, row.progress.completed) {
        (true, _) => None,
        (false, 0) => Some("removed"),
        (false, _) => Some("completed"),
    }
}

/// The latest stop date, and the earliest where they differ.
#[component]
pub fn StopDate(
    /// The latest.
    stop: Day,
    /// The earliest, where they differ.
    from: Option<Day>,
) -> impl IntoView {
    let from = from.map(|from| view! { " " <small class="soft">"from " <On day=from /></small> });
    view! {
        <span class="stop">
            <On day=stop />
            {from}
        </span>
    }
}
