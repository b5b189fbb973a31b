//! Operators, as the command line manages them.

use model::{
    Refusal,
    problem::{Problem, Problems},
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
