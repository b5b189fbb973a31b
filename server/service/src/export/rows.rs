//! The rows of exports and their columns. `docs/exports.md` says what each column means; their names never change.

use super::{ROWS, cell::Cell, moment};
use crate::{
    bulk::in_zone,
    fault::Outcome,
    reports::{link_expired, never_used, shown_address},
    zone::Now,
};
use model::{
    enrollment::Status,
    export::Exported,
    listing::Direction,
    message::MailState,
    report::EnrollmentQuery,
    task::{TASK_SORT, TaskQuery},
    user::display_name,
};
use store::{
    Db,
    bulk::BulkItem,
    enrollment_list::{EnrollmentsAsked, ListedEnrollment, Plan, Which},
    keyset::{Key, Place},
    task_list::{ListedTask, TaskPlan, TasksAsked},
};

/// The columns of an export of tasks.
const TASK_COLUMNS: &[&str] = &[
    "task",
    "operator",
    "authentication_type",
    "description",
    "emailed_to",
    "start_date",
    "stop_date",
    "earliest_stop_date",
    "count",
    "completed",
    "active",
    "locked",
    "expired",
    "removed",
    "outstanding",
];

/// The columns of an export of enrollments.
const ENROLLMENT_COLUMNS: &[&str] = &[
    "enrollment",
    "user_id",
    "first_name",
    "last_name",
    "container",
    "task",
    "operator",
    "authentication_type",
    "status",
    "emailed_to",
    "sent_to_another_address",
    "mail_state",
    "mail_state_since",
    "mail_reason",
    "start_date",
    "stop_date",
    "link_opened_at",
    "link_expired",
    "started_at",
    "asked_for_link_at",
    "locked_at",
    "completed_at",
    "removed_at",
    "removed_by",
    "serial_number",
    "never_used",
];

/// The columns of the result of an act over many enrollments.
const BULK_COLUMNS: &[&str] = &["user_id", "name", "task", "outcome", "reason"];

/// The rows of one export, read page by page.
pub(super) struct Rows {
    what: Exported,
    now: Now,
    /// The last row that was read.
    from: Option<Place>,
    /// How the list is read, decided on the first page.
    plan: Option<Plan>,
    task_plan: Option<TaskPlan>,
}

impl Rows {
    pub(super) fn new(what: Exported, now: Now) -> Rows {
        Rows { what, now, from: None, plan: None, task_plan: None }
    }

    /// The names of the columns.
    pub(super) const fn columns(&self) -> &'static [&'static str] {
        match self.what {
            Exported::Tasks(..) => TASK_COLUMNS,
            Exported::Enrollments(_) => ENROLLMENT_COLUMNS,
            Exported::Bulk(_) => BULK_COLUMNS,
        }
    }

    /// The next [`ROWS`] rows, fewer at the end.
    pub(super) async fn next(&mut self, db: &Db) -> Outcome<Page> {
        let from = self.from.take();
        let rows = match &self.what {
            Exported::Tasks(_, query) => Found::Tasks(tasks(db, query, self.now, from, &mut self.task_plan).await?),
            Exported::Enrollments(query) => Found::Enrollments(enrollments(db, query, self.now, from, &mut self.plan).await?),
            Exported::Bulk(id) => Found::Bulk(bulk(db, *id, from).await?),
        };
        self.from = rows.last().map(|id| Place { key: Key::Int(id), id, back: false });
        Ok(Page { rows, now: self.now })
    }
}

/// Rows as they were read. They become cells while the next are being read.
pub(super) struct Page {
    rows: Found,
    now: Now,
}

impl Page {
    /// How many rows.
    pub(super) fn len(&self) -> usize {
        match &self.rows {
            Found::Tasks(rows) => rows.len(),
            Found::Enrollments(rows) => rows.len(),
            Found::Bulk(rows) => rows.len(),
        }
    }

    /// The cells of each row.
    pub(super) fn cells(self) -> Vec<Vec<Cell>> {
        let now = self.now;
        match self.rows {
            Found::Tasks(rows) => rows.into_iter().map(task).collect(),
            Found::Enrollments(rows) => rows.into_iter().map(|row| enrollment(row, now)).collect(),
            Found::Bulk(rows) => rows.into_iter().map(|row| part(row, now)).collect(),
        }
    }
}

enum Found {
    Tasks(Vec<ListedTask>),
    Enrollments(Vec<ListedEnrollment>),
    Bulk(Vec<BulkItem>),
}

impl Found {
    /// By what the last row is found again.
    fn last(&self) -> Option<i64> {
        match self {
            Found::Tasks(rows) => rows.last().map(|row| row.number),
            Found::Enrollments(rows) => rows.last().map(|row| row.id),
            Found::Bulk(rows) => rows.last().map(|row| row.position),
        }
    }
}

async fn tasks(
    db: &Db,
    query: &TaskQuery,
    now: Now,
    from: Option<Place>,
    plan: &mut Option<TaskPlan>,
) -> Outcome<Vec<ListedTask>> {
    let today = now.today();
    let asked = TasksAsked { state: query.state, filter: &query.filter, sort: TASK_SORT, rows: ROWS, from, today };
    let mut tx = db.read().await?;
    let plan = match plan {
        Some(plan) => *plan,
        None => *plan.insert(tx.task_plan(&asked).await?),
    };
    let page = tx.tasks_by(&asked, plan).await?;
    tx.rollback().await?;
    Ok(page.rows)
}

async fn enrollments(
    db: &Db,
    query: &EnrollmentQuery,
    now: Now,
    from: Option<Place>,
    plan: &mut Option<Plan>,
) -> Outcome<Vec<ListedEnrollment>> {
    let mut tx = db.read().await?;
    let which = Which { filter: &query.filter, today: now.today(), now: now.at };
    let plan = match plan {
        Some(plan) => plan,
        None => plan.insert(tx.plan_enrollments(which).await?),
    };
    let page = tx.enrollments(&EnrollmentsAsked { which, sort: None, rows: ROWS, from }, plan).await?;
    tx.rollback().await?;
    Ok(page.rows)
}

async fn bulk(db: &Db, id: i64, from: Option<Place>) -> Outcome<Vec<BulkItem>> {
    let mut tx = db.read().await?;
    let from = from.map_or(0, |place| place.id + 1);
    let rows = tx.bulk_items(id, None, (from, Direction::Ascending), ROWS).await?;
    tx.rollback().await?;
    Ok(rows)
}

fn part(row: BulkItem, now: Now) -> Vec<Cell> {
    vec![
        row.user_id.as_str().into(),
        display_name(&row.first_name, &row.last_name, &row.user_id).into(),
        row.task.into(),
        row.outcome.code().into(),
        row.reason.map_or(Cell::Nothing, |why| in_zone(why, now).sentence().into()),
    ]
}

fn task(task: ListedTask) -> Vec<Cell> {
    let (earliest, latest) = task.stop_on;
    let progress = task.progress;
    vec![
        task.number.into(),
        task.operator.into(),
        task.kind.code().into(),
        task.description.into(),
        task.emailed_to.into(),
        task.start_on.into(),
        latest.into(),
        earliest.into(),
        progress.count().into(),
        progress.completed.into(),
        progress.active.into(),
        progress.locked.into(),
        progress.expired.into(),
        task.removed.into(),
        task.outstanding.into(),
    ]
}

fn enrollment(row: ListedEnrollment, now: Now) -> Vec<Cell> {
    let text = |text: Option<String>| text.map_or(Cell::Nothing, Cell::Text);
    let address = shown_address(&row);
    let expired = link_expired(&row, now);
    let unused = never_used(&row);
    let (state, since, reason) = match row.mail {
        Some((state, at, reason)) => (Some(state), Some(at), reason),
        None => (None, None, String::new()),
    };
    vec![
        row.id.into(),
        row.user_id.into(),
        row.first_name.into(),
        row.last_name.into(),
        row.container.into(),
        row.task.into(),
        row.operator.into(),
        row.kind.code().into(),
        Status::code(row.status).into(),
        address.into(),
        row.redirected.into(),
        state.map_or(Cell::Nothing, |state| MailState::code(state).into()),
        moment(now, since),
        reason.into(),
        row.start_on.into(),
        row.stop_on.into(),
        moment(now, row.link_opened_at),
        expired.into(),
        moment(now, row.started_at),
        moment(now, row.requested_at),
        moment(now, row.locked_at),
        moment(now, row.completed_at),
        moment(now, row.removed_at),
        text(row.removed_by),
        text(row.serial),
        unused.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_documented() {
        let page = include_str!("../../../../docs/exports.md");
        for column in TASK_COLUMNS.iter().chain(ENROLLMENT_COLUMNS).chain(BULK_COLUMNS) {
            assert!(page.contains(&format!("| `{column}` |")), "{column}");
        }
    }
}
