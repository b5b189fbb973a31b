//! Edit and Remove of a provisioning task (spec §3.3).

use crate::stage::{enrolled, enrollment_of, form, invited, mails_to, set_policy};
use model::{
    Refusal,
    actor::Actor,
    audit::AuditQuery,
    console::Console,
    day::Day,
    edit::{EditTaskForm, EditedWhat, RemoveTaskForm},
    enrolling::{Asked, Enrolling, LinkState},
    enrollment::{Note, Status},
    forms::ResendForm,
    policy::LinkLifetime,
    problem::{Problem, Problems},
    rights::Right,
    task::{TaskQuery, TaskUserQuery},
};
use service::testing::{Rig, client};
use store::audit::Subject;

/// A task of three: its number, the users and the enrollments.
async fn three(rig: &Rig) -> (i64, Vec<i64>, Vec<i64>) {
    let mut users = Vec::new();
    for id in ["aiko", "bela", "chi"] {
        users.push(rig.user(id, "Aiko", "Yamada").await.unwrap());
    }
    let form = form(rig, &users).await;
    let task = rig.service.provision(&rig.paul, &form).await.unwrap().task;
    let mut tx = rig.service.db().read().await.unwrap();
    let mut rows = Vec::new();
    for user in &users {
        rows.push(enrollment_of(&mut tx, *user).await);
    }
    (task, users, rows)
}

fn remove(rig: &Rig, rows: &[i64]) -> EditTaskForm {
    let select = rows.iter().map(i64::to_string).collect();
    EditTaskForm { select, act: "remove".into(), version: "1".into(), key: rig.key(), ..EditTaskForm::default() }
}

fn stop(rig: &Rig, rows: &[i64], day: &str) -> EditTaskForm {
    EditTaskForm { act: "apply".into(), scope: "selected".into(), stop_on: day.into(), ..remove(rig, rows) }
}

async fn statuses(rig: &Rig, task: i64) -> Vec<(String, Status, String)> {
    let users = rig.service.task(&rig.olga, task, &TaskUserQuery::all()).await.unwrap().users.rows;
    users.into_iter().map(|row| (row.user_id, row.status, row.stop.iso())).collect()
}

async fn adds_up(rig: &Rig, task: i64) {
    let mut tx = rig.service.db().read().await.unwrap();
    assert_eq!(tx.miscounted(task).await.unwrap(), Vec::<String>::new());
}

fn link_of(mails: &[crate::stage::Mailed]) -> String {
    mails.iter().find(|mail| mail.kind == "enrollment").expect("a link").link()
}

#[tokio::test]
async fn removed_users_can_no_longer_enroll_and_are_told_when_the_operator_wants_it() {
    Rig::everywhere(async |rig| {
        let (task, _, rows) = three(&rig).await;
        let link = link_of(&mails_to(&rig, "aiko@people.example").await);
        let cookie = rig.service.start(&link, &client("192.0.2.9")).await?;
        let form = EditTaskForm { notify: "yes".into(), ..remove(&rig, &rows[..2]) };
        let edited = rig.service.edit_task(&rig.paul, task, &form).await?;
        assert_eq!(edited.what, EditedWhat::Removed { count: 2, notified: true });
        assert!(edited.outstanding && edited.left.is_empty());
        assert_eq!(rig.service.edit_task(&rig.paul, task, &form).await?, edited, "the same form twice does it once");
        assert_eq!(rig.service.look(&link, false).await?.state, LinkState::Canceled);
        assert!(matches!(rig.service.session(&cookie).await, Err(Refusal::EnrollmentOver(_))));
        let mails = mails_to(&rig, "aiko@people.example").await;
        let kinds: Vec<_> = mails.iter().map(|mail| (mail.kind.as_str(), mail.state.as_str())).collect();
        assert_eq!(kinds, [("enrollment", "canceled"), ("removed", "queued")]);
        assert_eq!(statuses(&rig, task).await.iter().filter(|row| row.1 == Status::Removed).count(), 2);
        let row = rig.service.task(&rig.paul, task, &TaskUserQuery::all()).await?.row;
        assert_eq!((row.progress.count(), row.removed, row.edit_version), (1, 2, 2));
        adds_up(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn nobody_is_told_unless_the_box_is_ticked() {
    let rig = Rig::new().await.unwrap();
    let (task, _, rows) = three(&rig).await;
    rig.service.edit_task(&rig.paul, task, &remove(&rig, &rows[..1])).await.unwrap();
    assert_eq!(mails_to(&rig, "aiko@people.example").await.len(), 1);
}

#[tokio::test]
async fn none_selected_is_refused_and_changes_nothing() {
    let rig = Rig::new().await.unwrap();
    let (task, ..) = three(&rig).await;
    let nobody = Refusal::Invalid(Problems::one("select", Problem::NobodySelected));
    assert_eq!(rig.service.edit_task(&rig.paul, task, &remove(&rig, &[])).await.unwrap_err(), nobody);
    assert_eq!(rig.service.task(&rig.paul, task, &TaskUserQuery::all()).await.unwrap().row.edit_version, 1);
}

#[tokio::test]
async fn a_row_of_another_task_is_not_taken() {
    let rig = Rig::new().await.unwrap();
    let (task, _, _) = three(&rig).await;
    let (other, _) = invited(&rig, "dora").await;
    let mut tx = rig.service.db().read().await.unwrap();
    let dora = tx.person_of_key("dora").await.unwrap().unwrap();
    let row = enrollment_of(&mut tx, dora).await;
    drop(tx);
    assert!(matches!(rig.service.edit_task(&rig.paul, task, &remove(&rig, &[row])).await, Err(Refusal::BadRequest(_))));
    assert_eq!(statuses(&rig, other.task).await[0].1, Status::Active);
}

#[tokio::test]
async fn a_new_stop_date_extends_and_shortens_for_some_or_for_all() {
    Rig::everywhere(async |rig| {
        let (task, _, rows) = three(&rig).await;
        let one = rig.service.edit_task(&rig.paul, task, &stop(&rig, &rows[..1], "2026-12-24")).await?;
        assert_eq!(one.what, EditedWhat::Stop { count: 1, to: Day::parse("2026-12-24").unwrap() });
        let row = rig.service.task(&rig.paul, task, &TaskUserQuery::all()).await?.row;
        assert_eq!((row.stop.iso(), row.stop_from.map(Day::iso).as_deref()), ("2026-12-24".into(), Some("2026-12-02")));
        let all = EditTaskForm { scope: "all".into(), version: "2".into(), ..stop(&rig, &[], "2026-11-22") };
        assert_eq!(
            rig.service.edit_task(&rig.paul, task, &all).await?.what,
            EditedWhat::Stop { count: 3, to: Day::parse("2026-11-22").unwrap() }
        );
        assert!(statuses(&rig, task).await.iter().all(|row| row.2 == "2026-11-22"));
        adds_up(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_expired_enrollment_becomes_active_by_a_later_stop_date_but_a_link_whose_lifetime_is_over_stays_dead() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.link_lifetime = LinkLifetime::Hours(24)).await;
    let (task, users, rows) = three(&rig).await;
    let link = link_of(&mails_to(&rig, "aiko@people.example").await);
    rig.clock.advance(20 * 24 * 3_600_000);
    assert!(statuses(&rig, task).await.iter().all(|row| row.1 == Status::Expired));
    let edited = rig.service.edit_task(&rig.paul, task, &stop(&rig, &rows[..1], "2026-12-24")).await.unwrap();
    assert_eq!(edited.too_old, [(users[0], "aiko".to_owned())], "Send a new link is offered");
    assert_eq!(statuses(&rig, task).await[0].1, Status::Active);
    assert!(matches!(rig.service.look(&link, false).await.unwrap().state, LinkState::TooOld { .. }));
}

#[tokio::test]
async fn the_second_of_two_operators_is_told_what_the_first_did() {
    Rig::everywhere(async |rig| {
        let (task, _, rows) = three(&rig).await;
        rig.service.edit_task(&rig.olga, task, &remove(&rig, &rows[..1])).await?;
        let late = stop(&rig, &rows[1..], "2026-12-24");
        let Err(Refusal::EditedMeanwhile { version, changes }) = rig.service.edit_task(&rig.paul, task, &late).await else {
            panic!("an edit of an old version went through");
        };
        assert_eq!((version, changes.len(), changes[0].operator.as_str()), (2, 1, "olga"));
        assert_eq!(changes[0].what, EditedWhat::Removed { count: 1, notified: false });
        let again = EditTaskForm { version: version.to_string(), ..late };
        assert!(rig.service.edit_task(&rig.paul, task, &again).await.is_ok());
        adds_up(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_first_operators_edit_is_told_however_much_users_did_since() {
    let rig = Rig::new().await.unwrap();
    let (task, _, rows) = three(&rig).await;
    rig.service.edit_task(&rig.olga, task, &stop(&rig, &rows[..1], "2026-12-24")).await.unwrap();
    let link = link_of(&mails_to(&rig, "bela@people.example").await);
    for _ in 0..25 {
        rig.service.start(&link, &client("192.0.2.9")).await.unwrap();
    }
    let late = rig.service.edit_task(&rig.paul, task, &remove(&rig, &rows[1..])).await.unwrap_err();
    assert_eq!(
        late.to_string(),
        "Nothing was changed yet: this task was edited meanwhile. olga set the stop date of 1 user to 24 Dec 2026 on \
         22 Nov 2026 12:00. Send the form again if it is still what you want."
    );
}

#[tokio::test]
async fn a_help_desk_that_resends_makes_nobodys_form_stale() {
    let rig = Rig::new().await.unwrap();
    let (task, users, rows) = three(&rig).await;
    let form = ResendForm {
        email: "aiko@people.example".into(),
        profile: "aiko@people.example".into(),
        key: rig.key(),
        ..ResendForm::default()
    };
    rig.service.resend(&rig.hedy, users[0], task, &form).await.unwrap();
    rig.service.edit_task(&rig.paul, task, &remove(&rig, &rows[1..2])).await.unwrap();
    adds_up(&rig, task).await;
}

#[tokio::test]
async fn the_audit_trail_tells_before_and_after_of_every_edit_in_words() {
    let rig = Rig::new().await.unwrap();
    let (task, _, rows) = three(&rig).await;
    rig.service.edit_task(&rig.paul, task, &stop(&rig, &rows[..2], "2026-12-24")).await.unwrap();
    let again = EditTaskForm { version: "2".into(), ..remove(&rig, &rows[..1]) };
    rig.service.edit_task(&rig.paul, task, &again).await.unwrap();
    let all = EditTaskForm { scope: "all".into(), version: "3".into(), ..stop(&rig, &[], "2026-12-31") };
    rig.service.edit_task(&rig.paul, task, &all).await.unwrap();
    let form = RemoveTaskForm { version: "4".into(), key: rig.key(), ..RemoveTaskForm::default() };
    rig.service.remove_task(&rig.paul, task, &form).await.unwrap();
    let mut told = Vec::new();
    for row in rig.service.audit(&rig.audrey, &AuditQuery::all()).await.unwrap().rows.into_iter().take(4) {
        let dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let changes =
            row.changes.into_iter().map(|change| format!("{} {} > {}", change.field, dash(change.before), dash(change.after)));
        told.push(changes.collect::<Vec<_>>().join(" | "));
    }
    assert_eq!(
        told,
        [
            "Count 2 > 0 | Notified - > no | Open 2 > 0",
            "Stop Date 02 Dec 2026: 1 user; 24 Dec 2026: 1 user > 31 Dec 2026",
            "Notified - > no | Removed - > 1 | Users aiko > -",
            "Stop Date 02 Dec 2026: aiko, bela > 24 Dec 2026",
        ]
    );
}

#[tokio::test]
async fn a_later_stop_date_answers_who_asked_for_it() {
    Rig::everywhere(async |rig| {
        let (task, _, rows) = three(&rig).await;
        let link = link_of(&mails_to(&rig, "aiko@people.example").await);
        let asks = async || rig.service.ask_for_link(&link, &client("192.0.2.9")).await;
        rig.clock.advance(15 * 24 * 3_600_000);
        assert_eq!(asks().await?, Asked::Requested);
        rig.service.edit_task(&rig.paul, task, &stop(&rig, &rows[..1], "2026-12-10")).await?;
        let users = rig.service.task(&rig.olga, task, &TaskUserQuery::all()).await?.users.rows;
        assert!(users[0].notes.iter().all(|note| !matches!(note, Note::AskedForLink(_))));
        rig.clock.advance(15 * 24 * 3_600_000);
        assert_eq!(asks().await?, Asked::Requested);
        let users = rig.service.task(&rig.olga, task, &TaskUserQuery::all()).await?.users.rows;
        assert!(users[0].notes.iter().any(|note| matches!(note, Note::AskedForLink(_))), "operators see that they ask again");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_user_who_completes_meanwhile_is_reported_and_does_not_make_the_edit_stale() {
    Rig::everywhere(async |rig| {
        let (task, _, rows) = three(&rig).await;
        enrolled(&rig, &link_of(&mails_to(&rig, "aiko@people.example").await)).await;
        let edited = rig.service.edit_task(&rig.paul, task, &remove(&rig, &rows[..2])).await?;
        assert_eq!(edited.left, [("aiko".to_owned(), Status::Completed)]);
        assert_eq!(edited.what, EditedWhat::Removed { count: 1, notified: false });
        assert_eq!(statuses(&rig, task).await[0].1, Status::Completed);
        adds_up(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn removing_a_task_removes_every_open_enrollment_and_completed_ones_keep_their_tokens() {
    Rig::everywhere(async |rig| {
        let (task, users, _) = three(&rig).await;
        let links = [link_of(&mails_to(&rig, "bela@people.example").await), link_of(&mails_to(&rig, "chi@people.example").await)];
        enrolled(&rig, &link_of(&mails_to(&rig, "aiko@people.example").await)).await;
        let form = RemoveTaskForm { notify: "yes".into(), version: "1".into(), key: rig.key(), ..RemoveTaskForm::default() };
        assert_eq!(rig.service.remove_task(&rig.paul, task, &form).await?, 2);
        assert_eq!(rig.service.remove_task(&rig.paul, task, &form).await?, 2);
        for link in &links {
            assert_eq!(rig.service.look(link, false).await?.state, LinkState::Canceled);
        }
        assert!(rig.service.tasks(&rig.paul, &TaskQuery::all()).await?.rows.is_empty());
        let tokens = rig.service.authentication_methods(&rig.hedy, users[0]).await?.tokens;
        assert_eq!(tokens.len(), 1);
        assert_eq!(mails_to(&rig, "bela@people.example").await.iter().filter(|mail| mail.kind == "removed").count(), 1);
        adds_up(&rig, task).await;
        let late = RemoveTaskForm { version: "2".into(), key: rig.key(), ..form };
        assert_eq!(rig.service.remove_task(&rig.paul, task, &late).await.unwrap_err(), Refusal::TaskOver);
        let mut tx = rig.service.db().read().await.unwrap();
        let trail = tx.audit_of(Subject::Task(task), None, 1).await.unwrap().remove(0);
        assert_eq!((trail.verb.as_str(), trail.operator_name.as_str()), ("task.remove", "paul"));
        assert!(trail.before.unwrap().contains(r#""open":2"#) && trail.after.unwrap().contains(r#""open":0"#));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn above_fifty_users_the_count_must_be_typed() {
    let rig = Rig::new().await.unwrap();
    let mut users = Vec::new();
    for number in 0..51 {
        users.push(rig.user(&format!("u{number}"), "A", "B").await.unwrap());
    }
    let order = form(&rig, &users).await;
    let task = rig.service.provision(&rig.paul, &order).await.unwrap().task;
    let form = RemoveTaskForm { version: "1".into(), key: rig.key(), ..RemoveTaskForm::default() };
    let refused = Refusal::Invalid(Problems::one("count", Problem::CountToType { count: 51 }));
    assert_eq!(rig.service.remove_task(&rig.paul, task, &form).await.unwrap_err(), refused);
    let typed = RemoveTaskForm { count: "51".into(), ..form };
    assert_eq!(rig.service.remove_task(&rig.paul, task, &typed).await.unwrap(), 51);
}

#[tokio::test]
async fn without_the_right_nothing_is_edited_and_the_right_is_named() {
    let rig = Rig::new().await.unwrap();
    let (task, _, rows) = three(&rig).await;
    let refused = Refusal::Forbidden(Right::ProvisioningManage);
    let people: [&Actor; 2] = [&rig.hedy, &rig.audrey];
    for by in people {
        assert_eq!(rig.service.edit_task(by, task, &remove(&rig, &rows)).await.unwrap_err(), refused);
        let form = RemoveTaskForm { version: "1".into(), key: rig.key(), ..RemoveTaskForm::default() };
        assert_eq!(rig.service.remove_task(by, task, &form).await.unwrap_err(), refused);
    }
}
