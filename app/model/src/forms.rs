//! Every form of Provost, and its check.

use crate::{
    authentication::AuthenticationType,
    console::Import,
    day::Day,
    form,
    policy::Policy,
    problem::{Problem, Problems},
    task::Obstacle,
    text,
    user::{self, Profile},
};

form! {
    /// `/login`.
    pub struct SignInForm {
        /// The operator's UserID.
        pub user_id: String,
        /// The password.
        pub password: String,
        /// Where to go after; a path of this console or empty.
        pub to: String,
    }
}

impl SignInForm {
    /// A UserID and a password to try.
    ///
    /// # Errors
    /// A field is empty, or longer than any that could be right.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        problems.keep("user_id", text::some_line(&self.user_id, 64));
        let password = match self.password.len() {
            0 => Err(Problem::Required),
            1..=1024 => Ok(()),
            _ => Err(Problem::TooLong { most: 1024 }),
        };
        problems.keep("password", password);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

form! {
    /// A form of one button, such as *Sign out* or *Retry*.
    pub struct ButtonForm {
        /// The idempotency key.
        pub key: String,
    }
}

form! {
    /// `/users/new` and `/users/{id}/edit`.
    pub struct UserForm {
        /// UserID.
        pub user_id: String,
        /// First name.
        pub first_name: String,
        /// Last name.
        pub last_name: String,
        /// E-mail.
        pub email: String,
        /// Mobile.
        pub mobile: String,
        /// Container; empty is *Default*.
        pub container: String,
        /// Custom field 1.
        pub custom1: String,
        /// Custom field 2.
        pub custom2: String,
        /// Custom field 3.
        pub custom3: String,
        /// Language code; empty for the organisation's.
        pub language: String,
        /// The version that is edited; empty for a new user.
        pub version: String,
        /// The idempotency key.
        pub key: String,
    }
}

impl UserForm {
    /// The profile.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check(&self) -> Result<Profile, Problems> {
        let mut problems = Problems::default();
        let user_id = problems.keep("user_id", user::user_id(&self.user_id));
        let first_name = problems.keep("first_name", text::line(&self.first_name, 100));
        let last_name = problems.keep("last_name", text::line(&self.last_name, 100));
        let email = problems.keep("email", user::email(&self.email));
        let mobile = problems.keep("mobile", user::mobile(&self.mobile));
        let container = problems.keep("container", text::line(&self.container, 64));
        let custom1 = problems.keep("custom1", text::line(&self.custom1, 200));
        let custom2 = problems.keep("custom2", text::line(&self.custom2, 200));
        let custom3 = problems.keep("custom3", text::line(&self.custom3, 200));
        let language = problems.keep("language", user::language(&self.language));
        let profile = || {
            Some(Profile {
                user_id: user_id?,
                first_name: first_name?,
                last_name: last_name?,
                email: email?,
                mobile: mobile?,
                container: container.filter(|name| !name.is_empty()).unwrap_or_else(|| user::DEFAULT_CONTAINER.to_owned()),
                custom: [custom1?, custom2?, custom3?],
                language: language?,
            })
        };
        if problems.is_empty() { profile().ok_or(problems) } else { Err(problems) }
    }
}

form! {
    /// Acts on the selection of a list: of users, tasks or enrollments.
    pub struct SelectForm {
        /// The selection that stands in the address; empty to begin one.
        pub selection: String,
        /// The rows that were on the page, ticked or not.
        pub shown: Vec<String>,
        /// The ticked rows among them.
        pub select: Vec<String>,
        /// The list's query string, to come back to and for "all that match".
        pub query: String,
        /// What to do: `keep`, `all`, `none`; or `provision`, or the code of an act over many, to go on with what is ticked.
        pub act: String,
        /// The idempotency key.
        pub key: String,
    }
}

form! {
    /// Paste or upload UserIDs.
    pub struct PasteForm {
        /// UserIDs, one a line, or with commas, semicolons or tabs between.
        pub user_ids: String,
        /// The idempotency key.
        pub key: String,
    }
}

form! {
    /// `/provision`: the choices, carried in the address to the review.
    pub struct ProvisionForm {
        /// The selection of users.
        pub selection: String,
        /// The type's code.
        pub kind: String,
        /// What the operator writes about it; may be empty.
        pub description: String,
        /// The stop date; empty for the policy's.
        pub stop_on: String,
        /// The codes of the obstacles that the operator overrides.
        pub over: Vec<String>,
        /// The idempotency key; empty on the way to the review.
        pub key: String,
    }
}

/// A checked [`ProvisionForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionOrder {
    /// The selection of users.
    pub selection: String,
    /// The type.
    pub kind: AuthenticationType,
    /// The description; may be empty.
    pub description: String,
    /// The stop date.
    pub stop: Day,
    /// The obstacles overridden.
    pub over: Vec<Obstacle>,
}

impl ProvisionForm {
    /// The order, on the day `today`.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check(&self, today: Day, policy: &Policy) -> Result<ProvisionOrder, Problems> {
        let mut problems = Problems::default();
        let kind = AuthenticationType::of_code(&self.kind).filter(|kind| policy.allowed_types.contains(kind));
        let kind = problems.keep("kind", kind.ok_or(Problem::NotAChoice));
        let description = problems.keep("description", text::line(&self.description, 200));
        let stop = match self.stop_on.trim() {
            "" => Ok(today.plus(i32::from(policy.days))),
            text => stop_date(text, today),
        };
        let stop = problems.keep("stop_on", stop);
        let over: Option<Vec<Obstacle>> =
            self.over.iter().map(|code| Obstacle::of_code(code).filter(|found| found.can_be_overridden())).collect();
        let over = problems.keep("over", over.ok_or(Problem::NotAChoice));
        let order = || {
            Some(ProvisionOrder {
                selection: self.selection.clone(),
                kind: kind?,
                description: description?,
                stop: stop?,
                over: over?,
            })
        };
        order().ok_or(problems)
    }
}

/// A stop date: a day from today to 366 days ahead (spec §3.3).
///
/// # Errors
/// The field's problem.
pub fn stop_date(text: &str, today: Day) -> Result<Day, Problem> {
    let day = Day::parse(text.trim()).ok_or(Problem::NotADay)?;
    let last = today.plus(Policy::MOST_DAYS_AHEAD);
    if day < today {
        Err(Problem::PastDay { today })
    } else if day > last {
        Err(Problem::DayTooFar { last })
    } else {
        Ok(day)
    }
}

form! {
    /// `/users/{id}/provisioning-tasks/{n}`: Resend.
    pub struct ResendForm {
        /// Where the new link goes.
        pub email: String,
        /// Why it goes to another address than the profile's; empty where it does not.
        pub reason: String,
        /// The profile's address as the page showed it.
        pub profile: String,
        /// The idempotency key.
        pub key: String,
    }
}

/// A checked [`ResendForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResendOrder {
    /// The address.
    pub email: String,
    /// The reason, where that is not the profile's.
    pub redirect: Option<String>,
}

impl ResendForm {
    /// The address, where it is one and not the profile's: decides which right is asked for and what the policy says to it, before
    /// anything else is found wrong with the form.
    pub fn elsewhere(&self) -> Option<String> {
        let email = user::email(&self.email).ok()?;
        (user::email_key(&email) != user::email_key(&self.profile)).then_some(email)
    }

    /// Where the link goes. Another address than the profile's takes a reason.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check(&self) -> Result<ResendOrder, Problems> {
        let mut problems = Problems::default();
        let email = problems.keep("email", user::email(&self.email));
        let redirect = if self.elsewhere().is_some() { problems.keep("reason", reason(&self.reason)) } else { None };
        email.filter(|_| problems.is_empty()).map(|email| ResendOrder { email, redirect }).ok_or(problems)
    }
}

form! {
    /// `/users/{id}/provisioning-tasks/{n}/unlock`.
    pub struct UnlockForm {
        /// Why.
        pub reason: String,
        /// The new stop date; empty to leave it.
        pub stop_on: String,
        /// The idempotency key.
        pub key: String,
    }
}

/// A checked [`UnlockForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlockOrder {
    /// Why.
    pub reason: String,
    /// The new stop date, where there is one.
    pub stop: Option<Day>,
}

impl UnlockForm {
    /// The order, on the day `today`.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check(&self, today: Day) -> Result<UnlockOrder, Problems> {
        let mut problems = Problems::default();
        let reason = problems.keep("reason", reason(&self.reason));
        let stop = match self.stop_on.trim() {
            "" => Ok(None),
            text => stop_date(text, today).map(Some),
        };
        let stop = problems.keep("stop_on", stop);
        let order = || Some(UnlockOrder { reason: reason?, stop: stop? });
        order().ok_or(problems)
    }
}

/// Why an operator does something that somebody may ask about later: one line.
pub(crate) fn reason(text: &str) -> Result<String, Problem> {
    text::some_line(text, 200)
}

form! {
    /// `/enroll`: the code from the mail, typed on another device.
    pub struct EnrollCodeForm {
        /// UserID.
        pub user_id: String,
        /// The enrollment code: Crockford base32, dashes and spaces ignored.
        pub code: String,
    }
}

impl EnrollCodeForm {
    /// Passes when both fields hold something that can be looked for. Everything else is one answer (spec §4.7).
    ///
    /// # Errors
    /// Every field's problem.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        for (name, typed, most) in [("user_id", &self.user_id, 64), ("code", &self.code, 64)] {
            let long = typed.chars().count() > most as usize;
            let wrong = if typed.trim().is_empty() { Some(Problem::Required) } else { long.then_some(Problem::TooLong { most }) };
            problems.keep(name, wrong.map_or(Ok(()), Err));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

form! {
    /// `/enroll/session`: the authenticator's code.
    pub struct VerifyForm {
        /// The digits the app shows.
        pub code: String,
    }
}

form! {
    /// A form of one button that holds nothing, such as **Start**.
    pub struct EmptyForm {}
}

form! {
    /// `/users/import`; the file comes beside it.
    pub struct ImportForm {
        /// What happens to a line whose UserID exists: `refuse`, `skip` or `update`.
        pub on_existing: String,
        /// `yes`: leave bad lines out instead of refusing the file.
        pub skip_bad: String,
        /// `check` only says what would happen; `import` does it.
        pub act: String,
        /// The form's key.
        pub key: String,
    }
}

impl ImportForm {
    /// How the import is to be done.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check(&self) -> Result<Import, Problems> {
        let mut problems = Problems::default();
        let on_existing = problems.keep("on_existing", user::OnExisting::parse(&self.on_existing));
        let skip_bad = problems.keep("skip_bad", one_of(&self.skip_bad, [("", false), ("yes", true)]));
        let dry_run = problems.keep("act", one_of(&self.act, [("check", true), ("import", false)]));
        let import = || Some(Import { on_existing: on_existing?, dry_run: dry_run?, skip_bad: skip_bad?, key: self.key.clone() });
        import().ok_or(problems)
    }
}

fn one_of<T, const N: usize>(word: &str, choices: [(&str, T); N]) -> Result<T, Problem> {
    choices.into_iter().find(|(choice, _)| *choice == word).map(|(_, value)| value).ok_or(Problem::NotAChoice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    #[test]
    fn a_stop_date_may_be_today_but_not_yesterday_and_not_after_a_year_and_a_day() {
        let today = day("2026-11-22");
        assert_eq!(stop_date("2026-11-22", today), Ok(today));
        assert_eq!(stop_date("2026-11-21", today), Err(Problem::PastDay { today }));
        assert_eq!(stop_date("2027-11-23", today), Ok(day("2027-11-23")));
        assert_eq!(stop_date("2027-11-24", today), Err(Problem::DayTooFar { last: day("2027-11-23") }));
        assert_eq!(stop_date("soon", today), Err(Problem::NotADay));
    }

    #[test]
    fn a_user_form_names_every_bad_field_at_once() {
        let form = UserForm { user_id: "a/b".into(), email: "nobody".into(), mobile: "call me".into(), ..UserForm::default() };
        let problems = form.check().expect_err("three bad fields");
        let fields: Vec<_> = problems.0.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["user_id", "email", "mobile"]);
    }

    #[test]
    fn an_empty_container_is_the_default_one() {
        let form = UserForm { user_id: "a".into(), email: "a@b.example".into(), ..UserForm::default() };
        assert_eq!(form.check().map(|profile| profile.container).as_deref(), Ok("Default"));
    }

    #[test]
    fn another_address_takes_a_reason_and_the_profiles_takes_none() {
        let form = |email: &str, reason: &str| ResendForm {
            email: email.into(),
            reason: reason.into(),
            profile: "Aiko@contoso.example".into(),
            key: String::new(),
        };
        assert_eq!(form("aiko@CONTOSO.example", "").check().map(|order| order.redirect), Ok(None));
        assert_eq!(form("b@x.example", " ").check(), Err(Problems::one("reason", Problem::Required)));
        assert_eq!(form("b@x.example", "on leave").check().map(|order| order.redirect), Ok(Some("on leave".into())));
        assert_eq!(form("a@b.example,c@d.example", "").check(), Err(Problems::one("email", Problem::NotAnEmail)));
    }

    #[test]
    fn an_order_without_a_day_takes_the_policys() {
        let form = ProvisionForm { kind: "app".into(), ..ProvisionForm::default() };
        let order = form.check(day("2026-11-22"), &Policy::default());
        assert_eq!(order.map(|order| order.stop), Ok(day("2026-12-02")));
    }

    #[test]
    fn an_order_cannot_override_what_makes_no_sense() {
        let form = ProvisionForm { kind: "app".into(), over: vec!["disabled".into()], ..ProvisionForm::default() };
        let problems = form.check(day("2026-11-22"), &Policy::default()).expect_err("not a choice");
        assert_eq!(problems, Problems::one("over", Problem::NotAChoice));
    }
}
