//! Signing in and out, sessions and limits.

use model::{
    Answer, Refusal,
    console::Console,
    forms::SignInForm,
    problem::{Problem, Problems},
};
use service::testing::{PASSWORD, Rig, client};

const MINUTE: i64 = 60_000;
const HOME: &str = "192.0.2.1";
const STRANGER: &str = "203.0.113.9";

fn form(user_id: &str, password: &str) -> SignInForm {
    SignInForm { user_id: user_id.into(), password: password.into(), to: String::new() }
}

async fn sign_in(rig: &Rig, user_id: &str, password: &str, address: &str) -> Answer<String> {
    rig.service.sign_in(&form(user_id, password), &client(address), "a browser", None).await
}

async fn who(rig: &Rig, secret: &str) -> Option<String> {
    rig.service.operator(secret, &client(HOME)).await.unwrap().map(|actor| actor.user_id)
}

#[tokio::test]
async fn a_session_names_its_operator_and_their_rights() {
    Rig::everywhere(async |rig| {
        let secret = sign_in(&rig, "  OLGA ", PASSWORD, HOME).await?;
        assert_eq!(secret.len(), 43);
        let actor = rig.service.operator(&secret, &client(HOME)).await?.expect("a session");
        assert_eq!(actor, rig.olga);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn every_failure_reads_the_same() {
    let rig = Rig::new().await.unwrap();
    assert!(rig.service.disable_operator("paul").await.unwrap());
    for (user_id, password) in [("olga", "wrong"), ("nobody", PASSWORD), ("paul", PASSWORD), ("olga", " "), ("' or 1=1 --", "x")]
    {
        assert_eq!(sign_in(&rig, user_id, password, HOME).await, Err(Refusal::SignInFailed), "{user_id}");
    }
}

#[tokio::test]
async fn an_empty_or_endless_field_is_told_and_does_not_count() {
    let rig = Rig::new().await.unwrap();
    for _ in 0..30 {
        let empty =
            Refusal::Invalid(Problems(vec![("user_id".into(), Problem::Required), ("password".into(), Problem::Required)]));
        assert_eq!(sign_in(&rig, "", "", STRANGER).await, Err(empty));
        assert!(matches!(sign_in(&rig, "olga", &"x".repeat(2_000), STRANGER).await, Err(Refusal::Invalid(_))));
    }
    assert!(sign_in(&rig, "olga", PASSWORD, STRANGER).await.is_ok());
}

#[tokio::test]
async fn a_session_ends_when_idle_when_old_and_at_sign_out() {
    Rig::everywhere(async |rig| {
        let idle = sign_in(&rig, "olga", PASSWORD, HOME).await?;
        rig.clock.advance(30 * MINUTE - 1);
        assert_eq!(who(&rig, &idle).await.as_deref(), Some("olga"));
        rig.clock.advance(30 * MINUTE - 1);
        assert_eq!(who(&rig, &idle).await.as_deref(), Some("olga"));
        rig.clock.advance(30 * MINUTE);
        assert_eq!(who(&rig, &idle).await, None);

        let old = sign_in(&rig, "olga", PASSWORD, HOME).await?;
        for _ in 0..12 * 3 - 1 {
            rig.clock.advance(20 * MINUTE);
            assert_eq!(who(&rig, &old).await.as_deref(), Some("olga"));
        }
        rig.clock.advance(20 * MINUTE);
        assert_eq!(who(&rig, &old).await, None);

        let left = sign_in(&rig, "olga", PASSWORD, HOME).await?;
        rig.service.sign_out(&left).await?;
        assert_eq!(who(&rig, &left).await, None);
        rig.service.sign_out(&left).await?;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_last_use_is_written_at_most_once_a_minute() {
    let rig = Rig::new().await.unwrap();
    let secret = sign_in(&rig, "olga", PASSWORD, HOME).await.unwrap();
    rig.clock.advance(MINUTE - 1);
    who(&rig, &secret).await;
    // Not written: thirty minutes after sign-in it is over, although it was used since.
    rig.clock.advance(29 * MINUTE + 1);
    assert_eq!(who(&rig, &secret).await, None);
}

#[tokio::test]
async fn signing_in_again_makes_a_new_session_and_ends_the_one_the_browser_held() {
    let rig = Rig::new().await.unwrap();
    let first = sign_in(&rig, "olga", PASSWORD, HOME).await.unwrap();
    let second = rig.service.sign_in(&form("olga", PASSWORD), &client(HOME), "", Some(&first)).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(who(&rig, &first).await, None);
    assert_eq!(who(&rig, &second).await.as_deref(), Some("olga"));
}

#[tokio::test]
async fn a_disabled_or_reset_operator_is_out_at_once() {
    let rig = Rig::new().await.unwrap();
    let (paul, hedy) =
        (sign_in(&rig, "paul", PASSWORD, HOME).await.unwrap(), sign_in(&rig, "hedy", PASSWORD, HOME).await.unwrap());
    assert!(rig.service.disable_operator("paul").await.unwrap());
    rig.service.reset_operator("hedy", "another good password").await.unwrap();
    assert_eq!((who(&rig, &paul).await, who(&rig, &hedy).await), (None, None));
    assert_eq!(sign_in(&rig, "hedy", PASSWORD, HOME).await, Err(Refusal::SignInFailed));
    assert!(sign_in(&rig, "hedy", "another good password", HOME).await.is_ok());
}

#[tokio::test]
async fn malformed_secrets_are_nobody() {
    let rig = Rig::new().await.unwrap();
    let secret = sign_in(&rig, "olga", PASSWORD, HOME).await.unwrap();
    for bad in ["", " ", "0", "null", "[]", &secret[..42], &secret.to_lowercase(), &secret.to_uppercase(), &format!("{secret} ")]
    {
        assert_eq!(who(&rig, bad).await, None, "{bad}");
    }
}

#[tokio::test]
async fn a_stranger_can_use_up_their_own_tries_but_not_lock_the_operator_out() {
    Rig::everywhere(async |rig| {
        sign_in(&rig, "olga", PASSWORD, HOME).await?;
        for _ in 0..10 {
            assert_eq!(sign_in(&rig, "olga", "guess", STRANGER).await, Err(Refusal::SignInFailed));
        }
        for (address, password) in [(STRANGER, "guess"), (STRANGER, PASSWORD), ("198.51.100.7", "guess")] {
            assert!(matches!(sign_in(&rig, "olga", password, address).await, Err(Refusal::TooOften { .. })), "{address}");
        }
        assert!(sign_in(&rig, "olga", PASSWORD, HOME).await.is_ok());
        // A UserID that nobody has is limited in the same way.
        for _ in 0..10 {
            assert_eq!(sign_in(&rig, "nobody", "guess", "198.51.100.8").await, Err(Refusal::SignInFailed));
        }
        assert!(matches!(sign_in(&rig, "nobody", "guess", "198.51.100.8").await, Err(Refusal::TooOften { .. })));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_limit_says_when_and_keeps_its_word() {
    let rig = Rig::new().await.unwrap();
    for _ in 0..10 {
        sign_in(&rig, "olga", "guess", STRANGER).await.unwrap_err();
    }
    let Err(Refusal::TooOften { again }) = sign_in(&rig, "olga", PASSWORD, STRANGER).await else { panic!("no limit") };
    rig.clock.set(again.at - 1);
    assert!(matches!(sign_in(&rig, "olga", PASSWORD, STRANGER).await, Err(Refusal::TooOften { .. })));
    rig.clock.set(again.at);
    assert!(sign_in(&rig, "olga", PASSWORD, STRANGER).await.is_ok());
}

#[tokio::test]
async fn a_reset_fills_the_limits_again() {
    let rig = Rig::new().await.unwrap();
    for _ in 0..10 {
        sign_in(&rig, "olga", "guess", STRANGER).await.unwrap_err();
    }
    rig.service.reset_operator("olga", "another good password").await.unwrap();
    assert!(sign_in(&rig, "olga", "another good password", STRANGER).await.is_ok());
}

#[tokio::test]
async fn one_network_gets_twenty_failures_however_many_accounts_it_tries() {
    let rig = Rig::new().await.unwrap();
    let address = |number: i32| format!("2001:db8:1:2::{number:x}");
    for number in 0..20 {
        assert_eq!(sign_in(&rig, &format!("u{number}"), "guess", &address(number)).await, Err(Refusal::SignInFailed));
    }
    assert!(matches!(sign_in(&rig, "u99", "guess", &address(99)).await, Err(Refusal::TooOften { .. })));
    assert_eq!(sign_in(&rig, "u99", "guess", "2001:db8:1:3::1").await, Err(Refusal::SignInFailed));
}

#[tokio::test]
async fn only_failures_count() {
    let rig = Rig::new().await.unwrap();
    for _ in 0..30 {
        assert!(sign_in(&rig, "olga", PASSWORD, STRANGER).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_guesses_at_once_get_ten_tries() {
    Rig::everywhere(async |rig| {
        let tries = (0..50).map(|_| sign_in(&rig, "olga", "guess", STRANGER));
        let answers = futures::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| **answer == Err(Refusal::SignInFailed)).count(), 10);
        assert!(answers.iter().all(|answer| matches!(answer, Err(Refusal::SignInFailed | Refusal::TooOften { .. }))));
        Ok(())
    })
    .await
    .unwrap();
}
