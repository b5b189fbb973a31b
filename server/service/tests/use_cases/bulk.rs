//! Acts over many enrollments: the dry run says what will happen, the run does that and nothing else, and each once.

use crate::{
    resend::{button, counts_right, lock},
    stage::{enrolled, invited, mail, mails_to, selection, set_policy},
};
use model::{
    Refusal,
    actor::Actor,
    bulk::{BulkAct, BulkConfirmForm, BulkConsole, BulkDetail, BulkForm, BulkQuery, BulkState, LeftOut, Outcome, SelectionOf},
    console::Console,
    day::Moment,
    enrollment::Status,
    export::{ExportQuery, Exported, Format},
    forms::{PasteForm, ProvisionForm, ResendForm, SelectForm},
    problem::{Problem, Problems},
    refusal::Thing,
    task::{TaskUserQuery, TaskUserRow},
};
use service::{
    clock::{HOUR, MINUTE},
    fault::Outcome as Done,
    testing::{NOON, Rig},
};

/// One task for so many users `u0`, `u1`, …; answers its number.
pub async fn task(rig: &Rig, count: usize) -> Done<i64> {
    let names: Vec<String> = (0..count).map(|number| format!("u{number}")).collect();
    for name in &names {
        rig.user(name, "Uma", "User").await?;
    }
    let pasted = rig.service.paste_users(&rig.paul, &PasteForm { user_ids: names.join(","), key: rig.key() }).await?;
    let form = ProvisionForm { selection: pasted.selection, kind: "app".into(), key: rig.key(), ..ProvisionForm::default() };
    Ok(rig.service.provision(&rig.paul, &form).await?.task)
}

pub async fn task_selection(rig: &Rig, by: &Actor, task: i64) -> Done<String> {
    let rows = vec![task.to_string()];
    let form = SelectForm { shown: rows.clone(), select: rows, act: "keep".into(), ..SelectForm::default() };
    Ok(rig.service.select_tasks(by, &form).await?.selection.expect("a selection"))
}

pub fn filled(rig: &Rig, act: BulkAct, selection: &str) -> BulkForm {
    let (stop_on, reason) = match act {
        BulkAct::Resend | BulkAct::Remove => ("", ""),
        BulkAct::StopDate => ("2026-12-24", ""),
        BulkAct::Unlock => ("", "called"),
    };
    BulkForm {
        act: act.code().into(),
        selection: selection.into(),
        stop_on: stop_on.into(),
        reason: reason.into(),
        key: rig.key(),
        ..BulkForm::default()
    }
}

/// The dry run of an act on everybody in a task.
pub async fn planned(rig: &Rig, act: BulkAct, task: i64) -> Done<i64> {
    planned_by(rig, &rig.paul, act, task).await
}

pub async fn planned_by(rig: &Rig, by: &Actor, act: BulkAct, task: i64) -> Done<i64> {
    let selection = task_selection(rig, by, task).await?;
    Ok(rig.service.plan_bulk(by, &filled(rig, act, &selection)).await?)
}

pub async fn confirm(rig: &Rig, id: i64) -> Done<()> {
    let count = look(rig, id).await.planned.to_string();
    Ok(rig.service.confirm_bulk(&rig.paul, id, &BulkConfirmForm { count, key: rig.key() }).await?)
}

/// The result as it is downloaded.
pub async fn downloaded(rig: &Rig, id: i64) -> String {
    let query = ExportQuery { what: Exported::Bulk(id), format: Format::Csv { bom: false } };
    let mut export = rig.service.export(&rig.paul, &query).await.unwrap();
    let mut text = String::new();
    while let Some(part) = export.body.next().await {
        text.push_str(std::str::from_utf8(&part.unwrap()).unwrap());
    }
    text
}

pub async fn look(rig: &Rig, id: i64) -> BulkDetail {
    rig.service.bulk_act(&rig.paul, id, BulkQuery::default()).await.unwrap()
}

pub async fn run(rig: &Rig) -> Done<()> {
    while rig.service.run_bulk().await? {}
    Ok(())
}

pub async fn users_of(rig: &Rig, task: i64) -> Vec<TaskUserRow> {
    let mut users = rig.service.task(&rig.olga, task, &TaskUserQuery::default()).await.unwrap().users.rows;
    users.sort_by(|one, other| one.user_id.cmp(&other.user_id));
    users
}

pub async fn statuses(rig: &Rig, task: i64) -> Vec<Status> {
    users_of(rig, task).await.into_iter().map(|row| row.status).collect()
}

#[tokio::test]
async fn resend_in_bulk_sends_each_a_new_link_and_says_who_is_left_out_and_why() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 6).await?;
        enrolled(&rig, &mail(&rig, "u0").await.link()).await;
        lock(&rig, &mail(&rig, "u1").await.link()).await;
        let users = users_of(&rig, task).await;
        rig.service.set_user_enabled(&rig.olga, users[2].user, false, &button(&rig).await).await?;
        let profile = "u3@people.example".to_owned();
        let form = ResendForm { email: profile.clone(), profile, key: rig.key(), ..ResendForm::default() };
        rig.service.resend(&rig.hedy, users[3].user, task, &form).await?;
        let before = mails_to(&rig, "u4@people.example").await.len();

        let rows: Vec<String> = users.iter().map(|row| row.enrollment.to_string()).collect();
        let ticked = SelectForm { shown: rows.clone(), select: rows, act: "keep".into(), ..SelectForm::default() };
        let chosen = rig.service.select_enrollments(&rig.paul, &ticked).await?;
        assert_eq!(chosen.count, 5, "who is completed cannot be acted on");
        let form = filled(&rig, BulkAct::Resend, &chosen.selection.expect("a selection"));
        let id = rig.service.plan_bulk(&rig.paul, &form).await?;
        assert_eq!(rig.service.plan_bulk(&rig.paul, &form).await?, id, "the same form twice");
        let dry = look(&rig, id).await;
        assert_eq!((dry.planned, dry.done, dry.act.state), (2, 0, BulkState::Planned));
        let mut left: Vec<LeftOut> = dry.left_out.iter().map(|(why, _)| *why).collect();
        left.sort_by_key(|why| why.code());
        let (completed, locked) = (LeftOut::NotActive(Status::Completed), LeftOut::NotActive(Status::Locked));
        let waits = LeftOut::SentLately { again: Moment { at: NOON + 5 * MINUTE, offset: 0 } };
        assert_eq!(left, [LeftOut::Disabled, completed, locked, waits]);
        assert!(!rig.service.run_bulk().await?, "a dry run does nothing");

        confirm(&rig, id).await?;
        run(&rig).await?;
        let done = look(&rig, id).await;
        assert_eq!((done.planned, done.done, done.act.state), (0, 2, BulkState::Done));
        assert_eq!(mails_to(&rig, "u4@people.example").await.len(), before + 1);
        enrolled(&rig, &mail(&rig, "u5").await.link()).await;
        counts_right(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn unlock_new_stop_date_and_remove_do_what_they_do_to_one() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 4).await?;
        for user in ["u0", "u1"] {
            lock(&rig, &mail(&rig, user).await.link()).await;
        }
        enrolled(&rig, &mail(&rig, "u3").await.link()).await;
        let steps = [(BulkAct::Unlock, 2, 1), (BulkAct::StopDate, 3, 0), (BulkAct::Remove, 3, 0)];
        for (act, done, left) in steps {
            let id = planned(&rig, act, task).await?;
            let dry = look(&rig, id).await;
            assert_eq!((dry.planned, dry.left_out_count()), (done, left), "{act:?}");
            confirm(&rig, id).await?;
            run(&rig).await?;
            assert_eq!((look(&rig, id).await.done, look(&rig, id).await.act.state), (done, BulkState::Done), "{act:?}");
            counts_right(&rig, task).await;
            if act == BulkAct::StopDate {
                let users = users_of(&rig, task).await;
                assert_eq!(users.iter().filter(|row| row.stop.iso() == "2026-12-24").count(), 3);
                assert_eq!(statuses(&rig, task).await.iter().filter(|status| **status == Status::Active).count(), 3);
            }
        }
        let removed = [Status::Removed, Status::Removed, Status::Removed, Status::Completed];
        assert_eq!(statuses(&rig, task).await, removed);
        assert_eq!(planned_nobody(&rig, task).await, Refusal::from(Problems::one("selection", Problem::NobodySelected)));
        Ok(())
    })
    .await
    .unwrap();
}

async fn planned_nobody(rig: &Rig, task: i64) -> Refusal {
    let form = SelectForm { shown: vec![], select: vec![task.to_string()], act: "remove".into(), ..SelectForm::default() };
    assert_eq!(rig.service.select_tasks(&rig.paul, &form).await.unwrap().selection, None, "it left the list");
    let kim = invited(rig, "kim").await.0.task;
    let selection = task_selection(rig, &rig.paul, kim).await.unwrap();
    let gone = model::edit::RemoveTaskForm { version: "1".into(), key: rig.key(), ..Default::default() };
    rig.service.remove_task(&rig.paul, kim, &gone).await.unwrap();
    rig.service.plan_bulk(&rig.paul, &filled(rig, BulkAct::Remove, &selection)).await.unwrap_err()
}

#[tokio::test]
async fn a_run_that_is_interrupted_goes_on_and_acts_on_everybody_once() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 230).await?;
        let id = planned(&rig, BulkAct::Resend, task).await?;
        confirm(&rig, id).await?;
        assert!(rig.service.run_bulk().await?);
        let half = look(&rig, id).await;
        assert_eq!((half.planned, half.done, half.act.state), (130, 100, BulkState::Running));
        // This node is gone; two others meet at what it left.
        let (one, two) = (rig.node(11)?, rig.node(12)?);
        let go = async |node: &service::Service| -> Done<()> {
            for _ in 0..50 {
                node.run_bulk().await?;
            }
            Ok(())
        };
        let (first, second) = tokio::join!(go(&one), go(&two));
        first?;
        second?;
        let done = look(&rig, id).await;
        assert_eq!((done.planned, done.done, done.act.state), (0, 230, BulkState::Done));
        for user in [0, 99, 100, 229] {
            assert_eq!(mails_to(&rig, &format!("u{user}@people.example")).await.len(), 2, "u{user}");
        }
        counts_right(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn whoever_completes_between_the_dry_run_and_the_run_is_left_out_with_the_reason() {
    let rig = Rig::new().await.unwrap();
    let task = task(&rig, 3).await.unwrap();
    let id = planned(&rig, BulkAct::Remove, task).await.unwrap();
    enrolled(&rig, &mail(&rig, "u1").await.link()).await;
    confirm(&rig, id).await.unwrap();
    run(&rig).await.unwrap();
    let done = look(&rig, id).await;
    assert_eq!((done.done, done.left_out), (2, vec![(LeftOut::Over(Status::Completed), 1)]));
    assert_eq!(statuses(&rig, task).await, [Status::Removed, Status::Completed, Status::Removed]);
    let only = BulkQuery { only: Some(Outcome::LeftOut), from: 0 };
    let left = rig.service.bulk_act(&rig.paul, id, only).await.unwrap().rows;
    assert_eq!(left.iter().map(|row| row.user_id.as_str()).collect::<Vec<_>>(), ["u1"]);
}

#[tokio::test]
async fn one_address_gets_one_link_of_an_act_and_the_day_has_its_cap() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.resends_per_day = 1).await;
    let task = task(&rig, 2).await.unwrap();
    let users = users_of(&rig, task).await;
    let profile = rig.service.user_to_edit(&rig.olga, users[1].user).await.unwrap();
    let form = model::forms::UserForm { email: "U0@people.example".into(), key: rig.key(), ..profile.form };
    rig.service.edit_user(&rig.olga, users[1].user, &form).await.unwrap();
    let id = planned(&rig, BulkAct::Resend, task).await.unwrap();
    assert_eq!(look(&rig, id).await.left_out, [(LeftOut::SameAddress, 1)]);
    confirm(&rig, id).await.unwrap();
    run(&rig).await.unwrap();
    rig.clock.advance(HOUR);
    let again = planned(&rig, BulkAct::Resend, task).await.unwrap();
    let tomorrow = Moment { at: NOON + 12 * HOUR, offset: 0 };
    assert_eq!(look(&rig, again).await.left_out, [(LeftOut::DayIsFull { again: tomorrow }, 2)]);
}

#[tokio::test]
async fn who_lost_the_right_or_was_disabled_meanwhile_does_nothing_more() {
    let rig = Rig::new().await.unwrap();
    let task = task(&rig, 2).await.unwrap();
    let id = planned(&rig, BulkAct::Remove, task).await.unwrap();
    confirm(&rig, id).await.unwrap();
    rig.service.set_operator_enabled(&rig.olga, rig.paul.id, false, &button(&rig).await).await.unwrap();
    run(&rig).await.unwrap();
    let stopped = look(&rig, id).await;
    assert_eq!((stopped.act.state, stopped.planned, stopped.done), (BulkState::Stopped, 2, 0));
    assert_eq!(stopped.why.as_deref(), Some("The operator who confirmed it is disabled."));
    assert_eq!(statuses(&rig, task).await, [Status::Active, Status::Active]);
}

#[tokio::test]
async fn a_new_stop_date_that_is_over_by_then_is_not_set() {
    let rig = Rig::new().await.unwrap();
    let task = task(&rig, 1).await.unwrap();
    let id = planned(&rig, BulkAct::StopDate, task).await.unwrap();
    confirm(&rig, id).await.unwrap();
    rig.clock.advance(40 * 24 * HOUR);
    run(&rig).await.unwrap();
    assert!(look(&rig, id).await.why.is_some_and(|why| why.contains("This day is over")));
}

#[tokio::test]
async fn confirming_twice_is_once_and_more_than_fifty_are_removed_by_typing_how_many() {
    let rig = Rig::new().await.unwrap();
    let task = task(&rig, 51).await.unwrap();
    let id = planned(&rig, BulkAct::Remove, task).await.unwrap();
    assert!(look(&rig, id).await.is_typed());
    let form = |count: &str| BulkConfirmForm { count: count.into(), key: rig.key() };
    let refused = rig.service.confirm_bulk(&rig.paul, id, &form("50")).await;
    assert_eq!(refused, Err(Problems::one("count", Problem::CountToType { count: 51 }).into()));
    for _ in 0..2 {
        rig.service.confirm_bulk(&rig.paul, id, &form("51")).await.unwrap();
    }
    run(&rig).await.unwrap();
    rig.service.confirm_bulk(&rig.paul, id, &form("51")).await.unwrap();
    assert_eq!(look(&rig, id).await.done, 51);
    let mut tx = rig.service.db().read().await.unwrap();
    assert_eq!(tx.miscounted(task).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn an_act_is_its_operators_only_and_once_canceled_it_is_over() {
    let rig = Rig::new().await.unwrap();
    let task = task(&rig, 1).await.unwrap();
    let id = planned(&rig, BulkAct::Remove, task).await.unwrap();
    let none = Err(Refusal::NotFound(Thing::Bulk));
    assert_eq!(rig.service.bulk_act(&rig.olga, id, BulkQuery::default()).await.err(), none.clone().err());
    let form = || BulkConfirmForm { key: rig.key(), ..BulkConfirmForm::default() };
    assert_eq!(rig.service.confirm_bulk(&rig.olga, id, &form()).await, none);
    let export = ExportQuery { what: Exported::Bulk(id), format: Format::Csv { bom: false } };
    assert_eq!(rig.service.export(&rig.olga, &export).await.err(), none.err());
    rig.service.cancel_bulk(&rig.paul, id, &button(&rig).await).await.unwrap();
    assert_eq!(rig.service.confirm_bulk(&rig.paul, id, &form()).await, Err(Refusal::BulkOver));
    assert_eq!(rig.service.bulk_acts(&rig.paul).await.unwrap().acts[0].state, BulkState::Canceled);
    assert!(rig.service.bulk_acts(&rig.olga).await.unwrap().acts.is_empty());
}

#[tokio::test]
async fn a_selection_of_tasks_is_none_of_users_nor_somebody_elses() {
    let rig = Rig::new().await.unwrap();
    let task = task(&rig, 1).await.unwrap();
    let id = task_selection(&rig, &rig.paul, task).await.unwrap();
    let gone = Refusal::SelectionGone;
    assert_eq!(rig.service.selected_users(&rig.paul, &id).await, Err(gone.clone()));
    assert_eq!(rig.service.provision_choices(&rig.paul, Some(&id)).await.err(), Some(gone.clone()));
    let marked = rig.service.selected_rows(&rig.paul, SelectionOf::Tasks, &id, &[task, 999]).await.unwrap();
    assert_eq!((marked.count, marked.rows), (1, vec![task]));
    assert_eq!(rig.service.plan_bulk(&rig.olga, &filled(&rig, BulkAct::Remove, &id)).await, Err(gone.clone()));
    let users = selection(&rig, &[1]).await;
    assert_eq!(rig.service.plan_bulk(&rig.paul, &filled(&rig, BulkAct::Remove, &users)).await, Err(gone));
}

#[tokio::test]
async fn the_result_can_be_downloaded_line_by_line() {
    let rig = Rig::new().await.unwrap();
    let task = task(&rig, 2).await.unwrap();
    enrolled(&rig, &mail(&rig, "u0").await.link()).await;
    let users = users_of(&rig, task).await;
    let rows: Vec<String> = users.iter().map(|row| row.enrollment.to_string()).collect();
    let form = SelectForm { shown: rows.clone(), select: rows, act: "keep".into(), ..SelectForm::default() };
    let chosen = rig.service.select_enrollments(&rig.paul, &form).await.unwrap().selection.unwrap();
    let id = rig.service.plan_bulk(&rig.paul, &filled(&rig, BulkAct::StopDate, &chosen)).await.unwrap();
    confirm(&rig, id).await.unwrap();
    run(&rig).await.unwrap();
    let expected = format!(
        "user_id,name,task,outcome,reason\r\nu0,Uma User,{task},left_out,Already completed.\r\nu1,Uma User,{task},done,\r\n"
    );
    assert_eq!(downloaded(&rig, id).await, expected);
}
