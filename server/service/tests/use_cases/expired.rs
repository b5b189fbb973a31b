//! The alert on expired enrollments: one message to each operator who can do something about it, once for each stop date.

use crate::{
    resend::{DAY, button, lock},
    stage::{form, invited, mails_to, nodes_look_at_once, set_policy, stop_moved},
};
use model::console::Console;
use service::{
    mail::{memory::Memory, message::Mail},
    testing::Rig,
};

const PAUL: &str = "paul@console.example";

async fn alerts(rig: &Rig, address: &str) -> usize {
    mails_to(rig, address).await.iter().filter(|mail| mail.kind == "alert").count()
}

/// The text of every mail to Paul that has not gone out yet.
async fn told(rig: &Rig) -> Vec<String> {
    let mailbox = Memory::new();
    rig.post(&mailbox).drain().await.unwrap();
    let text = |mail: Mail| String::from_utf8(mail.bytes).unwrap().replace("=\r\n", "");
    mailbox.mails().into_iter().filter(|mail| mail.to == PAUL).map(text).collect()
}

async fn two_tasks(rig: &Rig) -> i64 {
    let mut users = Vec::new();
    for id in ["aiko", "bela", "chi"] {
        users.push(rig.user(id, "Aiko", "Yamada").await.unwrap());
    }
    let form = form(rig, &users).await;
    let task = rig.service.provision(&rig.paul, &form).await.unwrap().task;
    invited(rig, "dag").await;
    task
}

#[tokio::test]
async fn operators_are_told_of_expired_users_in_one_message_where_the_policy_wants_it() {
    Rig::everywhere(async |rig| {
        two_tasks(&rig).await;
        told(&rig).await;
        rig.clock.advance(11 * DAY);
        rig.service.tell_of_stop_dates().await?;
        assert_eq!(alerts(&rig, PAUL).await, 0, "off unless somebody switches it on");
        set_policy(&rig, |policy| policy.alert_expired = true).await;
        for _ in 0..3 {
            rig.service.tell_of_stop_dates().await?;
        }
        for (who, count) in [("olga", 1), ("paul", 1), ("hedy", 0), ("audrey", 0)] {
            assert_eq!(alerts(&rig, &format!("{who}@console.example")).await, count, "{who}");
        }
        let text = told(&rig).await.remove(0);
        assert!(text.contains("Provost: 4 users did not enroll in time"), "{text}");
        assert!(text.contains("3 users in task 1 did not enroll by 02 Dec 2026."), "{text}");
        assert!(text.contains("1 user in task 2 did not enroll by 02 Dec 2026."), "{text}");
        rig.clock.advance(DAY);
        rig.service.tell_of_stop_dates().await?;
        assert_eq!(alerts(&rig, PAUL).await, 1, "nor the next day");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_nodes_that_look_at_once_tell_of_everybody_once() {
    Rig::everywhere(async |rig| {
        two_tasks(&rig).await;
        told(&rig).await;
        set_policy(&rig, |policy| policy.alert_expired = true).await;
        rig.clock.advance(11 * DAY);
        nodes_look_at_once(&rig).await;
        assert_eq!(alerts(&rig, PAUL).await, 1);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_new_stop_date_that_is_over_again_is_told_again() {
    let rig = Rig::new().await.unwrap();
    let task = two_tasks(&rig).await;
    set_policy(&rig, |policy| policy.alert_expired = true).await;
    rig.clock.advance(11 * DAY);
    rig.service.tell_of_stop_dates().await.unwrap();
    stop_moved(&rig, task, 1, "2026-12-05").await;
    rig.clock.advance(2 * DAY);
    rig.service.tell_of_stop_dates().await.unwrap();
    assert_eq!(alerts(&rig, PAUL).await, 1, "the stop date itself still counts");
    rig.clock.advance(DAY);
    rig.service.tell_of_stop_dates().await.unwrap();
    let text = told(&rig).await.pop().unwrap();
    assert!(text.contains("3 users in task 1 did not enroll by 05 Dec 2026."), "{text}");
    assert!(!text.contains("task 2"), "{text}");
}

#[tokio::test]
async fn locked_users_disabled_operators_and_what_expired_long_ago_are_left_out() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    lock(&rig, &mailed.link()).await;
    set_policy(&rig, |policy| policy.alert_expired = true).await;
    rig.clock.advance(11 * DAY);
    rig.service.tell_of_stop_dates().await.unwrap();
    assert_eq!(alerts(&rig, PAUL).await, 0, "locked is another thing");
    invited(&rig, "bela").await;
    rig.service.set_operator_enabled(&rig.olga, rig.paul.id, false, &button(&rig).await).await.unwrap();
    rig.clock.advance(11 * DAY);
    rig.service.tell_of_stop_dates().await.unwrap();
    assert_eq!((alerts(&rig, PAUL).await, alerts(&rig, "olga@console.example").await), (0, 1));
    invited(&rig, "chi").await;
    rig.clock.advance(60 * DAY);
    rig.service.tell_of_stop_dates().await.unwrap();
    assert_eq!(alerts(&rig, "olga@console.example").await, 1, "no news");
}
