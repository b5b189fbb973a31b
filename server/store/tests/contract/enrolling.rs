//! Links, sessions, tokens, resends and candidates: what enrolling stands on.

use crate::{
    contract,
    fixtures::{NOW, TODAY, one_task, people, task},
};
use model::{
    authentication::AuthenticationType::App,
    enrollment::Status,
    listing::{Direction, PageSize, Total},
    task::Obstacle,
    token::TokenState,
};
use store::{
    Tx,
    enrollment_sessions::{Ended, NewSession},
    enrollments::Renewal,
    keyset::Place,
    links::{NewLink, Purpose},
    resends::{Resend, ResendLimits},
    selections::NewSelection,
    task_users::TaskUsersAsked,
    tokens::NewToken,
};

fn link(hash: &[u8], enrollment: i64, generation: i64, purpose: Purpose, mac: Option<&[u8]>) -> NewLink {
    NewLink { hash: hash.to_vec(), code_mac: mac.map(<[u8]>::to_vec), enrollment, generation, purpose, made_at: NOW }
}

async fn token(tx: &mut Tx, person: i64) -> i64 {
    let serial = tx.next_serial().await.unwrap();
    let new = NewToken {
        serial: &serial,
        kind: App,
        person,
        secret: b"sealed",
        algorithm: "sha1",
        digits: 6,
        period: 30,
        last_step: 10,
        container: "Default",
        now: NOW,
    };
    tx.add_token(&new).await.unwrap()
}

async fn renewed(tx: &mut Tx, id: i64, generation: i64) -> Option<i64> {
    let renewal = Renewal {
        id,
        generation,
        stop_on: TODAY.plus(3),
        link_until: None,
        emailed_to: "new@x.example",
        redirected: false,
        now: NOW,
    };
    tx.renew_enrollment(renewal).await.unwrap()
}

async fn run(tx: &mut Tx, sql: &'static str) {
    match tx {
        Tx::Sqlite(tx) => drop(sqlx::raw_sql(sql).execute(&mut **tx).await.unwrap()),
        Tx::Postgres(tx) => drop(sqlx::raw_sql(sql).execute(&mut **tx).await.unwrap()),
    }
}

contract! {
    async fn a_link_is_found_by_its_hash_alone_and_a_code_only_while_its_generation_lives(db: Db) {
        let (_, ids) = one_task(&db, 2).await;
        let mut tx = db.write().await.unwrap();
        let links = [
            link(b"one", ids[0], 1, Purpose::Enroll, Some(b"mac")),
            link(b"two", ids[1], 1, Purpose::Enroll, Some(b"other")),
            link(b"not me", ids[0], 1, Purpose::NotMe, None),
        ];
        tx.add_links(&links).await.unwrap();
        assert_eq!(tx.link(b"one").await.unwrap().map(|link| (link.enrollment, link.purpose)), Some((ids[0], Purpose::Enroll)));
        assert_eq!(tx.link(b"not me").await.unwrap().map(|link| link.purpose), Some(Purpose::NotMe));
        for nothing in [&b""[..], b"on", b"ONE", b"one\0"] {
            assert_eq!(tx.link(nothing).await.unwrap(), None);
        }
        assert!(tx.link_by_code(1, b"mac").await.unwrap().is_some());
        assert_eq!(tx.link_by_code(2, b"mac").await.unwrap(), None, "another user's");
        assert_eq!(tx.link_by_code(0, b"mac").await.unwrap(), None);
        assert_eq!(tx.link_by_code(1, b"").await.unwrap(), None);
        assert_eq!(renewed(&mut tx, ids[0], 1).await, Some(2));
        assert_eq!(renewed(&mut tx, ids[0], 1).await, None, "somebody else renewed it");
        assert_eq!(tx.link_by_code(1, b"mac").await.unwrap(), None, "a newer link replaced it");
    }

    async fn one_session_of_an_enrollment_lives_and_its_key_goes_with_it(db: Db) {
        let (_, ids) = one_task(&db, 1).await;
        let mut tx = db.write().await.unwrap();
        let open = |hash: &'static [u8], ends_at: i64| NewSession {
            hash, enrollment: ids[0], generation: 1, now: NOW, ends_at, secret: b"key", data: "{}",
        };
        tx.open_session(&open(b"first", NOW + 10)).await.unwrap();
        tx.open_session(&open(b"second", NOW + 10)).await.unwrap();
        let first = tx.enrollment_session(b"first").await.unwrap().unwrap();
        assert_eq!((first.ended, first.secret, first.data), (Some(Ended::Elsewhere), None, None));
        let second = tx.enrollment_session(b"second").await.unwrap().unwrap();
        assert_eq!((second.ended, second.secret.as_deref()), (None, Some(&b"key"[..])));
        assert_eq!(tx.end_over_sessions(NOW + 9).await.unwrap(), 0);
        assert_eq!(tx.end_over_sessions(NOW + 10).await.unwrap(), 1);
        let second = tx.enrollment_session(b"second").await.unwrap().unwrap();
        assert_eq!((second.ended, second.secret), (Some(Ended::Over), None));
        tx.open_session(&open(b"third", NOW + 20)).await.unwrap();
        assert!(tx.end_completed_session(b"third", NOW, NOW + 30).await.unwrap());
        assert!(!tx.end_completed_session(b"third", NOW, NOW + 40).await.unwrap(), "once");
        let third = tx.enrollment_session(b"third").await.unwrap().unwrap();
        assert_eq!((third.ended, third.ends_at, third.secret), (Some(Ended::Completed), NOW + 30, None));
        assert_eq!(tx.enrollment_session(b"").await.unwrap(), None);
    }

    async fn a_time_step_is_accepted_once_by_fifty_at_the_same_instant(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 1).await;
        let id = token(&mut tx, 1).await;
        tx.commit().await.unwrap();
        let tries = (0..50).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let accepted = tx.accept_step(id, 11, NOW).await.unwrap();
                tx.commit().await.unwrap();
                accepted
            })
        });
        let mut accepted = 0;
        for one in tries.collect::<Vec<_>>() {
            accepted += i32::from(one.await.unwrap());
        }
        assert_eq!(accepted, 1);
        let mut tx = db.write().await.unwrap();
        assert!(!tx.accept_step(id, 10, NOW).await.unwrap(), "the step that proved it");
        assert!(tx.accept_step(id, 12, NOW).await.unwrap());
        assert!(tx.suspend_token(id, "test", NOW).await.unwrap());
        assert!(!tx.suspend_token(id, "test", NOW).await.unwrap(), "once");
        assert!(!tx.accept_step(id, 13, NOW).await.unwrap(), "a suspended token accepts nothing");
        assert_eq!(tx.tokens_of(1).await.unwrap()[0].state, TokenState::Suspended);
    }

    async fn serial_numbers_have_ten_digits_and_are_never_given_out_twice(db: Db) {
        let takers = (0..20).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let serial = tx.next_serial().await.unwrap();
                tx.commit().await.unwrap();
                serial
            })
        });
        let mut serials = Vec::new();
        for taker in takers.collect::<Vec<_>>() {
            serials.push(taker.await.unwrap());
        }
        serials.sort();
        serials.dedup();
        assert_eq!(serials.len(), 20);
        assert!(serials.iter().all(|serial| serial.len() == 10 && serial.bytes().all(|byte| byte.is_ascii_digit())));
    }

    async fn resends_keep_cooldown_and_daily_cap_however_many_ask_at_once(db: Db) {
        let limits = ResendLimits { cooldown: 0, per_day: 5 };
        let askers = (0..40).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let counted = tx.count_resend("a@x.example", TODAY, NOW, limits).await.unwrap();
                tx.commit().await.unwrap();
                counted == Resend::Counted
            })
        });
        let mut counted = 0;
        for asker in askers.collect::<Vec<_>>() {
            counted += i32::from(asker.await.unwrap());
        }
        assert_eq!(counted, 5);
        let mut tx = db.write().await.unwrap();
        let slow = ResendLimits { cooldown: 300, per_day: 5 };
        assert_eq!(tx.count_resend("a@x.example", TODAY, NOW, slow).await.unwrap(), Resend::DayIsFull);
        assert_eq!(tx.count_resend("b@x.example", TODAY, NOW, slow).await.unwrap(), Resend::Counted);
        assert_eq!(tx.count_resend("b@x.example", TODAY, NOW + 299, slow).await.unwrap(), Resend::TooSoon(NOW + 300));
        let tomorrow = TODAY.plus(1);
        assert_eq!(tx.count_resend("b@x.example", tomorrow, NOW + 299, slow).await.unwrap(), Resend::TooSoon(NOW + 300), "over midnight");
        assert_eq!(tx.count_resend("b@x.example", tomorrow, NOW + 300, slow).await.unwrap(), Resend::Counted);
        assert_eq!(tx.forget_resends(tomorrow).await.unwrap(), 2);
    }

    async fn candidates_come_in_the_selections_order_with_what_stands_in_their_way(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 6).await;
        run(&mut tx, "insert into operators (id, user_id, user_key, name, email, role, password_hash, made_at)
            values (1, 'olga', 'olga', 'Olga', 'o@x.example', 'Operator', '', 0)").await;
        let (number, _) = task(&mut tx, "olga", &[2], TODAY).await;
        token(&mut tx, 3).await;
        run(&mut tx, "update users set disabled_at = 1 where id = 4").await;
        run(&mut tx, "update users set deleted_at = 1 where id = 5").await;
        run(&mut tx, "update users set email = '' where id = 6").await;
        tx.add_selection(NewSelection { id: "s", operator: 1, filter: None, now: NOW }).await.unwrap();
        tx.select("s", &[6, 5, 4, 3, 2, 1]).await.unwrap();
        let candidates = tx.candidates("s", App).await.unwrap();
        let found: Vec<_> = candidates.iter().map(|one| (one.user, one.obstacles().collect::<Vec<_>>())).collect();
        assert_eq!(found, [
            (6, vec![Obstacle::NoEmail]),
            (5, vec![Obstacle::Gone]),
            (4, vec![Obstacle::Disabled]),
            (3, vec![Obstacle::HasType]),
            (2, vec![Obstacle::HasOpen]),
            (1, vec![]),
        ]);
        assert_eq!(candidates[4].open_task, Some(number));
        assert!(tx.candidates("other", App).await.unwrap().is_empty());
    }

    async fn two_acts_on_the_same_people_at_once_open_one_enrollment_each(db: Db) {
        let mut tx = db.write().await.unwrap();
        people(&mut tx, 30).await;
        tx.commit().await.unwrap();
        let acts = (0..6).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.write().await.unwrap();
                let (number, ids) = task(&mut tx, "olga", &(1..=30).collect::<Vec<_>>(), TODAY).await;
                tx.commit().await.unwrap();
                (number, ids.len())
            })
        });
        let mut opened = 0;
        for act in acts.collect::<Vec<_>>() {
            let (number, count) = act.await.unwrap();
            opened += count;
            let mut tx = db.read().await.unwrap();
            assert_eq!(tx.task_head(number).await.unwrap().unwrap().count, count as i64);
        }
        assert_eq!(opened, 30);
    }

    async fn a_deleted_users_open_enrollments_are_removed_with_all_that_hangs_on_them(db: Db) {
        let (first, ids) = one_task(&db, 3).await;
        let mut tx = db.write().await.unwrap();
        assert!(tx.reserve(App, 3).await.unwrap());
        assert_eq!(tx.remove_open_enrollments_of(2, "olga", NOW).await.unwrap(), 1);
        assert_eq!(tx.remove_open_enrollments_of(2, "olga", NOW).await.unwrap(), 0);
        assert_eq!(tx.enrollment(ids[1]).await.unwrap().unwrap().status(TODAY), Status::Removed);
        assert!(tx.miscounted(first).await.unwrap().is_empty());
        let row = tx.listed_task(first, TODAY).await.unwrap().unwrap();
        assert_eq!((row.progress.count(), row.removed), (2, 1));
        assert_eq!(tx.stock(App).await.unwrap().unwrap().reserved, 2);
    }

    async fn the_users_of_a_task_are_paged_filtered_and_searched(db: Db) {
        let (number, ids) = one_task(&db, 60).await;
        let mut tx = db.write().await.unwrap();
        assert!(tx.remove_enrollment(ids[0], "olga", NOW).await.unwrap());
        let all = TaskUsersAsked {
            task: number, status: None, mail_failed: false, search: "", direction: Direction::Ascending,
            size: PageSize::Small, from: None, today: TODAY,
        };
        let (mut seen, mut from) = (Vec::new(), None);
        loop {
            let page = tx.task_users(&TaskUsersAsked { from: from.clone(), ..all.clone() }).await.unwrap();
            let last = page.rows.last().unwrap();
            from = Some(Place { key: last.key(), id: last.enrollment, back: false });
            seen.extend(page.rows.iter().map(|row| row.user_id.clone()));
            if !page.after {
                break;
            }
        }
        let mut expected: Vec<String> = (1..=60).map(|id| format!("p{id}")).collect();
        expected.sort();
        assert_eq!(seen, expected);
        for (search, status, count) in [
            ("", Some(Status::Removed), 1), ("", Some(Status::Active), 59), ("", Some(Status::Expired), 0),
            ("P1", None, 11), ("pat nr", None, 60), ("p60@x", None, 1), ("%", None, 0), ("_", None, 0), ("p1", Some(Status::Active), 10),
        ] {
            let asked = TaskUsersAsked { search, status, size: PageSize::Large, ..all.clone() };
            assert_eq!(tx.count_task_users(&asked).await.unwrap(), Total::Exactly(count), "{search} {status:?}");
            assert_eq!(tx.task_users(&asked).await.unwrap().rows.len(), count as usize, "{search} {status:?}");
        }
        let failed = TaskUsersAsked { mail_failed: true, ..all };
        assert!(tx.task_users(&failed).await.unwrap().rows.is_empty());
    }
}
