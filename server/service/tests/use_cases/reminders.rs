//! Reminders before the stop date: once each, one more link to the profile's address, to whom they are of use and to nobody else.

use crate::{
    resend::{DAY, One, button, counts_right, elsewhere, lock, one, state, to_profile},
    stage::{Mailed, enrolled, form, invited, mails_to, nodes_look_at_once, set_policy, stop_moved},
};
use model::{
    audit::{ActivityQuery, words},
    console::Console,
    edit::EditTaskForm,
    enrolling::{Enrolling, LinkState},
    message::MailState,
    policy::LinkLifetime,
    task::{TaskQuery, TaskUserQuery},
};
use service::{
    clock::{Clock, HOUR},
    mail::memory::Memory,
    testing::{Rig, client},
};

const AIKO: &str = "aiko@people.example";

/// One user, whose first mail has gone out.
async fn sent(rig: &Rig) -> One {
    let one = one(rig).await;
    delivered(rig).await;
    one
}

async fn delivered(rig: &Rig) -> Vec<String> {
    let mailbox = Memory::new();
    rig.post(&mailbox).drain().await.unwrap();
    mailbox.mails().into_iter().map(|mail| mail.to).collect()
}

async fn reminders(rig: &Rig, address: &str) -> Vec<Mailed> {
    let mut mails = mails_to(rig, address).await;
    mails.retain(|mail| mail.kind == "reminder");
    mails
}

/// Looks, and answers how many reminders Aiko has had so far; they have gone out afterwards.
async fn reminded(rig: &Rig) -> usize {
    rig.service.tell_of_stop_dates().await.unwrap();
    let count = reminders(rig, AIKO).await.len();
    delivered(rig).await;
    count
}

#[tokio::test]
async fn a_reminder_goes_out_once_on_each_day_that_the_policy_names() {
    Rig::everywhere(async |rig| {
        sent(&rig).await;
        let mut had = Vec::new();
        for _ in 0..=10 {
            assert_eq!(reminded(&rig).await, reminded(&rig).await, "the next look sends none");
            had.push(reminded(&rig).await);
            rig.clock.advance(DAY);
        }
        assert_eq!(had, [0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2], "three days before, and one");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_reminder_carries_one_more_link_of_the_same_generation_and_changes_nothing_else() {
    Rig::everywhere(async |rig| {
        let one = sent(&rig).await;
        let before = rig.service.task(&rig.paul, one.task, &TaskUserQuery::default()).await?;
        rig.clock.advance(7 * DAY);
        rig.service.tell_of_stop_dates().await?;
        let reminder = reminders(&rig, AIKO).await.remove(0);
        for link in [&one.first.link(), &reminder.link()] {
            assert!(matches!(state(&rig, link).await, LinkState::Ready { .. }));
        }
        let after = rig.service.task(&rig.paul, one.task, &TaskUserQuery::default()).await?;
        assert_eq!(after.row.emailed_to, before.row.emailed_to);
        assert_eq!((after.users.rows[0].emailed_to.as_str(), after.row.edit_version), (AIKO, before.row.edit_version));
        let mail = after.users.rows[0].mail.clone().expect("a mail");
        assert!(mail.reminder && mail.state == MailState::Queued, "the list says that it is a reminder");
        assert!(!before.users.rows[0].mail.clone().expect("a mail").reminder);
        let activity = rig.service.activity(&rig.paul, one.user, &ActivityQuery::default()).await?.entries.rows.remove(0);
        assert_eq!((words(&activity.verb), activity.operator.as_str()), ("Sent a reminder", "Provost"));
        counts_right(&rig, one.task).await;
        enrolled(&rig, &reminder.link()).await;
        assert!(matches!(state(&rig, &one.first.link()).await, LinkState::Used { .. }));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_nodes_that_look_at_once_remind_everybody_once() {
    Rig::everywhere(async |rig| {
        let mut users = Vec::new();
        for number in 0..250 {
            users.push(rig.user(&format!("u{number}"), "Ann", "Berg").await?);
        }
        for some in users.chunks(90) {
            let form = form(&rig, some).await;
            rig.service.provision(&rig.paul, &form).await?;
        }
        delivered(&rig).await;
        rig.clock.advance(7 * DAY);
        nodes_look_at_once(&rig).await;
        for number in 0..250 {
            assert_eq!(reminders(&rig, &format!("u{number}@people.example")).await.len(), 1, "u{number}");
        }
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn without_days_in_the_policy_nobody_is_reminded_and_a_change_counts_at_once() {
    let rig = Rig::new().await.unwrap();
    sent(&rig).await;
    set_policy(&rig, |policy| policy.reminder_days = vec![]).await;
    rig.clock.advance(9 * DAY);
    assert_eq!(reminded(&rig).await, 0);
    set_policy(&rig, |policy| policy.reminder_days = vec![5, 1]).await;
    assert_eq!(reminded(&rig).await, 1);
}

#[tokio::test]
async fn of_several_missed_days_only_the_nearest_one_is_made_up_for() {
    for (days, later) in [(8, 2), (9, 1), (10, 1)] {
        let rig = Rig::new().await.unwrap();
        sent(&rig).await;
        rig.clock.advance(days * DAY);
        assert_eq!(reminded(&rig).await, 1, "after {days} days");
        rig.clock.advance(DAY);
        assert_eq!(reminded(&rig).await, later);
    }
    let rig = Rig::new().await.unwrap();
    sent(&rig).await;
    rig.clock.advance(11 * DAY);
    assert_eq!(reminded(&rig).await, 0, "the stop date is over");
}

#[tokio::test]
async fn who_cannot_enroll_or_has_is_not_reminded() {
    let rig = Rig::new().await.unwrap();
    let mut links = Vec::new();
    for id in ["locked", "done", "removed", "off", "active"] {
        links.push(invited(&rig, id).await);
    }
    delivered(&rig).await;
    lock(&rig, &links[0].1.link()).await;
    enrolled(&rig, &links[1].1.link()).await;
    let row = async |task: i64| rig.service.task(&rig.paul, task, &TaskUserQuery::default()).await.unwrap().users.rows.remove(0);
    let (removed, off) = (row(links[2].0.task).await, row(links[3].0.task).await);
    let form = EditTaskForm {
        select: vec![removed.enrollment.to_string()],
        act: "remove".into(),
        version: "1".into(),
        key: rig.key(),
        ..EditTaskForm::default()
    };
    rig.service.edit_task(&rig.paul, links[2].0.task, &form).await.unwrap();
    rig.service.set_user_enabled(&rig.olga, off.user, false, &button(&rig).await).await.unwrap();
    rig.clock.advance(7 * DAY);
    rig.service.tell_of_stop_dates().await.unwrap();
    for (id, count) in [("locked", 0), ("done", 0), ("removed", 0), ("off", 0), ("active", 1)] {
        assert_eq!(reminders(&rig, &format!("{id}@people.example")).await.len(), count, "{id}");
    }
    rig.service.set_user_enabled(&rig.olga, off.user, true, &button(&rig).await).await.unwrap();
    rig.service.tell_of_stop_dates().await.unwrap();
    assert_eq!(reminders(&rig, "off@people.example").await.len(), 0, "links that were ended stay so until an operator resends");
}

#[tokio::test]
async fn another_address_gets_no_reminder_the_profile_does() {
    Rig::everywhere(async |rig| {
        let one = sent(&rig).await;
        rig.service.resend(&rig.paul, one.user, one.task, &elsewhere(&rig)).await?;
        delivered(&rig).await;
        rig.clock.advance(7 * DAY);
        assert_eq!(reminded(&rig).await, 1);
        assert_eq!(reminders(&rig, "jane@elsewhere.example").await.len(), 0);
        let row = rig.service.tasks(&rig.paul, &TaskQuery::all()).await?.rows.remove(0);
        assert_eq!(row.emailed_to, "jane@elsewhere.example", "a reminder never changes it");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_link_that_was_stopped_is_not_followed_by_a_reminder() {
    let rig = Rig::new().await.unwrap();
    let one = sent(&rig).await;
    rig.service.resend(&rig.paul, one.user, one.task, &elsewhere(&rig)).await.unwrap();
    let stop = crate::stage::mail(&rig, "aiko").await.link();
    rig.service.stop(&stop, &client("198.51.100.7")).await.unwrap();
    delivered(&rig).await;
    rig.clock.advance(7 * DAY);
    assert_eq!(reminded(&rig).await, 0);
}

#[tokio::test]
async fn a_stop_date_that_moves_counts_anew() {
    Rig::everywhere(async |rig| {
        let one = sent(&rig).await;
        rig.clock.advance(7 * DAY);
        assert_eq!(reminded(&rig).await, 1);
        stop_moved(&rig, one.task, 1, "2026-12-20").await;
        assert_eq!(reminded(&rig).await, 1);
        rig.clock.advance(18 * DAY);
        assert_eq!(reminded(&rig).await, 2);
        stop_moved(&rig, one.task, 2, "2026-12-18").await;
        assert_eq!(reminded(&rig).await, 3, "a day is left now");
        stop_moved(&rig, one.task, 3, "2026-12-20").await;
        assert_eq!(reminded(&rig).await, 3, "of this one they were told");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn whoever_got_a_link_with_this_stop_date_since_needs_no_reminder() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.days = 2).await;
    let one = sent(&rig).await;
    assert_eq!(reminded(&rig).await, 0, "two days are left, and the first mail says so");
    rig.clock.advance(DAY);
    rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await.unwrap();
    delivered(&rig).await;
    assert_eq!(reminded(&rig).await, 0);
    stop_moved(&rig, one.task, 1, "2026-11-24").await;
    assert_eq!(reminded(&rig).await, 1, "nobody has told them of this one");
}

#[tokio::test]
async fn five_links_live_and_the_oldest_goes_when_a_reminder_comes() {
    Rig::everywhere(async |rig| {
        set_policy(&rig, |policy| policy.reminder_days = vec![5, 4, 3, 2, 1]).await;
        let one = sent(&rig).await;
        rig.clock.advance(5 * DAY);
        let mut links = vec![one.first.link()];
        for _ in 0..5 {
            rig.service.tell_of_stop_dates().await?;
            links.push(reminders(&rig, AIKO).await.pop().expect("a reminder").link());
            delivered(&rig).await;
            rig.clock.advance(DAY);
        }
        assert!(rig.service.look(&links[0], true).await.is_err());
        for link in &links[1..] {
            assert!(matches!(state(&rig, link).await, LinkState::Ready { .. }));
        }
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_reminders_link_has_a_lifetime_of_its_own_and_revives_no_other() {
    Rig::everywhere(async |rig| {
        set_policy(&rig, |policy| policy.link_lifetime = LinkLifetime::Hours(24)).await;
        let one = sent(&rig).await;
        rig.clock.advance(7 * DAY);
        rig.service.tell_of_stop_dates().await?;
        let reminder = reminders(&rig, AIKO).await.remove(0);
        assert_eq!(delivered(&rig).await, [AIKO]);
        assert!(matches!(state(&rig, &one.first.link()).await, LinkState::TooOld { .. }), "its lifetime stays over");
        let by_code = |code: String| model::forms::EnrollCodeForm { user_id: "aiko".into(), code };
        assert!(rig.service.start_with_code(&by_code(one.first.code()), &client("198.51.100.7")).await.is_err());
        assert!(rig.service.start(&one.first.link(), &client("198.51.100.7")).await.is_err());
        assert!(matches!(state(&rig, &reminder.link()).await, LinkState::Ready { .. }));
        assert!(!rig.service.user_task(&rig.hedy, one.user, one.task).await?.link_expired());
        rig.clock.advance(24 * HOUR);
        assert!(matches!(state(&rig, &reminder.link()).await, LinkState::TooOld { .. }));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_lifetime_that_still_runs_is_never_shortened() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.link_lifetime = LinkLifetime::Hours(240)).await;
    let one = sent(&rig).await;
    set_policy(&rig, |policy| policy.link_lifetime = LinkLifetime::Hours(1)).await;
    rig.clock.advance(7 * DAY);
    rig.service.tell_of_stop_dates().await.unwrap();
    let reminder = reminders(&rig, AIKO).await.remove(0);
    rig.clock.advance(2 * DAY);
    for link in [&one.first.link(), &reminder.link()] {
        assert!(matches!(state(&rig, link).await, LinkState::Ready { .. }));
    }
}

#[tokio::test]
async fn while_a_link_is_on_its_way_none_is_added() {
    let rig = Rig::new().await.unwrap();
    one(&rig).await;
    rig.clock.advance(7 * DAY);
    rig.service.tell_of_stop_dates().await.unwrap();
    assert_eq!(reminders(&rig, AIKO).await.len(), 0);
    delivered(&rig).await;
    assert_eq!(reminded(&rig).await, 1);
}

#[tokio::test]
async fn whatever_else_waits_goes_out_before_reminders() {
    Rig::everywhere(async |rig| {
        sent(&rig).await;
        rig.clock.advance(7 * DAY);
        rig.service.tell_of_stop_dates().await?;
        let mut users = Vec::new();
        for id in ["bela", "chi", "dag"] {
            users.push(rig.user(id, "Ann", "Berg").await?);
        }
        let form = form(&rig, &users).await;
        rig.service.provision(&rig.paul, &form).await?;
        let mut tx = rig.service.db().write().await?;
        let first = tx.claim_messages("boot", 3, rig.clock.now()).await?;
        tx.rollback().await?;
        assert!(first.iter().all(|message| message.to != AIKO), "{first:?}");
        Ok(())
    })
    .await
    .unwrap();
}
