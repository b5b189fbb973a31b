//! Links, sessions, tokens, resends and candidates: what enrolling stands on.

use crate::{
    contract,
    fixtures::{NOW, TODAY, one_task, people, run, task},
};
use model::{
    authentication::AuthenticationType::App,
    bulk::SelectionOf,
    enrollment::Status,
    forms::UserForm,
    listing::{Direction, PageSize, Total},
    task::Obstacle,
    token::TokenState,
};
use store::{
    Tx,
    enrollment_sessions::{Ended, NewSession},
    enrollments::{Renewal, Wrong},
    keyset::Place,
    links::{NewLink, Purpose},
    resends::{Resend, ResendLimits},
    search::Searched,
    selections::NewSelection,
    task_counters::{Counted, TaskChange},
    task_users::TaskUsersAsked,
    tokens::NewToken,
    users::NEW_ADDRESS,
};

fn link(hash: &[u8], enrollment: i64, generation: i64, purpose: Purpose, mac: Option<&[u8]>) -> NewLink {
    NewLink { hash: hash.to_vec(), code_mac: mac.map(<[u8]>::to_vec), enrollment, generation, purpose, made_at: NOW }
}

pub(crate) async fn token(tx: &mut Tx, person: i64) -> i64 {
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
        requested_at: None,
        now: NOW,
    };
    tx.renew_enrollment(renewal).await.unwrap()
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
        tx.add_selection(NewSelection { id: "s", operator: 1, of: SelectionOf::Users, filter: None, now: NOW }).await.unwrap();
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

    async fn a_profile_stays_as_read_until_what_is_sent_to_it_is_committed(db: Db) {
        let (_, ids) = one_task(&db, 2).await;
        let mut tx = db.write().await.unwrap();
        let enrollment = tx.hold_enrollment(ids[0]).await.unwrap().unwrap();
        let editing = tokio::spawn({
            let db = db.clone();
            async move {
                let mut tx = db.write().await.unwrap();
                assert!(tx.set_user_enabled(enrollment.person, false, NOW).await.unwrap());
                tx.commit().await.unwrap();
            }
        });
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert!(!editing.is_finished(), "the profile changed under a message to it");
        tx.commit().await.unwrap();
        editing.await.unwrap();
    }

    async fn another_address_is_masked_wherever_it_was_kept_once_it_has_served(db: Db) {
        let (number, ids) = one_task(&db, 2).await;
        let mut tx = db.write().await.unwrap();
        let other = "jane@elsewhere.example";
        let renewal = |generation| Renewal {
            id: ids[0], generation, stop_on: TODAY.plus(10), link_until: None, emailed_to: other, redirected: true,
            requested_at: Some(NOW), now: NOW,
        };
        assert_eq!(tx.renew_enrollment(renewal(1)).await.unwrap(), Some(2));
        tx.set_task_emailed_to(number, other).await.unwrap();
        let found = tx.enrollment(ids[0]).await.unwrap().unwrap();
        assert_eq!((found.emailed_to.as_str(), found.redirected, found.requested_at), (other, true, Some(NOW)));
        tx.forget_alternate(ids[1]).await.unwrap();
        assert_eq!(tx.listed_task(number, TODAY).await.unwrap().unwrap().emailed_to, other, "another's does not matter");
        assert!(tx.remove_enrollment(ids[0], "olga", NOW).await.unwrap());
        assert_eq!(tx.enrollment(ids[0]).await.unwrap().unwrap().emailed_to, "j…@…");
        assert_eq!(tx.listed_task(number, TODAY).await.unwrap().unwrap().emailed_to, "j…@…");
        assert!(tx.found(Searched::Tasks, "elsewhere", 10).await.unwrap().is_empty(), "nor does a search find it");
        assert_eq!(tx.own_enrollment(1, number, TODAY).await.unwrap().map(|own| own.status), Some(Status::Removed));
        assert_eq!(tx.own_enrollment(2, number + 1, TODAY).await.unwrap(), None);
        assert_eq!(tx.enrollment_of(2, number).await.unwrap(), Some(ids[1]));
        assert_eq!(tx.enrollment_of(3, number).await.unwrap(), None);
    }

    async fn a_generation_that_was_ended_is_told_from_one_that_was_replaced(db: Db) {
        let (_, ids) = one_task(&db, 1).await;
        let mut tx = db.write().await.unwrap();
        tx.add_links(&[link(b"one", ids[0], 1, Purpose::Enroll, None)]).await.unwrap();
        assert!(tx.enrollment(ids[0]).await.unwrap().unwrap().linked);
        assert!(!tx.stop_links(ids[0], 2, "test", NOW).await.unwrap(), "another generation");
        assert!(tx.stop_links(ids[0], 1, "test", NOW).await.unwrap());
        assert!(!tx.stop_links(ids[0], 1, "test", NOW).await.unwrap(), "once");
        let ended = tx.enrollment(ids[0]).await.unwrap().unwrap();
        assert_eq!((ended.generation, ended.linked), (2, false));
        tx.add_links(&[link(b"stop", ids[0], 2, Purpose::StopIt, None)]).await.unwrap();
        assert!(!tx.enrollment(ids[0]).await.unwrap().unwrap().linked, "a link to stop it enrolls nobody");
        tx.add_links(&[link(b"two", ids[0], 2, Purpose::Enroll, None)]).await.unwrap();
        assert!(tx.enrollment(ids[0]).await.unwrap().unwrap().linked);
    }

    async fn only_a_locked_enrollment_is_unlocked_and_a_later_day_answers_its_request(db: Db) {
        let (number, ids) = one_task(&db, 1).await;
        let mut tx = db.write().await.unwrap();
        assert!(!tx.unlock_enrollment(ids[0], TODAY).await.unwrap());
        let was = tx.enrollment(ids[0]).await.unwrap().unwrap();
        let wrong = Wrong { id: ids[0], generation: 1, today: TODAY, limit: 1, now: NOW };
        assert_eq!(tx.count_wrong_code(wrong).await.unwrap(), Some((1, true)));
        tx.count_in(number, &TaskChange::new().locked(was.counted(), true), NOW).await.unwrap();
        assert!(tx.note_requested(ids[0], NOW).await.unwrap());
        let locked = tx.enrollment(ids[0]).await.unwrap().unwrap();
        assert!(tx.unlock_enrollment(ids[0], TODAY.plus(20)).await.unwrap());
        let open = tx.enrollment(ids[0]).await.unwrap().unwrap();
        assert_eq!((open.attempts, open.locked_at, open.stop_on, open.requested_at), (0, None, TODAY.plus(20), None));
        let change = TaskChange::new().locked(locked.counted(), false).moved(Counted { locked: false, ..locked.counted() }, TODAY.plus(20));
        tx.count_in(number, &change, NOW).await.unwrap();
        assert!(tx.miscounted(number).await.unwrap().is_empty());
    }

    async fn a_deleted_user_is_gone_from_lists_and_searches_and_the_user_id_is_free(db: Db) {
        let mut tx = db.write().await.unwrap();
        let profile = |user_id: &str| UserForm { user_id: user_id.into(), email: "ann@x.example".into(), mobile: "123".into(), ..UserForm::default() }.check().unwrap();
        let id = tx.add_user(&profile("ann"), NOW).await.unwrap();
        let owned = token(&mut tx, id).await;
        assert_eq!(tx.revoke_tokens_of(id, "test").await.unwrap(), 1);
        assert_eq!(tx.revoke_tokens_of(id, "test").await.unwrap(), 0, "once");
        assert!(!tx.accept_step(owned, 99, NOW).await.unwrap());
        assert!(tx.delete_user(id, NOW).await.unwrap());
        assert!(!tx.delete_user(id, NOW).await.unwrap(), "once");
        assert_eq!(tx.user(id).await.unwrap(), None);
        assert!(tx.found(Searched::Users, "ann", 10).await.unwrap().is_empty());
        assert_ne!(tx.add_user(&profile("ANN"), NOW).await.unwrap(), id);
    }

    async fn the_first_of_several_addresses_is_remembered_for_three_days(db: Db) {
        let mut tx = db.write().await.unwrap();
        let profile = |email: &str| UserForm { user_id: "ann".into(), email: email.into(), ..UserForm::default() }.check().unwrap();
        let id = tx.add_user(&profile("one@x.example"), NOW).await.unwrap();
        assert_eq!(tx.lately_changed_address(id, NOW).await.unwrap(), None);
        assert!(tx.update_user(id, 1, &profile("two@x.example"), NOW).await.unwrap());
        assert!(tx.update_user(id, 2, &profile("three@x.example"), NOW + 1).await.unwrap());
        assert_eq!(tx.lately_changed_address(id, NOW + NEW_ADDRESS).await.unwrap().as_deref(), Some("one@x.example"));
        assert_eq!(tx.lately_changed_address(id, NOW + 1 + NEW_ADDRESS).await.unwrap(), None);
        let later = NOW + 2 + NEW_ADDRESS;
        tx.write_users(&[&profile("four@x.example")], true, later).await.unwrap();
        assert_eq!(tx.lately_changed_address(id, later).await.unwrap().as_deref(), Some("three@x.example"), "by a file, too");
        tx.write_users(&[&profile("five@x.example")], true, later + 1).await.unwrap();
        assert_eq!(tx.lately_changed_address(id, later + 1).await.unwrap().as_deref(), Some("three@x.example"));
    }

    async fn a_page_may_ask_whether_a_link_could_go_out_without_counting_one(db: Db) {
        let mut tx = db.write().await.unwrap();
        let limits = ResendLimits { cooldown: 300, per_day: 1 };
        for _ in 0..3 {
            assert_eq!(tx.would_resend("a@x.example", TODAY, NOW, limits).await.unwrap(), Resend::Counted);
        }
        assert_eq!(tx.count_resend("a@x.example", TODAY, NOW, limits).await.unwrap(), Resend::Counted);
        assert_eq!(tx.would_resend("a@x.example", TODAY, NOW, limits).await.unwrap(), Resend::DayIsFull);
        let tomorrow = TODAY.plus(1);
        assert_eq!(tx.would_resend("a@x.example", tomorrow, NOW + 299, limits).await.unwrap(), Resend::TooSoon(NOW + 300));
        assert_eq!(tx.would_resend("a@x.example", tomorrow, NOW + 300, limits).await.unwrap(), Resend::Counted);
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
