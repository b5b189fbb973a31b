//! Operators and roles as the console manages them.

use model::{
    Answer, Refusal,
    actor::Actor,
    console::Console,
    form::Fields,
    forms::{ButtonForm, SignInForm},
    operator::{OperatorForm, OperatorQuery, ResetForm, RoleForm},
    problem::{Problem, Problems},
    query::Query,
    refusal::Thing,
    rights::{BuiltIn, Right, Rights},
};
use service::testing::{PASSWORD, Rig, client};
use store::audit::Subject;

fn new(rig: &Rig, user_id: &str, role: &str) -> OperatorForm {
    OperatorForm {
        user_id: user_id.into(),
        name: user_id.into(),
        email: format!("{user_id}@console.example"),
        role: role.into(),
        password: PASSWORD.into(),
        key: rig.key(),
        ..OperatorForm::default()
    }
}

fn role(rig: &Rig, name: &str, rights: &[Right]) -> RoleForm {
    let rights = rights.iter().map(|right| right.name().to_owned()).collect();
    RoleForm { name: name.into(), rights, version: String::new(), key: rig.key() }
}

fn button(rig: &Rig) -> ButtonForm {
    ButtonForm { key: rig.key() }
}

async fn sign_in(rig: &Rig, user_id: &str, password: &str) -> Answer<String> {
    let form = SignInForm { user_id: user_id.into(), password: password.into(), to: String::new() };
    rig.service.sign_in(&form, &client("192.0.2.1"), "a browser", None).await
}

async fn actor(rig: &Rig, user_id: &str) -> Actor {
    let secret = sign_in(rig, user_id, PASSWORD).await.unwrap();
    rig.service.operator(&secret, &client("192.0.2.1")).await.unwrap().expect("a session")
}

/// An operator with a role of these rights.
async fn with_rights(rig: &Rig, user_id: &str, rights: &[Right]) -> Actor {
    rig.service.new_role(&rig.olga, &role(rig, &format!("Role of {user_id}"), rights)).await.unwrap();
    rig.service.new_operator(&rig.olga, &new(rig, user_id, &format!("Role of {user_id}"))).await.unwrap();
    actor(rig, user_id).await
}

async fn edited(rig: &Rig, id: i64, change: impl FnOnce(&mut OperatorForm)) -> OperatorForm {
    let mut form = rig.service.operator_detail(&rig.olga, Some(id)).await.unwrap().form;
    change(&mut form);
    form
}

#[tokio::test]
async fn an_operator_is_added_once_listed_changed_and_audited_without_a_password() {
    Rig::everywhere(async |rig| {
        let form = new(&rig, "kim", "Help Desk");
        let kim = rig.service.new_operator(&rig.olga, &form).await?;
        assert_eq!(rig.service.new_operator(&rig.olga, &form).await?, kim);
        let taken = Err(Refusal::Invalid(Problems::one("user_id", Problem::OperatorTaken)));
        assert_eq!(rig.service.new_operator(&rig.olga, &new(&rig, "KIM", "Auditor")).await, taken);
        assert!(sign_in(&rig, "kim", PASSWORD).await.is_ok());

        let first = edited(&rig, kim, |form| form.role = "Auditor".into()).await;
        let second = edited(&rig, kim, |form| form.name = "Kim Kim".into()).await;
        rig.service.edit_operator(&rig.olga, kim, &first).await?;
        rig.service.edit_operator(&rig.olga, kim, &first).await?;
        assert_eq!(rig.service.edit_operator(&rig.olga, kim, &second).await, Err(Refusal::Stale));
        let query = OperatorQuery::read(&Fields::default()).unwrap();
        let list = rig.service.operators(&rig.olga, &query).await?;
        let row = list.rows.iter().find(|row| row.id == kim).unwrap();
        assert_eq!((row.role.as_str(), row.enabled, row.signed_in.is_some()), ("Auditor", true, true));
        assert_eq!(
            list.rows.iter().map(|row| row.user_id.as_str()).collect::<Vec<_>>(),
            ["audrey", "hedy", "kim", "olga", "paul"]
        );

        let mut tx = rig.service.db().read().await?;
        let trail = tx.audit_of(Subject::Operator(kim), None, 10).await?;
        assert!(trail.iter().all(|entry| !format!("{entry:?}").contains(PASSWORD)));
        let edit = trail.iter().find(|entry| entry.verb == "operator.edit").unwrap();
        assert!(edit.before.as_deref().unwrap().contains("Help Desk") && edit.after.as_deref().unwrap().contains("Auditor"));
        assert_eq!(trail.iter().filter(|entry| entry.verb == "operator.edit").count(), 1);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_disabled_operator_is_out_at_once_and_in_again_when_enabled() {
    Rig::everywhere(async |rig| {
        let secret = sign_in(&rig, "paul", PASSWORD).await?;
        let form = button(&rig);
        rig.service.set_operator_enabled(&rig.olga, rig.paul.id, false, &form).await?;
        rig.service.set_operator_enabled(&rig.olga, rig.paul.id, false, &form).await?;
        assert_eq!(rig.service.operator(&secret, &client("192.0.2.1")).await?, None);
        assert_eq!(sign_in(&rig, "paul", PASSWORD).await, Err(Refusal::SignInFailed));
        rig.service.set_operator_enabled(&rig.olga, rig.paul.id, true, &button(&rig)).await?;
        assert!(sign_in(&rig, "paul", PASSWORD).await.is_ok());
        let nobody = rig.service.set_operator_enabled(&rig.olga, 9_999, true, &button(&rig)).await;
        assert_eq!(nobody, Err(Refusal::NotFound(Thing::Operator)));
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn another_password_ends_every_session_and_leaves_a_disabled_operator_disabled() {
    let rig = Rig::new().await.unwrap();
    let secret = sign_in(&rig, "paul", PASSWORD).await.unwrap();
    let reset = |password: &str| ResetForm { password: password.into(), key: rig.key() };
    rig.service.reset_password(&rig.olga, rig.paul.id, &reset("another good password")).await.unwrap();
    assert_eq!(rig.service.operator(&secret, &client("192.0.2.1")).await.unwrap(), None);
    assert!(sign_in(&rig, "paul", "another good password").await.is_ok());
    let short = Err(Refusal::Invalid(Problems::one("password", Problem::TooShort { least: 12 })));
    assert_eq!(rig.service.reset_password(&rig.olga, rig.paul.id, &reset("short")).await, short);
    assert_eq!(rig.service.reset_password(&rig.olga, rig.olga.id, &reset(PASSWORD)).await, Err(Refusal::OwnPassword));
    rig.service.set_operator_enabled(&rig.olga, rig.paul.id, false, &button(&rig)).await.unwrap();
    rig.service.reset_password(&rig.olga, rig.paul.id, &reset("a third good password")).await.unwrap();
    assert_eq!(sign_in(&rig, "paul", "a third good password").await, Err(Refusal::SignInFailed));
}

#[tokio::test]
async fn a_changed_role_counts_from_the_next_request() {
    let rig = Rig::new().await.unwrap();
    let secret = sign_in(&rig, "paul", PASSWORD).await.unwrap();
    let form = edited(&rig, rig.paul.id, |form| form.role = "Auditor".into()).await;
    rig.service.edit_operator(&rig.olga, rig.paul.id, &form).await.unwrap();
    let now = rig.service.operator(&secret, &client("192.0.2.1")).await.unwrap().unwrap();
    assert_eq!(now.rights, BuiltIn::Auditor.rights());
}

#[tokio::test]
async fn the_last_operator_can_be_neither_disabled_nor_given_another_role() {
    let rig = Rig::new().await.unwrap();
    let demote = edited(&rig, rig.olga.id, |form| form.role = "Auditor".into()).await;
    assert_eq!(rig.service.edit_operator(&rig.olga, rig.olga.id, &demote).await, Err(Refusal::LastOperator));
    let disable = rig.service.set_operator_enabled(&rig.olga, rig.olga.id, false, &button(&rig)).await;
    assert_eq!(disable, Err(Refusal::LastOperator));
    // A disabled one does not count.
    let otto = rig.service.new_operator(&rig.olga, &new(&rig, "otto", "Operator")).await.unwrap();
    rig.service.set_operator_enabled(&rig.olga, otto, false, &button(&rig)).await.unwrap();
    assert_eq!(rig.service.edit_operator(&rig.olga, rig.olga.id, &demote).await, Err(Refusal::LastOperator));
    rig.service.set_operator_enabled(&rig.olga, otto, true, &button(&rig)).await.unwrap();
    rig.service.edit_operator(&rig.olga, rig.olga.id, &demote).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_operators_who_shut_each_other_out_at_once_one_stays() {
    Rig::everywhere(async |rig| {
        let otto = rig.service.new_operator(&rig.olga, &new(&rig, "otto", "Operator")).await?;
        let oona = rig.service.new_operator(&rig.olga, &new(&rig, "oona", "Operator")).await?;
        let demote = edited(&rig, otto, |form| form.role = "Auditor".into()).await;
        let (first, second) = (button(&rig), button(&rig));
        let (a, b, c) = futures::join!(
            rig.service.set_operator_enabled(&rig.olga, rig.olga.id, false, &first),
            rig.service.edit_operator(&rig.olga, otto, &demote),
            rig.service.set_operator_enabled(&rig.olga, oona, false, &second),
        );
        assert_eq!([a, b, c].iter().filter(|done| **done == Err(Refusal::LastOperator)).count(), 1);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn nobody_grants_a_right_they_lack_nor_reaches_who_may_more() {
    let rig = Rig::new().await.unwrap();
    let mia = with_rights(&rig, "mia", &[Right::OperatorsManage, Right::UsersView]).await;
    let lacking = Right::ProvisioningCreate;
    // By giving a role.
    assert_eq!(rig.service.new_operator(&mia, &new(&rig, "x", "Provisioning")).await, Err(Refusal::Forbidden(lacking)));
    assert!(matches!(rig.service.new_operator(&mia, &new(&rig, "x", "Operator")).await, Err(Refusal::Forbidden(_))));
    // By making or changing one.
    let made = rig.service.new_role(&mia, &role(&rig, "More", &[Right::UsersView, lacking])).await;
    assert_eq!(made, Err(Refusal::Forbidden(lacking)));
    let own = RoleForm { version: "1".into(), ..role(&rig, "", &[Right::OperatorsManage, Right::UsersView, lacking]) };
    assert_eq!(rig.service.edit_role(&mia, "Role of mia", &own).await, Err(Refusal::Forbidden(lacking)));
    // By taking over somebody who has it.
    let reset = ResetForm { password: "another good password".into(), key: rig.key() };
    assert!(matches!(rig.service.reset_password(&mia, rig.olga.id, &reset).await, Err(Refusal::Forbidden(_))));
    let disable = rig.service.set_operator_enabled(&mia, rig.paul.id, false, &button(&rig)).await;
    assert_eq!(disable, Err(Refusal::Forbidden(lacking)));
    assert!(matches!(rig.service.operator_detail(&mia, Some(rig.paul.id)).await, Err(Refusal::Forbidden(_))));
    let form = edited(&rig, mia.id, |form| form.role = "Operator".into()).await;
    assert!(matches!(rig.service.edit_operator(&mia, mia.id, &form).await, Err(Refusal::Forbidden(_))));
    // What she holds she can give, and only that is offered.
    rig.service.new_role(&mia, &role(&rig, "Less", &[Right::UsersView])).await.unwrap();
    rig.service.new_operator(&mia, &new(&rig, "leo", "Less")).await.unwrap();
    assert_eq!(rig.service.operator_detail(&mia, None).await.unwrap().roles, ["Less", "Role of mia"]);
}

#[tokio::test]
async fn a_role_is_added_changed_and_removed_while_nobody_has_it() {
    Rig::everywhere(async |rig| {
        let night = role(&rig, "Night desk", &[Right::UsersView]);
        rig.service.new_role(&rig.olga, &night).await?;
        rig.service.new_role(&rig.olga, &night).await?;
        let taken = Err(Refusal::Invalid(Problems::one("name", Problem::RoleTaken)));
        assert_eq!(rig.service.new_role(&rig.olga, &role(&rig, "Night desk", &[Right::UsersView])).await, taken);
        let kim = rig.service.new_operator(&rig.olga, &new(&rig, "kim", "Night desk")).await?;
        let more = RoleForm { version: "1".into(), ..role(&rig, "", &[Right::UsersView, Right::TokensView]) };
        rig.service.edit_role(&rig.olga, "Night desk", &more).await?;
        assert_eq!(actor(&rig, "kim").await.rights, [Right::UsersView, Right::TokensView].into_iter().collect::<Rights>());
        let stale = RoleForm { version: "1".into(), ..role(&rig, "", &[Right::UsersView]) };
        assert_eq!(rig.service.edit_role(&rig.olga, "Night desk", &stale).await, Err(Refusal::Stale));

        let remove = async || rig.service.remove_role(&rig.olga, "Night desk", &button(&rig)).await;
        assert_eq!(remove().await, Err(Refusal::RoleInUse));
        let form = edited(&rig, kim, |form| form.role = "Auditor".into()).await;
        rig.service.edit_operator(&rig.olga, kim, &form).await?;
        remove().await?;
        assert_eq!(remove().await, Err(Refusal::NotFound(Thing::Role)));
        let names: Vec<_> = rig.service.roles(&rig.olga).await?.into_iter().map(|role| role.name).collect();
        assert_eq!(names, ["Operator", "Provisioning", "Help Desk", "Auditor"]);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_built_in_role_is_as_it_is() {
    let rig = Rig::new().await.unwrap();
    for built_in in BuiltIn::ALL {
        let form = RoleForm { version: "1".into(), ..role(&rig, "", &[Right::UsersView]) };
        assert_eq!(rig.service.edit_role(&rig.olga, built_in.name(), &form).await, Err(Refusal::BuiltInRole));
        let removed = rig.service.remove_role(&rig.olga, built_in.name(), &button(&rig)).await;
        assert_eq!(removed, Err(Refusal::BuiltInRole));
    }
}

#[tokio::test]
async fn a_password_in_a_form_is_not_kept_as_a_hash_that_can_be_guessed() {
    use sha2::{Digest, Sha256};
    let rig = Rig::new().await.unwrap();
    let form = ResetForm { password: "another good password".into(), key: rig.key() };
    rig.service.reset_password(&rig.olga, rig.paul.id, &form).await.unwrap();
    let mut hash = Sha256::new();
    let about = format!("operator.reset {}", rig.paul.id);
    for part in [about.as_str(), "password", &form.password, "key", &form.key] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut tx = rig.service.db().write().await.unwrap();
    let found = tx.begin_form(rig.olga.id, &form.key, &hash.finalize(), 0).await.unwrap();
    assert_eq!(found, store::idempotency::FormKey::OtherContent);
}
