//! One's own account: password and sessions.

use model::{
    Answer, Refusal,
    actor::Actor,
    console::Console,
    forms::{ButtonForm, SignInForm},
    operator::PasswordForm,
    problem::{Problem, Problems},
};
use service::testing::{PASSWORD, Rig, client};
use store::audit::Subject;

const NEXT: &str = "another good password";

async fn sign_in(rig: &Rig, user_id: &str, password: &str) -> Answer<String> {
    let form = SignInForm { user_id: user_id.into(), password: password.into(), to: String::new() };
    rig.service.sign_in(&form, &client("192.0.2.1"), "a browser", None).await
}

async fn lives(rig: &Rig, secret: &str) -> bool {
    rig.service.operator(secret, &client("192.0.2.1")).await.unwrap().is_some()
}

fn form(rig: &Rig, current: &str, next: &str) -> PasswordForm {
    PasswordForm { current_password: current.into(), password: next.into(), key: rig.key() }
}

async fn guess(rig: &Rig, by: &Actor, session: &str) -> Answer<()> {
    rig.service.change_password(by, session, &form(rig, "not the password", NEXT)).await
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_is_not_in_the_trail() {
    Rig::everywhere(async |rig| {
        let (here, there) = (sign_in(&rig, "paul", PASSWORD).await?, sign_in(&rig, "paul", PASSWORD).await?);
        let hedy = sign_in(&rig, "hedy", PASSWORD).await?;
        let form = form(&rig, PASSWORD, NEXT);
        rig.service.change_password(&rig.paul, &here, &form).await?;
        rig.service.change_password(&rig.paul, &here, &form).await?;
        assert_eq!((lives(&rig, &here).await, lives(&rig, &there).await, lives(&rig, &hedy).await), (true, false, true));
        assert_eq!(sign_in(&rig, "paul", PASSWORD).await, Err(Refusal::SignInFailed));
        assert!(sign_in(&rig, "paul", NEXT).await.is_ok());
        let mut tx = rig.service.db().read().await?;
        let trail = tx.audit_of(Subject::Operator(rig.paul.id), None, 20).await?;
        assert_eq!(trail.iter().filter(|entry| entry.verb == "account.password").count(), 1);
        assert!(trail.iter().all(|entry| !format!("{entry:?}").contains(NEXT)));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn wrong_current_passwords_are_limited_and_do_not_keep_anybody_from_signing_in() {
    Rig::everywhere(async |rig| {
        let here = sign_in(&rig, "paul", PASSWORD).await?;
        let wrong = Err(Refusal::Invalid(Problems::one("current_password", Problem::WrongPassword)));
        for _ in 0..10 {
            assert_eq!(guess(&rig, &rig.paul, &here).await, wrong);
        }
        assert!(matches!(guess(&rig, &rig.paul, &here).await, Err(Refusal::TooOften { .. })));
        let right = rig.service.change_password(&rig.paul, &here, &form(&rig, PASSWORD, NEXT)).await;
        assert!(matches!(right, Err(Refusal::TooOften { .. })));
        assert!(sign_in(&rig, "paul", PASSWORD).await.is_ok());
        rig.clock.advance(60_000);
        rig.service.change_password(&rig.paul, &here, &form(&rig, PASSWORD, NEXT)).await?;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_guesses_at_once_get_ten_tries() {
    Rig::everywhere(async |rig| {
        let here = sign_in(&rig, "paul", PASSWORD).await?;
        let answers = futures::future::join_all((0..30).map(|_| guess(&rig, &rig.paul, &here))).await;
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Err(Refusal::Invalid(_)))).count(), 10);
        assert!(answers.iter().all(|answer| matches!(answer, Err(Refusal::Invalid(_) | Refusal::TooOften { .. }))));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn only_wrong_passwords_count() {
    let rig = Rig::new().await.unwrap();
    let here = sign_in(&rig, "paul", PASSWORD).await.unwrap();
    let mut now = PASSWORD.to_owned();
    for place in 0..15 {
        let next = format!("a good password {place}");
        rig.service.change_password(&rig.paul, &here, &form(&rig, &now, &next)).await.unwrap();
        now = next;
    }
    let short = rig.service.change_password(&rig.paul, &here, &form(&rig, "", "short")).await;
    let problems = vec![("current_password".into(), Problem::Required), ("password".into(), Problem::TooShort { least: 12 })];
    assert_eq!(short, Err(Refusal::Invalid(Problems(problems))));
}

#[tokio::test]
async fn sessions_are_seen_and_ended_by_their_own_operator_only() {
    Rig::everywhere(async |rig| {
        let here = sign_in(&rig, "paul", PASSWORD).await?;
        let there = sign_in(&rig, "paul", PASSWORD).await?;
        let third = sign_in(&rig, "paul", PASSWORD).await?;
        let account = rig.service.account(&rig.paul, &here).await?;
        assert_eq!((account.role.as_str(), account.sessions.len()), ("Provisioning", 3));
        assert_eq!(account.sessions.iter().filter(|session| session.current).count(), 1);
        assert!(account.sessions.iter().all(|session| session.agent == "a browser" && session.address == "192.0.2.1"));
        let of_there = rig.service.account(&rig.paul, &there).await?;
        let name = of_there.sessions.into_iter().find(|session| session.current).unwrap().name;

        let button = || ButtonForm { key: rig.key() };
        rig.service.end_session(&rig.hedy, &name, &button()).await?;
        assert!(lives(&rig, &there).await, "somebody else's");
        rig.service.end_session(&rig.paul, &name, &button()).await?;
        assert!(!lives(&rig, &there).await);
        rig.service.end_session(&rig.paul, &name, &button()).await?;
        rig.service.end_session(&rig.paul, "", &button()).await?;
        assert!(lives(&rig, &here).await && lives(&rig, &third).await);
        rig.service.end_other_sessions(&rig.paul, &here, &button()).await?;
        assert_eq!((lives(&rig, &here).await, lives(&rig, &third).await), (true, false));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_failed_sign_in_is_written_down_whether_somebody_has_the_user_id_or_not() {
    let rig = Rig::new().await.unwrap();
    sign_in(&rig, "paul", "guess").await.unwrap_err();
    sign_in(&rig, "a password in the wrong field", "guess").await.unwrap_err();
    let mut tx = rig.service.db().read().await.unwrap();
    let verb = "operator.sign_in_failed";
    assert_eq!(tx.first_audit_of(Subject::Operator(rig.paul.id), verb).await.unwrap().unwrap().operator_name, "paul");
    assert_eq!(tx.first_audit_of(Subject::Instance, verb).await.unwrap().unwrap().operator_name, "Unknown");
}
