//! Operators and roles: what is shown of them, and the forms that change them.

use crate::{
    day::Moment,
    form,
    listing::{Column, Direction, Paging, Sort},
    problem::{Problem, Problems},
    rights::{BuiltIn, Right, Rights},
    text, user,
};
use serde::{Deserialize, Serialize};

/// Fewest characters of a password (NIST SP 800-63B, 5.1.1.2 asks for 8; with nothing beside it, 12).
pub const PASSWORD_LEAST: u32 = 12;
/// Most characters of a password.
pub const PASSWORD_MOST: u32 = 1024;

/// The columns operators can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OperatorColumn {
    /// UserID.
    #[default]
    UserId,
}

impl Column for OperatorColumn {
    const ALL: &'static [OperatorColumn] = &[OperatorColumn::UserId];

    fn name(self) -> &'static str {
        "user_id"
    }
}

/// By UserID.
pub const OPERATOR_SORT: Sort<OperatorColumn> = Sort { column: OperatorColumn::UserId, direction: Direction::Ascending };

/// What `/operators` is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorQuery {
    /// Page, size and order.
    pub paging: Paging<OperatorColumn>,
}

/// A row of `/operators`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorRow {
    /// The row.
    pub id: i64,
    /// UserID.
    pub user_id: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The role's name.
    pub role: String,
    /// May sign in.
    pub enabled: bool,
    /// The last sign-in.
    pub signed_in: Option<Moment>,
    /// May do nothing that whoever looks may not: those can be changed.
    pub may_change: bool,
}

/// One operator, to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorDetail {
    /// The row.
    pub id: i64,
    /// The form that holds what there is.
    pub form: OperatorForm,
    /// May sign in.
    pub enabled: bool,
    /// The names of the roles that whoever asks may give.
    pub roles: Vec<String>,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRow {
    /// The name, which is the role's for ever.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// It cannot be changed or removed.
    pub built_in: bool,
    /// Counts what was done to the role.
    pub version: i64,
    /// How many operators have it.
    pub operators: i64,
}

/// What `/account` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// UserID.
    pub user_id: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The role's name.
    pub role: String,
    /// What the role may do.
    pub rights: Rights,
    /// The live sessions, the last used first.
    pub sessions: Vec<SessionRow>,
    /// The organisation's time zone.
    pub zone: String,
}

/// A live session of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// What names it; opens nothing.
    pub name: String,
    /// Since when.
    pub since: Moment,
    /// When it was last used, to the minute.
    pub seen: Moment,
    /// From which address it was opened.
    pub address: String,
    /// The browser, as it calls itself.
    pub agent: String,
    /// It is the one that asks.
    pub current: bool,
}

form! {
    /// `/operators/new` and `/operators/{id}/edit`.
    pub struct OperatorForm {
        /// UserID.
        pub user_id: String,
        /// Name; empty for the UserID.
        pub name: String,
        /// E-mail.
        pub email: String,
        /// The role's name.
        pub role: String,
        /// The password of a new operator; empty when one is edited.
        pub password: String,
        /// The version that is edited; empty for a new operator.
        pub version: String,
        /// The idempotency key.
        pub key: String,
    }
}

/// A checked [`OperatorForm`]. Whether there is such a role, the server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorProfile {
    /// UserID.
    pub user_id: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// The role's name.
    pub role: String,
}

impl OperatorForm {
    /// The profile of a new operator, whose password passes too.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check_new(&self) -> Result<OperatorProfile, Problems> {
        let mut problems = Problems::default();
        let profile = self.profile(&mut problems);
        problems.keep("password", password(&self.password));
        profile.filter(|_| problems.is_empty()).ok_or(problems)
    }

    /// The profile of an operator who exists.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check_edit(&self) -> Result<OperatorProfile, Problems> {
        let mut problems = Problems::default();
        self.profile(&mut problems).ok_or(problems)
    }

    fn profile(&self, problems: &mut Problems) -> Option<OperatorProfile> {
        let user_id = problems.keep("user_id", user::user_id(&self.user_id));
        let name = problems.keep("name", text::line(&self.name, 100));
        let email = problems.keep("email", user::email(&self.email));
        let role = problems.keep("role", text::some_line(&self.role, ROLE_MOST));
        let (user_id, name) = (user_id?, name?);
        let name = if name.is_empty() { user_id.clone() } else { name };
        Some(OperatorProfile { user_id, name, email: email?, role: role? })
    }
}

/// A password that may be given: long enough, and not so long that comparing it is work.
///
/// # Errors
/// The field's problem.
pub fn password(text: &str) -> Result<(), Problem> {
    match text.chars().count() {
        0 => Err(Problem::Required),
        length if length < PASSWORD_LEAST as usize => Err(Problem::TooShort { least: PASSWORD_LEAST }),
        length if length > PASSWORD_MOST as usize => Err(Problem::TooLong { most: PASSWORD_MOST }),
        _ => Ok(()),
    }
}

form! {
    /// `/operators/{id}/password`: another password for an operator.
    pub struct ResetForm {
        /// The new password.
        pub password: String,
        /// The idempotency key.
        pub key: String,
    }
}

impl ResetForm {
    /// Passes with a password that may be given.
    ///
    /// # Errors
    /// The field's problem.
    pub fn check(&self) -> Result<(), Problems> {
        password(&self.password).map_err(|problem| Problems::one("password", problem))
    }
}

form! {
    /// `/account/password`: another password for oneself.
    pub struct PasswordForm {
        /// The password in force.
        pub current_password: String,
        /// The new one.
        pub password: String,
        /// The idempotency key.
        pub key: String,
    }
}

impl PasswordForm {
    /// Passes with something to compare and a password that may be given.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let current = match self.current_password.chars().count() {
            0 => Err(Problem::Required),
            length if length > PASSWORD_MOST as usize => Err(Problem::TooLong { most: PASSWORD_MOST }),
            _ => Ok(()),
        };
        problems.keep("current_password", current);
        problems.keep("password", password(&self.password));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// Most characters of a role's name.
const ROLE_MOST: u32 = 64;

form! {
    /// `/operators/roles/new` and `/operators/roles/{name}/edit`.
    pub struct RoleForm {
        /// The name; a role that exists keeps its own.
        pub name: String,
        /// The names of its rights.
        pub rights: Vec<String>,
        /// The version that is edited; empty for a new role.
        pub version: String,
        /// The idempotency key.
        pub key: String,
    }
}

impl RoleForm {
    /// The name and rights of a new role.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check_new(&self) -> Result<(String, Rights), Problems> {
        let mut problems = Problems::default();
        let name = problems.keep("name", role_name(&self.name));
        let rights = problems.keep("rights", rights(&self.rights));
        name.zip(rights).ok_or(problems)
    }

    /// The rights of a role that exists.
    ///
    /// # Errors
    /// The field's problem.
    pub fn check_edit(&self) -> Result<Rights, Problems> {
        rights(&self.rights).map_err(|problem| Problems::one("rights", problem))
    }
}

/// A role's name: it stands in addresses, and is not mistaken for that of a built-in role.
fn role_name(typed: &str) -> Result<String, Problem> {
    let name = text::some_line(typed, ROLE_MOST)?;
    let like = |name: &str| text::user_key(name);
    if name.contains(['/', '\\', '?', '#', '*']) || matches!(name.as_str(), "." | "..") {
        Err(Problem::RoleCharacter)
    } else if name == NEW || BuiltIn::ALL.iter().any(|role| like(role.name()) == like(&name)) {
        Err(Problem::RoleTaken)
    } else {
        Ok(name)
    }
}

/// The word that stands where a role's name would, for the page that adds one.
const NEW: &str = "new";

fn rights(names: &[String]) -> Result<Rights, Problem> {
    if names.is_empty() {
        return Err(Problem::NothingTicked);
    }
    names.iter().map(|name| Right::named(name)).collect::<Option<Rights>>().ok_or(Problem::NotAChoice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_operator_needs_a_password_and_an_edited_one_does_not() {
        let form = OperatorForm {
            user_id: "kim".into(),
            email: "kim@console.example".into(),
            role: "Help Desk".into(),
            ..OperatorForm::default()
        };
        assert_eq!(form.check_new(), Err(Problems::one("password", Problem::Required)));
        assert_eq!(form.check_edit().map(|profile| profile.name).as_deref(), Ok("kim"));
    }

    #[test]
    fn a_role_has_a_name_of_its_own_and_rights_that_there_are() {
        let form = |name: &str, rights: &[&str]| RoleForm {
            name: name.into(),
            rights: rights.iter().map(|right| (*right).to_owned()).collect(),
            ..RoleForm::default()
        };
        let desk = form("Night desk", &["users.view", "provisioning.resend"]).check_new();
        assert_eq!(desk, Ok(("Night desk".into(), [Right::UsersView, Right::ProvisioningResend].into_iter().collect())));
        for (bad, field) in [
            (form("operator", &["users.view"]), "name"),
            (form("new", &["users.view"]), "name"),
            (form("a/b", &["users.view"]), "name"),
            (form("", &["users.view"]), "name"),
            (form("Night", &[]), "rights"),
            (form("Night", &["everything"]), "rights"),
        ] {
            let problems = bad.check_new().expect_err("bad");
            assert!(problems.of(field).is_some(), "{bad:?}");
        }
    }
}
