//! The audit trail as lists.

use crate::{
    contract,
    fixtures::{NOW, one_task},
};
use model::listing::{Direction, PageSize, Total};
use store::{
    Tx,
    audit::{Entry, Subject},
    audit_list::{AuditWhich, Doer, Lead},
    keyset::{Key, Place},
};

async fn write(tx: &mut Tx, at: i64, who: (Option<i64>, &str), verb: &str, subjects: &[Subject]) -> i64 {
    let entry = Entry { at, operator: who.0, operator_name: who.1, verb, ..Entry::default() };
    tx.audit(entry, subjects).await.unwrap()
}

async fn found(tx: &mut Tx, which: &AuditWhich) -> Vec<i64> {
    let page = tx.audit_page(which, Direction::Descending, PageSize::Small, None).await.unwrap();
    let ids: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
    assert_eq!(tx.count_audit(which).await.unwrap(), Total::Exactly(ids.len() as u32), "{which:?}");
    ids
}

contract! {
    async fn entries_are_found_by_every_lead_once_and_newest_first(db: Db) {
        let (olga, machine) = ((Some(1), "olga"), (None, "Link"));
        let mut tx = db.write().await.unwrap();
        let a = write(&mut tx, 30, olga, "user.add", &[Subject::User(7)]).await;
        let b = write(&mut tx, 10, olga, "user.edit", &[Subject::User(7), Subject::User(8)]).await;
        let c = write(&mut tx, 20, machine, "user.edit", &[Subject::Task(7)]).await;
        let verb = |verb: &str| Lead::Verb(verb.to_owned());
        let link = || Doer::Name("Link".to_owned());
        let cases = [
            (AuditWhich::of(vec![Lead::All]), vec![c, b, a]),
            (AuditWhich::of(vec![verb("user.edit")]), vec![c, b]),
            (AuditWhich::of(vec![Lead::By(Doer::Operator(1))]), vec![b, a]),
            (AuditWhich::of(vec![Lead::By(link())]), vec![c]),
            (AuditWhich::of(vec![Lead::About(Subject::User(7))]), vec![b, a]),
            (AuditWhich::of(vec![verb("user.edit"), Lead::About(Subject::User(7)), Lead::About(Subject::Task(7))]), vec![c, b, a]),
            (AuditWhich::of(vec![]), vec![]),
            (AuditWhich { verb: Some("user.edit".into()), ..AuditWhich::of(vec![Lead::About(Subject::User(7))]) }, vec![b]),
            (AuditWhich { by: Some(Doer::Operator(1)), ..AuditWhich::of(vec![verb("user.edit")]) }, vec![b]),
            (AuditWhich { by: Some(link()), ..AuditWhich::of(vec![Lead::All]) }, vec![c]),
            (AuditWhich { between: Some((10, 30)), ..AuditWhich::of(vec![Lead::All]) }, vec![c, b]),
            (AuditWhich { between: Some((30, i64::MAX)), ..AuditWhich::of(vec![Lead::All]) }, vec![a]),
            (AuditWhich { between: Some((31, i64::MAX)), ..AuditWhich::of(vec![Lead::All]) }, vec![]),
        ];
        for (which, expected) in cases {
            assert_eq!(found(&mut tx, &which).await, expected, "{which:?}");
        }
    }

    async fn pages_of_the_trail_follow_one_another_both_ways(db: Db) {
        let mut tx = db.write().await.unwrap();
        let mut ids = Vec::new();
        for at in 0..60 {
            ids.push(write(&mut tx, at, (None, "x"), if at % 2 == 0 { "user.add" } else { "user.edit" }, &[]).await);
        }
        let which = AuditWhich::of(vec![Lead::Verb("user.add".into()), Lead::Verb("user.edit".into())]);
        for direction in [Direction::Ascending, Direction::Descending] {
            let mut expected = ids.clone();
            if direction == Direction::Descending {
                expected.reverse();
            }
            let (mut seen, mut from) = (Vec::new(), None);
            loop {
                let page = tx.audit_page(&which, direction, PageSize::Small, from.as_ref()).await.unwrap();
                assert_eq!(page.before, !seen.is_empty());
                seen.extend(page.rows.iter().map(|row| row.id));
                let Some(last) = page.rows.last().filter(|_| page.after) else { break };
                from = Some(Place { key: Key::Int(last.id), id: last.id, back: false });
            }
            assert_eq!(seen, expected);
            let place = Place { key: Key::Int(expected[25]), id: expected[25], back: true };
            let back = tx.audit_page(&which, direction, PageSize::Small, Some(&place)).await.unwrap();
            assert_eq!(back.rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected[..25]);
            assert!(!back.before && back.after);
        }
    }

    async fn a_person_is_found_through_their_enrollments_and_the_act_that_provisioned_them(db: Db) {
        let (number, enrollments) = one_task(&db, 2).await;
        let mut tx = db.write().await.unwrap();
        let provisioned = write(&mut tx, NOW, (Some(1), "olga"), "task.provision", &[Subject::Task(number)]).await;
        let locked = write(&mut tx, NOW, (None, "Link"), "enrollment.lock", &[Subject::Enrollment(enrollments[0])]).await;
        let edited = write(&mut tx, NOW, (Some(1), "olga"), "user.edit", &[Subject::User(1)]).await;
        write(&mut tx, NOW, (Some(1), "olga"), "task.other", &[Subject::Task(number)]).await;
        assert_eq!(found(&mut tx, &AuditWhich::of(vec![Lead::Person(1)])).await, [edited, locked, provisioned]);
        assert_eq!(found(&mut tx, &AuditWhich::of(vec![Lead::Person(2)])).await, [provisioned]);
        assert!(found(&mut tx, &AuditWhich::of(vec![Lead::Person(3)])).await.is_empty());
    }

    async fn what_entries_are_about_is_told_for_a_page_of_them(db: Db) {
        one_task(&db, 3).await;
        let mut tx = db.write().await.unwrap();
        let subjects = [Subject::User(1), Subject::User(2), Subject::User(3), Subject::Policy];
        let many = write(&mut tx, 0, (None, "x"), "user.import", &subjects).await;
        let none = write(&mut tx, 0, (None, "x"), "mail.resume", &[]).await;
        let about = tx.audit_subjects(&[many, none], 2).await.unwrap();
        assert_eq!(about, [(many, "policy".to_owned(), 1), (many, "user".to_owned(), 1)]);
        assert!(tx.audit_subjects(&[], 2).await.unwrap().is_empty());
        let mut names = tx.subject_names("user", &[2, 1, 99]).await.unwrap();
        names.sort();
        assert_eq!(names, [(1, "p1".to_owned()), (2, "p2".to_owned())]);
        assert!(tx.subject_names("task", &[1]).await.unwrap().is_empty());
        assert!(tx.operator_names().await.unwrap().is_empty());
        assert_eq!(tx.token_of_serial("1000000001").await.unwrap(), None);
    }

    async fn many_edits_are_written_at_once_each_about_its_user(db: Db) {
        let mut tx = db.write().await.unwrap();
        let common = Entry { at: 5, operator_name: "olga", verb: "user.edit", ..Entry::default() };
        let edit = |user: i64| (user, format!("{{\"n\":{}}}", user % 3), "{}".to_owned());
        let edits: Vec<_> = (1..=2_000).map(edit).collect();
        tx.audit_users(&common, &edits).await.unwrap();
        for user in [1, 2, 3, 1_999, 2_000] {
            let entry = tx.audit_of(Subject::User(user), None, 10).await.unwrap();
            assert_eq!(entry.len(), 1);
            assert_eq!(entry[0].before, Some(edit(user).1));
        }
        assert_eq!(tx.count_audit(&AuditWhich::of(vec![Lead::All])).await.unwrap(), Total::Exactly(2_000));
    }
}
