//! The outbox: claims, fencing, leases, the look before sending, results, cancellation, retry, lists.

use crate::{contract, fixtures::run};
use model::{
    day::Day,
    listing::Direction,
    message::{MailState, MessageFilter, MessageKind},
};
use store::{
    Constraint, Db, Error, Tx,
    outbox::{Boot, Claimed, LANE_CODES, LANE_REST, LEASE, Mark, Marked, NewMessage, Present, Standing},
};

/// Before every stop date.
const PRESENT: Present = Present { now: 5_000, today: Day::from_epoch(100) };

const PEOPLE: &str = "insert into users
    (id, user_id, user_key, email, first_name_key, last_name_key, email_key, container_key, custom1_key, made_at) values
    (1, 'Ann', 'ann', 'ann@x.example', '', '', 'ann@x.example', 'default', '', 0),
    (2, 'Bea', 'bea', 'bea@x.example', '', '', 'bea@x.example', 'default', '', 0);
    insert into tasks (number, origin, operator_name, operator_key, type, made_at, start_on, count, open, min_stop_on, max_stop_on)
    values (7, 'operator', 'olga', 'olga', 'app', 0, 100, 2, 2, 110, 110);
    insert into enrollments (id, task, person, position, type, stop_on, mail_state) values
    (11, 7, 1, 1, 'app', 110, 'queued'), (12, 7, 2, 2, 'app', 110, 'queued')";

async fn number(tx: &mut Tx, sql: &'static str) -> i64 {
    match tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
    }
}

async fn text(tx: &mut Tx, sql: &'static str) -> String {
    match tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
    }
}

/// A message of enrollment 11 to Ann.
fn link(id: &str) -> NewMessage {
    NewMessage {
        message_id: format!("{id}@x.example"),
        kind: MessageKind::Enrollment,
        task: Some(7),
        enrollment: Some(11),
        person: Some(1),
        to: "ann@x.example".into(),
        language: "en".into(),
        template: 1,
        data: "{}".into(),
        secret: Some(vec![1, 2, 3]),
        generation: Some(1),
        lane: LANE_REST,
        turn: 0,
        give_up_at: None,
        retry_of: None,
        made_at: 1_000,
    }
}

async fn with(db: &Db, messages: &[NewMessage]) {
    let mut tx = db.write().await.unwrap();
    run(&mut tx, PEOPLE).await;
    tx.add_messages(messages).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claim(db: &Db, boot: &str, most: u32, now: i64) -> Vec<Claimed> {
    let mut tx = db.write().await.unwrap();
    let claimed = tx.claim_messages(boot, most, now).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

async fn mark(db: &Db, mark: &Mark) -> Marked {
    let mut tx = db.write().await.unwrap();
    let marked = tx.mark_message(mark).await.unwrap();
    tx.commit().await.unwrap();
    marked
}

async fn standing(db: &Db, message: &Claimed, now: i64, today: i64) -> Standing {
    db.read().await.unwrap().standing(message, now, today).await.unwrap()
}

contract! {
    async fn ten_thousand_messages_are_written_at_once_and_each_is_claimed_once(db: Db) {
        let messages: Vec<_> = (0..10_000).map(|n| NewMessage { turn: n, ..link(&n.to_string()) }).collect();
        with(&db, &messages).await;
        let mut racers = Vec::new();
        for boot in ["one", "two", "three", "four"] {
            let db = db.clone();
            racers.push(tokio::spawn(async move {
                let mut ids = Vec::new();
                loop {
                    let claimed = claim(&db, boot, 500, 2_000).await;
                    if claimed.is_empty() {
                        return ids;
                    }
                    ids.extend(claimed.into_iter().map(|message| message.id));
                }
            }));
        }
        let mut ids = Vec::new();
        for racer in racers {
            ids.extend(racer.await.unwrap());
        }
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!((all, ids.len()), (10_000, 10_000));
    }

    async fn codes_go_first_and_then_the_lowest_turn(db: Db) {
        let mut messages: Vec<_> = (0..5).map(|turn| NewMessage { turn, ..link(&format!("big{turn}")) }).collect();
        messages.push(link("small"));
        messages.push(NewMessage { lane: LANE_CODES, turn: 9, ..link("code") });
        with(&db, &messages).await;
        let ids: Vec<_> = claim(&db, "a", 3, 2_000).await.into_iter().map(|message| message.message_id).collect();
        assert_eq!(ids, ["big0@x.example", "small@x.example", "code@x.example"]);
    }

    async fn nothing_is_claimed_before_it_is_due(db: Db) {
        with(&db, &[link("a")]).await;
        assert!(claim(&db, "a", 9, 999).await.is_empty());
        assert_eq!(claim(&db, "a", 9, 1_000).await.len(), 1);
    }

    async fn a_lease_that_ran_out_is_claimed_again_and_a_renewed_one_is_not(db: Db) {
        with(&db, &[link("a")]).await;
        let first = claim(&db, "one", 9, 2_000).await.remove(0);
        assert!(claim(&db, "two", 9, 2_000 + LEASE - 1).await.is_empty());
        let mut tx = db.write().await.unwrap();
        assert_eq!(tx.renew_leases("one", 10_000).await.unwrap(), 1);
        assert_eq!(tx.renew_leases("two", 10_000).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert!(claim(&db, "two", 9, 2_000 + LEASE).await.is_empty());
        let second = claim(&db, "two", 9, 10_000 + LEASE).await.remove(0);
        assert_eq!((second.id, second.attempt), (first.id, first.attempt + 1));
        assert_eq!((&second.message_id, second.made_at, &second.secret), (&first.message_id, first.made_at, &first.secret));
        assert_eq!(standing(&db, &first, 50_000, 100).await, Standing::Lost);
        assert_eq!(standing(&db, &second, 50_000, 100).await, Standing::Go);
    }

    async fn a_boot_never_claims_what_it_is_sending_itself_wherever_the_clock_jumps(db: Db) {
        with(&db, &[link("a")]).await;
        assert_eq!(claim(&db, "one", 9, 2_000).await.len(), 1);
        assert!(claim(&db, "one", 9, 2_000 + 100 * LEASE).await.is_empty());
        assert_eq!(claim(&db, "two", 9, 2_000 + 100 * LEASE).await.len(), 1);
    }

    async fn a_result_with_an_old_fencing_number_changes_nothing(db: Db) {
        with(&db, &[link("a")]).await;
        let old = claim(&db, "one", 9, 2_000).await.remove(0);
        let new = claim(&db, "two", 9, 2_000 + LEASE).await.remove(0);
        assert_eq!(mark(&db, &Mark::new(&old, MailState::Failed, 30_000)).await, Marked::Lost);
        let mut tx = db.read().await.unwrap();
        assert_eq!(number(&mut tx, "select mail_failed from tasks").await, 0);
        assert_eq!(text(&mut tx, "select mail_state from enrollments where id = 11").await, "queued");
        drop(tx);
        assert_eq!(mark(&db, &Mark::new(&new, MailState::Accepted, 30_000)).await, Marked::Done);
        assert_eq!(mark(&db, &Mark::new(&new, MailState::Accepted, 30_000)).await, Marked::Lost);
        let mut tx = db.read().await.unwrap();
        assert_eq!(text(&mut tx, "select mail_state from enrollments where id = 11").await, "accepted");
    }

    async fn a_deferred_message_waits_and_its_tries_are_counted(db: Db) {
        with(&db, &[link("a")]).await;
        let message = claim(&db, "one", 9, 2_000).await.remove(0);
        let deferred = Mark { due_at: 9_000, tries: 1, reason: "Busy.".into(), reply: "451 busy".into(), ..Mark::new(&message, MailState::Deferred, 2_500) };
        assert_eq!(mark(&db, &deferred).await, Marked::Done);
        assert!(claim(&db, "one", 9, 8_999).await.is_empty());
        let again = claim(&db, "one", 9, 9_000).await.remove(0);
        assert_eq!((again.tries, again.secret), (1, Some(vec![1, 2, 3])));
        let mut tx = db.read().await.unwrap();
        assert_eq!(text(&mut tx, "select mail_reason from enrollments where id = 11").await, "Busy.");
    }

    async fn secrets_are_wiped_at_every_final_state(db: Db) {
        let messages: Vec<_> = MailState::ALL.iter().map(|state| NewMessage { turn: 1, ..link(state.code()) }).collect();
        with(&db, &messages).await;
        for (message, state) in claim(&db, "one", 99, 2_000).await.iter().zip(MailState::ALL) {
            if state != MailState::Sending {
                assert_eq!(mark(&db, &Mark::new(message, state, 3_000)).await, Marked::Done, "{state:?}");
            }
        }
        let mut tx = db.read().await.unwrap();
        let kept = number(&mut tx, "select count(*) from outbox where secret is not null and waiting").await;
        let forgotten = number(&mut tx, "select count(*) from outbox where secret is null and not waiting").await;
        assert_eq!((kept, forgotten), (4, 4));
    }

    async fn the_look_before_sending_sees_what_changed_since_the_claim(db: Db) {
        let go = Standing::Go;
        let stale = Standing::TooLate("It could not be sent in time.");
        for (change, expected) in [
            ("select 1", go),
            ("update enrollments set locked_at = 1 where id = 11", go),
            ("update enrollments set removed_at = 1 where id = 12", go),
            ("update enrollments set removed_at = 1 where id = 11", Standing::Canceled("The user was removed from the task.")),
            ("update enrollments set completed_at = 1 where id = 11", Standing::Canceled("The enrollment is completed.")),
            ("update enrollments set generation = 2 where id = 11", Standing::Canceled("A newer message replaced it.")),
            ("update enrollments set stop_on = 99 where id = 11", Standing::TooLate("The stop date is over.")),
            ("update enrollments set stop_on = 100 where id = 11", go),
            ("update enrollments set link_until = 5000 where id = 11", Standing::TooLate("The link's lifetime is over.")),
            ("update users set disabled_at = 1 where id = 1", Standing::Canceled("The user is disabled.")),
            ("update users set deleted_at = 1 where id = 1", Standing::Canceled("The user was deleted.")),
            ("update outbox set give_up_at = 5000", stale),
            ("update outbox set give_up_at = 5001", go),
            ("update outbox set attempt = attempt + 1", Standing::Lost),
            ("update outbox set state = 'queued'", Standing::Lost),
        ] {
            let mut tx = db.write().await.unwrap();
            run(&mut tx, PEOPLE).await;
            tx.add_messages(&[link("a")]).await.unwrap();
            let message = tx.claim_messages("one", 1, 2_000).await.unwrap().remove(0);
            run(&mut tx, change).await;
            assert_eq!(tx.standing(&message, 5_000, 100).await.unwrap(), expected, "{change}");
            tx.rollback().await.unwrap();
        }
    }

    async fn a_notice_goes_out_though_the_enrollment_is_over(db: Db) {
        with(&db, &[NewMessage { kind: MessageKind::RemovedFromTask, ..link("a") }]).await;
        let message = claim(&db, "one", 9, 2_000).await.remove(0);
        let mut tx = db.write().await.unwrap();
        run(&mut tx, "update enrollments set removed_at = 1, stop_on = 1 where id = 11").await;
        assert_eq!(tx.standing(&message, 5_000, 100).await.unwrap(), Standing::Go);
    }

    async fn another_address_is_not_kept_by_a_message_that_was_on_its_way_when_its_enrollment_ended(db: Db) {
        with(&db, &[NewMessage { to: "ann@elsewhere.example".into(), ..link("a") }]).await;
        let message = claim(&db, "one", 9, 2_000).await.remove(0);
        let mut tx = db.write().await.unwrap();
        run(&mut tx, "update enrollments set removed_at = 1 where id = 11").await;
        tx.commit().await.unwrap();
        assert_eq!(mark(&db, &Mark::new(&message, MailState::Accepted, 3_000)).await, Marked::Done);
        let mut tx = db.read().await.unwrap();
        assert_eq!(text(&mut tx, "select to_address from outbox").await, "a…@…");
    }

    async fn failed_mail_counts_on_the_task_until_it_is_sent_again(db: Db) {
        with(&db, &[link("a")]).await;
        let message = claim(&db, "one", 9, 2_000).await.remove(0);
        let failed = Mark { reason: "No such user.".into(), ..Mark::new(&message, MailState::Failed, 3_000) };
        assert_eq!(mark(&db, &failed).await, Marked::Done);
        let mut tx = db.write().await.unwrap();
        assert_eq!(number(&mut tx, "select mail_failed from tasks").await, 1);
        assert_eq!(text(&mut tx, "select mail_reason from enrollments where id = 11").await, "No such user.");
        let found = tx.message_to_retry(message.id, PRESENT).await.unwrap().unwrap();
        assert!(found.may_retry() && found.kind().unwrap() == MessageKind::Enrollment);
        let late = Present { today: Day::from_epoch(111), ..PRESENT };
        assert!(!tx.message_to_retry(message.id, late).await.unwrap().unwrap().may_retry(), "the stop date is over");
        tx.add_message(&NewMessage { retry_of: Some(message.id), ..link("b") }).await.unwrap();
        assert_eq!(number(&mut tx, "select mail_failed from tasks").await, 0);
        assert_eq!(text(&mut tx, "select mail_state from enrollments where id = 11").await, "queued");
        assert!(!tx.message_to_retry(message.id, PRESENT).await.unwrap().unwrap().may_retry());
        tx.commit().await.unwrap();
        let mut tx = db.write().await.unwrap();
        match tx.add_message(&NewMessage { retry_of: Some(message.id), ..link("c") }).await {
            Err(Error::Constraint(Constraint::Retry)) => {}
            other => panic!("{other:?}"),
        }
    }

    async fn an_older_message_no_longer_speaks_for_the_enrollment(db: Db) {
        with(&db, &[link("a")]).await;
        let old = claim(&db, "one", 9, 2_000).await.remove(0);
        let mut tx = db.write().await.unwrap();
        tx.add_message(&link("b")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(mark(&db, &Mark::new(&old, MailState::Failed, 3_000)).await, Marked::Done);
        let mut tx = db.read().await.unwrap();
        assert_eq!(text(&mut tx, "select mail_state from enrollments where id = 11").await, "queued");
        assert_eq!(number(&mut tx, "select mail_failed from tasks").await, 0);
    }

    async fn removing_a_user_cancels_what_waits_and_nothing_else(db: Db) {
        let notice = NewMessage { kind: MessageKind::RemovedFromTask, ..link("notice") };
        let other = NewMessage { enrollment: Some(12), person: Some(2), ..link("other") };
        with(&db, &[link("waits"), notice, other]).await;
        let mut tx = db.write().await.unwrap();
        tx.cancel_links_of_enrollment(11, "Removed.", 4_000).await.unwrap();
        assert_eq!(number(&mut tx, "select count(*) from outbox where state = 'canceled' and secret is null and ended_at = 4000").await, 1);
        assert_eq!(text(&mut tx, "select message_id from outbox where state = 'canceled'").await, "waits@x.example");
        assert_eq!(text(&mut tx, "select mail_state from enrollments where id = 11").await, "canceled");
        assert_eq!(text(&mut tx, "select mail_state from enrollments where id = 12").await, "queued");
        run(&mut tx, "update enrollments set removed_at = 1 where id = 12").await;
        tx.cancel_links_of_closed(7, "Removed.", 4_000).await.unwrap();
        assert_eq!(text(&mut tx, "select mail_state from enrollments where id = 12").await, "canceled");
        assert_eq!(number(&mut tx, "select count(*) from outbox where waiting").await, 1);
        tx.cancel_mail_of_person(1, "Disabled.", 4_000).await.unwrap();
        assert_eq!(number(&mut tx, "select count(*) from outbox where waiting").await, 0);
    }

    async fn what_is_being_sent_is_not_canceled_but_refused_by_the_look(db: Db) {
        with(&db, &[link("a")]).await;
        let message = claim(&db, "one", 9, 2_000).await.remove(0);
        let mut tx = db.write().await.unwrap();
        run(&mut tx, "update enrollments set removed_at = 1 where id = 11").await;
        tx.cancel_links_of_enrollment(11, "Removed.", 4_000).await.unwrap();
        assert_eq!(text(&mut tx, "select state from outbox").await, "sending");
        assert!(matches!(tx.standing(&message, 5_000, 100).await.unwrap(), Standing::Canceled(_)));
    }

    async fn what_a_dead_boot_claimed_is_free_at_once(db: Db) {
        with(&db, &[link("a")]).await;
        let (dead, _) = Boot::begin(&db, "dead", 41, 1_500).await.unwrap();
        assert_eq!(claim(&db, "dead", 9, 2_000).await.len(), 1);
        if db.postgres().is_some() {
            let (other, freed) = Boot::begin(&db, "early", 42, 2_100).await.unwrap();
            assert_eq!(freed, 0, "the first boot still lives");
            other.end(&db).await.unwrap();
        }
        drop(dead);
        // The server notices a lost connection in its own time.
        let mut freed = 0;
        for n in 0..200 {
            let (boot, found) = Boot::begin(&db, &format!("next{n}"), 50 + n, 2_200).await.unwrap();
            freed += found;
            boot.end(&db).await.unwrap();
            if freed > 0 {
                break;
            }
        }
        assert_eq!(freed, 1);
        let again = claim(&db, "next", 9, 2_200).await.remove(0);
        assert_eq!((again.attempt, again.message_id.as_str()), (2, "a@x.example"));
    }

    async fn only_the_first_to_pause_the_queue_raises_the_alarm(db: Db) {
        let mut tx = db.write().await.unwrap();
        assert_eq!(tx.mail_pause().await.unwrap(), None);
        assert!(tx.pause_mail("Refused.", "535 no", 5).await.unwrap());
        assert!(!tx.pause_mail("Refused again.", "535 no", 6).await.unwrap());
        assert_eq!(tx.mail_pause().await.unwrap().unwrap().reason, "Refused.");
        assert!(tx.resume_mail().await.unwrap());
        assert!(!tx.resume_mail().await.unwrap());
        assert_eq!(tx.mail_pause().await.unwrap(), None);
    }

    async fn messages_are_listed_by_state_kind_and_task_in_both_directions(db: Db) {
        let mut messages: Vec<_> = (0..5).map(|n| link(&n.to_string())).collect();
        messages.push(NewMessage { kind: MessageKind::Test, task: None, enrollment: None, person: None, ..link("test") });
        with(&db, &messages).await;
        let first = claim(&db, "one", 1, 2_000).await.remove(0);
        mark(&db, &Mark { reply: "550 no".into(), ..Mark::new(&first, MailState::Failed, 3_000) }).await;
        let mut tx = db.read().await.unwrap();
        let all = MessageFilter::default();
        let newest = tx.messages(&all, Direction::Descending, None, 4, PRESENT).await.unwrap();
        let older = tx.messages(&all, Direction::Descending, Some(newest[3].id), 4, PRESENT).await.unwrap();
        assert_eq!((newest.len(), older.len()), (4, 2));
        assert_eq!((newest[0].kind().unwrap(), newest[0].user_id.as_deref()), (MessageKind::Test, None));
        let oldest = tx.messages(&all, Direction::Ascending, None, 1, PRESENT).await.unwrap().remove(0);
        assert_eq!((oldest.state().unwrap(), oldest.reply.as_str(), oldest.user_id.as_deref()), (MailState::Failed, "550 no", Some("Ann")));
        for (filter, count) in [
            (MessageFilter { state: Some(MailState::Failed), ..all.clone() }, 1),
            (MessageFilter { kind: Some(MessageKind::Test), ..all.clone() }, 1),
            (MessageFilter { task: Some(7), state: Some(MailState::Queued), ..all.clone() }, 4),
            (MessageFilter { task: Some(8), ..all.clone() }, 0),
            (all, 6),
        ] {
            assert_eq!(tx.count_messages(&filter, 100).await.unwrap(), count, "{filter:?}");
        }
        let states = tx.message_states(3_000).await.unwrap();
        assert_eq!((states.waiting, states.accepted, states.failed, states.oldest), (5, 0, 1, 1_000));
    }

    async fn what_became_of_a_link_is_told_with_its_task_and_what_came_of_a_lost_claim_is_not(db: Db) {
        with(&db, &[link("a")]).await;
        let mut listening = store::live::Listening::new(&db).await.unwrap();
        let message = claim(&db, "one", 1, 2_000).await.remove(0);
        assert_eq!(mark(&db, &Mark { attempt: 9, ..Mark::new(&message, MailState::Accepted, 3_000) }).await, Marked::Lost);
        assert_eq!(mark(&db, &Mark::new(&message, MailState::Failed, 3_000)).await, Marked::Done);
        assert_eq!(listening.next().await.unwrap().to_string(), "7");
    }

    async fn the_pace_of_the_mail_and_why_the_last_message_was_put_off_can_be_read(db: Db) {
        with(&db, &[link("a"), NewMessage { turn: 1, ..link("b") }, NewMessage { turn: 2, ..link("c") }]).await;
        let claimed = claim(&db, "one", 2, 2_000).await;
        mark(&db, &Mark::new(&claimed[0], MailState::Accepted, 3_000)).await;
        let reason = "The relay does not answer.".to_owned();
        mark(&db, &Mark { due_at: 60_000, reason: reason.clone(), ..Mark::new(&claimed[1], MailState::Deferred, 3_000) }).await;
        let mut tx = db.read().await.unwrap();
        assert_eq!(tx.mail_pace(3_000).await.unwrap(), (1, Some(reason)));
        assert_eq!(tx.mail_pace(3_001).await.unwrap().0, 0);
    }
}
