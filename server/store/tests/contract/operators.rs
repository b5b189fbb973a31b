//! Operators and roles as the console changes them, and the policy's log.

use crate::contract;
use model::{
    listing::{Direction, PageSize},
    operator::{OPERATOR_SORT, OperatorProfile},
};
use store::{
    Constraint, Error, Tx,
    instance::PolicyChange,
    keyset::{Key, Place},
    operators::{NewOperator, NewSession},
};

async fn add(tx: &mut Tx, user_id: &str, role: &str) -> i64 {
    let new = NewOperator { user_id, user_key: user_id, name: user_id, email: "x@console.example", role, password_hash: "" };
    tx.add_operator(new, 0).await.unwrap()
}

fn profile(user_id: &str, role: &str) -> OperatorProfile {
    OperatorProfile { user_id: user_id.into(), name: user_id.into(), email: "x@console.example".into(), role: role.into() }
}

contract! {
    async fn operators_are_paged_by_user_id_in_both_directions(db: Db) {
        let mut tx = db.write().await.unwrap();
        for place in 0..30 {
            add(&mut tx, &format!("u{place:02}"), "Auditor").await;
        }
        assert_eq!(tx.count_operators().await.unwrap().to_string(), "30");
        let first = tx.operators(OPERATOR_SORT, PageSize::Small, None).await.unwrap();
        assert_eq!((first.rows.len(), first.before, first.after), (25, false, true));
        let last = first.rows.last().unwrap();
        assert_eq!(last.key(), Key::Text("u24".into()));
        let from = Place { key: last.key(), id: last.id, back: false };
        let second = tx.operators(OPERATOR_SORT, PageSize::Small, Some(&from)).await.unwrap();
        assert_eq!((second.rows.len(), second.rows[0].user_id.as_str(), second.after), (5, "u25", false));
        let back = Place { key: second.rows[0].key(), id: second.rows[0].id, back: true };
        let again = tx.operators(OPERATOR_SORT, PageSize::Small, Some(&back)).await.unwrap();
        assert_eq!(again.rows, first.rows);
    }

    async fn a_profile_changes_in_its_version_only_and_user_ids_stay_unique(db: Db) {
        let mut tx = db.write().await.unwrap();
        let kim = add(&mut tx, "kim", "Auditor").await;
        add(&mut tx, "leo", "Auditor").await;
        assert!(tx.update_operator(kim, 1, &profile("Kima", "Help Desk")).await.unwrap());
        assert!(!tx.update_operator(kim, 1, &profile("kimo", "Help Desk")).await.unwrap());
        let now = tx.lock_operator(kim).await.unwrap().unwrap();
        assert_eq!((now.user_id.as_str(), now.user_key.as_str(), now.role.as_str(), now.version), ("Kima", "kima", "Help Desk", 2));
        assert_eq!(tx.operator_record(kim).await.unwrap(), Some(now));
        tx.commit().await.unwrap();
        let mut tx = db.write().await.unwrap();
        let taken = tx.update_operator(kim, 2, &profile("LEO", "Auditor")).await;
        assert!(matches!(taken, Err(Error::Constraint(Constraint::OperatorUserKey))));
    }

    async fn the_last_enabled_operator_keeps_the_role(db: Db) {
        let mut tx = db.write().await.unwrap();
        let olga = add(&mut tx, "olga", "Operator").await;
        let otto = add(&mut tx, "otto", "Operator").await;
        assert!(tx.disable_operator(otto, 1).await.unwrap());
        assert!(!tx.update_operator(olga, 1, &profile("olga", "Auditor")).await.unwrap());
        assert!(tx.update_operator(olga, 1, &profile("olga.o", "Operator")).await.unwrap(), "another name is no other role");
        assert!(tx.enable_operator(otto).await.unwrap());
        assert!(!tx.enable_operator(otto).await.unwrap());
        assert!(tx.update_operator(olga, 2, &profile("olga", "Auditor")).await.unwrap());
        assert!(!tx.disable_operator(otto, 2).await.unwrap());
    }

    async fn of_three_who_leave_the_role_at_once_one_stays(db: Db) {
        let mut tx = db.write().await.unwrap();
        let mut rows = Vec::new();
        for name in ["a", "b", "c"] {
            rows.push(add(&mut tx, name, "Operator").await);
        }
        tx.commit().await.unwrap();
        let leaving: Vec<_> = rows.into_iter().zip(["a", "b", "c"]).map(|(id, name)| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let left = if name == "b" {
                    tx.disable_operator(id, 1).await.unwrap()
                } else {
                    tx.update_operator(id, 1, &profile(name, "Auditor")).await.unwrap()
                };
                tx.commit().await.unwrap();
                left
            })
        }).collect();
        let mut left = 0;
        for one in leaving {
            left += i32::from(one.await.unwrap());
        }
        assert_eq!(left, 2);
    }

    async fn a_password_is_set_in_its_version_only(db: Db) {
        let mut tx = db.write().await.unwrap();
        let kim = add(&mut tx, "kim", "Auditor").await;
        assert!(tx.set_password(kim, 1, "new").await.unwrap());
        assert!(!tx.set_password(kim, 1, "newer").await.unwrap());
        let row = tx.operator_by_id(kim).await.unwrap().unwrap();
        assert_eq!((row.password_hash.as_str(), row.version), ("new", 2));
        assert_eq!(tx.operator("kim").await.unwrap(), Some(row));
    }

    async fn live_sessions_are_listed_and_ended_by_their_operator(db: Db) {
        let mut tx = db.write().await.unwrap();
        let (kim, leo) = (add(&mut tx, "kim", "Auditor").await, add(&mut tx, "leo", "Auditor").await);
        for (hash, operator, made_at) in [(b"a", kim, 100), (b"b", kim, 200), (b"c", kim, 300), (b"d", leo, 300)] {
            let new = NewSession { hash, operator, version: 1, made_at, ends_at: 1_000, address: "192.0.2.1", agent: "x" };
            assert!(tx.add_session(new).await.unwrap());
        }
        let hashes = |sessions: Vec<store::operator_list::OwnSession>| sessions.into_iter().map(|own| own.hash).collect::<Vec<_>>();
        assert_eq!(hashes(tx.sessions_of(kim, 500, 100).await.unwrap()), [b"c", b"b"], "one is idle");
        assert!(tx.sessions_of(kim, 1_000, 0).await.unwrap().is_empty(), "all are over");
        assert!(!tx.end_session_of(leo, b"c").await.unwrap());
        assert!(tx.end_session_of(kim, b"c").await.unwrap());
        assert_eq!(tx.end_other_sessions(kim, b"b").await.unwrap(), 1);
        assert_eq!(hashes(tx.sessions_of(kim, 500, 0).await.unwrap()), [b"b"]);
        assert_eq!(hashes(tx.sessions_of(leo, 500, 0).await.unwrap()), [b"d"]);
    }

    async fn a_role_is_changed_in_its_version_and_removed_while_nobody_has_it(db: Db) {
        let mut tx = db.write().await.unwrap();
        tx.add_role("Night", "users.view", 5).await.unwrap();
        let kim = add(&mut tx, "kim", "Night").await;
        assert!(tx.update_role("Night", 1, "users.view tokens.view").await.unwrap());
        assert!(!tx.update_role("Night", 1, "").await.unwrap());
        assert!(!tx.update_role("Operator", 1, "").await.unwrap());
        let role = tx.lock_role("Night").await.unwrap().unwrap();
        assert_eq!((role.rights.as_str(), role.version, role.operators, role.built_in), ("users.view tokens.view", 2, 1, false));
        assert_eq!(tx.roles().await.unwrap().len(), 5);
        assert!(!tx.remove_role("Night").await.unwrap());
        assert!(tx.update_operator(kim, 1, &profile("kim", "Auditor")).await.unwrap());
        assert!(tx.remove_role("Night").await.unwrap());
        assert!(!tx.remove_role("Operator").await.unwrap());
        assert_eq!(tx.lock_role("Night").await.unwrap(), None);
    }

    async fn a_role_is_not_removed_while_somebody_is_given_it(db: Db) {
        let mut tx = db.write().await.unwrap();
        tx.add_role("Night", "users.view", 5).await.unwrap();
        tx.commit().await.unwrap();
        let (giver, remover) = (db.clone(), db.clone());
        let given = tokio::spawn(async move {
            let mut tx = giver.write().await.unwrap();
            let there = tx.lock_role("Night").await.unwrap().is_some();
            if there {
                add(&mut tx, "kim", "Night").await;
            }
            tx.commit().await.unwrap();
            there
        });
        let removed = tokio::spawn(async move {
            let mut tx = remover.write().await.unwrap();
            tx.lock_role("Night").await.unwrap();
            let removed = tx.remove_role("Night").await.unwrap();
            tx.commit().await.unwrap();
            removed
        });
        assert_ne!(given.await.unwrap(), removed.await.unwrap());
    }

    async fn the_policys_log_is_paged_by_its_order(db: Db) {
        let mut tx = db.write().await.unwrap();
        for version in 0..30 {
            let after = format!("{{\"days\":{}}}", version + 1);
            let change = PolicyChange { at: 5, operator: None, operator_name: "x", before: "{}", after: &after };
            assert!(tx.replace_policy(version, change).await.unwrap());
        }
        assert_eq!(tx.count_policy_log().await.unwrap().to_string(), "30");
        let first = tx.policy_log(Direction::Descending, PageSize::Small, None).await.unwrap();
        assert_eq!((first.rows.len(), first.rows[0].after.as_str(), first.after), (25, "{\"days\":30}", true));
        let from = Place { key: Key::Int(first.rows[24].id), id: first.rows[24].id, back: false };
        let second = tx.policy_log(Direction::Descending, PageSize::Small, Some(&from)).await.unwrap();
        assert_eq!((second.rows.len(), second.rows[4].after.as_str(), second.after), (5, "{\"days\":1}", false));
        let oldest = tx.policy_log(Direction::Ascending, PageSize::Small, None).await.unwrap();
        assert_eq!(oldest.rows[0], second.rows[4]);
    }
}
