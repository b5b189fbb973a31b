//! Provision: rights, review, the act, its result.

use crate::stage::{enrolled, form, mail, mails_to, set_policy};
use model::{
    Refusal,
    authentication::AuthenticationType,
    console::{Console, Import},
    forms::{PasteForm, ProvisionForm},
    problem::{Problem, Problems},
    refusal::Thing,
    rights::Right,
    task::{Obstacle, TaskQuery, TaskUserQuery},
};
use service::{
    Outlet, Parts, Service,
    clock::Fixed,
    ids::Seeded,
    keys::Keys,
    passwords::Passwords,
    testing::{NOON, Rig},
};
use std::sync::Arc;

async fn people(rig: &Rig, user_ids: &[&str]) -> Vec<i64> {
    let mut rows = Vec::new();
    for user_id in user_ids {
        rows.push(rig.user(user_id, "", "").await.unwrap());
    }
    rows
}

async fn tasks(rig: &Rig) -> usize {
    rig.service.tasks(&rig.paul, &TaskQuery::all()).await.unwrap().rows.len()
}

#[tokio::test]
async fn each_step_needs_its_right() {
    let rig = Rig::new().await.unwrap();
    let users = people(&rig, &["ann"]).await;
    let form = form(&rig, &users).await;
    let create = Some(Refusal::Forbidden(Right::ProvisioningCreate));
    for by in [&rig.hedy, &rig.audrey] {
        assert_eq!(rig.service.provision_choices(by, None).await.err(), create);
        assert_eq!(rig.service.review_provision(by, &form).await.err(), create);
        assert_eq!(rig.service.provision(by, &form).await.err(), create);
        assert_eq!(rig.service.provision_result(by, 1).await.err(), create);
    }
    assert_eq!(rig.service.provision(&rig.olga, &form).await.err(), Some(Refusal::SelectionGone), "another operator's selection");
    assert_eq!(tasks(&rig).await, 0);
}

#[tokio::test]
async fn the_choices_are_the_types_that_can_be_enrolled_and_the_policys_days() {
    let rig = Rig::new().await.unwrap();
    let choices = rig.service.provision_choices(&rig.paul, None).await.unwrap();
    assert_eq!(choices.kinds.iter().map(|choice| choice.kind).collect::<Vec<_>>(), [AuthenticationType::App]);
    assert_eq!((choices.kinds[0].stock, choices.kinds[0].reserved), (None, 0));
    assert_eq!(choices.default_stop.iso(), "2026-12-02");
    assert_eq!(choices.last_stop.iso(), "2027-11-23");
    let gone = rig.service.provision_choices(&rig.paul, Some("nothing")).await;
    assert_eq!(gone.err(), Some(Refusal::SelectionGone));
}

#[tokio::test]
async fn one_task_holds_everybody_and_each_gets_one_link() {
    Rig::everywhere(async |rig| {
        let users = people(&rig, &["cleo", "ann", "bob"]).await;
        let form = form(&rig, &users).await;
        let done = rig.service.provision(&rig.paul, &form).await?;
        assert_eq!((done.count, done.left_out.as_slice(), done.stop.iso().as_str()), (3, [].as_slice(), "2026-12-02"));
        let row = rig.service.tasks(&rig.paul, &TaskQuery::all()).await?.rows.remove(0);
        assert_eq!((row.operator.as_str(), row.emailed_to.as_str()), ("paul", "bob@people.example"), "the last in list order");
        assert_eq!((row.progress.active, row.start.iso().as_str()), (3, "2026-11-22"));
        for user_id in ["ann", "bob", "cleo"] {
            let mails = mails_to(&rig, &format!("{user_id}@people.example")).await;
            assert_eq!(mails.len(), 1);
            assert_eq!((mails[0].link().len(), mails[0].code().len()), (43, 8));
        }
        let users = rig.service.task(&rig.paul, done.task, &TaskUserQuery::default()).await?.users;
        assert_eq!(users.rows.iter().map(|row| row.user_id.as_str()).rev().collect::<Vec<_>>(), ["ann", "bob", "cleo"]);
        let result = rig.service.provision_result(&rig.paul, done.task).await?;
        assert_eq!((result.provisioned, result.waiting, result.sent), (done, 3, 0));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_same_form_twice_makes_one_task_and_another_content_is_refused() {
    Rig::everywhere(async |rig| {
        let users = people(&rig, &["ann", "bob"]).await;
        let form = form(&rig, &users).await;
        let first = rig.service.provision(&rig.paul, &form).await?;
        rig.clock.advance(20 * 60 * 60 * 1000);
        assert_eq!(rig.service.provision(&rig.paul, &form).await?, first, "the first answer");
        let other = ProvisionForm { description: "x".into(), ..form };
        assert_eq!(rig.service.provision(&rig.paul, &other).await, Err(Refusal::KeyReused));
        assert_eq!(tasks(&rig).await, 1);
        assert_eq!(mails_to(&rig, "ann@people.example").await.len(), 1);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_makes_one_task() {
    Rig::everywhere(async |rig| {
        let users = people(&rig, &["ann", "bob"]).await;
        let form = form(&rig, &users).await;
        let clicks = (0..8).map(|_| {
            let (service, by, form) = (rig.service.clone(), rig.paul.clone(), form.clone());
            tokio::spawn(async move { service.provision(&by, &form).await })
        });
        let mut answers = Vec::new();
        for click in clicks.collect::<Vec<_>>() {
            answers.push(click.await.unwrap()?);
        }
        answers.dedup();
        assert_eq!((answers.len(), tasks(&rig).await), (1, 1));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_operators_at_once_do_it_once_and_the_second_is_told() {
    Rig::everywhere(async |rig| {
        let users = people(&rig, &["ann", "bob", "cleo", "dora"]).await;
        let mut forms = Vec::new();
        for _ in 0..6 {
            forms.push(form(&rig, &users).await);
        }
        let acts = forms.into_iter().map(|form| {
            let (service, by) = (rig.service.clone(), rig.paul.clone());
            tokio::spawn(async move { service.provision(&by, &form).await })
        });
        let (mut done, mut refused) = (Vec::new(), 0);
        for act in acts.collect::<Vec<_>>() {
            match act.await.unwrap() {
                Ok(provisioned) => done.push(provisioned.count),
                Err(Refusal::NobodyLeft) => refused += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((done.as_slice(), refused, tasks(&rig).await), ([4].as_slice(), 5, 1));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_review_says_what_stands_in_the_way_and_overriding_is_by_reason() {
    Rig::everywhere(async |rig| {
        let users = people(&rig, &["ann", "bob", "cleo", "dora"]).await;
        let first = rig.service.provision(&rig.paul, &form(&rig, &users[..2]).await).await?;
        enrolled(&rig, &mail(&rig, "bob").await.link()).await;
        let button = model::forms::ButtonForm { key: rig.key() };
        rig.service.set_user_enabled(&rig.olga, users[2], false, &button).await?;
        let mut form = form(&rig, &users).await;
        let review = rig.service.review_provision(&rig.paul, &form).await?;
        assert_eq!((review.selected, review.provisioned), (4, 1));
        let obstacles = [(Obstacle::Disabled, 1, false), (Obstacle::HasOpen, 1, false), (Obstacle::HasType, 1, false)];
        assert_eq!(review.obstacles, obstacles);
        let ann = review.people.iter().find(|row| row.user_id == "ann").unwrap();
        assert_eq!((ann.obstacle, ann.instead), (Obstacle::HasOpen, Some(first.task)), "extend that task instead");
        form.over = vec!["has_open".into(), "has_type".into()];
        let review = rig.service.review_provision(&rig.paul, &form).await?;
        let obstacles = [(Obstacle::Disabled, 1, false), (Obstacle::HasOpen, 1, true), (Obstacle::HasType, 1, true)];
        assert_eq!((review.provisioned, review.obstacles), (3, obstacles.to_vec()));
        form.key = review.key;
        let done = rig.service.provision(&rig.paul, &form).await?;
        assert_eq!((done.count, done.left_out), (3, vec![(Obstacle::Disabled, 1)]));
        assert_eq!(mails_to(&rig, "ann@people.example").await.len(), 2);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn nobody_left_makes_no_task() {
    let rig = Rig::new().await.unwrap();
    let users = people(&rig, &["ann"]).await;
    rig.service.provision(&rig.paul, &form(&rig, &users).await).await.unwrap();
    let again = form(&rig, &users).await;
    assert_eq!(rig.service.provision(&rig.paul, &again).await, Err(Refusal::NobodyLeft));
    assert_eq!(rig.service.provision(&rig.paul, &again).await, Err(Refusal::NobodyLeft), "and the key is still free");
    assert_eq!(tasks(&rig).await, 1);
}

#[tokio::test]
async fn an_expired_enrollment_counts_as_open() {
    let rig = Rig::new().await.unwrap();
    let users = people(&rig, &["ann"]).await;
    let first = rig.service.provision(&rig.paul, &form(&rig, &users).await).await.unwrap();
    rig.clock.advance(11 * 24 * 60 * 60 * 1000);
    let review = rig.service.review_provision(&rig.paul, &form(&rig, &users).await).await.unwrap();
    assert_eq!((review.people[0].obstacle, review.people[0].instead), (Obstacle::HasOpen, Some(first.task)));
}

#[tokio::test]
async fn a_forged_order_changes_nothing() {
    let rig = Rig::new().await.unwrap();
    let users = people(&rig, &["ann"]).await;
    let good = form(&rig, &users).await;
    let one = |field: &str, problem| Err(Refusal::Invalid(Problems::one(field, problem)));
    let today = model::day::Day::parse("2026-11-22").unwrap();
    for (bad, refusal) in [
        (ProvisionForm { kind: "email".into(), ..good.clone() }, one("kind", Problem::NotAChoice)),
        (ProvisionForm { kind: String::new(), ..good.clone() }, one("kind", Problem::NotAChoice)),
        (ProvisionForm { kind: "passkey".into(), ..good.clone() }, Err(Refusal::TypeUnavailable)),
        (ProvisionForm { stop_on: "2026-11-21".into(), ..good.clone() }, one("stop_on", Problem::PastDay { today })),
        (
            ProvisionForm { stop_on: "2027-11-24".into(), ..good.clone() },
            one("stop_on", Problem::DayTooFar { last: today.plus(366) }),
        ),
        (ProvisionForm { stop_on: "tomorrow".into(), ..good.clone() }, one("stop_on", Problem::NotADay)),
        (ProvisionForm { description: "a\nb".into(), ..good.clone() }, one("description", Problem::ControlCharacter)),
        (ProvisionForm { over: vec!["no_email".into()], ..good.clone() }, one("over", Problem::NotAChoice)),
        (ProvisionForm { selection: "' or 1=1".into(), ..good.clone() }, Err(Refusal::SelectionGone)),
    ] {
        assert_eq!(rig.service.provision(&rig.paul, &bad).await, refusal, "{bad:?}");
    }
    assert!(rig.service.provision(&rig.paul, &ProvisionForm { key: String::new(), ..good.clone() }).await.is_err());
    assert_eq!(tasks(&rig).await, 0);
    rig.service.provision(&rig.paul, &good).await.unwrap();
}

#[tokio::test]
async fn the_result_is_for_who_did_it_and_for_who_may_manage() {
    let rig = Rig::new().await.unwrap();
    let users = people(&rig, &["ann"]).await;
    let done = rig.service.provision(&rig.paul, &form(&rig, &users).await).await.unwrap();
    let mut peter = rig.paul.clone();
    peter.id = rig.hedy.id;
    peter.rights = [Right::ProvisioningCreate].into_iter().collect();
    assert_eq!(rig.service.provision_result(&peter, done.task).await.err(), Some(Refusal::NotFound(Thing::Task)));
    assert!(rig.service.provision_result(&rig.olga, done.task).await.is_ok());
    assert_eq!(rig.service.provision_result(&rig.olga, 999).await.err(), Some(Refusal::NotFound(Thing::Task)));
}

#[tokio::test]
async fn shared_addresses_are_noted_and_hinder_nothing() {
    let rig = Rig::new().await.unwrap();
    let mut users = people(&rig, &["ann"]).await;
    for user_id in ["bob", "cleo"] {
        let form = model::forms::UserForm { email: "Desk@people.example".into(), ..rig.form(user_id, "", "") };
        users.push(rig.service.add_user(&rig.olga, &form).await.unwrap());
    }
    let review = rig.service.review_provision(&rig.paul, &form(&rig, &users).await).await.unwrap();
    assert_eq!((review.provisioned, review.shared_addresses), (3, 2));
}

#[tokio::test]
async fn where_nothing_can_be_sent_it_is_said_before_and_nothing_is_made() {
    let rig = Rig::new().await.unwrap();
    let users = people(&rig, &["ann"]).await;
    let form = form(&rig, &users).await;
    let ids = Arc::new(Seeded::new(5));
    let mute = Service::new(Parts {
        db: rig.service.db().clone(),
        clock: Arc::new(Fixed::at(NOON)),
        ids: ids.clone(),
        keys: Keys::new(&[7; 32]),
        passwords: Passwords::quick(&*ids).unwrap(),
        outlet: Outlet { obstacle: Some("There is no folder for mail.".into()), ..Outlet::default() },
        base_url: "http://localhost:3000".into(),
    });
    assert!(mute.review_provision(&rig.paul, &form).await.unwrap().no_mail.is_some());
    assert_eq!(mute.provision(&rig.paul, &form).await, Err(Refusal::NoMail));
    assert_eq!(tasks(&rig).await, 0);
}

#[tokio::test]
async fn two_thousand_users_are_one_act() {
    Rig::everywhere(async |rig| {
        let lines: String = (0..2_000).map(|n| format!("user{n},First,Last{n},user{n}@people.example,,,\n")).collect();
        let file = format!("user_id,first_name,last_name,email,mobile,container,language\n{lines}");
        rig.service.import_users(&rig.olga, file.as_bytes(), &Import::default()).await?;
        let user_ids: String = (0..2_000).map(|n| format!("user{n}\n")).collect();
        let paste = PasteForm { user_ids, key: rig.key() };
        let selection = rig.service.paste_users(&rig.paul, &paste).await?.selection;
        let form = ProvisionForm { selection, kind: "app".into(), key: rig.key(), ..ProvisionForm::default() };
        let done = rig.service.provision(&rig.paul, &form).await?;
        assert_eq!(done.count, 2_000);
        let mut tx = rig.service.db().read().await?;
        assert!(tx.miscounted(done.task).await?.is_empty());
        assert_eq!(tx.task_mail(done.task).await?.waiting, 2_000);
        drop(tx);
        enrolled(&rig, &mail(&rig, "user1999").await.link()).await;
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn codes_are_as_long_as_the_policy_says() {
    let rig = Rig::new().await.unwrap();
    set_policy(&rig, |policy| policy.code_length = 16).await;
    let users = people(&rig, &["ann"]).await;
    rig.service.provision(&rig.paul, &form(&rig, &users).await).await.unwrap();
    assert_eq!(mail(&rig, "ann").await.code().len(), 16);
}
