//! Reports: the enrollments over all tasks, each in one sentence.

use crate::{
    resend::elsewhere,
    stage::{enrolled, form, invited, mails_to},
};
use model::{
    Refusal,
    console::Console,
    enrollment::Status,
    listing::{PageSize, Total},
    refusal::BadRequest,
    report::{EnrollmentFilter, EnrollmentQuery, EnrollmentRow},
    rights::Right,
};
use service::testing::Rig;

async fn rows(rig: &Rig, filter: EnrollmentFilter) -> Vec<EnrollmentRow> {
    let query = EnrollmentQuery { filter, ..EnrollmentQuery::all() };
    rig.service.enrollments(&rig.audrey, &query).await.unwrap().enrollments.rows
}

fn of(user_id: &str) -> EnrollmentFilter {
    EnrollmentFilter { search: user_id.to_owned(), ..EnrollmentFilter::default() }
}

#[tokio::test]
async fn enrollments_are_for_who_reports_and_link_only_where_the_reader_may_go() {
    let rig = Rig::new().await.unwrap();
    invited(&rig, "aiko").await;
    let query = EnrollmentQuery::all();
    assert_eq!(rig.service.enrollments(&rig.hedy, &query).await.err(), Some(Refusal::Forbidden(Right::ReportsView)));
    let report = rig.service.enrollments(&rig.audrey, &query).await.unwrap();
    assert_eq!((report.may_view_users, report.may_manage), (true, false));
    let report = rig.service.enrollments(&rig.paul, &query).await.unwrap();
    assert_eq!((report.may_view_users, report.may_manage), (true, true));
}

#[tokio::test]
async fn a_row_says_in_one_sentence_what_happened_and_what_holds() {
    Rig::everywhere(async |rig| {
        let (provisioned, mailed) = invited(&rig, "aiko").await;
        let row = rows(&rig, of("aiko")).await.remove(0);
        assert_eq!((row.task, row.status, row.outstanding), (provisioned.task, Status::Active, true));
        assert_eq!(
            row.sentence,
            "Aiko Yamada is to be mailed at aiko@people.example, which waits since 22 Nov 2026 12:00, has not opened the link; may \
             enroll until 02 Dec 2026."
        );
        enrolled(&rig, &mailed.link()).await;
        let row = rows(&rig, EnrollmentFilter { status: Some(Status::Completed), ..of("aiko") }).await.remove(0);
        let serial = row.serial.clone().expect("a serial number");
        assert!(row.sentence.contains("started on 22 Nov 2026 12:00; completed enrollment on 22 Nov 2026 12:00"), "{}", row.sentence);
        assert!(row.sentence.ends_with(&format!("with serial number {serial}, never used since.")), "{}", row.sentence);
        assert!(rows(&rig, EnrollmentFilter { status: Some(Status::Active), ..of("aiko") }).await.is_empty());
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn never_used_holds_the_completed_until_a_code_of_their_token_is_accepted() {
    Rig::everywhere(async |rig| {
        let never_used = || EnrollmentFilter { never_used: true, ..EnrollmentFilter::default() };
        let (_, mailed) = invited(&rig, "aiko").await;
        assert!(rows(&rig, never_used()).await.is_empty(), "what is not enrolled cannot be used");
        enrolled(&rig, &mailed.link()).await;
        let row = rows(&rig, never_used()).await.remove(0);
        assert_eq!((row.user_id.as_str(), row.status), ("aiko", Status::Completed));
        assert!(rows(&rig, EnrollmentFilter { status: Some(Status::Active), ..never_used() }).await.is_empty());
        let mut tx = rig.service.db().write().await?;
        let token = tx.enrollment(row.enrollment).await?.and_then(|enrollment| enrollment.token).expect("a token");
        assert!(tx.accept_step(token, i64::MAX / 2, 1).await?);
        tx.commit().await?;
        assert!(rows(&rig, never_used()).await.is_empty());
        let row = rows(&rig, of("aiko")).await.remove(0);
        assert!(!row.sentence.contains("never used"), "{}", row.sentence);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn another_address_is_whole_while_the_enrollment_is_open_and_masked_afterwards() {
    let rig = Rig::new().await.unwrap();
    let (provisioned, _) = invited(&rig, "aiko").await;
    let user = rows(&rig, of("aiko")).await.remove(0).user;
    rig.service.resend(&rig.paul, user, provisioned.task, &elsewhere(&rig)).await.unwrap();
    let redirected = EnrollmentFilter { redirected: true, ..EnrollmentFilter::default() };
    let row = rows(&rig, redirected.clone()).await.remove(0);
    assert_eq!(row.emailed_to, "jane@elsewhere.example");
    assert!(row.sentence.contains("at another address (jane@elsewhere.example)"), "{}", row.sentence);
    let link = mails_to(&rig, "jane@elsewhere.example").await.pop().expect("a mail").link();
    enrolled(&rig, &link).await;
    let row = rows(&rig, redirected).await.remove(0);
    assert_eq!(row.emailed_to, "j…@…");
    assert!(!row.sentence.contains("elsewhere"), "{}", row.sentence);
}

#[tokio::test]
async fn pages_follow_one_another_and_a_cursor_fits_its_filter_only() {
    let rig = Rig::new().await.unwrap();
    let mut users = Vec::new();
    for place in 0..60 {
        users.push(rig.user(&format!("user{place:02}"), "Pat", "Nr").await.unwrap());
    }
    let form = form(&rig, &users).await;
    rig.service.provision(&rig.paul, &form).await.unwrap();
    let mut query = EnrollmentQuery::all();
    query.paging.size = PageSize::Middle;
    let first = rig.service.enrollments(&rig.paul, &query).await.unwrap().enrollments;
    assert_eq!((first.rows.len(), first.total, first.previous), (50, Total::Exactly(60), None));
    query.paging.cursor = first.next.expect("a next page");
    let second = rig.service.enrollments(&rig.paul, &query).await.unwrap().enrollments;
    assert_eq!((second.rows.len(), second.next), (10, None));
    query.filter.status = Some(Status::Active);
    let forged = rig.service.enrollments(&rig.paul, &query).await.err();
    assert_eq!(forged, Some(Refusal::BadRequest(BadRequest::Cursor)));
}
