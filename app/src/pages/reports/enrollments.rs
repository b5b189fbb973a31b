//! `/reports/enrollments`: one row for each user and task over all tasks.

use super::{TaskLink, tabs, tools::Tools};
use crate::{
    address::Address,
    api::{
        bulk::Selecting,
        reports::{Enrollments as Page, enrollments_page},
    },
    parts::{
        list::{Nothing, Pager, SortHeader, by_age},
        load::{load, use_page_query},
        select::{BulkActs, SelectBar, SelectBox},
        status::{MailMark, On, StatusMark},
        title::PageTitle,
    },
};
use leptos::prelude::*;
use model::{
    bulk::Marked,
    listing::{Sort, Total},
    query::Query,
    report::{EnrollmentColumn, EnrollmentFilter, EnrollmentQuery, EnrollmentReport, EnrollmentRow},
};

/// The page's path.
pub const PATH: &str = "/reports/enrollments";

/// The enrollments over all tasks.
#[component]
pub fn Enrollments() -> impl IntoView {
    let query = use_page_query(PATH);
    load(move || query.get(), enrollments_page, show)
}

fn show(page: Page) -> AnyView {
    let Page { query, report, selecting } = page;
    let ticks = RwSignal::new(0);
    let here = Address::of(PATH, &query.write().to_query());
    let (size, words) = (query.paging.size, pager_words(query.paging.sort));
    let filtered = query.filter != EnrollmentFilter::default();
    let listing = &report.enrollments;
    let (total, zone) = (listing.total, listing.zone.clone());
    let (previous, next) = (listing.previous.clone(), listing.next.clone());
    view! {
        <PageTitle heading="Enrollments" line="Every user in every provisioning task, and what became of it" />
        {tabs(None)}
        <section class="card list" aria-label="Enrollments">
            <Tools filter=query.filter.clone() here=here.clone() />
            <Choosing query=query.clone() selecting=selecting.clone() total any=!listing.rows.is_empty() ticks />
            {if listing.rows.is_empty() {
                view! { <Nothing what="No enrollments." filtered clear=PATH /> }.into_any()
            } else {
                view! { <Table sort=query.paging.sort here=here.clone() report selecting ticks /> }.into_any()
            }}
            <Pager here total what="enrollment" size previous next words zone />
        </section>
    }
    .into_any()
}

/// What the pages before and after are called: by time where that is the order.
fn pager_words(sort: Sort<EnrollmentColumn>) -> (&'static str, &'static str) {
    match sort.column {
        EnrollmentColumn::Task | EnrollmentColumn::Start => by_age(sort.direction),
        EnrollmentColumn::UserId | EnrollmentColumn::Stop => ("Previous", "Next"),
    }
}

/// What can be done with the rows that are selected, for whoever may do any of it.
#[component]
fn Choosing(query: EnrollmentQuery, selecting: Selecting, total: Total, any: bool, ticks: RwSignal<u32>) -> impl IntoView {
    let Selecting { marked: Marked { count, .. }, acts, key } = selecting;
    let shown = !acts.is_empty() && (any || count > 0);
    let (list, selection) = (query.write().to_query(), query.selection);
    shown.then(|| {
        let action = format!("{PATH}/select");
        view! { <SelectBar action what="enrollment" query=list selection count key total ticks><BulkActs acts /></SelectBar> }
    })
}

#[component]
fn Table(
    sort: Sort<EnrollmentColumn>,
    here: Address,
    report: EnrollmentReport,
    selecting: Selecting,
    ticks: RwSignal<u32>,
) -> impl IntoView {
    let (may_view, may_manage) = (report.may_view_users, report.may_manage);
    let boxes = !selecting.acts.is_empty();
    let selected =
        move |row: &EnrollmentRow| boxes.then(|| row.status.is_open().then(|| selecting.marked.rows.contains(&row.enrollment)));
    let rows = report.enrollments.rows;
    view! {
        <table class="cards tasks enrollments">
            <caption>"Enrollments"</caption>
            <thead>
                <tr>
                    {boxes.then(|| view! { <th class="tick"><span class="unseen">"Select"</span></th> })}
                    <SortHeader column=EnrollmentColumn::UserId sort here=here.clone() label="User ID" />
                    <th scope="col">"Name"</th>
                    <SortHeader column=EnrollmentColumn::Task sort here=here.clone() label="Task" />
                    <th scope="col" class="roomy">"Emailed to"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Mail"</th>
                    <SortHeader column=EnrollmentColumn::Start sort here=here.clone() label="Start Date" />
                    <SortHeader column=EnrollmentColumn::Stop sort here label="Stop Date" />
                    <th scope="col" class="roomy">"Authentication Type"</th>
                    <th scope="col">"Serial Number"</th>
                </tr>
            </thead>
            <tbody>
                // By key, so that no row takes over the open sentence of another.
                <For
                    each=move || rows.clone()
                    key=|row| row.enrollment
                    children=move |row| {
                        let tick = selected(&row);
                        view! { <Row row may_view may_manage tick ticks /> }
                    }
                />
            </tbody>
        </table>
    }
}

/// `tick`: whether there is a cell for a box, whether there is one in it, and whether that is ticked.
#[component]
fn Row(row: EnrollmentRow, may_view: bool, may_manage: bool, tick: Option<Option<bool>>, ticks: RwSignal<u32>) -> impl IntoView {
    let label = format!("Select {} in task {}", row.user_id, row.task);
    let enrollment = row.enrollment;
    let tick = tick.map(|tick| {
        let tick = tick.map(|selected| view! { <SelectBox row=enrollment label selected ticks /> });
        view! { <td class="tick">{tick}</td> }
    });
    let user_id = row.user_id.clone();
    let user = if may_view && !row.deleted {
        view! { <a href=format!("/users/{}", row.user)><bdi>{user_id}</bdi></a> }.into_any()
    } else {
        view! { <bdi>{user_id}</bdi> }.into_any()
    };
    let mail = row.mail.map(|state| view! { <MailMark state /> });
    view! {
        <tr>
            {tick}
            <td class="key clip">{user}</td>
            <td class="clip"><bdi>{row.name}</bdi></td>
            <td class="wide"><TaskLink number=row.task outstanding=row.outstanding may_manage /></td>
            // The sentence of the row says it, too.
            <td class="clip soft wide roomy" title=row.emailed_to.clone()>{row.emailed_to.clone()}</td>
            <td class="end story-cell">
                <details class="story" name="story">
                    <summary>
                        <StatusMark status=row.status />
                        <span class="unseen">", in words"</span>
                    </summary>
                    <p><bdi>{row.sentence}</bdi></p>
                </details>
            </td>
            <td class="second">{mail}</td>
            <td class="wide"><On day=row.start /></td>
            <td class="wide"><On day=row.stop /></td>
            <td class="wide roomy">{row.kind.name()}</td>
            <td class="wide">{row.serial.unwrap_or_else(|| "–".to_owned())}</td>
        </tr>
    }
}
