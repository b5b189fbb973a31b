//! A user's provisioning tasks: Resend, another address with Stop it, cooldown and cap, Unlock; and deleting a user.

use crate::stage::{Mailed, enrolled, enrollment_of, invited, mail, mails_to, set_policy, shown, wrong_code};
use model::{
    Refusal,
    actor::Actor,
    console::Console,
    enrolling::{Enrolling, LinkState, StopState},
    enrollment::Status,
    forms::{ButtonForm, ResendForm, UnlockForm, UserForm},
    policy::{AlternateAddresses, LinkLifetime},
    problem::{Problem, Problems},
    refusal::{EnrollmentOver, Thing},
    rights::Right,
    task::{TaskQuery, TaskUserQuery},
};
use service::{
    clock::{HOUR, MINUTE},
    testing::{Rig, client},
};
use store::audit::Subject;

pub const DAY: i64 = 24 * HOUR;
pub const ELSEWHERE: &str = "jane@elsewhere.example";

/// A user with one task, and the mail with its link.
pub struct One {
    pub user: i64,
    pub task: i64,
    pub first: Mailed,
}

pub async fn one(rig: &Rig) -> One {
    let (provisioned, first) = invited(rig, "aiko").await;
    let detail = rig.service.task(&rig.paul, provisioned.task, &TaskUserQuery::default()).await.unwrap();
    One { user: detail.users.rows[0].user, task: provisioned.task, first }
}

pub fn to_profile(rig: &Rig) -> ResendForm {
    let profile = "aiko@people.example".to_owned();
    ResendForm { email: profile.clone(), profile, key: rig.key(), ..ResendForm::default() }
}

pub fn elsewhere(rig: &Rig) -> ResendForm {
    ResendForm { email: ELSEWHERE.into(), reason: "on leave".into(), ..to_profile(rig) }
}

pub async fn state(rig: &Rig, link: &str) -> LinkState {
    rig.service.look(link, true).await.unwrap().state
}

pub async fn lock(rig: &Rig, link: &str) {
    let cookie = rig.service.start(link, &client("198.51.100.7")).await.unwrap();
    let key = shown(rig, &cookie).await.key;
    for _ in 0..5 {
        let _ = rig.service.verify(&cookie, &wrong_code(rig, &key), &client("198.51.100.7")).await;
    }
}

pub async fn counts_right(rig: &Rig, task: i64) {
    let mut tx = rig.service.db().read().await.unwrap();
    assert!(tx.miscounted(task).await.unwrap().is_empty());
}

pub async fn button(rig: &Rig) -> ButtonForm {
    ButtonForm { key: rig.key() }
}

#[tokio::test]
async fn a_resend_mints_a_new_link_kills_the_earlier_ones_and_moves_the_stop_date() {
    Rig::everywhere(async |rig| {
        let one = one(&rig).await;
        let cookie = rig.service.start(&one.first.link(), &client("198.51.100.7")).await?;
        rig.clock.advance(3 * DAY);
        let page = rig.service.user_task(&rig.hedy, one.user, one.task).await?;
        assert_eq!((page.email.as_str(), page.stop.plus(3), page.status), ("aiko@people.example", page.new_stop, Status::Active));
        rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await?;
        let second = mail(&rig, "aiko").await;
        assert_eq!(second.kind, "resend");
        assert_ne!(second.link(), one.first.link());
        assert_eq!(state(&rig, &one.first.link()).await, LinkState::Replaced);
        assert!(rig.service.session(&cookie).await.is_err(), "what was begun with the old link ends");
        let LinkState::Ready { stop, .. } = state(&rig, &second.link()).await else { panic!("not ready") };
        assert_eq!(stop, page.new_stop);
        let first = &mails_to(&rig, "aiko@people.example").await[0];
        assert_eq!((first.state.as_str(), first.is_wiped()), ("canceled", true), "the queued one is not sent");
        let row = rig.service.tasks(&rig.paul, &TaskQuery::all()).await?.rows.remove(0);
        assert_eq!((row.emailed_to.as_str(), row.stop), ("aiko@people.example", page.new_stop));
        counts_right(&rig, one.task).await;
        enrolled(&rig, &second.link()).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_resend_never_shortens_a_stop_date() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    set_policy(&rig, |policy| policy.days = 2).await;
    let page = rig.service.user_task(&rig.hedy, one.user, one.task).await.unwrap();
    assert_eq!(page.new_stop, page.stop);
    rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await.unwrap();
    assert_eq!(rig.service.user_task(&rig.hedy, one.user, one.task).await.unwrap().stop, page.stop);
}

#[tokio::test]
async fn only_active_provisioning_tasks_are_resent() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    let resend = async || rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await;
    lock(&rig, &one.first.link()).await;
    assert_eq!(resend().await, Err(Refusal::NotActive(Status::Locked)));
    let form = UnlockForm { reason: "called".into(), key: rig.key(), ..UnlockForm::default() };
    rig.service.unlock(&rig.paul, one.user, one.task, &form).await.unwrap();
    rig.clock.advance(11 * DAY);
    let no = resend().await.unwrap_err();
    assert_eq!(no.to_string(), "Only active provisioning tasks can be resent. This one is expired.");
    let (again, mailed) = invited(&rig, "bela").await;
    enrolled(&rig, &mailed.link()).await;
    let bela = rig.service.task(&rig.olga, again.task, &TaskUserQuery::default()).await.unwrap().users.rows[0].user;
    let form = ResendForm { email: "bela@people.example".into(), profile: "bela@people.example".into(), ..to_profile(&rig) };
    let completed = rig.service.resend(&rig.hedy, bela, again.task, &form).await;
    assert_eq!(completed, Err(Refusal::NotActive(Status::Completed)));
    let other = rig.service.resend(&rig.hedy, bela, one.task, &to_profile(&rig)).await;
    assert_eq!(other, Err(Refusal::NotFound(Thing::Task)), "another user's task");
}

#[tokio::test]
async fn each_act_on_a_users_task_needs_its_own_right() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    let forbidden = |right| Err(Refusal::Forbidden(right));
    let unlock = UnlockForm { reason: "x".into(), key: rig.key(), ..UnlockForm::default() };
    let no_resend = Actor { rights: [Right::UsersView, Right::ProvisioningManage].into_iter().collect(), ..rig.paul.clone() };
    assert_eq!(rig.service.resend(&no_resend, one.user, one.task, &to_profile(&rig)).await, forbidden(Right::ProvisioningResend));
    assert_eq!(rig.service.resend(&rig.hedy, one.user, one.task, &elsewhere(&rig)).await, forbidden(Right::ProvisioningRedirect));
    assert_eq!(rig.service.unlock(&rig.hedy, one.user, one.task, &unlock).await, forbidden(Right::ProvisioningManage));
    let seen = rig.service.user_task(&rig.audrey, one.user, one.task).await.err();
    assert_eq!(seen, Some(Refusal::Forbidden(Right::ProvisioningResend)));
    assert_eq!(rig.service.delete_user(&rig.paul, one.user, &button(&rig).await).await, forbidden(Right::UsersManage));
    assert_eq!(rig.service.user_to_delete(&rig.paul, one.user).await.err(), Some(Refusal::Forbidden(Right::UsersManage)));
    assert_eq!(mails_to(&rig, "aiko@people.example").await.len(), 1, "nothing was sent");
}

#[tokio::test]
async fn another_address_serves_one_message_and_the_profile_is_told() {
    Rig::everywhere(async |rig| {
        let one = one(&rig).await;
        rig.service.resend(&rig.paul, one.user, one.task, &elsewhere(&rig)).await?;
        let sent = mails_to(&rig, ELSEWHERE).await.pop().expect("the link");
        assert_eq!(sent.kind, "resend");
        let told = mail(&rig, "aiko").await;
        assert_eq!(told.kind, "sent_elsewhere");
        let page = rig.service.user_task(&rig.paul, one.user, one.task).await?;
        assert_eq!((page.provisioned_to.as_str(), page.email.as_str()), (ELSEWHERE, "aiko@people.example"), "never prefilled");
        let row = rig.service.tasks(&rig.paul, &TaskQuery::all()).await?.rows.remove(0);
        assert_eq!(row.emailed_to, ELSEWHERE);
        enrolled(&rig, &sent.link()).await;
        assert_eq!(mail(&rig, "aiko").await.kind, "completed", "completion goes to the profile");
        let detail = rig.service.task(&rig.olga, one.task, &TaskUserQuery::default()).await?;
        assert_eq!((detail.users.rows[0].emailed_to.as_str(), detail.row.emailed_to.as_str()), ("j…@…", "j…@…"));
        assert!(mails_to(&rig, ELSEWHERE).await.is_empty(), "not even the message keeps it");
        let mut tx = rig.service.db().read().await?;
        let trail = tx.audit_of(Subject::User(one.user), None, 100).await?;
        let entry = trail.iter().find(|entry| entry.verb == "enrollment.redirect").expect("an entry");
        let after = entry.after.clone().unwrap_or_default();
        assert!(after.contains(ELSEWHERE) && after.contains("on leave"), "{after}");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_next_resend_forgets_another_address() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    rig.service.resend(&rig.paul, one.user, one.task, &elsewhere(&rig)).await.unwrap();
    rig.service.resend(&rig.paul, one.user, one.task, &to_profile(&rig)).await.unwrap();
    assert_eq!(rig.service.user_task(&rig.paul, one.user, one.task).await.unwrap().provisioned_to, "aiko@people.example");
    assert!(mails_to(&rig, ELSEWHERE).await.is_empty());
}

#[tokio::test]
async fn stop_it_kills_the_link_alerts_those_who_manage_and_looking_changes_nothing() {
    Rig::everywhere(async |rig| {
        let one = one(&rig).await;
        rig.service.resend(&rig.paul, one.user, one.task, &elsewhere(&rig)).await?;
        let link = mails_to(&rig, ELSEWHERE).await.pop().expect("the link").link();
        let stop = mail(&rig, "aiko").await.link();
        for _ in 0..20 {
            assert!(matches!(rig.service.look_stop(&stop).await?.state, StopState::Live { .. }));
        }
        let at_home = client("198.51.100.7");
        for wrong in [&link, &one.first.link(), &String::new()] {
            assert_eq!(rig.service.stop(wrong, &at_home).await.err(), Some(Refusal::NotFound(Thing::Link)), "one purpose");
        }
        for _ in 0..3 {
            assert_eq!(rig.service.stop(&stop, &at_home).await?.state, StopState::Stopped);
        }
        assert_eq!(state(&rig, &link).await, LinkState::Ended);
        assert_eq!(rig.service.start(&link, &at_home).await, Err(Refusal::EnrollmentOver(EnrollmentOver::Ended)));
        assert_eq!(mails_to(&rig, ELSEWHERE).await[0].state, "canceled", "nor is it sent if it waited");
        for (operator, alerts) in [("olga", 1), ("paul", 1), ("hedy", 0), ("audrey", 0)] {
            assert_eq!(mails_to(&rig, &format!("{operator}@console.example")).await.len(), alerts, "{operator}");
        }
        counts_right(&rig, one.task).await;
        rig.service.resend(&rig.paul, one.user, one.task, &to_profile(&rig)).await?;
        let newest = mail(&rig, "aiko").await.link();
        assert_eq!(rig.service.stop(&stop, &at_home).await?.state, StopState::Stopped, "it does not stop what came after");
        enrolled(&rig, &newest).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn stop_it_says_when_it_comes_too_late() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    rig.service.resend(&rig.paul, one.user, one.task, &elsewhere(&rig)).await.unwrap();
    let stop = mail(&rig, "aiko").await.link();
    let link = mails_to(&rig, ELSEWHERE).await.pop().unwrap().link();
    enrolled(&rig, &link).await;
    assert_eq!(rig.service.stop(&stop, &client("198.51.100.7")).await.unwrap().state, StopState::Used);
}

#[tokio::test]
async fn the_policy_says_which_other_addresses_there_are() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    let resend = async || rig.service.resend(&rig.paul, one.user, one.task, &elsewhere(&rig)).await;
    set_policy(&rig, |policy| policy.alternate_addresses = AlternateAddresses::Off).await;
    assert_eq!(resend().await, Err(Problems::one("email", Problem::ProfileAddressOnly).into()));
    // Before a reason is asked for that could not help: the page has no field for one then.
    let no_reason = ResendForm { reason: String::new(), ..elsewhere(&rig) };
    let refused = rig.service.resend(&rig.paul, one.user, one.task, &no_reason).await;
    assert_eq!(refused, Err(Problems::one("email", Problem::ProfileAddressOnly).into()));
    let domains = vec!["contoso.example".to_owned()];
    set_policy(&rig, |policy| policy.alternate_addresses = AlternateAddresses::Domains(domains.clone())).await;
    assert_eq!(resend().await, Err(Problems::one("email", Problem::OtherDomain { domains: domains.clone() }).into()));
    set_policy(&rig, |policy| policy.alternate_addresses = AlternateAddresses::Domains(vec!["Elsewhere.example".into()])).await;
    assert_eq!(resend().await, Ok(()));
    let no_reason = ResendForm { reason: " ".into(), ..elsewhere(&rig) };
    let refused = rig.service.resend(&rig.paul, one.user, one.task, &no_reason).await;
    assert_eq!(refused, Err(Problems::one("reason", Problem::Required).into()));
}

#[tokio::test]
async fn nobody_redirects_a_link_for_their_own_authenticator() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    let own = Actor { user_id: "ＡＩＫＯ".into(), ..rig.paul.clone() };
    assert_eq!(rig.service.resend(&own, one.user, one.task, &elsewhere(&rig)).await, Err(Refusal::OwnRedirect));
    let trusted = Actor { user_id: "aiko".into(), ..rig.olga.clone() };
    assert_eq!(rig.service.resend(&trusted, one.user, one.task, &elsewhere(&rig)).await, Ok(()));
}

#[tokio::test]
async fn a_resend_goes_to_the_profile_that_the_operator_saw_or_nowhere() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    let form = to_profile(&rig);
    let detail = rig.service.user(&rig.olga, one.user).await.unwrap();
    let edited = UserForm { email: "mallory@evil.example".into(), key: rig.key(), ..detail.form };
    rig.service.edit_user(&rig.olga, one.user, &edited).await.unwrap();
    assert_eq!(rig.service.resend(&rig.hedy, one.user, one.task, &form).await, Err(Refusal::Stale));
    assert!(mails_to(&rig, "mallory@evil.example").await.is_empty());
}

#[tokio::test]
async fn for_three_days_the_address_before_a_change_can_stop_what_goes_to_the_new_one() {
    Rig::everywhere(async |rig| {
        let one = one(&rig).await;
        for address in ["first@evil.example", "second@evil.example"] {
            let detail = rig.service.user(&rig.olga, one.user).await?;
            let edited = UserForm { email: address.into(), key: rig.key(), ..detail.form };
            rig.service.edit_user(&rig.olga, one.user, &edited).await?;
        }
        let profile = "second@evil.example".to_owned();
        let form = |key: String| ResendForm { email: profile.clone(), profile: profile.clone(), key, ..ResendForm::default() };
        rig.service.resend(&rig.hedy, one.user, one.task, &form(rig.key())).await?;
        let kinds: Vec<_> = mails_to(&rig, "aiko@people.example").await.into_iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds, ["enrollment", "address_changed", "sent_elsewhere"], "also when it changed twice");
        let stop = mail(&rig, "aiko").await.link();
        let at_home = client("198.51.100.7");
        assert_eq!(rig.service.stop(&stop, &at_home).await?.state, StopState::Stopped);
        rig.clock.advance(3 * DAY + MINUTE);
        rig.service.resend(&rig.hedy, one.user, one.task, &form(rig.key())).await?;
        assert_eq!(mails_to(&rig, "aiko@people.example").await.len(), 3, "after three days it is no longer new");
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn cooldown_and_daily_cap_say_when_it_is_possible_again() {
    Rig::everywhere(async |rig| {
        let one = one(&rig).await;
        set_policy(&rig, |policy| policy.resends_per_day = 2).await;
        let resend = async || rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await;
        resend().await?;
        let again = rig.service.user_task(&rig.hedy, one.user, one.task).await?.again;
        assert_eq!(again.map(|again| again.clock()).as_deref(), Some("12:05"), "the page says so before");
        let no = resend().await.unwrap_err();
        assert_eq!(no.to_string(), "A link was sent to this address a moment ago. Possible again at 12:05 on 22 Nov 2026.");
        rig.clock.advance(5 * MINUTE);
        resend().await?;
        rig.clock.advance(5 * MINUTE);
        let no = resend().await.unwrap_err();
        let full = "No more links can be sent to this address today. Possible again at 00:00 on 23 Nov 2026.";
        assert_eq!(no.to_string(), full);
        let page = rig.service.user_task(&rig.hedy, one.user, one.task).await?;
        assert!(page.again.is_some() && page.day_is_full, "and the page says which of the two it is");
        assert_eq!(mails_to(&rig, "aiko@people.example").await.len(), 3, "a refusal sends nothing");
        rig.clock.advance(12 * HOUR);
        resend().await?;
        counts_right(&rig, one.task).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_mail_that_failed_makes_nobody_wait() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await.unwrap();
    let mut tx = rig.service.db().write().await.unwrap();
    let id = enrollment_of(&mut tx, one.user).await;
    let store::Tx::Sqlite(sqlite) = &mut tx else { panic!("SQLite") };
    for sql in ["update enrollments set mail_state = 'failed' where id = ", "update tasks set mail_failed = 1 where open = "] {
        let sql = format!("{sql}{}", if sql.contains("tasks") { 1 } else { id });
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut **sqlite).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await, Ok(()));
    counts_right(&rig, one.task).await;
    let no = rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await;
    assert!(matches!(no, Err(Refusal::ResentLately { .. })), "the one after it waits again");
}

#[tokio::test]
async fn the_same_form_twice_sends_one_link() {
    let rig = Rig::new().await.unwrap();
    let one = one(&rig).await;
    let form = to_profile(&rig);
    for _ in 0..3 {
        rig.service.resend(&rig.paul, one.user, one.task, &form).await.unwrap();
    }
    assert_eq!(mails_to(&rig, "aiko@people.example").await.len(), 2);
    let other = ResendForm { email: "other@people.example".into(), reason: "x".into(), ..form };
    assert_eq!(rig.service.resend(&rig.paul, one.user, one.task, &other).await, Err(Refusal::KeyReused));
}

#[tokio::test]
async fn a_link_that_is_only_too_old_is_sent_anew_by_resend() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.link_lifetime = LinkLifetime::Hours(24)).await;
    let one = one(&rig).await;
    rig.clock.advance(2 * DAY);
    let page = rig.service.user_task(&rig.hedy, one.user, one.task).await.unwrap();
    assert!(page.status == Status::Active && page.link_expired());
    rig.service.resend(&rig.hedy, one.user, one.task, &to_profile(&rig)).await.unwrap();
    assert!(!rig.service.user_task(&rig.hedy, one.user, one.task).await.unwrap().link_expired());
    enrolled(&rig, &mail(&rig, "aiko").await.link()).await;
}
