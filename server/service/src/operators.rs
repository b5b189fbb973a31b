//! Operators. Here as the command line adds, disables and resets them, in the audit trail under "Command line"; in `change` and
//! `roles` as the console does, under whoever did it.

pub(crate) mod change;
pub(crate) mod list;
pub(crate) mod roles;

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{
    Answer, Refusal,
    operator::password,
    problem::{Problem, Problems},
    text, user,
};
use serde_json::json;
use store::{
    Constraint, Error, Tx,
    audit::{Entry, Subject},
    operators,
};

/// An operator to be added.
#[derive(Clone, Default)]
pub struct NewOperator {
    /// UserID.
    pub user_id: String,
    /// Name; empty for the UserID.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The role's name.
    pub role: String,
    /// The password, 12 characters or more.
    pub password: String,
}

impl Service {
    /// Adds an operator and answers their row.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for fields `user_id`, `email`, `role`, `password`; a taken UserID included.
    pub async fn add_operator(&self, new: &NewOperator) -> Answer<i64> {
        self.answer(add(self, new).await)
    }

    /// Disables an operator; their sessions end at once. False when they are disabled already, or are the last of role Operator.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for field `user_id` when nobody has it.
    pub async fn disable_operator(&self, user_id: &str) -> Answer<bool> {
        self.answer(disable(self, user_id).await)
    }

    /// Gives an operator another password and enables them; their sessions end at once and their limits are full again.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for fields `user_id` and `password`.
    pub async fn reset_operator(&self, user_id: &str, password: &str) -> Answer<()> {
        self.answer(reset(self, user_id, password).await)
    }

    /// Can anybody sign in? A fresh installation says how to add the first operator.
    ///
    /// # Errors
    /// Accidents only.
    pub async fn has_operators(&self) -> Answer<bool> {
        let asked = async { Ok(self.db.read().await?.has_operators().await?) };
        self.answer(asked.await)
    }
}

async fn add(service: &Service, new: &NewOperator) -> Outcome<i64> {
    let mut problems = Problems::default();
    let user_id = problems.keep("user_id", user::user_id(&new.user_id)).unwrap_or_default();
    let name = problems.keep("name", text::line(&new.name, 100)).unwrap_or_default();
    let email = problems.keep("email", user::email(&new.email)).unwrap_or_default();
    problems.keep("password", password(&new.password));
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let password_hash = service.passwords.hash_in_turn(&new.password, &*service.ids).await?;
    let name = if name.is_empty() { user_id.clone() } else { name };
    let now = service.clock.now();
    let mut tx = service.db.write().await?;
    if !tx.has_role(&new.role).await? {
        return Err(Problems::one("role", Problem::NotAChoice).into());
    }
    let row = operators::NewOperator {
        user_id: &user_id,
        user_key: &text::user_key(&user_id),
        name: &name,
        email: &email,
        role: &new.role,
        password_hash: &password_hash,
    };
    let id = tx.add_operator(row, now).await.map_err(taken)?;
    let after = json!({ "user_id": user_id, "name": name, "email": email, "role": new.role });
    audit(&mut tx, now, id, "operator.add", Some(after)).await?;
    tx.commit().await?;
    Ok(id)
}

fn taken(error: Error) -> Fault {
    match error {
        Error::Constraint(Constraint::OperatorUserKey) => Problems::one("user_id", Problem::OperatorTaken).into(),
        other => Fault::Store(other),
    }
}

async fn disable(service: &Service, user_id: &str) -> Outcome<bool> {
    let now = service.clock.now();
    let mut tx = service.db.write().await?;
    let id = known(&mut tx, user_id).await?;
    let disabled = tx.disable_operator(id, now).await?;
    if disabled {
        audit(&mut tx, now, id, "operator.disable", None).await?;
        tx.commit().await?;
    }
    Ok(disabled)
}

async fn reset(service: &Service, user_id: &str, new: &str) -> Outcome<()> {
    password(new).map_err(|problem| Fault::from(Problems::one("password", problem)))?;
    let password_hash = service.passwords.hash_in_turn(new, &*service.ids).await?;
    let now = service.clock.now();
    let mut tx = service.db.write().await?;
    let id = known(&mut tx, user_id).await?;
    tx.reset_operator(id, &password_hash).await?;
    crate::session::fill_limits(&mut tx, &text::user_key(user_id)).await?;
    audit(&mut tx, now, id, "operator.reset", None).await?;
    Ok(tx.commit().await?)
}

async fn known(tx: &mut Tx, user_id: &str) -> Outcome<i64> {
    let found = tx.operator(&text::user_key(user_id)).await?;
    found.map(|row| row.id).ok_or_else(|| Refusal::from(Problems::one("user_id", Problem::NotAChoice)).into())
}

async fn audit(tx: &mut Tx, at: i64, id: i64, verb: &str, after: Option<serde_json::Value>) -> Outcome<()> {
    let after = after.map(|value| value.to_string());
    let entry = Entry { at, operator_name: "Command line", verb, after, ..Entry::default() };
    tx.audit(entry, &[Subject::Operator(id)]).await?;
    Ok(())
}
