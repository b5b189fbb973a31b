//! One task: what it is, and a page of its users.

use super::live::Live;
use crate::{
    address::Address,
    api::tasks::OpenTask,
    boot::use_boot,
    pages::communications::Retry,
    parts::{
        list::{ChipLink, Pager, Search, SortHeader},
        settled::lively,
        status::{MailNoteMark, On, StatusMark},
    },
};
use leptos::prelude::*;
use model::{
    enrollment::{Note, Status},
    message::MailNote,
    rights::Right,
    task::{TaskRow, TaskUserColumn, TaskUserQuery, TaskUserRow},
};

/// The expanded task.
#[component]
pub fn Open(
    /// The task, and what was asked of its users.
    open: Box<OpenTask>,
    /// The page's address now.
    here: Address,
) -> impl IntoView {
    let row = &open.task.row;
    let me = use_boot().me.map(|me| me.rights).unwrap_or_default();
    let mail = me.has(Right::MessagesManage).then(|| {
        view! {
            <dt>"Mail"</dt>
            <dd>
                <a href=format!("/communications?task={}", row.number)>"All messages of this task"</a>
            </dd>
        }
    });
    view! {
        <div class="opened">
            <dl class="facts inline">
                <dt>"Authentication Type"</dt>
                <dd>{row.kind.name()}</dd>
                <dt>"Description"</dt>
                <dd>
                    <bdi>{if row.description.is_empty() { "–".to_owned() } else { row.description.clone() }}</bdi>
                </dd>
                <NarrowFacts row=row.clone() />
                {mail}
            </dl>
            <Users open here=here />
        </div>
    }
}

/// What a phone's row leaves out.
#[component]
fn NarrowFacts(row: TaskRow) -> impl IntoView {
    view! {
        <dt class="narrow-only">"Emailed to"</dt>
        <dd class="narrow-only">{row.emailed_to}</dd>
        <dt class="narrow-only">"Start Date"</dt>
        <dd class="narrow-only"><On day=row.start /></dd>
    }
}

/// The users of a task: their filter, their table, their pages.
#[component]
pub fn Users(
    /// The task, and what was asked of its users.
    open: Box<OpenTask>,
    /// The page's address now.
    here: Address,
    /// The zone of the days, where the page does not name it elsewhere.
    #[prop(optional, into)]
    zone: Option<String>,
) -> impl IntoView {
    let OpenTask { query, task, key, .. } = *open;
    let (number, users) = (task.row.number, task.users);
    let may_retry = use_boot().me.is_some_and(|me| me.rights.has(Right::ProvisioningResend));
    let sort = query.paging.sort;
    let is_empty = users.rows.is_empty();
    let rows = users.rows.into_iter().map(|row| {
        let retry = may_retry.then(|| key.clone());
        view! { <UserLine row may_view=task.may_view_users retry number here=here.clone() /> }
    });
    let rows = rows.collect_view();
    view! {
        <UserTools row=task.row query=query.clone() here=here.clone() />
        {is_empty.then(|| view! { <p class="empty">"No user of this task matches."</p> })}
        <table class="cards task-users" class:hidden=is_empty>
            <caption>{format!("Task {number}")}</caption>
            <thead>
                <tr>
                    <SortHeader column=TaskUserColumn::UserId sort here=here.clone() prefix=TaskUserQuery::PREFIX label="User ID" />
                    <th scope="col">"Name"</th>
                    <th scope="col">"Emailed to"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Serial Number"</th>
                    <th scope="col">"Stop Date"</th>
                    <th scope="col">"Mail"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <Pager
            here
            prefix=TaskUserQuery::PREFIX
            total=users.total
            what="user"
            size=query.paging.size
            previous=users.previous
            next=users.next
            zone
        />
    }
}

/// The addresses that the buttons *Retry* of an expanded task post to.
pub fn retries(open: &OpenTask) -> Vec<String> {
    let may_retry = use_boot().me.is_some_and(|me| me.rights.has(Right::ProvisioningResend));
    let rows = open.task.users.rows.iter().filter(|_| may_retry);
    rows.filter_map(|row| retry(row, open.task.row.number)).collect()
}

/// The address that sends a user's message again, where it failed and is still wanted.
fn retry(row: &TaskUserRow, number: i64) -> Option<String> {
    let mail = row.mail.as_ref().filter(|mail| mail.state.needs_a_look() && row.status == Status::Active)?;
    Some(format!("{}/{number}/messages/{}/retry", super::ROOT, mail.message))
}

#[component]
fn UserTools(row: TaskRow, query: TaskUserQuery, here: Address) -> impl IntoView {
    let here = here.without("users.cursor");
    let number = row.number;
    let path = format!("{}/{number}", super::ROOT);
    let on = query.mail_failed;
    let mail_failed = here.clone().with("users.mail_failed", if on { "" } else { "1" }).to_string();
    let live = use_context::<Live>();
    let now = move || live.map_or_else(|| row.clone(), |live| live.task(&row));
    let (address, chosen) = (here.clone(), query.status);
    let chips = move || {
        let row = now();
        let counts = row.progress.parts().into_iter().chain([(Status::Removed, row.removed)]);
        let chips = counts.filter(|(status, count)| *count > 0 || chosen == Some(*status)).map(|(status, count)| {
            let on = chosen == Some(status);
            let href = address.clone().with("users.status", if on { "" } else { status.code() }).to_string();
            view! { <ChipLink href on count label=status.name() /> }
        });
        chips.collect_view()
    };
    view! {
        <div class="tools">
            <Search
                label=format!("Search in task {number}")
                here
                path
                name="users.search"
                cursor="users.cursor"
                value=query.search
            />
            <div class="chips" role="group" aria-label="Filters of its users">
                {lively(chips)}
                <ChipLink href=mail_failed on label="Mail failed" />
            </div>
        </div>
    }
}

#[component]
fn UserLine(row: TaskUserRow, may_view: bool, retry: Option<String>, number: i64, here: Address) -> impl IntoView {
    let user_id = row.user_id.clone();
    let user = if may_view && !row.deleted {
        view! { <a href=format!("/users/{}", row.user)><bdi>{user_id}</bdi></a> }.into_any()
    } else {
        view! { <bdi>{user_id}</bdi> }.into_any()
    };
    let (name, live) = (row.name.clone(), use_context::<Live>());
    let now = move || live.map_or_else(|| row.clone(), |live| live.user(&row));
    view! {
        <tr>
            <td class="key clip">{user}</td>
            <td class="clip"><bdi>{name}</bdi></td>
            {lively(move || changing(now(), retry.clone(), number, &here))}
        </tr>
    }
}

/// The cells that change by themselves.
fn changing(row: TaskUserRow, retry: Option<String>, number: i64, here: &Address) -> impl IntoView + use<> {
    let notes = row.notes.iter().map(Note::to_string).collect::<Vec<_>>().join(" · ");
    let to = row.emailed_to.clone();
    let retry = retry.zip(self::retry(&row, number)).map(|(key, path)| (key, Address::of(path, &here.query()).to_string()));
    let mail = row.mail.map(|mail| view! { <MailCell mail to retry /> });
    view! {
            <td class="clip soft wide" title=row.emailed_to.clone()>{row.emailed_to.clone()}</td>
            <td class="end status-cell">
                <StatusMark status=row.status />
                {(!notes.is_empty()).then(|| view! { <small class="soft">{notes}</small> })}
            </td>
            <td class="wide">{row.serial.unwrap_or_else(|| "–".to_owned())}</td>
            <td class="wide"><On day=row.stop /></td>
            <td class="second mail-cell">{mail}</td>
    }
}

/// How the newest mail with a link fares, why, and another try where it failed.
#[component]
fn MailCell(mail: MailNote, to: String, retry: Option<(String, String)>) -> impl IntoView {
    let (reason, message) = (mail.reason.clone(), mail.message);
    view! {
        <span class="mail-state">
            <MailNoteMark mail />
        </span>
        {(!reason.is_empty()).then(|| view! { <small class="soft reason">{reason}</small> })}
        {retry.map(|(key, action)| view! { <Retry action key message to /> })}
    }
}
