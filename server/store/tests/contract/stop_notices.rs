//! What is told of a stop date: once, whoever is at it; and what a reminder does to the links before it.

use crate::{
    contract,
    fixtures::{NOW, TODAY, people, run, task},
};
use model::{day::Day, message::MessageKind};
use store::{
    Tx,
    links::{NewLink, Purpose},
    outbox::{LANE_REST, NewMessage, TURN_REMINDERS},
    stop_notices::{Due, Stops},
};

const STOP: Day = TODAY.plus(3);
const STOPS: Stops = Stops { days: 3, first: TODAY.plus(2), last: STOP };

/// A task of `count` people with a link each.
async fn linked(tx: &mut Tx, persons: &[i64]) -> (i64, Vec<i64>) {
    let (number, ids) = task(tx, "paul", persons, STOP).await;
    let links: Vec<_> = ids.iter().map(|id| link(*id, 0)).collect();
    tx.add_links(&links).await.unwrap();
    (number, ids)
}

fn link(enrollment: i64, place: u8) -> NewLink {
    let hash = vec![place, enrollment as u8];
    NewLink { hash, code_mac: None, enrollment, generation: 1, purpose: Purpose::Enroll, made_at: NOW + i64::from(place) }
}

fn due(task: i64, id: i64) -> Due {
    Due { id, task, stop_on: STOP }
}

async fn due_now(tx: &mut Tx) -> Vec<i64> {
    tx.reminders_due(STOPS, None, 100).await.unwrap().iter().map(|due| due.id).collect()
}

/// How many eight nodes noted that looked at the same time.
async fn by_eight_nodes<F>(node: impl Fn(usize) -> F) -> usize
where
    F: Future<Output = usize> + Send + 'static,
{
    let nodes: Vec<_> = (0..8).map(|number| tokio::spawn(node(number))).collect();
    let mut noted = 0;
    for node in nodes {
        noted += node.await.unwrap();
    }
    noted
}

contract! {
    async fn a_reminder_is_noted_once_and_none_that_is_farther_ahead_after_it(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 1).await;
        let (number, ids) = linked(&mut tx, &[1]).await;
        let one = due(number, ids[0]);
        assert!(tx.note_reminder(one, 3, NOW).await.unwrap());
        assert!(!tx.note_reminder(one, 3, NOW).await.unwrap(), "once");
        assert!(tx.note_reminder(one, 1, NOW).await.unwrap(), "a nearer one");
        assert!(!tx.note_reminder(one, 2, NOW).await.unwrap(), "farther than one that was noted");
        let later = STOP.plus(5);
        assert!(!tx.note_reminder(Due { stop_on: later, ..one }, 3, NOW).await.unwrap(), "not its stop date");
        assert!(tx.set_stop_on(ids[0], later).await.unwrap());
        assert!(tx.note_reminder(Due { stop_on: later, ..one }, 3, NOW).await.unwrap(), "another stop date counts anew");
    }

    async fn pages_of_what_is_due_hold_each_enrollment_once(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 7).await;
        let (_, ids) = linked(&mut tx, &[1, 2, 3, 4, 5, 6, 7]).await;
        assert!(tx.set_stop_on(ids[0], TODAY.plus(2)).await.unwrap());
        assert!(tx.set_stop_on(ids[1], TODAY.plus(4)).await.unwrap(), "beyond what is asked for");
        assert!(tx.set_stop_on(ids[2], TODAY.plus(1)).await.unwrap(), "before it");
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = tx.reminders_due(STOPS, after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(*last);
            found.extend(page.iter().map(|due| due.id));
        }
        assert_eq!(found, [&ids[..1], &ids[3..]].concat());
    }

    async fn who_cannot_use_a_reminder_is_neither_found_nor_noted(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 8).await;
        let (number, ids) = linked(&mut tx, &[1, 2, 3, 4, 5, 6, 7, 8]).await;
        run(&mut tx, "update enrollments set locked_at = 1 where person = 1").await;
        run(&mut tx, "update enrollments set completed_at = 1 where person = 2").await;
        run(&mut tx, "update enrollments set removed_at = 1 where person = 3").await;
        run(&mut tx, "update users set disabled_at = 1 where id = 4").await;
        run(&mut tx, "update users set email = '' where id = 5").await;
        run(&mut tx, "update enrollments set generation = 2 where person = 6").await;
        tx.add_messages(&[message(number, ids[6])]).await.unwrap();
        assert_eq!(due_now(&mut tx).await, ids[7..]);
        for (place, id) in ids.iter().enumerate() {
            assert_eq!(tx.note_reminder(due(number, *id), 3, NOW).await.unwrap(), place == 7, "p{}", place + 1);
        }
        assert_eq!(due_now(&mut tx).await, Vec::<i64>::new());
    }

    async fn of_many_nodes_at_once_one_notes_a_reminder(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 20).await;
        let (number, ids) = linked(&mut tx, &(1..=20).collect::<Vec<_>>()).await;
        tx.commit().await.unwrap();
        let noted = by_eight_nodes(|node| {
            let (db, mut ids) = (db.clone(), ids.clone());
            async move {
                if node % 2 == 1 {
                    ids.reverse();
                }
                let mut noted = 0;
                for id in ids {
                    let mut tx = db.write().await.unwrap();
                    tx.lock_task(number).await.unwrap();
                    noted += usize::from(tx.note_reminder(due(number, id), 3, NOW).await.unwrap());
                    tx.commit().await.unwrap();
                }
                noted
            }
        });
        assert_eq!(noted.await, 20);
    }

    async fn an_expiry_is_noted_once_for_each_stop_date(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 4).await;
        let (number, ids) = task(&mut tx, "paul", &[1, 2, 3, 4], TODAY.plus(-1)).await;
        run(&mut tx, "update enrollments set locked_at = 1 where person = 1").await;
        run(&mut tx, "update enrollments set removed_at = 1 where person = 2").await;
        let from = TODAY.plus(-7);
        assert_eq!(tx.note_expired(from, TODAY.plus(-1), 100, NOW).await.unwrap(), [], "the stop date itself counts");
        assert_eq!(tx.note_expired(TODAY, TODAY, 100, NOW).await.unwrap(), [], "longer ago than is asked for");
        assert_eq!(tx.note_expired(from, TODAY, 1, NOW).await.unwrap(), [(number, TODAY.plus(-1))]);
        assert_eq!(tx.note_expired(from, TODAY, 100, NOW).await.unwrap(), [(number, TODAY.plus(-1))]);
        assert_eq!(tx.note_expired(from, TODAY, 100, NOW).await.unwrap(), []);
        assert!(tx.set_stop_on(ids[2], TODAY.plus(-2)).await.unwrap());
        assert_eq!(tx.note_expired(from, TODAY, 100, NOW).await.unwrap(), [(number, TODAY.plus(-2))]);
    }

    async fn of_many_nodes_at_once_each_expiry_is_noted_by_one(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 200).await;
        task(&mut tx, "paul", &(1..=200).collect::<Vec<_>>(), TODAY.plus(-1)).await;
        tx.commit().await.unwrap();
        let noted = by_eight_nodes(|_| {
            let db = db.clone();
            async move {
                let mut tx = db.write().await.unwrap();
                let noted = tx.note_expired(TODAY.plus(-7), TODAY, 1_000, NOW).await.unwrap().len();
                tx.commit().await.unwrap();
                noted
            }
        });
        assert_eq!(noted.await, 200);
    }

    async fn a_newer_link_lives_on_and_those_before_it_keep_their_end(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 1).await;
        let (_, ids) = linked(&mut tx, &[1]).await;
        run(&mut tx, "update enrollments set link_until = 1000").await;
        assert!(!tx.extend_links(ids[0], 1, 999, Some(5_000)).await.unwrap(), "another end than was read");
        assert!(tx.extend_links(ids[0], 1, 1_000, Some(5_000)).await.unwrap());
        tx.add_links(&[link(ids[0], 1)]).await.unwrap();
        assert!(tx.extend_links(ids[0], 1, 5_000, None).await.unwrap());
        tx.add_links(&[link(ids[0], 2)]).await.unwrap();
        let mut ends = Vec::new();
        for place in 0..3 {
            ends.push(tx.link(&[place, ids[0] as u8]).await.unwrap().unwrap().until);
        }
        assert_eq!(ends, [Some(1_000), Some(5_000), None]);
        assert_eq!(tx.enrollment(ids[0]).await.unwrap().unwrap().link_until, None);
    }
}

/// A reminder that waits.
fn message(task: i64, enrollment: i64) -> NewMessage {
    NewMessage {
        message_id: format!("{enrollment}@x.example"),
        kind: MessageKind::Reminder,
        task: Some(task),
        enrollment: Some(enrollment),
        person: None,
        to: "p@x.example".into(),
        language: "en".into(),
        template: 1,
        data: "{}".into(),
        secret: None,
        generation: Some(1),
        lane: LANE_REST,
        turn: TURN_REMINDERS,
        give_up_at: None,
        retry_of: None,
        made_at: NOW,
    }
}
