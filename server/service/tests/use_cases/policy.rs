//! The self-enrollment policy: its form, its log, and where its fields are used.

use crate::stage::{enrolled, form as order, invited, mail, set_policy, shown};
use model::{
    Refusal,
    console::Console,
    enrolling::Enrolling,
    form::Fields,
    policy::{Change, PolicyForm, PolicyLogQuery},
    problem::{Problem, Problems},
    query::Query,
    refusal::BadRequest,
    rights::Right,
};
use service::testing::{Rig, client};
use store::audit::Subject;

async fn opened(rig: &Rig) -> PolicyForm {
    rig.service.policy(&rig.olga).await.unwrap().form
}

fn log(query: &str) -> PolicyLogQuery {
    PolicyLogQuery::read(&Fields::of_query(query).unwrap()).unwrap()
}

#[tokio::test]
async fn a_change_is_in_force_logged_field_by_field_and_audited() {
    Rig::everywhere(async |rig| {
        let form = PolicyForm { days: "14".into(), time_zone: "Europe/Vienna".into(), ..opened(&rig).await };
        rig.service.change_policy(&rig.olga, &form).await?;
        let now = opened(&rig).await;
        assert_eq!((now.days.as_str(), now.time_zone.as_str(), now.version.as_str()), ("14", "Europe/Vienna", "1"));
        let page = rig.service.policy_log(&rig.olga, &log("")).await?;
        assert_eq!((page.rows.len(), page.zone.as_str()), (1, "Europe/Vienna"));
        assert_eq!((page.rows[0].by.as_str(), page.rows[0].at.clock().as_str()), ("olga", "13:00"));
        let change =
            |field: &str, before: &str, after: &str| Change { field: field.into(), before: before.into(), after: after.into() };
        assert_eq!(
            page.rows[0].changes,
            [change("Days until stop date", "10", "14"), change("Time zone", "UTC", "Europe/Vienna")]
        );
        let mut tx = rig.service.db().read().await?;
        let entry = tx.first_audit_of(Subject::Policy, "policy.change").await?.unwrap();
        assert_eq!(entry.operator_name, "olga");
        assert_eq!(entry.before.as_deref(), Some(r#"{"days":10,"time_zone":"UTC"}"#));
        assert_eq!(entry.after.as_deref(), Some(r#"{"days":14,"time_zone":"Europe/Vienna"}"#));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_stale_form_changes_nothing_and_the_same_form_twice_changes_once() {
    Rig::everywhere(async |rig| {
        let (first, second) = (opened(&rig).await, opened(&rig).await);
        let first = PolicyForm { days: "14".into(), ..first };
        rig.service.change_policy(&rig.olga, &first).await?;
        rig.service.change_policy(&rig.olga, &first).await?;
        let other = PolicyForm { days: "15".into(), ..first.clone() };
        assert_eq!(rig.service.change_policy(&rig.olga, &other).await, Err(Refusal::KeyReused));
        let second = PolicyForm { attempts: "7".into(), ..second };
        assert_eq!(rig.service.change_policy(&rig.olga, &second).await, Err(Refusal::Stale));
        assert_eq!((opened(&rig).await.attempts.as_str(), opened(&rig).await.days.as_str()), ("5", "14"));
        assert_eq!(rig.service.policy_log(&rig.olga, &log("")).await?.rows.len(), 1);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ten_who_save_at_once_one_does() {
    Rig::everywhere(async |rig| {
        let mut forms = Vec::new();
        for days in 20..30 {
            forms.push(PolicyForm { days: days.to_string(), ..opened(&rig).await });
        }
        let saved = futures::future::join_all(forms.iter().map(|form| rig.service.change_policy(&rig.olga, form))).await;
        assert_eq!(saved.iter().filter(|saved| saved.is_ok()).count(), 1);
        assert!(saved.iter().all(|saved| matches!(saved, Ok(()) | Err(Refusal::Stale))));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_form_that_changes_nothing_leaves_no_trace() {
    let rig = Rig::new().await.unwrap();
    rig.service.change_policy(&rig.olga, &opened(&rig).await).await.unwrap();
    assert_eq!(opened(&rig).await.version, "0");
    assert!(rig.service.policy_log(&rig.olga, &log("")).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn bad_fields_an_unknown_zone_and_lacking_rights_change_nothing() {
    let rig = Rig::new().await.unwrap();
    let zone = PolicyForm { time_zone: "Mars/Olympus".into(), ..opened(&rig).await };
    let refused = Err(Refusal::Invalid(Problems::one("time_zone", Problem::NotAChoice)));
    assert_eq!(rig.service.change_policy(&rig.olga, &zone).await, refused);
    let days = PolicyForm { days: "0".into(), ..opened(&rig).await };
    assert!(matches!(rig.service.change_policy(&rig.olga, &days).await, Err(Refusal::Invalid(_))));
    let version = PolicyForm { version: "x".into(), ..opened(&rig).await };
    assert_eq!(rig.service.change_policy(&rig.olga, &version).await, Err(Refusal::BadRequest(BadRequest::Parameter)));
    for who in [&rig.paul, &rig.hedy, &rig.audrey] {
        let forbidden = Refusal::Forbidden(Right::PolicyManage);
        assert_eq!(rig.service.change_policy(who, &opened(&rig).await).await, Err(forbidden.clone()));
        assert_eq!(rig.service.policy(who).await.map(|_| ()), Err(forbidden.clone()));
        assert_eq!(rig.service.policy_log(who, &log("")).await.map(|_| ()), Err(forbidden));
    }
    assert_eq!(opened(&rig).await.version, "0");
}

#[tokio::test]
async fn the_log_is_paged_newest_first_and_each_change_comes_once() {
    let rig = Rig::new().await.unwrap();
    for days in 1..=30 {
        let form = PolicyForm { days: (20 + days).to_string(), ..opened(&rig).await };
        rig.service.change_policy(&rig.olga, &form).await.unwrap();
    }
    let first = rig.service.policy_log(&rig.olga, &log("")).await.unwrap();
    assert_eq!((first.rows.len(), first.total.to_string().as_str()), (25, "30"));
    assert_eq!(first.rows[0].changes[0].after, "50");
    let next = format!("cursor={}", first.next.unwrap());
    let second = rig.service.policy_log(&rig.olga, &log(&next)).await.unwrap();
    assert_eq!((second.rows.len(), second.next), (5, None));
    assert_eq!(second.rows[4].changes[0].before, "10");
    assert!(second.previous.is_some());
    let forged = rig.service.policy_log(&rig.olga, &log("cursor=AAAA")).await.map(|_| ());
    assert_eq!(forged, Err(Refusal::BadRequest(BadRequest::Cursor)));
}

#[tokio::test]
async fn days_and_link_lifetime_are_fixed_at_sending() {
    let rig = Rig::new().await.unwrap();
    let (before, first) = invited(&rig, "before").await;
    set_policy(&rig, |policy| {
        policy.days = 3;
        policy.link_lifetime = model::policy::LinkLifetime::Hours(1);
    })
    .await;
    let (after, second) = invited(&rig, "after").await;
    assert_eq!(before.stop, after.stop.plus(7));
    rig.clock.advance(2 * 3_600_000);
    enrolled(&rig, &first.link()).await;
    assert!(rig.service.start(&second.link(), &client("192.0.2.9")).await.is_err());
}

#[tokio::test]
async fn window_and_parameters_are_read_at_start() {
    let rig = Rig::new().await.unwrap();
    let (_, message) = invited(&rig, "kim").await;
    set_policy(&rig, |policy| policy.window_minutes = 90).await;
    let cookie = rig.service.start(&message.link(), &client("192.0.2.9")).await.unwrap();
    assert_eq!(shown(&rig, &cookie).await.minutes_left, 90);
}

#[tokio::test]
async fn a_type_that_is_not_allowed_is_neither_offered_nor_provisioned() {
    let rig = Rig::new().await.unwrap();
    let user = rig.user("kim", "Kim", "Kim").await.unwrap();
    let order = order(&rig, &[user]).await;
    let form = PolicyForm { allowed_types: vec!["passkey".into()], ..opened(&rig).await };
    rig.service.change_policy(&rig.olga, &form).await.unwrap();
    assert!(rig.service.provision_choices(&rig.paul, None).await.unwrap().kinds.is_empty());
    let refused = Err(Refusal::Invalid(Problems::one("kind", Problem::NotAChoice)));
    assert_eq!(rig.service.provision(&rig.paul, &order).await.map(|_| ()), refused);
}

#[tokio::test]
async fn sender_organisation_and_code_length_are_in_the_next_message() {
    let rig = Rig::new().await.unwrap();
    let form = PolicyForm {
        organisation: "Contoso".into(),
        sender_name: "Contoso Desk".into(),
        sender_address: "desk@contoso.example".into(),
        code_length: "12".into(),
        ..opened(&rig).await
    };
    rig.service.change_policy(&rig.olga, &form).await.unwrap();
    invited(&rig, "kim").await;
    assert_eq!(mail(&rig, "kim").await.code().len(), 12);
    let mailbox = service::mail::memory::Memory::new();
    rig.post(&mailbox).drain().await.unwrap();
    let text = String::from_utf8_lossy(&mailbox.mails()[0].bytes).into_owned();
    assert!(text.contains("Contoso Desk") && text.contains("<desk@contoso.example>"), "{text}");
    assert_eq!(rig.service.host().await.unwrap().organisation, "Contoso");
}

#[tokio::test]
async fn a_changed_zone_counts_at_once_for_links_that_are_out() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.days = 1).await;
    let (_, message) = invited(&rig, "kim").await;
    // Noon on the 22nd in UTC; the stop date is the 23rd. At 12:30 UTC on the 23rd it is the 24th on Kiritimati.
    rig.clock.advance(24 * 3_600_000 + 30 * 60_000);
    let form = PolicyForm { time_zone: "Pacific/Kiritimati".into(), ..opened(&rig).await };
    rig.service.change_policy(&rig.olga, &form).await.unwrap();
    assert!(rig.service.start(&message.link(), &client("192.0.2.9")).await.is_err());
    let form = PolicyForm { time_zone: "UTC".into(), ..opened(&rig).await };
    rig.service.change_policy(&rig.olga, &form).await.unwrap();
    enrolled(&rig, &message.link()).await;
}
