//! What tests of provisioning and enrolling begin with: people with tasks, their mails, and an authenticator app.

use model::{
    console::Console,
    edit::EditTaskForm,
    enrolling::{Enrolling, Step},
    forms::{ProvisionForm, SelectForm, VerifyForm},
    policy::Policy,
    task::Provisioned,
};
use service::{
    Service,
    keys::Keys,
    mail::letter::{Secrets, unseal},
    testing::{Rig, client},
};
use std::sync::Arc;
use store::{Tx, instance::PolicyChange};

/// One message, as its reader will see it.
#[derive(Clone, Debug)]
pub struct Mailed {
    pub kind: String,
    pub state: String,
    secrets: Secrets,
}

impl Mailed {
    pub fn link(&self) -> String {
        self.secrets.link.clone().expect("a link")
    }

    pub fn code(&self) -> String {
        self.secrets.code.clone().expect("a code")
    }

    /// Its link and code are no longer kept.
    pub fn is_wiped(&self) -> bool {
        self.secrets == Secrets::default()
    }
}

/// Every message to an address, oldest first.
pub async fn mails_to(rig: &Rig, address: &str) -> Vec<Mailed> {
    let mut tx = rig.service.db().read().await.unwrap();
    let messages = tx.sealed_messages_to(address).await.unwrap();
    let open = |message: store::testing::SealedMessage| Mailed {
        secrets: unseal(&Keys::new(&[7; 32]), &message.message_id, message.generation, message.secret.as_deref()).unwrap(),
        kind: message.kind,
        state: message.state,
    };
    messages.into_iter().map(open).collect()
}

/// The newest message to a user of the rig.
pub async fn mail(rig: &Rig, user_id: &str) -> Mailed {
    mails_to(rig, &format!("{}@people.example", user_id.to_lowercase())).await.pop().expect("a message")
}

/// A selection of Paul's.
pub async fn selection(rig: &Rig, users: &[i64]) -> String {
    let rows: Vec<String> = users.iter().map(i64::to_string).collect();
    let form = SelectForm { shown: rows.clone(), select: rows, act: "keep".into(), key: rig.key(), ..SelectForm::default() };
    rig.service.select_users(&rig.paul, &form).await.unwrap().selection.expect("a selection")
}

/// A filled form for an authenticator app.
pub async fn form(rig: &Rig, users: &[i64]) -> ProvisionForm {
    ProvisionForm { selection: selection(rig, users).await, kind: "app".into(), key: rig.key(), ..ProvisionForm::default() }
}

/// Adds a user and provisions an authenticator app to them; answers the task and the message.
pub async fn invited(rig: &Rig, user_id: &str) -> (Provisioned, Mailed) {
    let user = rig.user(user_id, "Aiko", "Yamada").await.unwrap();
    let form = form(rig, &[user]).await;
    let provisioned = rig.service.provision(&rig.paul, &form).await.unwrap();
    (provisioned, mail(rig, user_id).await)
}

/// What the page of a session shows an authenticator app.
#[derive(Clone, Debug)]
pub struct Shown {
    pub key: String,
    pub address: String,
    pub attempts_left: u8,
    pub minutes_left: u16,
}

/// The page of a session in its first step.
pub async fn shown(rig: &Rig, cookie: &str) -> Shown {
    match rig.service.session(cookie).await.unwrap().step {
        Step::App { key, address, attempts_left, minutes_left, qr, digits, .. } => {
            assert!(qr.len() > 20 && digits == 6);
            Shown { key, address, attempts_left, minutes_left }
        }
        other => panic!("not the first step: {other:?}"),
    }
}

/// The code of a key at the rig's time, shifted by so many milliseconds, by an app that is not ours.
pub fn code_of(rig: &Rig, key: &str, shift: i64) -> VerifyForm {
    use service::clock::Clock;
    let secret = totp_rs::Secret::try_from_base32(key.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    VerifyForm { code: totp.generate((rig.clock.now() + shift) as u64 / 1000).to_string() }
}

/// A code that is wrong for every time step near now.
pub fn wrong_code(rig: &Rig, key: &str) -> VerifyForm {
    let near: Vec<String> = [-30_000, 0, 30_000].map(|shift| code_of(rig, key, shift).code).to_vec();
    let code = (0..).map(|n| format!("{n:06}")).find(|code| !near.contains(code)).unwrap();
    VerifyForm { code }
}

/// Goes the whole way from a link, and answers the cookie and the serial number.
pub async fn enrolled(rig: &Rig, link: &str) -> (String, String) {
    let client = client("198.51.100.7");
    let cookie = rig.service.start(link, &client).await.unwrap();
    let key = shown(rig, &cookie).await.key;
    rig.service.verify(&cookie, &code_of(rig, &key, 0), &client).await.unwrap();
    match rig.service.session(&cookie).await.unwrap().step {
        Step::Done { serial, .. } => (cookie, serial),
        other => panic!("not done: {other:?}"),
    }
}

/// Changes the policy.
pub async fn set_policy(rig: &Rig, change: impl FnOnce(&mut Policy)) {
    let mut tx = rig.service.db().write().await.unwrap();
    let (version, mut policy) = match tx.policy().await.unwrap() {
        Some((version, document)) => (version, serde_json::from_str(&document).unwrap()),
        None => (0, Policy::default()),
    };
    change(&mut policy);
    let after = serde_json::to_string(&policy).unwrap();
    let change = PolicyChange { at: 0, operator: None, operator_name: "test", before: "{}", after: &after };
    assert!(tx.replace_policy(version, change).await.unwrap());
    tx.commit().await.unwrap();
}

/// What no use case does, to either database.
pub async fn sql(rig: &Rig, sql: &'static str) {
    let mut tx = rig.service.db().write().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop).unwrap(),
        Tx::Postgres(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop).unwrap(),
    }
    tx.commit().await.unwrap();
}

/// The one enrollment of a user who has one.
pub async fn enrollment_of(tx: &mut Tx, user: i64) -> i64 {
    tx.open_enrollments_of(user).await.unwrap()[0]
}

/// Gives everybody in a task another stop date.
pub async fn stop_moved(rig: &Rig, task: i64, version: i64, day: &str) {
    let form = EditTaskForm {
        act: "apply".into(),
        scope: "all".into(),
        stop_on: day.into(),
        version: version.to_string(),
        key: rig.key(),
        ..EditTaskForm::default()
    };
    rig.service.edit_task(&rig.paul, task, &form).await.unwrap();
}

/// Four nodes look at the stop dates at the same time.
pub async fn nodes_look_at_once(rig: &Rig) {
    let node = |service: Arc<Service>| tokio::spawn(async move { service.tell_of_stop_dates().await });
    let looks: Vec<_> = (0..4).map(|_| node(rig.service.clone())).collect();
    for look in looks {
        look.await.unwrap().unwrap();
    }
}
