//! Acts over many, and what happens between the dry run and the end: rights that are lost, mail that waits, others who act on the same
//! people, the same button twice.

use crate::{
    bulk::{confirm, downloaded, filled, look, planned, planned_by, run, statuses, task, task_selection, users_of},
    resend::{button, counts_right, lock},
    stage::{mail, mails_to, set_policy, sql},
};
use model::{
    Refusal,
    actor::Actor,
    bulk::{BulkAct, BulkConfirmForm, BulkConsole, BulkState, LeftOut, MOST_ROWS},
    console::{Console, Import},
    day::Moment,
    enrolling::{Enrolling, LinkState},
    enrollment::Status,
    forms::{ResendForm, SelectForm},
    policy::LinkLifetime,
    problem::{Problem, Problems},
    refusal::Thing,
    rights::{BuiltIn, Right},
};
use service::{
    clock::{HOUR, MINUTE},
    fault::Outcome as Done,
    mail::memory::Memory,
    testing::{NOON, Rig},
};

fn confirmed(rig: &Rig) -> BulkConfirmForm {
    BulkConfirmForm { key: rig.key(), ..BulkConfirmForm::default() }
}

/// Paul gets another role.
async fn demoted(rig: &Rig) {
    let mut form = rig.service.operator_detail(&rig.olga, Some(rig.paul.id)).await.unwrap().form;
    form.role = BuiltIn::Auditor.name().into();
    rig.service.edit_operator(&rig.olga, rig.paul.id, &form).await.unwrap();
}

/// One resend to a user of a task, by the help desk.
async fn resent(rig: &Rig, task: i64, user_id: &str) {
    let user = users_of(rig, task).await.into_iter().find(|row| row.user_id == user_id).unwrap().user;
    let profile = format!("{user_id}@people.example");
    let form = ResendForm { email: profile.clone(), profile, key: rig.key(), ..ResendForm::default() };
    rig.service.resend(&rig.hedy, user, task, &form).await.unwrap();
}

#[tokio::test]
async fn who_lost_the_right_after_the_dry_run_cannot_confirm_it() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 2).await?;
        let id = planned(&rig, BulkAct::Remove, task).await?;
        let paul = Actor { rights: BuiltIn::Auditor.rights(), ..rig.paul.clone() };
        let refused = rig.service.confirm_bulk(&paul, id, &confirmed(&rig)).await;
        assert_eq!(refused, Err(Refusal::Forbidden(Right::ProvisioningManage)));
        run(&rig).await?;
        let dry = look(&rig, id).await;
        assert_eq!((dry.act.state, dry.planned), (BulkState::Planned, 2));
        assert_eq!(statuses(&rig, task).await, [Status::Active, Status::Active]);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn who_gets_another_role_in_the_middle_does_nothing_more_and_what_was_done_stays() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 150).await?;
        let id = planned(&rig, BulkAct::Resend, task).await?;
        confirm(&rig, id).await?;
        assert!(rig.service.run_bulk().await?);
        demoted(&rig).await;
        run(&rig).await?;
        let stopped = look(&rig, id).await;
        assert_eq!((stopped.act.state, stopped.done, stopped.planned), (BulkState::Stopped, 100, 50));
        let why = Refusal::Forbidden(Right::ProvisioningResend).to_string();
        assert_eq!(stopped.why, Some(why));
        let mut sent = 0;
        for user in 0..150 {
            sent += mails_to(&rig, &format!("u{user}@people.example")).await.len() - 1;
        }
        assert_eq!(sent, 100);
        counts_right(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn who_is_disabled_in_the_middle_does_not_go_on_when_enabled_again() {
    let rig = Rig::new().await.unwrap();
    let task = task(&rig, 101).await.unwrap();
    let id = planned(&rig, BulkAct::StopDate, task).await.unwrap();
    confirm(&rig, id).await.unwrap();
    assert!(rig.service.run_bulk().await.unwrap());
    for enabled in [false, true] {
        rig.service.set_operator_enabled(&rig.olga, rig.paul.id, enabled, &button(&rig).await).await.unwrap();
        run(&rig).await.unwrap();
    }
    let stopped = look(&rig, id).await;
    assert_eq!((stopped.act.state, stopped.done, stopped.planned), (BulkState::Stopped, 100, 1));
    counts_right(&rig, task).await;
}

#[tokio::test]
async fn a_mail_that_still_waits_is_replaced_and_each_gets_one_link_that_works() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 3).await?;
        let id = planned(&rig, BulkAct::Resend, task).await?;
        confirm(&rig, id).await?;
        run(&rig).await?;
        for user in ["u0", "u1", "u2"] {
            let states: Vec<String> =
                mails_to(&rig, &format!("{user}@people.example")).await.into_iter().map(|mail| mail.state).collect();
            assert_eq!(states, ["canceled", "queued"], "{user}");
            assert!(matches!(rig.service.look(&mail(&rig, user).await.link(), true).await?.state, LinkState::Ready { .. }));
        }
        let mailbox = Memory::new();
        rig.post(&mailbox).drain().await?;
        let mut told: Vec<String> = mailbox.mails().into_iter().map(|mail| mail.to).collect();
        told.sort();
        assert_eq!(told, ["u0@people.example", "u1@people.example", "u2@people.example"]);
        counts_right(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_resend_waits_while_mail_is_paused_and_goes_on_by_itself() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 2).await?;
        let id = planned(&rig, BulkAct::Resend, task).await?;
        confirm(&rig, id).await?;
        let mut tx = rig.service.db().write().await?;
        tx.pause_mail("The relay refused the sign-in (535).", "535 no", NOON).await?;
        tx.commit().await?;
        assert!(!rig.service.run_bulk().await?, "nothing can be done");
        let waiting = look(&rig, id).await;
        assert_eq!((waiting.act.state, waiting.planned, waiting.waits_for_mail), (BulkState::Running, 2, true));
        let selection = task_selection(&rig, &rig.paul, task).await?;
        let another = rig.service.plan_bulk(&rig.paul, &filled(&rig, BulkAct::Resend, &selection)).await;
        assert_eq!(another, Err(Refusal::NoMail), "no other is begun");
        rig.service.resume_mail(&rig.olga, &button(&rig).await).await?;
        run(&rig).await?;
        let done = look(&rig, id).await;
        assert_eq!((done.act.state, done.done, done.waits_for_mail), (BulkState::Done, 2, false));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn who_has_no_address_gets_no_link_and_is_named() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 3).await?;
        let nobody = [(LeftOut::NoEmail, 1)];
        sql(&rig, "update users set email = '', email_key = '' where user_id = 'u0'").await;
        let id = planned(&rig, BulkAct::Resend, task).await?;
        let dry = look(&rig, id).await;
        assert_eq!((dry.planned, dry.left_out.as_slice()), (2, &nobody[..]));
        sql(&rig, "update users set email = '', email_key = '' where user_id = 'u1'").await;
        confirm(&rig, id).await?;
        run(&rig).await?;
        let done = look(&rig, id).await;
        assert_eq!((done.done, done.left_out), (1, vec![(LeftOut::NoEmail, 2)]), "as they stand when their turn comes");
        assert!(downloaded(&rig, id).await.contains("left_out,This user has no e-mail address."));
        let id = planned(&rig, BulkAct::Remove, task).await?;
        assert_eq!(look(&rig, id).await.planned, 3, "what takes no mail is done to everybody");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn more_than_the_most_are_refused_as_a_whole() {
    let rig = Rig::new().await.unwrap();
    let mut file = "user_id,first_name,last_name,email,mobile,container,language\n".to_owned();
    file.extend((0..400).map(|user| format!("p{user},Ann,Berg,p{user}@people.example,,,\n")));
    rig.service.import_users(&rig.olga, file.as_bytes(), &Import::default()).await.unwrap();
    let first = task(&rig, 1).await.unwrap();
    // 250 more tasks with 400 people each: one too many with the first.
    sql(
        &rig,
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 250)
         insert into tasks (origin, operator, operator_name, operator_key, type, made_at, start_on, count, open, min_stop_on, max_stop_on)
         select origin, operator, operator_name, operator_key, type, made_at, start_on, 400, 400, 20800, 20800 from tasks, n;
         insert into enrollments (task, person, position, type, stop_on, override)
         select t.number, u.id, u.id, 'app', 20800, true from tasks t, users u where t.open = 400 and u.user_id like 'p%'",
    )
    .await;
    let all = SelectForm { act: "all".into(), ..SelectForm::default() };
    let all = rig.service.select_tasks(&rig.paul, &all).await.unwrap();
    assert_eq!(all.count, 251);
    let all = all.selection.expect("a selection");
    let refused = rig.service.plan_bulk(&rig.paul, &filled(&rig, BulkAct::Remove, &all)).await;
    assert_eq!(refused, Err(Problems::one("selection", Problem::TooMany { most: MOST_ROWS }).into()));
    assert!(rig.service.bulk_acts(&rig.paul).await.unwrap().acts.is_empty(), "nothing is left of it");
    let unticked = SelectForm { selection: all, shown: vec![first.to_string()], act: "keep".into(), ..SelectForm::default() };
    let most = rig.service.select_tasks(&rig.paul, &unticked).await.unwrap().selection.expect("a selection");
    let id = rig.service.plan_bulk(&rig.paul, &filled(&rig, BulkAct::StopDate, &most)).await.unwrap();
    assert_eq!(look(&rig, id).await.planned, MOST_ROWS as i64);
}

#[tokio::test]
async fn two_operators_who_resend_to_the_same_people_send_each_one_link() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 120).await?;
        let pauls = planned(&rig, BulkAct::Resend, task).await?;
        let olgas = planned_by(&rig, &rig.olga, BulkAct::Resend, task).await?;
        confirm(&rig, pauls).await?;
        rig.service.confirm_bulk(&rig.olga, olgas, &confirmed(&rig)).await?;
        let nodes = [rig.node(21)?, rig.node(22)?];
        let go = async |node: &service::Service| -> Done<()> {
            for _ in 0..20 {
                node.run_bulk().await?;
            }
            Ok(())
        };
        let (first, second) = tokio::join!(go(&nodes[0]), go(&nodes[1]));
        first?;
        second?;
        let (one, other) = (look(&rig, pauls).await, rig.service.bulk_act(&rig.olga, olgas, Default::default()).await?);
        assert_eq!((one.act.state, other.act.state), (BulkState::Done, BulkState::Done));
        assert_eq!((one.done + other.done, one.planned + other.planned), (120, 0));
        let again = Moment { at: NOON + 5 * MINUTE, offset: 0 };
        for detail in [one, other] {
            let left = 120 - detail.done;
            let expected = if left == 0 { vec![] } else { vec![(LeftOut::SentLately { again }, left)] };
            assert_eq!(detail.left_out, expected);
        }
        for user in 0..120 {
            assert_eq!(mails_to(&rig, &format!("u{user}@people.example")).await.len(), 2, "u{user}");
        }
        counts_right(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn whom_another_operator_removed_meanwhile_gets_no_new_stop_date() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 3).await?;
        let stop = planned_by(&rig, &rig.olga, BulkAct::StopDate, task).await?;
        let removal = planned(&rig, BulkAct::Remove, task).await?;
        confirm(&rig, removal).await?;
        run(&rig).await?;
        rig.service.confirm_bulk(&rig.olga, stop, &confirmed(&rig)).await?;
        run(&rig).await?;
        let done = rig.service.bulk_act(&rig.olga, stop, Default::default()).await?;
        assert_eq!((done.done, done.left_out), (0, vec![(LeftOut::Over(Status::Removed), 3)]));
        counts_right(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_is_confirmed_on_many_nodes_at_once_runs_once() {
    Rig::everywhere(async |rig| {
        let task = task(&rig, 5).await?;
        let id = planned(&rig, BulkAct::Resend, task).await?;
        let presses = (0..6).map(|seed| {
            let (node, by, form) = (rig.node(30 + seed)?, rig.paul.clone(), confirmed(&rig));
            Ok(tokio::spawn(async move { node.confirm_bulk(&by, id, &form).await }))
        });
        for press in presses.collect::<Done<Vec<_>>>()? {
            // Whoever comes second finds it running, or the row taken.
            assert!(matches!(press.await.unwrap(), Ok(()) | Err(Refusal::Stale | Refusal::Busy)));
        }
        run(&rig).await?;
        rig.service.confirm_bulk(&rig.paul, id, &confirmed(&rig)).await?;
        assert!(!rig.service.run_bulk().await?, "what is done is not begun again");
        assert_eq!(look(&rig, id).await.done, 5);
        for user in 0..5 {
            assert_eq!(mails_to(&rig, &format!("u{user}@people.example")).await.len(), 2, "u{user}");
        }
        let audit = model::audit::AuditQuery::all();
        let trail = rig.service.audit(&rig.olga, &audit).await?.rows;
        assert_eq!(trail.iter().filter(|row| row.verb == "bulk.confirm").count(), 1);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn whoever_must_wait_is_told_until_when_in_the_organisations_time() {
    Rig::everywhere(async |rig| {
        set_policy(&rig, |policy| policy.time_zone = "Europe/Vienna".into()).await;
        let task = task(&rig, 4).await?;
        resent(&rig, task, "u0").await;
        rig.clock.advance(MINUTE + 30_000);
        resent(&rig, task, "u1").await;
        let id = planned(&rig, BulkAct::Resend, task).await?;
        let dry = look(&rig, id).await;
        let (first, last) = (NOON + 5 * MINUTE, NOON + 7 * MINUTE);
        let moment = |at| Moment { at, offset: 60 };
        assert_eq!(dry.left_out, [(LeftOut::SentLately { again: moment(last) }, 2)], "by then, all of them");
        let each: Vec<_> = dry.rows.iter().filter_map(|row| row.reason).collect();
        assert_eq!(each, [first, last].map(|at| LeftOut::SentLately { again: moment(at) }));
        let text = downloaded(&rig, id).await;
        for clock in ["13:05", "13:07"] {
            let told = format!("A link was sent to this address a moment ago. Possible again at {clock} on 22 Nov 2026.");
            assert!(text.contains(&told), "{text}");
        }
        set_policy(&rig, |policy| policy.resends_per_day = 1).await;
        let id = planned(&rig, BulkAct::Resend, task).await?;
        let full = LeftOut::DayIsFull { again: moment(NOON + 11 * HOUR) };
        assert_eq!(look(&rig, id).await.left_out, [(full, 2)]);
        assert!(downloaded(&rig, id).await.contains("Possible again at 00:00 on 23 Nov 2026."));
        // What was frozen holds: at the minute it named it is possible.
        set_policy(&rig, |policy| policy.resends_per_day = 5).await;
        rig.clock.advance(last - NOON - MINUTE - 30_000);
        let id = planned(&rig, BulkAct::Resend, task).await?;
        assert_eq!(look(&rig, id).await.planned, 4);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_new_stop_date_revives_no_link_and_whoever_needs_a_new_one_is_led_to_resend() {
    Rig::everywhere(async |rig| {
        set_policy(&rig, |policy| policy.link_lifetime = LinkLifetime::Hours(24)).await;
        let task = task(&rig, 5).await?;
        rig.clock.advance(25 * HOUR);
        resent(&rig, task, "u0").await;
        lock(&rig, &mail(&rig, "u0").await.link()).await;
        resent(&rig, task, "u1").await;
        let id = planned(&rig, BulkAct::StopDate, task).await?;
        assert_eq!(
            (look(&rig, id).await.planned, look(&rig, id).await.too_old),
            (5, 3),
            "neither who is locked nor who has a new one"
        );
        assert_eq!(
            rig.service.select_too_old(&rig.paul, id, &button(&rig).await).await,
            Err(Refusal::Stale),
            "nothing is done yet"
        );
        confirm(&rig, id).await?;
        assert_eq!(look(&rig, id).await.too_old, 0, "while it runs nobody asks");
        run(&rig).await?;
        assert_eq!((look(&rig, id).await.done, look(&rig, id).await.too_old), (5, 3));

        let form = button(&rig).await;
        assert_eq!(
            rig.service.select_too_old(&rig.olga, id, &form).await,
            Err(Refusal::NotFound(Thing::Bulk)),
            "an operator's own"
        );
        let selection = rig.service.select_too_old(&rig.paul, id, &form).await?;
        assert_eq!(rig.service.select_too_old(&rig.paul, id, &form).await?, selection, "the same form twice");
        resent(&rig, task, "u2").await;
        let resend = rig.service.plan_bulk(&rig.paul, &filled(&rig, BulkAct::Resend, &selection)).await?;
        let dry = look(&rig, resend).await;
        assert_eq!((dry.planned, dry.left_out_count()), (2, 1), "who got one meanwhile waits out the cooldown");
        confirm(&rig, resend).await?;
        run(&rig).await?;
        assert_eq!(look(&rig, id).await.too_old, 0);
        for user in ["u2", "u3", "u4"] {
            assert!(
                matches!(rig.service.look(&mail(&rig, user).await.link(), true).await?.state, LinkState::Ready { .. }),
                "{user}"
            );
        }
        counts_right(&rig, task).await;
        Ok(())
    })
    .await
    .unwrap();
}
