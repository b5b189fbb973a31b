//! The installation's row, the policy, and sessions of operators.

use crate::contract;
use store::{
    instance::PolicyChange,
    operators::{NewOperator, NewSession},
};

const CHANGE: PolicyChange<'static> =
    PolicyChange { at: 5, operator: None, operator_name: "Command line", before: "{}", after: "{\"days\":9}" };

contract! {
    async fn of_two_keys_that_arrive_at_once_one_is_kept(db: Db) {
        let settle = ["one", "two"].map(|fingerprint| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let kept = tx.settle_key_fingerprint(fingerprint, 0).await.unwrap();
                tx.commit().await.unwrap();
                kept
            })
        });
        let mut kept = Vec::new();
        for one in settle {
            kept.push(one.await.unwrap());
        }
        assert_eq!(kept[0], kept[1]);
        let mut tx = db.read().await.unwrap();
        assert_eq!(tx.key_fingerprint().await.unwrap().as_ref(), kept.first());
    }

    async fn one_of_twenty_changes_of_a_policys_version_wins(db: Db) {
        for version in [0, 1] {
            let changes: Vec<_> = (0..20).map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut tx = db.write().await.unwrap();
                    let done = tx.replace_policy(version, CHANGE).await.unwrap();
                    tx.commit().await.unwrap();
                    done
                })
            }).collect();
            let mut won = 0;
            for change in changes {
                won += i32::from(change.await.unwrap());
            }
            assert_eq!(won, 1);
        }
        let mut tx = db.read().await.unwrap();
        assert_eq!(tx.policy().await.unwrap(), Some((2, "{\"days\":9}".to_owned())));
    }

    async fn a_session_is_found_by_its_own_hash_only_and_while_it_lives(db: Db) {
        let mut tx = db.write().await.unwrap();
        let new = NewOperator { user_id: "Olga", user_key: "olga", name: "Olga", email: "", role: "Auditor", password_hash: "" };
        let id = tx.add_operator(new, 0).await.unwrap();
        let session = NewSession { hash: b"hash", operator: id, version: 1, made_at: 100, ends_at: 1_000, address: "", agent: "" };
        assert!(tx.add_session(session).await.unwrap());
        assert_eq!(tx.session(b"hash", 999, 99).await.unwrap().map(|session| session.user_id).as_deref(), Some("Olga"));
        for (hash, now, idle_since) in [(b"".as_slice(), 999, 99), (b"HASH", 999, 99), (b"hash", 1_000, 99), (b"hash", 999, 100)] {
            assert_eq!(tx.session(hash, now, idle_since).await.unwrap(), None);
        }
        tx.touch_session(b"hash", 100, 200).await.unwrap();
        tx.touch_session(b"hash", 100, 50).await.unwrap();
        assert_eq!(tx.session(b"hash", 999, 199).await.unwrap().map(|session| session.seen_at), Some(200));
        assert_eq!(tx.forget_sessions(999, 199).await.unwrap(), 0);
        assert_eq!(tx.end_session(b"hash").await.unwrap(), Some((id, "Olga".to_owned())));
        assert_eq!(tx.end_session(b"hash").await.unwrap(), None);
    }

    async fn an_operator_reset_or_disabled_since_gets_no_session(db: Db) {
        let mut tx = db.write().await.unwrap();
        let new = NewOperator { user_id: "Olga", user_key: "olga", name: "Olga", email: "", role: "Auditor", password_hash: "" };
        let id = tx.add_operator(new, 0).await.unwrap();
        let earlier = tx.operator("olga").await.unwrap().unwrap().version;
        let session = NewSession { hash: b"hash", operator: id, version: earlier, made_at: 100, ends_at: 1_000, address: "", agent: "" };
        tx.reset_operator(id, "new").await.unwrap();
        assert!(!tx.add_session(session).await.unwrap());
        assert_eq!(tx.session(b"hash", 101, 0).await.unwrap(), None);
        let version = tx.operator("olga").await.unwrap().unwrap().version;
        assert!(tx.disable_operator(id, 1).await.unwrap());
        assert!(!tx.add_session(NewSession { version, ..session }).await.unwrap());
        let version = tx.operator("olga").await.unwrap().unwrap().version;
        assert!(!tx.add_session(NewSession { version, ..session }).await.unwrap(), "disabled");
    }

    async fn a_network_is_familiar_to_its_operator_only(db: Db) {
        let mut tx = db.write().await.unwrap();
        let new = NewOperator { user_id: "Olga", user_key: "olga", name: "Olga", email: "", role: "Operator", password_hash: "" };
        let olga = tx.add_operator(new, 0).await.unwrap();
        let otto = tx.add_operator(NewOperator { user_key: "otto", ..new }, 0).await.unwrap();
        tx.note_place(olga, "192.0.2.1", 100).await.unwrap();
        tx.note_place(olga, "192.0.2.1", 200).await.unwrap();
        assert!(tx.is_familiar("olga", "192.0.2.1", 199).await.unwrap());
        for (user, place, since) in [("otto", "192.0.2.1", 0), ("olga", "192.0.2.2", 0), ("olga", "192.0.2.1", 200)] {
            assert!(!tx.is_familiar(user, place, since).await.unwrap());
        }
        assert!(tx.disable_operator(olga, 1).await.unwrap());
        tx.reset_operator(olga, "new").await.unwrap();
        assert!(!tx.is_familiar("olga", "192.0.2.1", 0).await.unwrap());
        assert!(tx.disable_operator(otto, 1).await.unwrap());
        assert!(!tx.disable_operator(olga, 1).await.unwrap());
    }
}
