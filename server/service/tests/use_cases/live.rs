//! The list changes by itself: what is told, to whom, and what is answered to who asks again.

use crate::stage::{enrolled, form, invited, mail, selection, shown, wrong_code};
use model::{
    Refusal,
    console::Console,
    edit::RemoveTaskForm,
    enrolling::Enrolling,
    enrollment::Status,
    forms::{ProvisionForm, ResendForm, SignInForm},
    live::{Changed, Live, LiveEvent, TasksAgain, Watching},
    policy::Policy,
    rights::Right,
    task::{TaskFilter, TaskQuery, TaskUserQuery},
};
use service::{
    clock::MINUTE,
    fault::Outcome,
    testing::{PASSWORD, Rig, client},
};
use std::time::Duration;
use tokio::{task::JoinHandle, time::timeout};

/// Paul's session.
async fn session(rig: &Rig) -> Outcome<String> {
    let form = SignInForm { user_id: "paul".into(), password: PASSWORD.into(), to: String::new() };
    Ok(rig.service.sign_in(&form, &client("192.0.2.1"), "", None).await?)
}

/// Somebody who looks at the list, and this process's ear.
struct Watcher {
    live: Live,
    session: String,
    ear: JoinHandle<()>,
}

impl Watcher {
    async fn of(rig: &Rig) -> Outcome<Watcher> {
        let session = session(rig).await?;
        let live = rig.service.live(&rig.paul, &session).await?;
        let ear = tokio::spawn(service::live::run(rig.service.clone()));
        let mut watcher = Watcher { live, session, ear };
        assert_eq!(watcher.hears().await, Some(LiveEvent::Changed(Changed::Many)), "whoever begins to hear looks again");
        Ok(watcher)
    }

    async fn hears(&mut self) -> Option<LiveEvent> {
        timeout(Duration::from_secs(10), self.live.0.next()).await.expect("an event in time")
    }

    async fn changed(&mut self) -> String {
        match self.hears().await {
            Some(LiveEvent::Changed(changed)) => changed.to_string(),
            other => panic!("not a change: {other:?}"),
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.ear.abort();
    }
}

#[tokio::test]
async fn whatever_changes_a_row_is_told_and_what_is_refused_is_not() {
    Rig::everywhere(async |rig| {
        let users = [rig.user("ann", "", "").await?, rig.user("bob", "", "").await?, rig.user("cleo", "", "").await?];
        let mut paul = Watcher::of(&rig).await?;
        let task = rig.service.provision(&rig.paul, &form(&rig, &users).await).await?.task;
        assert_eq!(paul.changed().await, format!("+{task}"), "a new one");
        let this = task.to_string();
        enrolled(&rig, &mail(&rig, "ann").await.link()).await;
        assert_eq!(paul.changed().await, this, "opened, started and completed at once are one");
        let cookie = rig.service.start(&mail(&rig, "bob").await.link(), &client("192.0.2.7")).await?;
        let guess = wrong_code(&rig, &shown(&rig, &cookie).await.key);
        for _ in 0..5 {
            let _ = rig.service.verify(&cookie, &guess, &client("192.0.2.7")).await;
        }
        assert_eq!(paul.changed().await, this, "locked");
        let address = "cleo@people.example".to_owned();
        let again = ResendForm { email: address.clone(), profile: address, key: rig.key(), ..ResendForm::default() };
        rig.service.resend(&rig.paul, users[2], task, &again).await?;
        assert_eq!(paul.changed().await, this, "resent");
        let too_soon = ResendForm { key: rig.key(), ..again };
        assert!(rig.service.resend(&rig.paul, users[2], task, &too_soon).await.is_err());
        let version = rig.service.task(&rig.paul, task, &TaskUserQuery::default()).await?.row.edit_version.to_string();
        rig.service
            .remove_task(&rig.paul, task, &RemoveTaskForm { version, key: rig.key(), ..RemoveTaskForm::default() })
            .await?;
        assert_eq!(paul.changed().await, this, "removed, and nothing of what was refused before");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_nodes_of_one_database_hear_one_another() {
    Rig::everywhere(async |rig| {
        let mut paul = Watcher::of(&rig).await?;
        let other = rig.node(7)?;
        let user = rig.user("ann", "", "").await?;
        let form =
            ProvisionForm { selection: selection(&rig, &[user]).await, kind: "app".into(), key: rig.key(), ..Default::default() };
        let task = other.provision(&rig.paul, &form).await?.task;
        assert_eq!(paul.changed().await, format!("+{task}"));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_stream_ends_with_its_session_with_the_right_and_with_the_process() {
    let rig = Rig::new().await.unwrap();
    let (task, _) = invited(&rig, "ann").await;
    assert_eq!(rig.service.live(&rig.hedy, "").await.err(), Some(Refusal::Forbidden(Right::ProvisioningManage)));
    let mut paul = Watcher::of(&rig).await.unwrap();
    let mut second = rig.service.live(&rig.paul, &paul.session).await.unwrap();
    rig.service.sign_out(&paul.session).await.unwrap();
    let mut tx = rig.service.db().write().await.unwrap();
    tx.set_task_emailed_to(task.task, "x@x.example").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(paul.hears().await, Some(LiveEvent::Over), "and not what changed");
    assert_eq!(paul.hears().await, None);
    rig.service.end_streams();
    assert_eq!(second.0.next().await, None, "the process stops");
    let mut late = rig.service.live(&rig.paul, "").await.unwrap();
    assert_eq!(late.0.next().await, None, "and opens no other");
}

#[tokio::test]
async fn looking_on_keeps_no_session_alive() {
    let rig = Rig::new().await.unwrap();
    let mut paul = Watcher::of(&rig).await.unwrap();
    for _ in 0..3 {
        rig.clock.advance(9 * MINUTE);
        assert!(rig.service.watcher(&paul.session, &client("192.0.2.1")).await.unwrap().is_some());
        invited(&rig, &format!("user{}", rig.key())).await;
        paul.changed().await;
    }
    rig.clock.advance(4 * MINUTE);
    invited(&rig, "late").await;
    assert_eq!(paul.hears().await, Some(LiveEvent::Over), "31 minutes without a hand on it");
    assert!(rig.service.operator(&paul.session, &client("192.0.2.1")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_new_day_is_told_at_midnight_of_the_organisation() {
    let rig = Rig::new().await.unwrap();
    crate::stage::set_policy(&rig, |policy: &mut Policy| policy.time_zone = "Europe/Vienna".into()).await;
    rig.clock.advance(11 * 60 * MINUTE - 20 * MINUTE);
    let mut paul = Watcher::of(&rig).await.unwrap();
    rig.clock.advance(20 * MINUTE);
    assert_eq!(paul.hears().await, Some(LiveEvent::Day), "midnight in Vienna is 23:00 UTC");
    rig.clock.advance(5 * MINUTE);
    let (task, _) = invited(&rig, "ann").await;
    assert_eq!(paul.changed().await, format!("+{}", task.task), "once");
}

#[tokio::test]
async fn who_asks_again_gets_the_rows_as_they_are_now_and_what_has_come() {
    Rig::everywhere(async |rig| {
        let users = [rig.user("ann", "", "").await?, rig.user("bob", "", "").await?];
        let task = rig.service.provision(&rig.paul, &form(&rig, &users).await).await?.task;
        let page = rig.service.tasks(&rig.paul, &TaskQuery::all()).await?;
        let open = rig.service.task(&rig.paul, task, &TaskUserQuery::default()).await?;
        let enrollments: Vec<i64> = open.users.rows.iter().map(|user| user.enrollment).collect();
        rig.clock.advance(MINUTE);
        let (other, _) = invited(&rig, "cleo").await;
        enrolled(&rig, &mail(&rig, "ann").await.link()).await;
        enrolled(&rig, &mail(&rig, "bob").await.link()).await;
        let asked =
            TasksAgain { shown: vec![task], since: Some(page.now.at), users: Some((task, enrollments)), ..TasksAgain::default() };
        let now = rig.service.tasks_again(&rig.paul, &asked).await?;
        assert_eq!(
            (now.rows.len(), now.rows[0].outstanding, now.rows[0].progress.completed),
            (1, false, 2),
            "it stays to be seen"
        );
        assert!(now.users.iter().all(|user| user.status == Status::Completed && user.serial.is_some()) && now.users.len() == 2);
        assert_eq!(now.new, [other.task]);
        let locked = TasksAgain { filter: TaskFilter { has_locked: true, ..TaskFilter::default() }, ..asked.clone() };
        assert!(rig.service.tasks_again(&rig.paul, &locked).await?.new.is_empty(), "the list's filter holds for what comes");
        let named = TasksAgain { since: None, maybe_new: vec![task, other.task, 999], ..asked.clone() };
        assert_eq!(rig.service.tasks_again(&rig.paul, &named).await?.new, [other.task], "outstanding ones only");
        let many = TasksAgain { shown: (0..102).collect(), ..asked };
        assert!(matches!(rig.service.tasks_again(&rig.paul, &many).await, Err(Refusal::BadRequest(_))));
        Ok(())
    })
    .await
    .unwrap();
}
