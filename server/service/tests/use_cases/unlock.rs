//! Unlock, what a resend answers, and what becomes of links when a user is disabled or deleted.

use crate::resend::{DAY, button, counts_right, lock, one, state, to_profile};
use crate::stage::{code_of, enrolled, enrollment_of, mail, set_policy, shown};
use model::{
    Refusal,
    console::Console,
    enrolling::{Asked, Enrolling, LinkState},
    enrollment::{Note, Status},
    forms::UnlockForm,
    policy::LinkLifetime,
    problem::{Problem, Problems},
    refusal::Thing,
    task::TaskUserQuery,
    token::TokenState,
};
use service::testing::{Rig, client};
use store::audit::Subject;

#[tokio::test]
async fn unlock_gives_all_attempts_back_to_the_same_link() {
    Rig::everywhere(async |rig| {
        let one = one(&rig).await;
        lock(&rig, &one.first.link()).await;
        let no_reason = UnlockForm { key: rig.key(), ..UnlockForm::default() };
        let refused = rig.service.unlock(&rig.paul, one.user, one.task, &no_reason).await;
        assert_eq!(refused, Err(Problems::one("reason", Problem::Required).into()));
        let form = UnlockForm { reason: "called from her own phone".into(), key: rig.key(), ..UnlockForm::default() };
        rig.service.unlock(&rig.paul, one.user, one.task, &form).await?;
        counts_right(&rig, one.task).await;
        let again = UnlockForm { key: rig.key(), ..form };
        let refused = rig.service.unlock(&rig.paul, one.user, one.task, &again).await;
        assert_eq!(refused, Err(Refusal::NotLocked(Status::Active)));
        let cookie = rig.service.start(&one.first.link(), &client("198.51.100.7")).await?;
        let key = shown(&rig, &cookie).await;
        assert_eq!(key.attempts_left, 5);
        rig.service.verify(&cookie, &code_of(&rig, &key.key, 0), &client("198.51.100.7")).await?;
        let mut tx = rig.service.db().read().await?;
        let trail = tx.audit_of(Subject::User(one.user), None, 100).await?;
        let entry = trail.iter().find(|entry| entry.verb == "enrollment.unlock").expect("an entry");
        assert!(entry.after.as_deref().unwrap_or_default().contains("her own phone"));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn unlock_may_turn_out_expired_so_it_takes_a_new_stop_date() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    lock(&rig, &one.first.link()).await;
    rig.clock.advance(11 * DAY);
    let page = rig.service.user_task(&rig.paul, one.user, one.task).await.unwrap();
    assert!(page.over());
    let past = UnlockForm { reason: "x".into(), stop_on: page.stop.iso(), key: rig.key() };
    let refused = rig.service.unlock(&rig.paul, one.user, one.task, &past).await;
    assert_eq!(refused, Err(Problems::one("stop_on", Problem::PastDay { today: page.today }).into()));
    let form = UnlockForm { stop_on: page.policy_stop.iso(), key: rig.key(), ..past };
    rig.service.unlock(&rig.paul, one.user, one.task, &form).await.unwrap();
    counts_right(&rig, one.task).await;
    let page = rig.service.user_task(&rig.paul, one.user, one.task).await.unwrap();
    assert_eq!((page.status, page.stop), (Status::Active, page.policy_stop));
    enrolled(&rig, &one.first.link()).await;
}

#[tokio::test]
async fn a_resend_answers_what_the_user_asked_for() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    rig.clock.advance(11 * DAY);
    assert_eq!(rig.service.ask_for_link(&one.first.link(), &client("198.51.100.7")).await, Ok(Asked::Requested));
    let mut tx = rig.service.db().write().await.unwrap();
    let id = enrollment_of(&mut tx, one.user).await;
    let store::Tx::Sqlite(sqlite) = &mut tx else { panic!("SQLite") };
    let later = format!("update enrollments set stop_on = stop_on + 20 where id = {id}; delete from task_stops; ");
    sqlx::raw_sql(sqlx::AssertSqlSafe(later)).execute(&mut **sqlite).await.unwrap();
    let stops = format!("insert into task_stops (task, stop_on, open) select task, stop_on, 1 from enrollments where id = {id}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(stops)).execute(&mut **sqlite).await.unwrap();
    tx.commit().await.unwrap();
    let asked = async || rig.service.user_task(&rig.hedy, one.user, one.task).await.unwrap().notes;
    assert!(asked().await.iter().any(|note| matches!(note, Note::AskedForLink(_))));
    rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await.unwrap();
    assert!(asked().await.is_empty());
}

#[tokio::test]
async fn after_a_user_was_disabled_and_enabled_the_old_link_names_no_newer_mail() {
    Rig::everywhere(async |rig| {
        let one = one(&rig).await;
        rig.service.set_user_enabled(&rig.olga, one.user, false, &button(&rig).await).await?;
        assert_eq!(state(&rig, &one.first.link()).await, LinkState::Canceled);
        let disabled = rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await;
        assert_eq!(disabled, Err(Refusal::UserDisabled));
        rig.service.set_user_enabled(&rig.olga, one.user, true, &button(&rig).await).await?;
        assert_eq!(state(&rig, &one.first.link()).await, LinkState::Ended, "there is no newer mail");
        rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await?;
        assert_eq!(state(&rig, &one.first.link()).await, LinkState::Replaced, "now there is");
        enrolled(&rig, &mail(&rig, "aiko").await.link()).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn deleting_a_user_ends_what_is_open_and_keeps_what_is_completed() {
    Rig::everywhere(async |rig| {
        let one = one(&rig).await;
        enrolled(&rig, &one.first.link()).await;
        let (second, _) = {
            set_policy(&rig, |policy| policy.allowed_types.push(model::authentication::AuthenticationType::EmailCode)).await;
            let form = crate::stage::form(&rig, &[one.user]).await;
            let form = model::forms::ProvisionForm { over: vec!["has_type".into()], ..form };
            (rig.service.provision(&rig.paul, &form).await, ())
        };
        let second = second?;
        let link = mail(&rig, "aiko").await.link();
        let preview = rig.service.user_to_delete(&rig.olga, one.user).await?;
        assert_eq!((preview.open, preview.tokens), (1, 1));
        let form = button(&rig).await;
        for _ in 0..2 {
            rig.service.delete_user(&rig.olga, one.user, &form).await?;
        }
        assert_eq!(state(&rig, &link).await, LinkState::Canceled);
        assert_eq!(rig.service.user(&rig.olga, one.user).await.err(), Some(Refusal::NotFound(Thing::User)));
        let again = rig.service.delete_user(&rig.olga, one.user, &button(&rig).await).await;
        assert_eq!(again, Err(Refusal::NotFound(Thing::User)));
        assert!(rig.service.users(&rig.olga, &model::user::UserQuery::all()).await?.rows.is_empty());
        let found = model::user::UserFilter { search: "aiko".into(), ..model::user::UserFilter::default() };
        let found = model::user::UserQuery { filter: found, ..model::user::UserQuery::all() };
        assert!(rig.service.users(&rig.olga, &found).await?.rows.is_empty());
        let kept = rig.service.task(&rig.olga, one.task, &TaskUserQuery::default()).await?.users.rows.remove(0);
        assert_eq!((kept.status, kept.user_id.as_str(), kept.serial.is_some()), (Status::Completed, "aiko", true));
        let gone = rig.service.task(&rig.olga, second.task, &TaskUserQuery::default()).await?.users.rows.remove(0);
        assert_eq!((gone.status, gone.deleted), (Status::Removed, true));
        for task in [one.task, second.task] {
            counts_right(&rig, task).await;
        }
        let mut tx = rig.service.db().read().await?;
        assert_eq!(tx.tokens_of(one.user).await?[0].state, TokenState::Revoked);
        assert!(tx.audit_of(Subject::User(one.user), None, 100).await?.iter().any(|entry| entry.verb == "user.delete"));
        drop(tx);
        let newcomer = rig.user("AIKO", "Another", "Aiko").await?;
        assert_ne!(newcomer, one.user, "the UserID is free again");
        assert!(rig.service.authentication_methods(&rig.olga, newcomer).await?.tokens.is_empty());
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_page_of_unlock_knows_whether_the_link_that_was_mailed_leads_anywhere_again() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.link_lifetime = LinkLifetime::Hours(24)).await;
    let one = one(&rig).await;
    lock(&rig, &one.first.link()).await;
    let lives = async || rig.service.user_task(&rig.paul, one.user, one.task).await.unwrap().link_lives;
    assert!(lives().await);
    rig.clock.advance(DAY);
    assert!(!lives().await, "its lifetime is over");
}

#[tokio::test]
async fn a_link_that_was_ended_with_its_generation_is_not_said_to_work_again() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    lock(&rig, &one.first.link()).await;
    for enabled in [false, true] {
        rig.service.set_user_enabled(&rig.olga, one.user, enabled, &button(&rig).await).await.unwrap();
    }
    assert!(!rig.service.user_task(&rig.paul, one.user, one.task).await.unwrap().link_lives);
}
