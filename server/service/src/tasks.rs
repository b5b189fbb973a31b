//! Lists of provisioning tasks, and one task (spec §3.2).

use crate::{
    Service,
    cursor::Scope,
    fault::{Fault, Outcome},
    messages::mail_note,
    zone::Now,
};
use model::{
    Answer, Refusal,
    actor::Actor,
    enrollment::{Note, Status},
    listing::Listing,
    query::Shelf,
    refusal::{BadRequest, Thing},
    rights::Right,
    task::{TaskDetail, TaskQuery, TaskRow, TaskState, TaskUserQuery, TaskUserRow},
    user::{display_name, masked, search},
};
use store::{
    task_list::{ListedTask, TasksAsked},
    task_users::{TaskUser, TaskUsersAsked},
};

/// A page of tasks, of what the list holds where it stands.
pub(crate) async fn page(service: &Service, by: &Actor, shelf: Shelf, query: &TaskQuery) -> Outcome<Listing<TaskRow>> {
    require(by, shelf, query.state)?;
    search(&query.filter.search)?;
    let scope = scope(shelf, query);
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let asked = TasksAsked {
        state: query.state,
        filter: &query.filter,
        sort: query.paging.sort,
        rows: query.paging.size.rows(),
        from: service.open_cursor(&scope, &query.paging.cursor)?,
        today: now.today(),
    };
    let (page, total) = tx.tasks_and_total(&asked).await?;
    let column = query.paging.sort.column;
    Ok(service.listing(&scope, now, page, total, |row| (row.key(column), row.number), row))
}

/// What the cursors of a list are bound to.
pub(crate) fn scope(shelf: Shelf, query: &TaskQuery) -> Scope {
    let route = match shelf {
        Shelf::Management => "/provisioning-tasks",
        Shelf::Reports => "/reports",
    };
    Scope::new(route, &(query.state, &query.filter, query.paging.sort))
}

/// Provisioning Task Management holds the outstanding tasks, for who manages them; Reports those of every state, for who reports.
pub(crate) fn require(by: &Actor, shelf: Shelf, state: TaskState) -> Answer<()> {
    match shelf {
        Shelf::Reports => by.require(Right::ReportsView),
        Shelf::Management if state == TaskState::Outstanding => by.require(Right::ProvisioningManage),
        Shelf::Management => Err(Refusal::BadRequest(BadRequest::Parameter)),
    }
}

/// One task with its users, for *Edit* and *Remove*.
pub(crate) async fn to_edit(service: &Service, by: &Actor, number: i64, users: &TaskUserQuery) -> Outcome<TaskDetail> {
    by.require(Right::ProvisioningManage)?;
    detail(service, by, number, users).await
}

/// One task with its users. A task without open enrollment is no longer managed, but stays readable for reporting (spec §2).
pub(crate) async fn detail(service: &Service, by: &Actor, number: i64, users: &TaskUserQuery) -> Outcome<TaskDetail> {
    let manages = by.rights.has(Right::ProvisioningManage);
    if !manages && !by.rights.has(Right::ReportsView) {
        by.require(Right::ProvisioningManage)?;
    }
    search(&users.search)?;
    let scope =
        Scope::new("/provisioning-tasks/users", &(number, users.status, users.mail_failed, &users.search, users.paging.sort));
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let task = tx.listed_task(number, now.today()).await?.ok_or(Fault::Refused(Refusal::NotFound(Thing::Task)))?;
    if task.outstanding {
        by.require(Right::ProvisioningManage)?;
    }
    let asked = TaskUsersAsked {
        task: number,
        status: users.status,
        mail_failed: users.mail_failed,
        search: &users.search,
        direction: users.paging.sort.direction,
        size: users.paging.size,
        from: service.open_cursor(&scope, &users.paging.cursor)?,
        today: now.today(),
    };
    let page = tx.task_users(&asked).await?;
    let total = tx.count_task_users(&asked).await?;
    let users = service.listing(&scope, now, page, total, |row| (row.key(), row.enrollment), |user| user_row(user, now));
    Ok(TaskDetail { row: row(task), users, may_view_users: by.rights.has(Right::UsersView) })
}

/// The task as the list shows it.
pub(crate) fn row(task: ListedTask) -> TaskRow {
    let (earliest, latest) = task.stop_on;
    TaskRow {
        number: task.number,
        operator: task.operator,
        emailed_to: task.emailed_to,
        start: task.start_on,
        stop: latest,
        stop_from: (task.outstanding && earliest < latest).then_some(earliest),
        kind: task.kind,
        description: task.description,
        progress: task.progress,
        removed: task.removed,
        outstanding: task.outstanding,
        edit_version: task.edit_version,
    }
}

/// The user as the expanded task shows them.
pub(crate) fn user_row(user: TaskUser, now: Now) -> TaskUserRow {
    let notes = notes(&user, now);
    let mail = user.mail.map(|mail| mail_note(mail, now));
    // Another address is whole only while the enrollment is open, and in the audit trail (spec §3.4).
    let hidden = user.redirected && !user.status.is_open();
    TaskUserRow {
        enrollment: user.enrollment,
        user: user.person,
        deleted: user.deleted,
        name: display_name(&user.first_name, &user.last_name, &user.user_id),
        user_id: user.user_id,
        emailed_to: if hidden { masked(&user.emailed_to) } else { user.emailed_to },
        status: user.status,
        serial: user.serial,
        stop: user.stop_on,
        mail,
        notes,
    }
}

fn notes(user: &TaskUser, now: Now) -> Vec<Note> {
    let open = user.status.is_open();
    let link_over = user.status == Status::Active && user.link_until.is_some_and(|until| until <= now.at);
    [
        user.link_opened_at.filter(|_| open).map(|at| Note::LinkOpened(now.moment(at))),
        user.started_at.filter(|_| open).map(|at| Note::Started(now.moment(at))),
        link_over.then_some(Note::LinkExpired),
        user.requested_at.filter(|_| open).map(|at| Note::AskedForLink(now.moment(at))),
        (user.status == Status::Completed && user.never_used).then_some(Note::NeverUsed),
    ]
    .into_iter()
    .flatten()
    .collect()
}
