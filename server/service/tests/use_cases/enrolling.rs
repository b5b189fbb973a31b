//! Enrolling an authenticator app, from the mail to the serial number, and everything that can be in between.

use crate::stage::{code_of, enrolled, enrollment_of, invited, mail, mails_to, set_policy, shown, wrong_code};
use model::{
    Refusal,
    actor::Client,
    authentication::AuthenticationType,
    console::Console,
    day::Day,
    enrolling::{Enrolling, LinkState, Step},
    enrollment::{Note, Status},
    forms::VerifyForm,
    problem::{Problem, Problems},
    refusal::EnrollmentOver,
    task::{TaskQuery, TaskState, TaskUserQuery},
    token::TokenState,
};
use service::{
    clock::{HOUR, MINUTE},
    testing::{Rig, client},
};
use store::task_counters::TaskChange;

fn at_home() -> Client {
    client("198.51.100.7")
}

fn over<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> EnrollmentOver {
    match answer {
        Err(Refusal::EnrollmentOver(why)) => why,
        other => panic!("not over: {other:?}"),
    }
}

fn wrong(left: u32) -> Result<(), Refusal> {
    Err(Refusal::Invalid(Problems::one("code", Problem::WrongCode { left })))
}

async fn state(rig: &Rig, link: &str) -> LinkState {
    rig.service.look(link, true).await.unwrap().state
}

#[tokio::test]
async fn a_user_goes_the_whole_way_from_the_mail_to_the_serial_number() {
    Rig::everywhere(async |rig| {
        let (task, mailed) = invited(&rig, "aiko").await;
        assert_eq!((mailed.kind.as_str(), mailed.state.as_str()), ("enrollment", "queued"));
        let page = rig.service.look(&mailed.link(), true).await?;
        assert_eq!(page.host.organisation, "Provost");
        let LinkState::Ready { name, kind, stop, started } = page.state else { panic!("{:?}", page.state) };
        assert_eq!((name.as_str(), kind, stop, started), ("Aiko Yamada", AuthenticationType::App, task.stop, false));
        let cookie = rig.service.start(&mailed.link(), &at_home()).await?;
        let shown = shown(&rig, &cookie).await;
        assert_eq!((shown.attempts_left, shown.minutes_left, shown.key.len()), (5, 30, 39));
        assert!(shown.address.starts_with("otpauth://totp/Provost:aiko?secret="));
        rig.service.verify(&cookie, &code_of(&rig, &shown.key, 0), &at_home()).await?;
        let done = rig.service.session(&cookie).await?;
        assert_eq!(done.step, Step::Done { serial: "1000000001".into(), kind });
        assert_eq!(state(&rig, &mailed.link()).await, LinkState::Used { not_me: true });
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn completion_changes_token_task_lists_mail_and_trail_together() {
    Rig::everywhere(async |rig| {
        let (task, mailed) = invited(&rig, "aiko").await;
        let (_, serial) = enrolled(&rig, &mailed.link()).await;
        assert!(rig.service.tasks(&rig.paul, &TaskQuery::all()).await?.rows.is_empty(), "the task left the list");
        let reports = TaskQuery { state: TaskState::Completed, ..TaskQuery::all() };
        assert_eq!(rig.service.reported_tasks(&rig.paul, &reports).await?.rows[0].number, task.task);
        let detail = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await?;
        assert!(!detail.row.outstanding);
        let user = &detail.users.rows[0];
        assert_eq!(
            (user.status, user.serial.as_deref(), user.notes.as_slice()),
            (Status::Completed, Some(serial.as_str()), [Note::NeverUsed].as_slice())
        );
        let methods = rig.service.authentication_methods(&rig.hedy, user.user).await?;
        assert_eq!((methods.tokens[0].serial.as_str(), methods.tokens[0].state), (serial.as_str(), TokenState::Active));
        assert!(methods.tasks.is_empty());
        let mails = mails_to(&rig, "aiko@people.example").await;
        let seen: Vec<_> = mails.iter().map(|mail| (mail.kind.as_str(), mail.state.as_str())).collect();
        assert_eq!(seen, [("enrollment", "canceled"), ("completed", "queued")]);
        assert!(mails[0].is_wiped(), "a message that will not be sent keeps no link");
        let mut tx = rig.service.db().read().await?;
        assert!(tx.miscounted(task.task).await?.is_empty());
        assert_eq!(tx.stock(AuthenticationType::App).await?.map(|stock| stock.reserved), Some(0));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn looking_twenty_times_changes_nothing_but_that_it_was_opened() {
    let rig = Rig::new().await.unwrap();
    let (task, mailed) = invited(&rig, "aiko").await;
    let notes = async || {
        let detail = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await.unwrap();
        detail.users.rows[0].notes.clone()
    };
    for _ in 0..5 {
        rig.service.look(&mailed.link(), false).await.unwrap();
    }
    assert_eq!(notes().await, [], "HEAD notes nothing");
    let first = state(&rig, &mailed.link()).await;
    let opened = notes().await;
    assert!(matches!(opened.as_slice(), [Note::LinkOpened(_)]));
    for _ in 0..20 {
        rig.clock.advance(MINUTE);
        assert_eq!(state(&rig, &mailed.link()).await, first);
    }
    assert_eq!(notes().await, opened, "noted once");
    enrolled(&rig, &mailed.link()).await;
}

#[tokio::test]
async fn a_token_that_proved_nothing_but_its_enrollment_was_never_used() {
    Rig::everywhere(async |rig| {
        let (task, mailed) = invited(&rig, "aiko").await;
        let notes =
            async || rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await.unwrap().users.rows.remove(0).notes;
        assert!(!notes().await.contains(&Note::NeverUsed), "what is not enrolled cannot be used");
        enrolled(&rig, &mailed.link()).await;
        assert_eq!(notes().await, [Note::NeverUsed]);
        let row = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await?.users.rows[0].enrollment;
        let mut tx = rig.service.db().write().await.unwrap();
        let token = tx.enrollment(row).await.unwrap().unwrap().token.unwrap();
        assert!(tx.accept_step(token, i64::MAX / 2, 1).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(notes().await, []);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_used_link_enrolls_nothing_more() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let (cookie, _) = enrolled(&rig, &mailed.link()).await;
    assert_eq!(over(rig.service.start(&mailed.link(), &at_home()).await), EnrollmentOver::Completed);
    let again = VerifyForm { code: "123456".into() };
    assert_eq!(over(rig.service.verify(&cookie, &again, &at_home()).await), EnrollmentOver::Completed);
    assert_eq!(over(rig.service.ask_for_link(&mailed.link(), &at_home()).await), EnrollmentOver::Completed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_right_code_fifty_times_at_once_makes_one_token() {
    Rig::everywhere(async |rig| {
        let (task, mailed) = invited(&rig, "aiko").await;
        let cookie = rig.service.start(&mailed.link(), &at_home()).await?;
        let code = code_of(&rig, &shown(&rig, &cookie).await.key, 0);
        let attempts = (0..50).map(|_| {
            let (service, cookie, code) = (rig.service.clone(), cookie.clone(), code.clone());
            tokio::spawn(async move { service.verify(&cookie, &code, &at_home()).await })
        });
        let mut outcomes = Vec::new();
        for attempt in attempts.collect::<Vec<_>>() {
            outcomes.push(attempt.await.unwrap());
        }
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(over(outcome), EnrollmentOver::Completed);
        }
        let detail = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await?;
        let methods = rig.service.authentication_methods(&rig.olga, detail.users.rows[0].user).await?;
        assert_eq!(methods.tokens.len(), 1);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn wrong_codes_count_and_the_last_one_locks() {
    Rig::everywhere(async |rig| {
        set_policy(&rig, |policy| policy.attempts = 3).await;
        let (task, mailed) = invited(&rig, "aiko").await;
        let cookie = rig.service.start(&mailed.link(), &at_home()).await?;
        let key = shown(&rig, &cookie).await.key;
        for text in ["", "12345", "1234567", "abcdef", "[]"] {
            let not_a_code = Err(Refusal::Invalid(Problems::one("code", Problem::NotACode { digits: 6 })));
            assert_eq!(rig.service.verify(&cookie, &VerifyForm { code: text.into() }, &at_home()).await, not_a_code);
        }
        let guess = wrong_code(&rig, &key);
        assert_eq!(rig.service.verify(&cookie, &guess, &at_home()).await, wrong(2));
        assert_eq!(shown(&rig, &cookie).await.attempts_left, 2);
        assert_eq!(rig.service.verify(&cookie, &guess, &at_home()).await, wrong(1));
        assert_eq!(over(rig.service.verify(&cookie, &guess, &at_home()).await), EnrollmentOver::Locked);
        assert_eq!(over(rig.service.verify(&cookie, &code_of(&rig, &key, 0), &at_home()).await), EnrollmentOver::Locked);
        assert_eq!(over(rig.service.session(&cookie).await), EnrollmentOver::Locked);
        assert_eq!(over(rig.service.start(&mailed.link(), &at_home()).await), EnrollmentOver::Locked);
        assert_eq!(state(&rig, &mailed.link()).await, LinkState::Locked);
        let detail = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await?;
        assert_eq!((detail.row.progress.locked, detail.users.rows[0].status), (1, Status::Locked));
        assert!(mails_to(&rig, "olga@console.example").await.is_empty(), "alerts are off by default");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_lock_is_told_to_those_who_can_unlock_where_the_policy_says_so() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| (policy.attempts, policy.alert_locked) = (3, true)).await;
    let (_, mailed) = invited(&rig, "aiko").await;
    let cookie = rig.service.start(&mailed.link(), &at_home()).await.unwrap();
    let guess = wrong_code(&rig, &shown(&rig, &cookie).await.key);
    for _ in 0..5 {
        let _ = rig.service.verify(&cookie, &guess, &at_home()).await;
    }
    for (operator, alerts) in [("olga", 1), ("paul", 1), ("hedy", 0), ("audrey", 0)] {
        assert_eq!(mails_to(&rig, &format!("{operator}@console.example")).await.len(), alerts, "{operator}");
    }
}

#[tokio::test]
async fn a_lowered_limit_locks_nobody_until_the_next_wrong_code() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let cookie = rig.service.start(&mailed.link(), &at_home()).await.unwrap();
    let key = shown(&rig, &cookie).await.key;
    for _ in 0..4 {
        let _ = rig.service.verify(&cookie, &wrong_code(&rig, &key), &at_home()).await;
    }
    set_policy(&rig, |policy| policy.attempts = 3).await;
    assert_eq!(shown(&rig, &cookie).await.attempts_left, 1);
    rig.service.verify(&cookie, &code_of(&rig, &key, 0), &at_home()).await.unwrap();
}

#[tokio::test]
async fn starting_on_another_device_ends_the_first_session_and_costs_no_attempt() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let first = rig.service.start(&mailed.link(), &at_home()).await.unwrap();
    let first_key = shown(&rig, &first).await.key;
    assert!(matches!(state(&rig, &mailed.link()).await, LinkState::Ready { started: true, .. }));
    let second = rig.service.start(&mailed.link(), &client("203.0.113.9")).await.unwrap();
    let page = shown(&rig, &second).await;
    assert_ne!(page.key, first_key, "a key of its own");
    assert_eq!(page.attempts_left, 5);
    assert_eq!(over(rig.service.session(&first).await), EnrollmentOver::StartedElsewhere);
    let code = code_of(&rig, &first_key, 0);
    assert_eq!(over(rig.service.verify(&first, &code, &at_home()).await), EnrollmentOver::StartedElsewhere);
    assert_eq!(rig.service.verify(&second, &wrong_code(&rig, &page.key), &at_home()).await, wrong(4));
    rig.service.verify(&second, &code_of(&rig, &page.key, 0), &at_home()).await.unwrap();
    assert_eq!(
        over(rig.service.session(&first).await),
        EnrollmentOver::Completed,
        "only the other device shows the serial number"
    );
}

#[tokio::test]
async fn a_session_ends_with_its_window_and_its_key_is_wiped() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let cookie = rig.service.start(&mailed.link(), &at_home()).await.unwrap();
    let key = shown(&rig, &cookie).await.key;
    rig.clock.advance(30 * MINUTE - 1);
    assert_eq!(shown(&rig, &cookie).await.minutes_left, 1);
    rig.service.tidy().await.unwrap();
    assert_eq!(shown(&rig, &cookie).await.minutes_left, 1, "not a moment early");
    rig.clock.advance(1);
    assert_eq!(over(rig.service.session(&cookie).await), EnrollmentOver::NoSession);
    assert_eq!(over(rig.service.verify(&cookie, &code_of(&rig, &key, 0), &at_home()).await), EnrollmentOver::NoSession);
    rig.service.tidy().await.unwrap();
    let mut tx = rig.service.db().read().await.unwrap();
    let session = tx.enrollment_session(&service::ids::hash(&cookie)).await.unwrap().unwrap();
    assert_eq!((session.secret, session.data), (None, None));
    drop(tx);
    assert_eq!(over(rig.service.session(&cookie).await), EnrollmentOver::NoSession);
    enrolled(&rig, &mailed.link()).await;
}

#[tokio::test]
async fn the_serial_number_is_shown_a_while_longer_to_the_session_that_finished_late() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let (cookie, _) = enrolled(&rig, &mailed.link()).await;
    rig.clock.advance(29 * MINUTE);
    assert!(matches!(rig.service.session(&cookie).await.unwrap().step, Step::Done { .. }));
    rig.clock.advance(MINUTE);
    assert_eq!(over(rig.service.session(&cookie).await), EnrollmentOver::Completed);
}

#[tokio::test]
async fn a_removed_users_link_is_dead_at_once() {
    Rig::everywhere(async |rig| {
        let (task, mailed) = invited(&rig, "aiko").await;
        let cookie = rig.service.start(&mailed.link(), &at_home()).await?;
        let key = shown(&rig, &cookie).await.key;
        let mut tx = rig.service.db().write().await?;
        let user = tx.person_of_key("aiko").await?.unwrap();
        let id = enrollment_of(&mut tx, user).await;
        let enrollment = tx.lock_enrollment(id).await?.unwrap();
        assert!(tx.remove_enrollment(id, "paul", 0).await?);
        tx.count_in(task.task, &TaskChange::new().removed(enrollment.counted()), 0).await?;
        tx.commit().await?;
        assert_eq!(state(&rig, &mailed.link()).await, LinkState::Canceled);
        assert_eq!(over(rig.service.start(&mailed.link(), &at_home()).await), EnrollmentOver::Canceled);
        assert_eq!(over(rig.service.session(&cookie).await), EnrollmentOver::Canceled);
        assert_eq!(over(rig.service.verify(&cookie, &code_of(&rig, &key, 0), &at_home()).await), EnrollmentOver::Canceled);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_disabled_users_links_die_and_do_not_come_back() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let cookie = rig.service.start(&mailed.link(), &at_home()).await.unwrap();
    let mut tx = rig.service.db().read().await.unwrap();
    let user = tx.person_of_key("aiko").await.unwrap().unwrap();
    drop(tx);
    let button = || model::forms::ButtonForm { key: rig.key() };
    rig.service.set_user_enabled(&rig.olga, user, false, &button()).await.unwrap();
    assert_eq!(state(&rig, &mailed.link()).await, LinkState::Canceled);
    assert_eq!(over(rig.service.session(&cookie).await), EnrollmentOver::Canceled);
    let queued = mail(&rig, "aiko").await;
    assert!(queued.state == "canceled" && queued.is_wiped());
    rig.service.set_user_enabled(&rig.olga, user, true, &button()).await.unwrap();
    assert_eq!(state(&rig, &mailed.link()).await, LinkState::Ended, "what was refused is not revived");
    assert_eq!(over(rig.service.start(&mailed.link(), &at_home()).await), EnrollmentOver::Ended);
}

#[tokio::test]
async fn the_stop_date_ends_at_the_organisations_midnight_also_on_the_day_clocks_change() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.time_zone = "Europe/Vienna".into()).await;
    let user = rig.user("aiko", "Aiko", "Yamada").await.unwrap();
    let mut form = crate::stage::form(&rig, &[user]).await;
    form.stop_on = "2027-03-28".into(); // 23 hours long: it ends at 22:00 UTC, not at 23:00
    rig.service.provision(&rig.paul, &form).await.unwrap();
    let link = mail(&rig, "aiko").await.link();
    let end = Day::parse("2027-03-28").unwrap().epoch() as i64 * 24 * HOUR + 22 * HOUR;
    rig.clock.set(end - 1000);
    let cookie = rig.service.start(&link, &at_home()).await.unwrap();
    let key = shown(&rig, &cookie).await.key;
    rig.clock.set(end + 1000);
    assert!(matches!(state(&rig, &link).await, LinkState::Expired { .. }));
    assert_eq!(over(rig.service.start(&link, &at_home()).await), EnrollmentOver::Expired);
    assert_eq!(over(rig.service.verify(&cookie, &code_of(&rig, &key, 0), &at_home()).await), EnrollmentOver::Expired);
    rig.clock.set(end - 1000);
    rig.service.verify(&cookie, &code_of(&rig, &key, 0), &at_home()).await.unwrap();
}
