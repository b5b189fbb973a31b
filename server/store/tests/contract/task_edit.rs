//! Edits of a task as a whole, and the end of a user's part in all of theirs: what they change, what they leave alone, and who wins when
//! several are at it at once.

use crate::{
    contract,
    counters::{complete, try_wrong},
    fixtures::{NOW, TODAY, people, run, task},
};
use model::authentication::AuthenticationType::App;
use model::message::MessageKind;
use std::future::Future;
use store::{
    Db, Tx,
    enrollment_sessions::NewSession,
    outbox::{LANE_REST, NewMessage},
    task_counters::TaskChange,
    testing::SealedMessage,
};

async fn session(tx: &mut Tx, enrollment: i64) -> Vec<u8> {
    let hash = vec![enrollment as u8; 32];
    let new = NewSession { hash: &hash, enrollment, generation: 1, now: NOW, ends_at: NOW + 9, secret: b"s", data: "{}" };
    tx.open_session(&new).await.unwrap();
    hash
}

async fn mail(tx: &mut Tx, task: i64, enrollment: i64, person: i64, to: &str) {
    let message = NewMessage {
        message_id: format!("{enrollment}@x.example"),
        kind: MessageKind::Enrollment,
        task: Some(task),
        enrollment: Some(enrollment),
        person: Some(person),
        to: to.to_owned(),
        language: "en".into(),
        template: 1,
        data: "{}".into(),
        secret: Some(vec![1]),
        generation: Some(1),
        lane: LANE_REST,
        turn: 0,
        give_up_at: None,
        retry_of: None,
        made_at: NOW,
    };
    tx.add_messages(&[message]).await.unwrap();
}

async fn mailed(tx: &mut Tx, to: &str) -> SealedMessage {
    tx.sealed_messages_to(to).await.unwrap().remove(0)
}

/// Removes what is open in a task, as the use case does.
async fn remove_all(tx: &mut Tx, task: i64) -> u64 {
    assert!(tx.lock_task(task).await.unwrap());
    let (stops, failed) = (tx.task_stops(task).await.unwrap(), tx.failed_mail_of_task(task).await.unwrap());
    let removed = tx.remove_open_of_task(task, "olga", NOW).await.unwrap();
    let change = TaskChange::new().all_removed(&stops, failed).by_operator();
    tx.count_in(task, &change, NOW).await.unwrap();
    tx.reserve(App, -(removed as i64)).await.unwrap();
    removed
}

/// `act` in a transaction of its own, in a task of its own.
fn alone<F, Act>(db: &Db, act: Act) -> tokio::task::JoinHandle<u64>
where
    Act: FnOnce(Tx) -> F + Send + 'static,
    F: Future<Output = (Tx, u64)> + Send,
{
    let db = db.clone();
    tokio::spawn(async move {
        let (tx, done) = act(db.write().await.unwrap()).await;
        tx.commit().await.unwrap();
        done
    })
}

async fn sum(acts: Vec<tokio::task::JoinHandle<u64>>) -> u64 {
    let mut sum = 0;
    for act in acts {
        sum += act.await.unwrap();
    }
    sum
}

async fn agree(db: &Db, tasks: &[i64]) {
    let mut tx = db.read().await.unwrap();
    for task in tasks {
        assert_eq!(tx.miscounted(*task).await.unwrap(), Vec::<String>::new());
    }
}

contract! {
    async fn the_open_users_of_a_task_are_told_with_what_a_notice_needs(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 5).await;
        let (number, ids) = task(&mut tx, "paul", &[3, 1, 2, 4], TODAY.plus(5)).await;
        task(&mut tx, "paul", &[5], TODAY.plus(5)).await;
        assert!(tx.remove_enrollment(ids[0], "paul", NOW).await.unwrap());
        run(&mut tx, "update users set disabled_at = 1 where id = 2").await;
        run(&mut tx, "update users set language = 'de', first_name = 'Ann' where id = 1").await;
        let users = tx.open_users_of_task(number).await.unwrap();
        let told: Vec<_> = users.iter().map(|user| (user.enrollment, user.person, user.user_id.as_str(), user.usable)).collect();
        assert_eq!(told, [(ids[1], 1, "p1", true), (ids[2], 2, "p2", false), (ids[3], 4, "p4", true)]);
        let first = &users[0];
        let said = [&first.first_name, &first.last_name, &first.email, &first.language];
        assert_eq!(said, ["Ann", "Nr", "p1@x.example", "de"]);
    }

    async fn removing_a_task_ends_sessions_and_mail_of_those_who_are_open_and_of_nobody_else(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 3).await;
        let (number, ids) = task(&mut tx, "paul", &[1, 2], TODAY.plus(5)).await;
        let (_, others) = task(&mut tx, "paul", &[3], TODAY.plus(5)).await;
        tx.reserve(App, 3).await.unwrap();
        for (person, id) in [(1, ids[0]), (2, ids[1]), (3, others[0])] {
            mail(&mut tx, number, id, person, &format!("p{person}@x.example")).await;
        }
        assert!(complete(&mut tx, ids[0]).await);
        tx.reserve(App, -1).await.unwrap();
        let (gone, stays) = (session(&mut tx, ids[1]).await, session(&mut tx, others[0]).await);
        assert_eq!(remove_all(&mut tx, number).await, 1, "not the completed one");
        assert_eq!(remove_all(&mut tx, number).await, 0, "once");
        let gone = tx.enrollment_session(&gone).await.unwrap().unwrap();
        assert!(gone.ended.is_some() && gone.secret.is_none(), "its pending key is wiped");
        assert!(tx.enrollment_session(&stays).await.unwrap().unwrap().ended.is_none());
        let removed = mailed(&mut tx, "p2@x.example").await;
        assert_eq!((removed.state.as_str(), removed.secret), ("canceled", None));
        assert_eq!(mailed(&mut tx, "p3@x.example").await.state, "queued");
        assert!(tx.enrollment(ids[0]).await.unwrap().unwrap().completed_at.is_some());
        let row = tx.enrollment(ids[1]).await.unwrap().unwrap();
        assert_eq!((row.removed_at, row.is_open()), (Some(NOW), false));
        assert_eq!(tx.stock(App).await.unwrap().unwrap().reserved, 1);
        assert_eq!(tx.miscounted(number).await.unwrap(), Vec::<String>::new());
    }

    async fn removing_a_task_forgets_another_address_that_a_link_went_to(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 2).await;
        let (number, ids) = task(&mut tx, "paul", &[1, 2], TODAY.plus(5)).await;
        run(&mut tx, "update enrollments set emailed_to = 'jane@elsewhere.example', redirected = true where person = 1").await;
        tx.set_task_emailed_to(number, "jane@elsewhere.example").await.unwrap();
        mail(&mut tx, number, ids[0], 1, "jane@elsewhere.example").await;
        tx.reserve(App, 2).await.unwrap();
        assert_eq!(remove_all(&mut tx, number).await, 2);
        assert_eq!(tx.enrollment(ids[0]).await.unwrap().unwrap().emailed_to, "j…@…");
        assert_eq!(tx.enrollment(ids[1]).await.unwrap().unwrap().emailed_to, "p2@x.example", "a profile's address stays");
        assert_eq!(tx.sealed_messages_to("jane@elsewhere.example").await.unwrap().len(), 0);
        assert_eq!(tx.listed_task(number, TODAY).await.unwrap().unwrap().emailed_to, "j…@…");
    }

    async fn a_deleted_users_part_ends_in_all_their_tasks_and_in_nobody_elses(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 2).await;
        let (first, ids) = task(&mut tx, "paul", &[1, 2], TODAY.plus(5)).await;
        run(&mut tx, "update enrollments set override = true").await;
        let (second, more) = task(&mut tx, "paul", &[1], TODAY.plus(1)).await;
        run(&mut tx, "update enrollments set override = true").await;
        let (third, done) = task(&mut tx, "paul", &[1], TODAY.plus(2)).await;
        assert!(complete(&mut tx, done[0]).await);
        tx.reserve(App, 3).await.unwrap();
        mail(&mut tx, second, more[0], 1, "p1@x.example").await;
        let open = session(&mut tx, ids[0]).await;
        assert_eq!(tx.remove_open_enrollments_of(1, "olga", NOW).await.unwrap(), 2, "not the completed one");
        assert_eq!(tx.remove_open_enrollments_of(1, "olga", NOW).await.unwrap(), 0, "once");
        assert!(tx.enrollment_session(&open).await.unwrap().unwrap().ended.is_some());
        assert_eq!(mailed(&mut tx, "p1@x.example").await.state, "canceled");
        assert!(tx.enrollment(ids[1]).await.unwrap().unwrap().is_open());
        assert_eq!(tx.stock(App).await.unwrap().unwrap().reserved, 1);
        for number in [first, second, third] {
            assert_eq!(tx.miscounted(number).await.unwrap(), Vec::<String>::new());
        }
    }

    async fn a_stop_date_moves_open_enrollments_of_its_task_only(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 5).await;
        let (number, ids) = task(&mut tx, "paul", &[1, 2, 3, 4], TODAY.plus(5)).await;
        let (_, others) = task(&mut tx, "paul", &[5], TODAY.plus(5)).await;
        assert!(tx.remove_enrollment(ids[0], "paul", NOW).await.unwrap());
        assert!(complete(&mut tx, ids[1]).await);
        let to = TODAY.plus(9);
        assert!(tx.set_stop_on(ids[2], to).await.unwrap());
        assert!(!tx.set_stop_on(ids[0], to).await.unwrap() && !tx.set_stop_on(ids[1], to).await.unwrap(), "no longer open");
        assert!(!tx.set_stop_on(9_999, to).await.unwrap());
        assert_eq!(tx.set_stop_on_of_task(number, TODAY.plus(7)).await.unwrap(), 2, "those still open");
        let mut days = Vec::new();
        for id in ids.iter().chain(&others) {
            days.push(tx.enrollment(*id).await.unwrap().unwrap().stop_on.epoch() - TODAY.epoch());
        }
        assert_eq!(days, [5, 5, 7, 7, 5]);
    }

    async fn users_whose_links_are_too_old_are_named_in_order_and_no_more_than_asked(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 6).await;
        let (number, ids) = task(&mut tx, "paul", &[5, 4, 3, 2, 1], TODAY.plus(5)).await;
        task(&mut tx, "paul", &[6], TODAY.plus(5)).await;
        run(&mut tx, "update enrollments set link_until = 1000").await;
        run(&mut tx, "update enrollments set link_until = 1001 where person = 5").await;
        run(&mut tx, "update enrollments set link_until = null where person = 4").await;
        run(&mut tx, "update enrollments set locked_at = 1 where person = 3").await;
        let old = async |tx: &mut Tx, now, most| {
            let rows = tx.too_old_links_of_task(number, now, most).await.unwrap();
            rows.into_iter().map(|(_, user_id)| user_id).collect::<Vec<_>>()
        };
        assert_eq!(old(&mut tx, 999, 9).await, Vec::<String>::new());
        assert_eq!(old(&mut tx, 1_000, 9).await, ["p1", "p2"]);
        assert_eq!(old(&mut tx, 1_001, 2).await, ["p1", "p2"]);
        assert_eq!(old(&mut tx, 1_001, 9).await, ["p1", "p2", "p5"]);
        assert!(tx.remove_enrollment(ids[4], "paul", NOW).await.unwrap());
        assert_eq!(old(&mut tx, 1_000, 9).await, ["p2"]);
    }

    async fn of_two_who_remove_a_task_while_users_complete_each_enrollment_ends_once(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 24).await;
        let (number, ids) = task(&mut tx, "paul", &(1..=24).collect::<Vec<_>>(), TODAY.plus(5)).await;
        tx.reserve(App, 24).await.unwrap();
        tx.commit().await.unwrap();
        let mut acts = Vec::new();
        for (place, id) in ids.into_iter().enumerate() {
            acts.push(alone(&db, async move |mut tx| {
                let done = complete(&mut tx, id).await;
                tx.reserve(App, -i64::from(done)).await.unwrap();
                (tx, u64::from(done))
            }));
            if place % 12 == 5 {
                acts.push(alone(&db, async move |mut tx| {
                    let removed = remove_all(&mut tx, number).await;
                    (tx, removed)
                }));
            }
        }
        assert_eq!(sum(acts).await, 24);
        agree(&db, &[number]).await;
        let mut tx = db.read().await.unwrap();
        assert!(!tx.listed_task(number, TODAY).await.unwrap().unwrap().outstanding);
        assert_eq!(tx.stock(App).await.unwrap().unwrap().reserved, 0, "each given back once");
    }

    async fn deleting_users_while_their_tasks_are_removed_ends_each_enrollment_once(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 12).await;
        let everybody: Vec<i64> = (1..=12).collect();
        let (first, _) = task(&mut tx, "paul", &everybody, TODAY.plus(5)).await;
        run(&mut tx, "update enrollments set override = true").await;
        let (second, _) = task(&mut tx, "paul", &everybody.iter().rev().copied().collect::<Vec<_>>(), TODAY.plus(6)).await;
        tx.reserve(App, 24).await.unwrap();
        tx.commit().await.unwrap();
        let mut acts = Vec::new();
        for person in everybody {
            acts.push(alone(&db, async move |mut tx| {
                let removed = tx.remove_open_enrollments_of(person, "olga", NOW).await.unwrap();
                (tx, removed)
            }));
            if person == 4 {
                for number in [second, first] {
                    acts.push(alone(&db, async move |mut tx| {
                        let removed = remove_all(&mut tx, number).await;
                        (tx, removed)
                    }));
                }
            }
        }
        assert_eq!(sum(acts).await, 24);
        agree(&db, &[first, second]).await;
        assert_eq!(db.read().await.unwrap().stock(App).await.unwrap().unwrap().reserved, 0);
    }

    async fn stop_dates_that_move_while_users_lock_and_complete_are_counted_right(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 16).await;
        let (number, ids) = task(&mut tx, "paul", &(1..=16).collect::<Vec<_>>(), TODAY.plus(5)).await;
        tx.commit().await.unwrap();
        let mut acts = Vec::new();
        for (place, id) in ids.into_iter().enumerate() {
            acts.push(alone(&db, async move |mut tx| {
                let done = if place % 2 == 0 { complete(&mut tx, id).await } else { try_wrong(&mut tx, id, 1).await.is_some() };
                (tx, u64::from(done))
            }));
            if place % 4 == 1 {
                acts.push(alone(&db, async move |mut tx| {
                    assert!(tx.lock_task(number).await.unwrap());
                    let (stops, to) = (tx.task_stops(number).await.unwrap(), TODAY.plus(place as i32));
                    tx.set_stop_on_of_task(number, to).await.unwrap();
                    tx.count_in(number, &TaskChange::new().all_moved(&stops, to).by_operator(), NOW).await.unwrap();
                    (tx, 0)
                }));
            }
        }
        assert_eq!(sum(acts).await, 16);
        agree(&db, &[number]).await;
    }
}
