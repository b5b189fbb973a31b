//! One user's enrollment in one task, as the console that answers without a database knows it.

use crate::fake::NOW;
use model::{
    authentication::AuthenticationType,
    enrollment::Status,
    policy::AlternateAddresses,
    resend::{UserTask, UserTaskRights},
};

/// Locked in task 8; its link is over for user 2, and another address is not allowed for user 3.
pub fn user_task(id: i64, task: i64) -> UserTask {
    let status = if task == 8 { Status::Locked } else { Status::Active };
    UserTask {
        id,
        user_id: "yamada.a".into(),
        name: "Aiko Yamada".into(),
        task,
        enrollment: 70,
        requester: "m.keller".into(),
        provisioned_to: "yamada.a@contoso.example".into(),
        start: NOW.day(),
        stop: NOW.day().plus(3),
        today: NOW.day(),
        status,
        kind: AuthenticationType::App,
        mail: None,
        notes: vec![],
        email: "yamada.a@contoso.example".into(),
        new_stop: NOW.day().plus(10),
        policy_stop: NOW.day().plus(10),
        again: None,
        day_is_full: false,
        link_lives: id != 2,
        disabled: false,
        alternate: if id == 3 { AlternateAddresses::Off } else { AlternateAddresses::Any },
        may: UserTaskRights { resend: true, redirect: true, manage: true },
        zone: "Europe/Vienna".into(),
        key: "key".into(),
    }
}
