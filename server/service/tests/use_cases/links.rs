//! Links: what strangers learn (nothing), typed codes and their limits, asking for a new link, "This was not me".

use crate::stage::{code_of, enrolled, invited, mail, mails_to, set_policy, shown};
use model::{
    Refusal,
    actor::Client,
    console::Console,
    enrolling::{Ask, Asked, Enrolling, LinkState},
    enrollment::{Note, Status},
    forms::{EnrollCodeForm, VerifyForm},
    policy::LinkLifetime,
    refusal::{EnrollmentOver, Thing},
    task::TaskUserQuery,
    token::TokenState,
};
use service::{
    clock::{HOUR, MINUTE},
    testing::{Rig, client},
};
use store::{Db, audit::Subject};

fn at_home() -> Client {
    client("198.51.100.7")
}

fn typed(user_id: &str, code: &str) -> EnrollCodeForm {
    EnrollCodeForm { user_id: user_id.into(), code: code.into() }
}

fn no_such_link<T: std::fmt::Debug + PartialEq>(answer: Result<T, Refusal>, what: &str) {
    assert_eq!(answer, Err(Refusal::NotFound(Thing::Link)), "{what}");
}

fn flipped(text: &str) -> String {
    let flip = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(flip).collect()
}

async fn state(rig: &Rig, link: &str) -> LinkState {
    rig.service.look(link, true).await.unwrap().state
}

#[tokio::test]
async fn every_secret_that_matches_no_row_gets_the_same_refusal() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let link = mailed.link();
    let mut last = link.clone();
    let end = last.pop().unwrap();
    last.push(if end == 'A' { 'B' } else { 'A' });
    let bad = [
        String::new(),
        " ".into(),
        "\t\n".into(),
        "null".into(),
        "undefined".into(),
        "0".into(),
        "[]".into(),
        "{}".into(),
        "' or 1=1 --".into(),
        "%00".into(),
        "\0".into(),
        flipped(&link),
        link[..42].into(),
        link[1..].into(),
        last,
        format!("{link} "),
        format!(" {link}"),
        format!("{link}="),
        format!("{link}\n"),
        format!("{link}/"),
        link.repeat(2),
        "A".repeat(43),
        "x".repeat(100_000),
    ];
    for secret in &bad {
        no_such_link(rig.service.look(secret, true).await.map(|page| page.state), secret);
        no_such_link(rig.service.start(secret, &at_home()).await, secret);
        no_such_link(rig.service.ask_for_link(secret, &at_home()).await, secret);
        no_such_link(rig.service.look_not_me(secret).await, secret);
        no_such_link(rig.service.not_me(secret, &at_home()).await, secret);
    }
    for cookie in &bad {
        assert_eq!(rig.service.session(cookie).await.err(), Some(Refusal::EnrollmentOver(EnrollmentOver::NoSession)), "{cookie}");
        let code = VerifyForm { code: "123456".into() };
        let over = Some(Refusal::EnrollmentOver(EnrollmentOver::NoSession));
        assert_eq!(rig.service.verify(cookie, &code, &at_home()).await.err(), over, "{cookie}");
    }
    enrolled(&rig, &link).await;
}

#[tokio::test]
async fn a_link_serves_one_purpose() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    no_such_link(rig.service.look_not_me(&mailed.link()).await, "nothing is enrolled yet");
    no_such_link(rig.service.not_me(&mailed.link(), &at_home()).await, "nothing is enrolled yet");
    enrolled(&rig, &mailed.link()).await;
    let not_me = mail(&rig, "aiko").await.link();
    no_such_link(rig.service.look(&not_me, true).await.map(|page| page.state), "not a link to enroll");
    no_such_link(rig.service.start(&not_me, &at_home()).await, "not a link to enroll");
    no_such_link(rig.service.ask_for_link(&not_me, &at_home()).await, "not a link to enroll");
    assert!(rig.service.session(&mailed.link()).await.is_err(), "a link is no cookie");
}

#[tokio::test]
async fn the_typed_code_opens_a_session_and_forgives_how_it_is_typed() {
    Rig::everywhere(async |rig| {
        let (_, mailed) = invited(&rig, "Aiko").await;
        let code = mailed.code();
        assert_eq!(rig.service.start_with_code(&typed("ai\0ko", &code), &at_home()).await, Err(Refusal::NoSuchCode));
        assert_eq!(code.len(), 8);
        let spaced = format!(" {}-{} ", code[..4].to_lowercase(), &code[4..]);
        let cookie = rig.service.start_with_code(&typed("ＡＩＫＯ", &spaced), &at_home()).await?;
        let key = shown(&rig, &cookie).await.key;
        rig.service.verify(&cookie, &code_of(&rig, &key, 0), &at_home()).await?;
        assert_eq!(rig.service.start_with_code(&typed("aiko", &code), &at_home()).await, Err(Refusal::NoSuchCode));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn at_the_typed_code_every_failure_has_one_answer() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let (_, other) = invited(&rig, "bela").await;
    rig.user("idle", "", "").await.unwrap();
    set_policy(&rig, |policy| policy.attempts = 3).await;
    for (place, (user_id, code)) in [
        ("aiko", "00000000"),
        ("aiko", ""),
        ("aiko", other.code().as_str()),
        ("aiko", mailed.link().as_str()),
        ("idle", mailed.code().as_str()),
        ("nobody", mailed.code().as_str()),
        ("", ""),
        ("aiko' or 1=1 --", "00000000"),
        (&"x".repeat(10_000), &"y".repeat(10_000)),
    ]
    .into_iter()
    .enumerate()
    {
        let from = client(&format!("203.0.113.{place}"));
        assert_eq!(rig.service.start_with_code(&typed(user_id, code), &from).await, Err(Refusal::NoSuchCode), "{user_id} {code}");
    }
    rig.clock.advance(11 * 24 * HOUR);
    let expired = rig.service.start_with_code(&typed("aiko", &mailed.code()), &at_home()).await;
    assert_eq!(expired, Err(Refusal::NoSuchCode), "also the right code, too late");
}

#[tokio::test]
async fn guessing_is_limited_by_user_id_known_or_not_and_never_locks_the_person() {
    Rig::everywhere(async |rig| {
        let (task, mailed) = invited(&rig, "aiko").await;
        for user_id in ["aiko", "nobody"] {
            for attempt in 0..10 {
                let from = client(&format!("203.0.113.{attempt}"));
                assert_eq!(rig.service.start_with_code(&typed(user_id, "00000000"), &from).await, Err(Refusal::NoSuchCode));
            }
            let refused = rig.service.start_with_code(&typed(user_id, "00000000"), &client("203.0.113.99")).await;
            let Err(Refusal::TooOften { again }) = refused else { panic!("{refused:?}") };
            assert_eq!(again.clock(), "12:10", "one more after ten minutes");
        }
        let right = rig.service.start_with_code(&typed("AIKO", &mailed.code()), &client("203.0.113.99")).await;
        assert!(matches!(right, Err(Refusal::TooOften { .. })), "even the right code waits, whatever the UserID's case");
        let row = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await?.users.rows.remove(0);
        assert_eq!(row.status, Status::Active);
        let cookie = rig.service.start(&mailed.link(), &client("203.0.113.99")).await?;
        assert_eq!(shown(&rig, &cookie).await.attempts_left, 5, "the mailed link always works");
        rig.clock.advance(10 * MINUTE);
        rig.service.start_with_code(&typed("aiko", &mailed.code()), &client("203.0.113.99")).await?;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn guessing_is_limited_by_network_and_only_failures_count() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let from = |place: u32| client(&format!("2001:db8:1:2:{place:x}::1"));
    for place in 0..15 {
        rig.service.start_with_code(&typed("aiko", &mailed.code()), &from(place)).await.unwrap();
    }
    for place in 0..20 {
        let refused = rig.service.start_with_code(&typed(&format!("nobody{place}"), "00000000"), &from(place)).await;
        assert_eq!(refused, Err(Refusal::NoSuchCode), "{place}");
    }
    let refused = rig.service.start_with_code(&typed("nobody", "00000000"), &from(99)).await;
    assert!(matches!(refused, Err(Refusal::TooOften { .. })), "the whole /64 is one network");
    let elsewhere = client("2001:db8:1:3::1");
    assert_eq!(rig.service.start_with_code(&typed("nobody", "00000000"), &elsewhere).await, Err(Refusal::NoSuchCode));
    assert!(rig.service.start(&mailed.link(), &from(99)).await.is_ok(), "a live link is never limited by address");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_guesses_at_once_are_ten_guesses() {
    Rig::everywhere(async |rig| {
        invited(&rig, "aiko").await;
        let guesses = (0..50).map(|place| {
            let service = rig.service.clone();
            let from = client(&format!("203.0.113.{place}"));
            tokio::spawn(async move { service.start_with_code(&typed("aiko", "00000000"), &from).await })
        });
        let mut tried = 0;
        for guess in guesses.collect::<Vec<_>>() {
            match guess.await.unwrap() {
                Err(Refusal::NoSuchCode) => tried += 1,
                Err(Refusal::TooOften { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(tried, 10);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_link_that_is_too_old_can_be_asked_for_anew_and_the_old_one_says_so() {
    Rig::everywhere(async |rig| {
        set_policy(&rig, |policy| policy.link_lifetime = LinkLifetime::Hours(24)).await;
        let (task, first) = invited(&rig, "aiko").await;
        rig.clock.advance(24 * HOUR - MINUTE);
        let cookie = rig.service.start(&first.link(), &at_home()).await?;
        let key = shown(&rig, &cookie).await.key;
        rig.clock.advance(MINUTE);
        assert_eq!(state(&rig, &first.link()).await, LinkState::TooOld { ask: Ask::ForLink });
        let refused = rig.service.start(&first.link(), &at_home()).await;
        assert_eq!(refused, Err(Refusal::EnrollmentOver(EnrollmentOver::LinkTooOld)));
        assert_eq!(shown(&rig, &cookie).await.key, key, "who pressed Start in time has the window");
        let row = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await?.users.rows.remove(0);
        assert!(row.notes.contains(&Note::LinkExpired));
        assert_eq!(rig.service.ask_for_link(&first.link(), &at_home()).await, Ok(Asked::LinkSent));
        let second = mail(&rig, "aiko").await;
        assert_eq!(second.kind, "resend");
        assert_eq!(state(&rig, &first.link()).await, LinkState::Replaced);
        let over = |why| Some(Refusal::EnrollmentOver(why));
        assert_eq!(rig.service.session(&cookie).await.err(), over(EnrollmentOver::Replaced), "the old session, too");
        assert_eq!(rig.service.start_with_code(&typed("aiko", &first.code()), &at_home()).await, Err(Refusal::NoSuchCode));
        let LinkState::Ready { stop, .. } = state(&rig, &second.link()).await else { panic!("not ready") };
        assert_eq!(stop, task.stop, "asking does not extend an open stop date");
        enrolled(&rig, &second.link()).await;
        let mut tx = rig.service.db().read().await?;
        assert!(tx.miscounted(task.task).await?.is_empty());
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn asking_is_limited_by_cooldown_and_day() {
    Rig::everywhere(async |rig| {
        set_policy(&rig, |policy| (policy.link_lifetime, policy.resends_per_day) = (LinkLifetime::Hours(1), 2)).await;
        let (_, first) = invited(&rig, "aiko").await;
        rig.clock.advance(HOUR);
        assert_eq!(rig.service.ask_for_link(&first.link(), &at_home()).await, Ok(Asked::LinkSent));
        for shift in [HOUR, HOUR, 0] {
            rig.clock.advance(shift);
            let link = mail(&rig, "aiko").await.link();
            let asked = rig.service.ask_for_link(&link, &at_home()).await;
            match asked {
                Ok(Asked::LinkSent) => {}
                Err(Refusal::TooOften { again }) => {
                    assert_eq!((again.day().iso().as_str(), again.clock().as_str()), ("2026-11-23", "00:00"))
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(mails_to(&rig, "aiko@people.example").await.len(), 3, "one and two asked for");
        rig.clock.advance(12 * HOUR);
        let link = mail(&rig, "aiko").await.link();
        assert_eq!(rig.service.ask_for_link(&link, &at_home()).await, Ok(Asked::LinkSent), "a new day");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn after_the_stop_date_asking_is_a_request_that_operators_see() {
    let rig = Rig::new().await.unwrap();
    let (task, mailed) = invited(&rig, "aiko").await;
    rig.clock.advance(11 * 24 * HOUR);
    assert_eq!(state(&rig, &mailed.link()).await, LinkState::Expired { ask: Ask::ForHelp });
    for _ in 0..3 {
        assert_eq!(rig.service.ask_for_link(&mailed.link(), &at_home()).await, Ok(Asked::Requested));
        assert_eq!(state(&rig, &mailed.link()).await, LinkState::Expired { ask: Ask::Asked });
    }
    let row = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await.unwrap().users.rows.remove(0);
    assert!(row.notes.iter().any(|note| matches!(note, Note::AskedForLink(_))));
    assert_eq!(mails_to(&rig, "aiko@people.example").await.len(), 1, "nothing was sent");
}

#[tokio::test]
async fn after_the_stop_date_the_policy_may_allow_one_more_link() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.expired_may_ask = true).await;
    let (task, first) = invited(&rig, "aiko").await;
    rig.clock.advance(11 * 24 * HOUR);
    assert_eq!(state(&rig, &first.link()).await, LinkState::Expired { ask: Ask::ForLink });
    assert_eq!(rig.service.ask_for_link(&first.link(), &at_home()).await, Ok(Asked::LinkSent));
    let second = mail(&rig, "aiko").await;
    let LinkState::Ready { stop, .. } = state(&rig, &second.link()).await else { panic!("not ready") };
    assert_eq!(stop, task.stop.plus(11), "today and the policy's days");
    let mut tx = rig.service.db().read().await.unwrap();
    assert!(tx.miscounted(task.task).await.unwrap().is_empty());
    drop(tx);
    rig.clock.advance(11 * 24 * HOUR);
    assert_eq!(state(&rig, &second.link()).await, LinkState::Expired { ask: Ask::Asked }, "once");
    assert_eq!(rig.service.ask_for_link(&second.link(), &at_home()).await, Ok(Asked::Requested));
    assert_eq!(mails_to(&rig, "aiko@people.example").await.len(), 2);
}

#[tokio::test]
async fn a_link_that_works_is_not_asked_for_anew() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    assert_eq!(rig.service.ask_for_link(&mailed.link(), &at_home()).await, Err(Refusal::Stale));
    assert_eq!(mails_to(&rig, "aiko@people.example").await.len(), 1);
}

#[tokio::test]
async fn this_was_not_me_suspends_the_token_once_and_alerts_those_who_manage() {
    Rig::everywhere(async |rig| {
        let (task, mailed) = invited(&rig, "aiko").await;
        let (_, serial) = enrolled(&rig, &mailed.link()).await;
        let secret = mail(&rig, "aiko").await.link();
        for _ in 0..20 {
            assert!(!rig.service.look_not_me(&secret).await?.suspended, "looking changes nothing");
        }
        for link in [&secret, &secret, &mailed.link()] {
            assert!(rig.service.not_me(link, &at_home()).await?.suspended);
        }
        assert_eq!(state(&rig, &mailed.link()).await, LinkState::Used { not_me: false });
        for (operator, alerts) in [("olga", 1), ("paul", 1), ("hedy", 0), ("audrey", 0)] {
            assert_eq!(mails_to(&rig, &format!("{operator}@console.example")).await.len(), alerts, "{operator}");
        }
        let detail = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await?;
        let user = detail.users.rows[0].user;
        assert_eq!(detail.users.rows[0].status, Status::Completed, "what becomes of the token changes nothing here");
        let methods = rig.service.authentication_methods(&rig.olga, user).await?;
        assert_eq!((methods.tokens[0].serial.as_str(), methods.tokens[0].state), (serial.as_str(), TokenState::Suspended));
        let mut tx = rig.service.db().read().await?;
        let trail = tx.audit_of(Subject::User(user), None, 100).await?;
        assert_eq!(trail.iter().filter(|entry| entry.verb == "token.not_me").count(), 1);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_used_links_page_offers_this_was_not_me() {
    let rig = Rig::new().await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    enrolled(&rig, &mailed.link()).await;
    assert!(!rig.service.look_not_me(&mailed.link()).await.unwrap().suspended);
    assert!(rig.service.not_me(&mailed.link(), &at_home()).await.unwrap().suspended);
}

#[tokio::test]
async fn the_database_holds_no_usable_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("provost.db");
    let rig = Rig::on(Db::open(&format!("sqlite://{}", path.display())).await.unwrap()).await.unwrap();
    let (_, mailed) = invited(&rig, "aiko").await;
    let cookie = rig.service.start(&mailed.link(), &at_home()).await.unwrap();
    let key = shown(&rig, &cookie).await.key.replace(' ', "");
    let raw = totp_rs::Secret::try_from_base32(&key).unwrap();
    let (_, second) = invited(&rig, "bela").await;
    enrolled(&rig, &second.link()).await;
    rig.service.db().close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(std::fs::read(path.with_extension("db-wal")).unwrap_or_default());
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(holds(b"aiko@people.example"), "the search itself works");
    let (link, code) = (mailed.link(), mailed.code());
    for (name, secret) in [
        ("link", link.as_bytes()),
        ("code", code.as_bytes()),
        ("cookie", cookie.as_bytes()),
        ("key in base32", key.as_bytes()),
        ("key", raw.as_bytes()),
    ] {
        assert!(!holds(secret), "{name}");
    }
}
