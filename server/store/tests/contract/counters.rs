//! The counters of tasks: equal to a recount, whatever happens and however many do it at once.

use crate::{
    contract,
    fixtures::{Dice, NOW, TODAY, one_task, people, task},
};
use store::{
    Tx,
    enrollments::{Spent, Wrong},
    task_counters::TaskChange,
    tokens::NewToken,
};

/// Completes an enrollment with a token, as the use case does.
pub async fn complete(tx: &mut Tx, id: i64) -> bool {
    let enrollment = tx.lock_enrollment(id).await.unwrap().unwrap();
    let serial = tx.next_serial().await.unwrap();
    let new = NewToken {
        serial: &serial,
        kind: enrollment.kind,
        person: enrollment.person,
        secret: b"sealed",
        algorithm: "sha1",
        digits: 6,
        period: 30,
        last_step: 1,
        container: "Default",
        now: NOW,
    };
    let token = tx.add_token(&new).await.unwrap();
    let spent = Spent { id, generation: enrollment.generation, today: TODAY, token, serial: &serial, now: NOW };
    if !tx.complete_enrollment(spent).await.unwrap() {
        return false;
    }
    let change = TaskChange::new().completed(enrollment.counted());
    tx.count_in(enrollment.task, &change, NOW).await.unwrap();
    true
}

async fn remove(tx: &mut Tx, id: i64) -> bool {
    let enrollment = tx.lock_enrollment(id).await.unwrap().unwrap();
    if !tx.remove_enrollment(id, "olga", NOW).await.unwrap() {
        return false;
    }
    tx.count_in(enrollment.task, &TaskChange::new().removed(enrollment.counted()).by_operator(), NOW).await.unwrap();
    true
}

/// Tries a wrong code; answers the attempts so far and whether that locked it.
pub async fn try_wrong(tx: &mut Tx, id: i64, limit: i64) -> Option<(i64, bool)> {
    let enrollment = tx.lock_enrollment(id).await.unwrap().unwrap();
    let wrong = Wrong { id, generation: enrollment.generation, today: TODAY, limit, now: NOW };
    let counted = tx.count_wrong_code(wrong).await.unwrap();
    if let Some((_, true)) = counted {
        tx.count_in(enrollment.task, &TaskChange::new().locked(enrollment.counted(), true), NOW).await.unwrap();
    }
    counted
}

async fn set(tx: &mut Tx, sql: &'static str, id: i64, value: i64) {
    match tx {
        Tx::Sqlite(tx) => drop(sqlx::query(sql).bind(id).bind(value).execute(&mut **tx).await.unwrap()),
        Tx::Postgres(tx) => drop(sqlx::query(sql).bind(id).bind(value).execute(&mut **tx).await.unwrap()),
    }
}

/// One random act on one random enrollment.
async fn act(tx: &mut Tx, dice: &mut Dice, ids: &[i64]) {
    let id = ids[dice.roll(ids.len() as u64) as usize];
    let enrollment = tx.lock_enrollment(id).await.unwrap().unwrap();
    let (open, was) = (enrollment.is_open(), enrollment.counted());
    match dice.roll(8) {
        0 => drop(complete(tx, id).await),
        1 => drop(remove(tx, id).await),
        2 | 3 => drop(try_wrong(tx, id, 2).await),
        4 if open && was.locked => {
            set(tx, "update enrollments set locked_at = null, attempts = 0 where id = $1 and $2 = 0", id, 0).await;
            tx.count_in(enrollment.task, &TaskChange::new().locked(was, false).by_operator(), NOW).await.unwrap();
        }
        5 | 6 if open => {
            let to = TODAY.plus(dice.roll(5) as i32 - 2);
            set(tx, "update enrollments set stop_on = $2 where id = $1", id, i64::from(to.epoch())).await;
            tx.count_in(enrollment.task, &TaskChange::new().moved(was, to).by_operator(), NOW).await.unwrap();
        }
        7 if open => {
            let failed = !was.mail_failed;
            let sql = "update enrollments set mail_state = case when $2 = 1 then 'failed' else 'accepted' end where id = $1";
            set(tx, sql, id, i64::from(failed)).await;
            tx.count_in(enrollment.task, &TaskChange::new().mail_failed(was, failed), NOW).await.unwrap();
        }
        _ => {}
    }
}

contract! {
    async fn counters_equal_a_recount_after_every_one_of_many_random_acts(db: Db) {
        for seed in 0..4 {
            let mut dice = Dice::new(seed);
            let mut tx = db.write().await.unwrap();
            people(&mut tx, 12).await;
            let (first, mut ids) = task(&mut tx, "olga", &[1, 2, 3, 4, 5, 6, 7], TODAY.plus(2)).await;
            let (second, more) = task(&mut tx, "otto", &[8, 9, 10, 11, 12], TODAY.plus(1)).await;
            ids.extend(more);
            for step in 0..80 {
                act(&mut tx, &mut dice, &ids).await;
                for number in [first, second] {
                    assert_eq!(tx.miscounted(number).await.unwrap(), Vec::<String>::new(), "seed {seed} step {step}");
                }
            }
            tx.rollback().await.unwrap();
        }
    }

    async fn fifty_completions_at_once_are_one(db: Db) {
        let (number, ids) = one_task(&db, 3).await;
        let id = ids[1];
        let attempts = (0..50).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let done = complete(&mut tx, id).await;
                if done { tx.commit().await.unwrap() } else { tx.rollback().await.unwrap() }
                done
            })
        });
        let mut successes = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            successes += i32::from(attempt.await.unwrap());
        }
        assert_eq!(successes, 1);
        let mut tx = db.read().await.unwrap();
        assert!(tx.miscounted(number).await.unwrap().is_empty());
        assert_eq!(tx.tokens_of(2).await.unwrap().len(), 1);
        let row = tx.listed_task(number, TODAY).await.unwrap().unwrap();
        assert_eq!((row.progress.completed, row.progress.active), (1, 2));
    }

    async fn fifty_wrong_codes_at_once_lock_at_the_limit_and_count_no_further(db: Db) {
        let (number, ids) = one_task(&db, 2).await;
        let id = ids[0];
        let attempts = (0..50).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let counted = try_wrong(&mut tx, id, 5).await;
                tx.commit().await.unwrap();
                counted
            })
        });
        let mut counted = Vec::new();
        for attempt in attempts.collect::<Vec<_>>() {
            counted.extend(attempt.await.unwrap());
        }
        counted.sort_unstable();
        assert_eq!(counted, [(1, false), (2, false), (3, false), (4, false), (5, true)]);
        let mut tx = db.read().await.unwrap();
        assert!(tx.miscounted(number).await.unwrap().is_empty());
        assert_eq!(tx.enrollment(id).await.unwrap().unwrap().attempts, 5);
    }

    async fn completing_and_removing_at_once_leave_one_of_the_two(db: Db) {
        let (number, ids) = one_task(&db, 8).await;
        let mut acts = Vec::new();
        for id in ids.clone() {
            for completes in [true, false] {
                let db = db.clone();
                acts.push(tokio::spawn(async move {
                    let mut tx = db.write().await.unwrap();
                    let done = if completes { complete(&mut tx, id).await } else { remove(&mut tx, id).await };
                    if done { tx.commit().await.unwrap() } else { tx.rollback().await.unwrap() }
                    done
                }));
            }
        }
        let mut done = 0;
        for act in acts {
            done += usize::from(act.await.unwrap());
        }
        assert_eq!(done, ids.len());
        let mut tx = db.read().await.unwrap();
        assert!(tx.miscounted(number).await.unwrap().is_empty());
        assert!(!tx.listed_task(number, TODAY).await.unwrap().unwrap().outstanding);
    }

    async fn the_stop_date_itself_completes_and_the_day_after_does_not(db: Db) {
        let (_, ids) = one_task(&db, 2).await;
        for (id, today, may) in [(ids[0], TODAY.plus(10), true), (ids[1], TODAY.plus(11), false)] {
            let mut tx = db.write().await.unwrap();
            let new = NewToken {
                serial: &tx.next_serial().await.unwrap(),
                kind: model::authentication::AuthenticationType::App,
                person: 1, secret: b"", algorithm: "sha1", digits: 6, period: 30, last_step: 1, container: "Default", now: NOW,
            };
            let token = tx.add_token(&new).await.unwrap();
            let spent = Spent { id, generation: 1, today, token, serial: new.serial, now: NOW };
            assert_eq!(tx.complete_enrollment(spent).await.unwrap(), may);
            assert!(!tx.complete_enrollment(Spent { generation: 2, ..spent }).await.unwrap(), "another generation");
        }
    }
}
