//! `/reports/enrollments`: one row for each user and task over all tasks.

use super::{TaskLink, tabs, tools::Tools};
use crate::{
    address::Address,
    api::reports::{Enrollments as Page, enrollments_page},
    parts::{
        list::{Nothing, Pager, SortHeader, by_age},
        load::{load, use_page_query},
        status::{MailMark, On, StatusMark},
        title::PageTitle,
    },
};
use leptos::prelude::*;
use model::{
    listing::Sort,
    query::Query,
    report::{EnrollmentColumn, EnrollmentFilter, EnrollmentReport, EnrollmentRow},
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
    let Page { query, report } = page;
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
            {if listing.rows.is_empty() {
                view! { <Nothing what="No enrollments." filtered clear=PATH /> }.into_any()
            } else {
                view! { <Table sort=query.paging.sort here=here.clone() report /> }.into_any()
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

#[component]
fn Table(sort: Sort<EnrollmentColumn>, here: Address, report: EnrollmentReport) -> impl IntoView {
    let (may_view, may_manage) = (report.may_view_users, report.may_manage);
    let rows = report.enrollments.rows;
    view! {
        <table class="cards tasks enrollments">
            <caption>"Enrollments"</caption>
            <thead>
                <tr>
                    <SortHeader column=EnrollmentColumn::UserId sort here=here.clone() label="User ID" />
                    <th scope="col">"Name"</th>
                    <SortHeader column=EnrollmentColumn::Task sort here=here.clone() label="Task" />
                    <th scope="col">"Emailed to"</th>
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
                    children=move |row| view! { <Row row may_view may_manage /> }
                />
            </tbody>
        </table>
    }
}

#[component]
fn Row(row: EnrollmentRow, may_view: bool, may_manage: bool) -> impl IntoView {
    let user_id = row.user_id.clone();
    let user = if may_view && !row.deleted {
        view! { <a href=format!("/users/{}", row.user)><bdi>{user_id}</bdi></a> }.into_any()
    } else {
        view! { <bdi>{user_id}</bdi> }.into_any()
    };
    let mail = row.mail.map(|state| view! { <MailMark state /> });
    view! {
        <tr>
            <td class="key clip">{user}</td>
            <td class="clip"><bdi>{row.name}</bdi></td>
            <td class="wide"><TaskLink number=row.task outstanding=row.outstanding may_manage /></td>
            <td class="clip soft wide" title=row.emailed_to.clone()>{row.emailed_to.clone()}</td>
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
