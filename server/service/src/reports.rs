//! Reports: the enrollments over all tasks (spec §3.1).

use crate::{Service, cursor::Scope, fault::Outcome, zone::Now};
use model::{
    actor::Actor,
    enrollment::Status,
    report::{EnrollmentQuery, EnrollmentReport, EnrollmentRow},
    rights::Right,
    story::{Story, sentence},
    user::{display_name, masked, search},
};
use store::enrollment_list::{EnrollmentsAsked, ListedEnrollment, Which};

/// A page of enrollments.
pub(crate) async fn enrollments(service: &Service, by: &Actor, query: &EnrollmentQuery) -> Outcome<EnrollmentReport> {
    by.require(Right::ReportsView)?;
    search(&query.filter.search)?;
    let sort = query.paging.sort;
    let scope = Scope::new("/reports/enrollments", &(&query.filter, sort));
    let from = service.open_cursor(&scope, &query.paging.cursor)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let which = Which { filter: &query.filter, today: now.today(), now: now.at };
    let plan = tx.plan_enrollments(which).await?;
    let asked = EnrollmentsAsked { which, sort: Some(sort), rows: query.paging.size.rows(), from };
    let page = tx.enrollments(&asked, &plan).await?;
    let total = tx.count_enrollments(which, &plan).await?;
    tx.rollback().await?;
    Ok(EnrollmentReport {
        enrollments: service.listing(&scope, now, page, total, |row| (row.key(sort.column), row.id), |found| row(found, now)),
        may_view_users: by.rights.has(Right::UsersView),
        may_manage: by.rights.has(Right::ProvisioningManage),
    })
}

/// The address of an enrollment as reports show it: another one than the profile's is whole only while the enrollment is open, and in
/// the audit trail (spec §3.4).
pub(crate) fn shown_address(found: &ListedEnrollment) -> String {
    if found.redirected && !found.status.is_open() { masked(&found.emailed_to) } else { found.emailed_to.clone() }
}

/// Is its link's lifetime over though its stop date is not?
pub(crate) fn link_expired(found: &ListedEnrollment, now: Now) -> bool {
    found.status == Status::Active && found.link_until.is_some_and(|until| until <= now.at)
}

/// Is it completed, and was its token never used since?
pub(crate) fn never_used(found: &ListedEnrollment) -> bool {
    found.status == Status::Completed && found.never_used
}

fn row(found: ListedEnrollment, now: Now) -> EnrollmentRow {
    let name = display_name(&found.first_name, &found.last_name, &found.user_id);
    let emailed_to = shown_address(&found);
    EnrollmentRow {
        sentence: sentence(&story(&found, &name, &emailed_to, now)),
        enrollment: found.id,
        user: found.person,
        deleted: found.deleted,
        user_id: found.user_id,
        name,
        task: found.task,
        outstanding: found.outstanding,
        emailed_to,
        status: found.status,
        mail: found.mail.map(|(state, ..)| state),
        start: found.start_on,
        stop: found.stop_on,
        kind: found.kind,
        serial: found.serial,
    }
}

fn story<'a>(found: &'a ListedEnrollment, name: &'a str, emailed_to: &'a str, now: Now) -> Story<'a> {
    let at = |at: Option<i64>| at.map(|at| now.moment(at));
    let since = match found.status {
        Status::Removed => found.removed_at,
        Status::Completed => found.completed_at,
        Status::Locked => found.locked_at,
        Status::Active | Status::Expired => None,
    };
    Story {
        name,
        emailed_to,
        redirected: found.redirected,
        mail: found.mail.as_ref().map(|(state, at, why)| (*state, now.moment(*at), why.as_str())),
        link_opened: at(found.link_opened_at),
        started: at(found.started_at),
        asked: at(found.requested_at),
        link_expired: link_expired(found, now),
        status: found.status,
        since: at(since),
        removed_by: found.removed_by.as_deref().unwrap_or_default(),
        serial: found.serial.as_deref().unwrap_or_default(),
        never_used: never_used(found),
        stop: found.stop_on,
    }
}
