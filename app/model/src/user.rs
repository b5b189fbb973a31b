//! Users: those who receive authenticators. The rules for each of their fields stand here and nowhere else.

use crate::{
    Answer,
    authentication::AuthenticationType,
    day::{Day, Moment},
    enrollment::{Note, Status},
    listing::{Column, Direction, Paging, Sort},
    message::MailNote,
    problem::Problem,
    text,
    token::TokenRow,
    unicode::is_mark,
};
use serde::{Deserialize, Serialize};

/// The container of a user without one.
pub const DEFAULT_CONTAINER: &str = "Default";

/// A UserID: 1–64 characters, no control characters, none of `/ \ ? # *` (spec §1).
///
/// # Errors
/// The field's problem.
pub fn user_id(text: &str) -> Result<String, Problem> {
    let id = text::some_line(text, 64)?;
    let bad = |c: char| matches!(c, '/' | '\\' | '?' | '#' | '*');
    if id.chars().any(bad) || text::user_key(&id).chars().any(bad) || matches!(id.as_str(), "." | "..") {
        return Err(Problem::UserIdCharacter);
    }
    Ok(id)
}

/// Exactly one e-mail address, at most 254 characters (RFC 5321 §4.5.3.1.3), of the form `local@domain` without comments, quotes,
/// spaces, commas or line breaks; letters beyond ASCII are allowed on both sides (RFC 6531).
///
/// # Errors
/// The field's problem.
pub fn email(text: &str) -> Result<String, Problem> {
    let address = text::some_line(text, 254)?;
    let Some((local, domain)) = address.rsplit_once('@') else { return Err(Problem::NotAnEmail) };
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || is_mark(c);
    let local_ok = (1..=64).contains(&local.len()) && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom));
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || is_mark(c))
    };
    if local_ok && domain.contains('.') && domain.split('.').all(label_ok) { Ok(address) } else { Err(Problem::NotAnEmail) }
}

/// The key addresses are counted by: lower case of the NFKC form.
pub fn email_key(address: &str) -> String {
    text::user_key(address)
}

/// An address that only its owner can recognise: `j…@…`.
pub fn masked(address: &str) -> String {
    let first = address.chars().next().map(String::from).unwrap_or_default();
    format!("{first}…@…")
}

/// A phone number, or nothing.
///
/// # Errors
/// The field's problem.
pub fn mobile(text: &str) -> Result<String, Problem> {
    let number = text::line(text, 32)?;
    let known = number.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    let digits = number.chars().filter(char::is_ascii_digit).count();
    if number.is_empty() || (known && digits >= 3) { Ok(number) } else { Err(Problem::NotAPhone) }
}

/// A language there is a catalogue for; empty is the organisation's.
///
/// # Errors
/// [`Problem::UnknownLanguage`].
pub fn language(text: &str) -> Result<String, Problem> {
    let code = text.trim().to_ascii_lowercase();
    if code.is_empty() || LANGUAGES.contains(&code.as_str()) { Ok(code) } else { Err(Problem::UnknownLanguage) }
}

/// The languages that mails and enrollment pages exist in.
pub const LANGUAGES: [&str; 1] = ["en"];

/// A user's checked profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The UserID, as typed (trimmed, NFC).
    pub user_id: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// The e-mail address.
    pub email: String,
    /// Mobile number; may be empty.
    pub mobile: String,
    /// Container; never empty.
    pub container: String,
    /// Custom fields 1–3; may be empty.
    pub custom: [String; 3],
    /// Language code; empty for the organisation's.
    pub language: String,
}

/// What the list of users can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UserColumn {
    /// UserID.
    #[default]
    UserId,
    /// Last name, then first.
    LastName,
    /// First name, then last.
    FirstName,
    /// E-mail.
    Email,
    /// Container.
    Container,
    /// Custom field 1.
    Custom1,
}

impl Column for UserColumn {
    const ALL: &'static [UserColumn] = &[
        UserColumn::UserId,
        UserColumn::LastName,
        UserColumn::FirstName,
        UserColumn::Email,
        UserColumn::Container,
        UserColumn::Custom1,
    ];

    fn name(self) -> &'static str {
        match self {
            UserColumn::UserId => "user_id",
            UserColumn::LastName => "last_name",
            UserColumn::FirstName => "first_name",
            UserColumn::Email => "email",
            UserColumn::Container => "container",
            UserColumn::Custom1 => "custom1",
        }
    }
}

/// The sort of the list of users when the address names none.
pub const USER_SORT: Sort<UserColumn> = Sort { column: UserColumn::UserId, direction: Direction::Ascending };

/// Which users a list or a selection holds. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UserFilter {
    /// Text searched in UserID, names and e-mail; empty for all (spec §3.2 says how).
    pub search: String,
    /// Only this container.
    pub container: Option<String>,
    /// Only enabled or only disabled users.
    pub enabled: Option<bool>,
}

/// What `/users` is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UserQuery {
    /// Which users.
    pub filter: UserFilter,
    /// Sort, size and page.
    pub paging: Paging<UserColumn>,
    /// The selection that stands in the address, if any: rows say whether they are in it.
    pub selection: Option<String>,
}

/// One row of `/users`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// The user's row.
    pub id: i64,
    /// UserID.
    pub user_id: String,
    /// Last name.
    pub last_name: String,
    /// First name.
    pub first_name: String,
    /// E-mail.
    pub email: String,
    /// Container.
    pub container: String,
    /// Custom field 1.
    pub custom1: String,
    /// May sign in and enroll.
    pub enabled: bool,
    /// Is in the selection that was asked about.
    pub selected: bool,
}

/// The page `/users/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetail {
    /// The user's row.
    pub id: i64,
    /// The version that an edit must name.
    pub version: i64,
    /// The profile as the edit form shows it.
    pub form: crate::forms::UserForm,
    /// First and last name, or the UserID where there is no name.
    pub name: String,
    /// May enroll.
    pub enabled: bool,
    /// When the user was added.
    pub added: Moment,
    /// The zone of the moments.
    pub zone: String,
    /// May the operator who asks change users?
    pub may_manage: bool,
    /// The idempotency key of a form on this page.
    pub key: String,
}

/// The module *Authentication Methods* of one user (spec §3.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationMethods {
    /// The user's row.
    pub id: i64,
    /// UserID.
    pub user_id: String,
    /// First and last name, or the UserID.
    pub name: String,
    /// The user's tokens, newest first.
    pub tokens: Vec<TokenRow>,
    /// The user's open enrollments, newest first.
    pub tasks: Vec<UserTaskRow>,
    /// *Task* is a link only then.
    pub may_manage: bool,
    /// *Resend* is offered.
    pub may_resend: bool,
    /// The zone of the days and moments.
    pub zone: String,
}

/// One row of the table *Provisioning Tasks* of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserTaskRow {
    /// The task's number.
    pub task: i64,
    /// The UserID of the operator who created it, or "Rule: …", "API: …".
    pub requester: String,
    /// The address that the last message went to.
    pub provisioned_to: String,
    /// The day the task was created.
    pub start: Day,
    /// The last day on which this user may enroll.
    pub stop: Day,
    /// The enrollment's status.
    pub status: Status,
    /// The task's type.
    pub kind: AuthenticationType,
    /// What became of the newest message with a link.
    pub mail: Option<MailNote>,
    /// What stands beside the status, such as *Link expired*.
    pub notes: Vec<Note>,
}

/// How a name is shown: first and last, or the UserID where there is neither.
pub fn display_name(first: &str, last: &str, user_id: &str) -> String {
    match (first.is_empty(), last.is_empty()) {
        (false, false) => format!("{first} {last}"),
        (false, true) => first.to_owned(),
        (true, false) => last.to_owned(),
        (true, true) => user_id.to_owned(),
    }
}

/// What is to happen to a line of an import whose UserID exists already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnExisting {
    /// The line is bad.
    #[default]
    Refuse,
    /// The line is left out.
    Skip,
    /// The user takes the line's values.
    Update,
}

impl OnExisting {
    /// Reads the form's or the command line's word.
    ///
    /// # Errors
    /// [`Problem::NotAChoice`].
    pub fn parse(word: &str) -> Result<OnExisting, Problem> {
        match word {
            "" | "refuse" => Ok(OnExisting::Refuse),
            "skip" => Ok(OnExisting::Skip),
            "update" => Ok(OnExisting::Update),
            _ => Err(Problem::NotAChoice),
        }
    }
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Nothing was written: this was a dry run, or there were bad lines.
    pub dry: bool,
    /// Lines that add a user.
    pub added: u64,
    /// Lines that change a user.
    pub updated: u64,
    /// Lines left out because the UserID exists.
    pub skipped: u64,
    /// How many lines are bad.
    pub bad: u64,
    /// The bad lines, the first 1,000: number (the header is line 1), field, problem. Never a value.
    pub problems: Vec<(u64, String, Problem)>,
}

/// What pasting or uploading UserIDs found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pasted {
    /// The selection that holds those found.
    pub selection: String,
    /// How many users are in it.
    pub found: u64,
    /// The UserIDs nobody has, as typed, the first 100.
    pub unknown: Vec<String>,
    /// How many nobody has.
    pub unknown_count: u64,
}

impl UserQuery {
    /// A query for the first page of everything.
    pub fn all() -> UserQuery {
        UserQuery { paging: Paging { sort: USER_SORT, ..Paging::default() }, ..UserQuery::default() }
    }
}

/// Checks the words of a search: at most 100 characters.
///
/// # Errors
/// [`crate::refusal::BadRequest::Filter`].
pub fn search(text: &str) -> Answer<String> {
    text::line(text, 100).map_err(|_| crate::Refusal::BadRequest(crate::refusal::BadRequest::Filter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_holds_no_character_that_an_address_could_misread() {
        for bad in ["a/b", "a\\b", "a?b", "a#b", "a*b", "ａ／ｂ", ".", ".."] {
            assert_eq!(user_id(bad), Err(Problem::UserIdCharacter), "{bad}");
        }
        assert_eq!(user_id("a\nb"), Err(Problem::ControlCharacter));
        assert_eq!(user_id(" "), Err(Problem::Required));
        assert_eq!(user_id(&"x".repeat(65)), Err(Problem::TooLong { most: 64 }));
        assert_eq!(user_id("o’brien.s 山田").as_deref(), Ok("o’brien.s 山田"));
    }

    #[test]
    fn an_address_is_exactly_one_address() {
        for good in ["a@b.example", "o'brien+x@sub.b-c.example", "用户@例子.广告", "ü.x@exämple.example"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in [
            "a",
            "a@b",
            "@b.example",
            "a@",
            "a@@b.example",
            "a b@c.example",
            "a@b.example,c@d.example",
            "<a@b.example>",
            "a..b@c.example",
            ".a@b.example",
            "\"a\"@b.example",
            "a@-b.example",
            "a@b..example",
            "a@[127.0.0.1]",
            "a@b.example;x",
        ] {
            assert_eq!(email(bad), Err(Problem::NotAnEmail), "{bad}");
        }
        assert_eq!(email("a@b.example\r\nBcc: c@d.example"), Err(Problem::ControlCharacter));
    }

    #[test]
    fn a_masked_address_shows_one_letter() {
        assert_eq!(masked("jane@contoso.example"), "j…@…");
    }
}
