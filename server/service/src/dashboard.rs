//! How things stand, as far as rights allow each. Every count is that of the list it leads to, taken the same way, so that the two agree.

use crate::{Service, fault::Outcome, messages, tasks, zone::Now};
use model::{
    actor::Actor,
    console::{Dashboard, Figure, What},
    enrollment::Status,
    listing::Total,
    message::MailState,
    query::{ActFilter, Query, Shelf},
    report::{EnrollmentFilter, EnrollmentQuery},
    rights::Right,
    task::{TASK_SORT, TaskFilter, TaskQuery, TaskRow, TaskState},
};
use store::{Tx, enrollment_list::Which, task_list::TasksAsked};

/// So many of the last tasks are shown.
const LAST: u32 = 5;
/// Stop dates within so many days after today are near.
const NEAR: i32 = 2;

/// What `/` shows.
pub(crate) async fn read(service: &Service, by: &Actor) -> Outcome<Dashboard> {
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let (manages, reports) = (by.rights.has(Right::ProvisioningManage), by.rights.has(Right::ReportsView));
    let users = if by.rights.has(Right::UsersView) { Some(tx.user_count().await?) } else { None };
    let shelf = if manages { Shelf::Management } else { Shelf::Reports };
    let outstanding = if manages || reports {
        Some(of_tasks(&mut tx, now, shelf, What::Outstanding, TaskFilter::default()).await?)
    } else {
        None
    };
    let attention = match (reports, manages) {
        (true, _) => Some(users_to_look_at(&mut tx, now).await?),
        (false, true) => Some(tasks_to_look_at(&mut tx, now).await?),
        (false, false) => None,
    };
    let last = if manages { Some(last_tasks(&mut tx, now).await?) } else { None };
    let mail = if by.rights.has(Right::MessagesManage) { Some(messages::summary_in(service, &mut tx, now).await?) } else { None };
    tx.rollback().await?;
    Ok(Dashboard { users, outstanding, attention, last, mail, organisation: policy.organisation, zone: now.zone_name() })
}

/// The stop date is near.
fn near(now: Now) -> ActFilter {
    ActFilter { stop_from: Some(now.today()), stop_to: Some(now.today().plus(NEAR)), ..ActFilter::default() }
}

/// The users whom somebody should look at, one by one, where whoever asks may see the list of enrollments.
async fn users_to_look_at(tx: &mut Tx, now: Now) -> Outcome<Vec<Figure>> {
    let of = |status| EnrollmentFilter { status: Some(status), ..EnrollmentFilter::default() };
    let near = near(now);
    let mail = |state| EnrollmentFilter { mail: Some(state), ..of(Status::Active) };
    let filters = [
        (What::Asked, EnrollmentFilter { asked: true, ..of(Status::Expired) }),
        (What::Locked, of(Status::Locked)),
        (What::Expired, of(Status::Expired)),
        (What::MailFailed, mail(MailState::Failed)),
        (What::MailBounced, mail(MailState::Bounced)),
        (What::Stopping, EnrollmentFilter { act: near, ..of(Status::Active) }),
    ];
    let mut figures = Vec::with_capacity(filters.len());
    for (what, filter) in filters {
        let which = Which { filter: &filter, today: now.today(), now: now.at };
        let plan = tx.plan_enrollments(which).await?;
        let total = tx.count_enrollments(which, &plan).await?;
        let href = EnrollmentQuery { filter, ..EnrollmentQuery::all() }.write().at("/reports/enrollments");
        figures.push(Figure { what, tasks: false, total, href });
    }
    Ok(figures)
}

/// The tasks that hold such users, where whoever asks may see no other list.
async fn tasks_to_look_at(tx: &mut Tx, now: Now) -> Outcome<Vec<Figure>> {
    let filters = [
        (What::Locked, TaskFilter { has_locked: true, ..TaskFilter::default() }),
        (What::Expired, TaskFilter { has_expired: true, ..TaskFilter::default() }),
        (What::MailFailed, TaskFilter { mail_failed: true, ..TaskFilter::default() }),
        (What::Stopping, TaskFilter { act: near(now), ..TaskFilter::default() }),
    ];
    let mut figures = Vec::with_capacity(filters.len());
    for (what, filter) in filters {
        figures.push(of_tasks(tx, now, Shelf::Management, what, filter).await?);
    }
    Ok(figures)
}

async fn of_tasks(tx: &mut Tx, now: Now, shelf: Shelf, what: What, filter: TaskFilter) -> Outcome<Figure> {
    let total: Total = tx.count_tasks(TaskState::Outstanding, &filter, now.today()).await?;
    let path = match shelf {
        Shelf::Management => "/provisioning-tasks",
        Shelf::Reports => "/reports",
    };
    let href = TaskQuery { filter, ..TaskQuery::all() }.write(shelf).at(path);
    Ok(Figure { what, tasks: true, total, href })
}

async fn last_tasks(tx: &mut Tx, now: Now) -> Outcome<Vec<TaskRow>> {
    let filter = TaskFilter::default();
    let asked = TasksAsked {
        state: TaskState::Outstanding,
        filter: &filter,
        sort: TASK_SORT,
        rows: LAST,
        from: None,
        today: now.today(),
    };
    Ok(tx.tasks(&asked).await?.rows.into_iter().map(tasks::row).collect())
}
