//! Operators, as the command line manages them.

use model::{
    Refusal,
    console::Console,
    forms::ButtonForm,
    operator::RoleForm,
    problem::{Problem, Problems},
    refusal::Thing,
};
use service::{operators::NewOperator, testing::Rig};

fn new(user_id: &str) -> NewOperator {
    NewOperator {
        user_id: user_id.into(),
        name: String::new(),
        email: "x@console.example".into(),
        role: "Help Desk".into(),
        password: "a long password".into(),
    }
}

#[tokio::test]
async fn every_bad_field_of_a_new_operator_is_named() {
    Rig::everywhere(async |rig| {
        let bad = NewOperator { email: "nobody".into(), password: "short".into(), ..new("a/b") };
        let Err(Refusal::Invalid(problems)) = rig.service.add_operator(&bad).await else { panic!("accepted") };
        let fields: Vec<_> = problems.0.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["user_id", "email", "password"]);
        let role = NewOperator { role: "King".into(), ..new("kim") };
        assert_eq!(rig.service.add_operator(&role).await, Err(Problems::one("role", Problem::NotAChoice).into()));
        assert_eq!(rig.service.add_operator(&new("OLGA")).await, Err(Problems::one("user_id", Problem::OperatorTaken).into()));
        assert!(rig.service.add_operator(&new("kim")).await? > 0);
        Ok(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_last_operator_cannot_be_disabled() {
    let rig = Rig::new().await.unwrap();
    assert!(!rig.service.disable_operator("olga").await.unwrap());
    rig.service.add_operator(&NewOperator { role: "Operator".into(), ..new("otto") }).await.unwrap();
    assert!(rig.service.disable_operator("olga").await.unwrap());
    assert!(!rig.service.disable_operator("olga").await.unwrap());
    assert!(!rig.service.disable_operator("otto").await.unwrap());
    assert_eq!(rig.service.disable_operator("nobody").await, Err(Problems::one("user_id", Problem::NotAChoice).into()));
}

#[tokio::test]
async fn a_name_that_no_role_can_have_is_that_of_no_role() {
    Rig::everywhere(async |rig| {
        let form = RoleForm { rights: vec!["users.view".into()], version: "1".into(), key: rig.key(), ..RoleForm::default() };
        let not_found = Err(Refusal::NotFound(Thing::Role));
        assert_eq!(rig.service.edit_role(&rig.olga, "\0", &form).await, not_found);
        assert_eq!(rig.service.remove_role(&rig.olga, "\0", &ButtonForm { key: rig.key() }).await, not_found);
        assert_eq!(rig.service.end_session(&rig.olga, "\0", &ButtonForm { key: rig.key() }).await, Ok(()));
        Ok(())
    })
    .await
    .unwrap();
}
