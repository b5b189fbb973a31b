//! Acts over many enrollments: rows fixed by the dry run, marked once, whoever is at it.

use crate::{
    contract,
    fixtures::{NOW, TODAY, people, run, task},
};
use model::{
    bulk::{BulkAct, BulkState, LeftOut, Outcome, SelectionOf},
    enrollment::Status,
    listing::Direction,
    report::EnrollmentFilter,
    task::{TaskQuery, TaskState},
};
use store::{
    Db, Tx,
    bulk::{NewBulk, Stretch},
    enrollment_list::Which,
    operators::NewOperator,
    selections::NewSelection,
};

async fn operator(tx: &mut Tx) -> i64 {
    named(tx, "olga").await
}

async fn named(tx: &mut Tx, user_id: &str) -> i64 {
    let new = NewOperator { user_id, user_key: user_id, name: "Olga", email: "o@x.example", role: "Operator", password_hash: "" };
    tx.add_operator(new, NOW).await.unwrap()
}

async fn selected(tx: &mut Tx, operator: i64, of: SelectionOf, rows: &[i64]) -> (i64, u64) {
    let id = of.code();
    tx.add_selection(NewSelection { id, operator, of, filter: None, now: NOW }).await.unwrap();
    tx.select(id, rows).await.unwrap();
    planned(tx, operator, id).await
}

async fn planned(tx: &mut Tx, operator: i64, selection: &str) -> (i64, u64) {
    tx.add_bulk(NewBulk { operator, act: BulkAct::Unlock, what: "{}", now: NOW }, selection).await.unwrap()
}

/// A running act over one task of so many people.
async fn running(db: &Db, count: i64) -> i64 {
    let mut tx = db.write().await.unwrap();
    let olga = operator(&mut tx).await;
    people(&mut tx, count).await;
    let (number, _) = task(&mut tx, "paul", &(1..=count).collect::<Vec<_>>(), TODAY).await;
    let (act, rows) = selected(&mut tx, olga, SelectionOf::Tasks, &[number]).await;
    assert_eq!(rows, count as u64);
    assert!(tx.confirm_bulk(act, olga, None, NOW).await.unwrap());
    tx.commit().await.unwrap();
    act
}

contract! {
    async fn the_dry_run_fixes_the_open_enrollments_of_tasks_and_the_enrollments_that_were_selected(db: Db) {
        let mut tx = db.write().await.unwrap();
        let olga = operator(&mut tx).await;
        people(&mut tx, 5).await;
        let (first, one) = task(&mut tx, "paul", &[1, 2, 3], TODAY).await;
        let (second, two) = task(&mut tx, "paul", &[4, 5], TODAY).await;
        assert!(tx.remove_enrollment(one[1], "olga", NOW).await.unwrap());
        let (act, rows) = selected(&mut tx, olga, SelectionOf::Tasks, &[second, first]).await;
        assert_eq!(rows, 4, "who was removed is no part of it");
        let found = tx.planned_enrollments(act, Stretch { first: 1, last: 9 }).await.unwrap();
        let expected = [one[0], one[2], two[0], two[1]];
        assert_eq!(found.iter().map(|(position, row)| (*position, row.id)).collect::<Vec<_>>(),
            (1..).zip(expected).collect::<Vec<_>>(), "by task and enrollment");
        let (_, rows) = selected(&mut tx, olga, SelectionOf::Enrollments, &[two[1], one[1]]).await;
        assert_eq!(rows, 2, "who was selected by name is told of");
        let otto = named(&mut tx, "otto").await;
        assert_eq!(planned(&mut tx, otto, "tasks").await.1, 0, "somebody else's selection");
    }

    async fn all_that_match_hold_what_can_still_be_acted_on(db: Db) {
        let mut tx = db.write().await.unwrap();
        let olga = operator(&mut tx).await;
        people(&mut tx, 6).await;
        let (number, ids) = task(&mut tx, "paul", &[1, 2, 3, 4, 5, 6], TODAY).await;
        run(&mut tx, "update enrollments set locked_at = 1 where person < 3; update enrollments set completed_at = 1 where person = 6").await;
        for (id, status, expected) in [("l", Some(Status::Locked), 2), ("c", Some(Status::Completed), 0), ("a", None, 5)] {
            let filter = EnrollmentFilter { status, ..EnrollmentFilter::default() };
            let which = Which { filter: &filter, today: TODAY, now: NOW };
            let of = SelectionOf::Enrollments;
            tx.add_selection(NewSelection { id, operator: olga, of, filter: Some("{}"), now: NOW }).await.unwrap();
            assert_eq!(tx.select_all_enrollments(id, which).await.unwrap(), expected, "{status:?}");
            assert_eq!(tx.selected_count(id, olga, of).await.unwrap(), Some(expected as i64));
            assert_eq!(tx.selected_count(id, olga, SelectionOf::Users).await.unwrap(), None, "no selection of users");
        }
        assert_eq!(tx.selected_among("l", olga, &ids).await.unwrap().len(), 2);
        let query = TaskQuery { state: TaskState::Outstanding, ..TaskQuery::all() };
        tx.add_selection(NewSelection { id: "t", operator: olga, of: SelectionOf::Tasks, filter: Some("{}"), now: NOW }).await.unwrap();
        assert_eq!(tx.select_all_tasks("t", &query, TODAY).await.unwrap(), 1);
        assert_eq!(tx.selected_among("t", olga, &[number]).await.unwrap().len(), 1);
        assert_eq!(tx.selection_of("t", olga).await.unwrap(), Some(SelectionOf::Tasks));
        assert_eq!(tx.selection_of("t", olga + 1).await.unwrap(), None);
    }

    async fn a_row_is_marked_once_and_counted_by_its_reason(db: Db) {
        let act = running(&db, 5).await;
        let mut tx = db.write().await.unwrap();
        let gone = LeftOut::Over(Status::Completed);
        tx.mark_bulk(act, &[(1, None), (2, Some(gone)), (3, Some(LeftOut::Disabled))]).await.unwrap();
        tx.mark_bulk(act, &[(1, Some(gone)), (2, None)]).await.unwrap();
        let mut counts = tx.bulk_counts(act).await.unwrap();
        counts.sort_by_key(|(outcome, reason, _)| (outcome.code(), reason.map(LeftOut::code)));
        let expected = [(Outcome::Done, None, 1), (Outcome::LeftOut, Some(LeftOut::Disabled), 1),
            (Outcome::LeftOut, Some(gone), 1), (Outcome::Planned, None, 2)];
        assert_eq!(counts, expected);
        assert_eq!(tx.next_stretch(act, 1).await.unwrap(), Some(Stretch { first: 4, last: 4 }));
        let places = async |tx: &mut Tx, only, from| {
            let rows = tx.bulk_items(act, only, from, 2).await.unwrap();
            rows.into_iter().map(|row| row.position).collect::<Vec<_>>()
        };
        assert_eq!(places(&mut tx, None, (2, Direction::Ascending)).await, [2, 3]);
        assert_eq!(places(&mut tx, None, (3, Direction::Descending)).await, [3, 2]);
        assert_eq!(places(&mut tx, Some(Outcome::Planned), (0, Direction::Ascending)).await, [4, 5]);
    }

    async fn links_that_are_too_old_are_counted_by_outcome_and_selected_where_the_act_was_done(db: Db) {
        let act = running(&db, 5).await;
        let mut tx = db.write().await.unwrap();
        run(&mut tx, "update enrollments set link_until = 5 where person < 5; update enrollments set link_until = 7 where person = 4;
                      update enrollments set locked_at = 1 where person = 3").await;
        let olga = tx.take_bulk(act).await.unwrap().expect("it runs").operator;
        let rows = tx.planned_enrollments(act, Stretch { first: 1, last: 5 }).await.unwrap();
        assert_eq!(tx.too_old_links_of_bulk(act, Outcome::Planned, 5).await.unwrap(), 2, "neither who is locked nor who has time, or no end");
        tx.mark_bulk(act, &[(1, None), (2, Some(LeftOut::Disabled)), (4, None)]).await.unwrap();
        assert_eq!(tx.too_old_links_of_bulk(act, Outcome::Done, 5).await.unwrap(), 1);
        let of = SelectionOf::Enrollments;
        tx.add_selection(NewSelection { id: "old", operator: olga, of, filter: None, now: NOW }).await.unwrap();
        assert_eq!(tx.select_too_old_links_of_bulk("old", act, 7).await.unwrap(), 2);
        let expected = [&rows[0], &rows[3]].map(|(_, row)| row.id);
        let all: Vec<i64> = rows.iter().map(|(_, row)| row.id).collect();
        let mut found: Vec<i64> = tx.selected_among("old", olga, &all).await.unwrap().into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }

    async fn it_is_confirmed_once_and_not_after_it_was_canceled(db: Db) {
        let act = running(&db, 1).await;
        let mut tx = db.write().await.unwrap();
        let olga = tx.take_bulk(act).await.unwrap().expect("it runs").operator;
        assert!(!tx.confirm_bulk(act, olga, None, NOW).await.unwrap(), "twice");
        assert!(!tx.cancel_bulk(act, olga + 1, NOW).await.unwrap(), "somebody else");
        assert!(tx.cancel_bulk(act, olga, NOW).await.unwrap());
        assert!(tx.take_bulk(act).await.unwrap().is_none() && !tx.confirm_bulk(act, olga, None, NOW).await.unwrap());
        tx.end_bulk(act, None, NOW).await.unwrap();
        assert_eq!(tx.bulk(act, olga).await.unwrap().unwrap().state, BulkState::Canceled);
        assert!(tx.bulk(act, olga + 1).await.unwrap().is_none(), "an operator's own");
        assert_eq!(tx.forget_bulks(NOW + 1).await.unwrap(), 0, "it was confirmed once");
        let (dry, _) = planned(&mut tx, olga, "tasks").await;
        assert_eq!(tx.forget_bulks(NOW + 1).await.unwrap(), 1);
        assert!(tx.bulk(dry, olga).await.unwrap().is_none());
    }

    async fn of_many_nodes_at_once_each_row_is_done_by_one(db: Db) {
        let act = running(&db, 60).await;
        let nodes: Vec<_> = (0..6).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut done = 0;
                loop {
                    let mut tx = db.write().await.unwrap();
                    if tx.take_bulk(act).await.unwrap().is_none() {
                        drop(tx);
                        if db.read().await.unwrap().running_bulks().await.unwrap().is_empty() {
                            return done;
                        }
                        tokio::task::yield_now().await;
                        continue;
                    }
                    let Some(stretch) = tx.next_stretch(act, 7).await.unwrap() else {
                        tx.end_bulk(act, None, NOW).await.unwrap();
                        tx.commit().await.unwrap();
                        return done;
                    };
                    tx.hold_stretch(act, stretch).await.unwrap();
                    let rows = tx.planned_enrollments(act, stretch).await.unwrap();
                    let marks: Vec<_> = rows.iter().map(|(position, _)| (*position, None)).collect();
                    tx.mark_bulk(act, &marks).await.unwrap();
                    // One in four dies before its commit.
                    if stretch.first % 4 == 0 && done == 0 {
                        tx.rollback().await.unwrap();
                        done += 1000;
                        continue;
                    }
                    tx.commit().await.unwrap();
                    done += rows.len();
                }
            })
        }).collect();
        let mut done = 0;
        for node in nodes {
            done += node.await.unwrap() % 1000;
        }
        assert_eq!(done, 60);
        let counts = db.read().await.unwrap().bulk_counts(act).await.unwrap();
        assert_eq!(counts, [(Outcome::Done, None, 60)]);
    }
}
