//! The form of `/policy/self-enrollment`, and the one rule that browser and server check it by.

use super::{
    ATTEMPTS, Algorithm, AlternateAddresses, Bounds, CODE_LENGTH, COOLDOWN, DAYS, DOMAINS, LINK_HOURS, LinkLifetime, PER_DAY,
    Policy, REMINDER_MOST, REMINDERS, Totp, WINDOW,
};
use crate::{
    authentication::AuthenticationType,
    form,
    problem::{Problem, Problems},
    text,
    user::{self, LANGUAGES},
};

form! {
    /// `/policy/self-enrollment`.
    pub struct PolicyForm {
        /// Days until stop date.
        pub days: String,
        /// `stop` or `hours`.
        pub link_lifetime: String,
        /// Hours of a link; read only with `hours`.
        pub link_hours: String,
        /// Attempts.
        pub attempts: String,
        /// Minutes of the session window.
        pub window_minutes: String,
        /// Characters of a typed code.
        pub code_length: String,
        /// Minutes between two resends to one address.
        pub resend_cooldown_minutes: String,
        /// Resends per address and day.
        pub resends_per_day: String,
        /// Days before the stop date, with commas between; empty for no reminders.
        pub reminder_days: String,
        /// `yes`: somebody whose stop date is over may ask for a new link once.
        pub expired_may_ask: String,
        /// `any`, `domains` or `off`.
        pub alternate_addresses: String,
        /// The domains; read only with `domains`.
        pub alternate_domains: String,
        /// The codes of the types that can be provisioned.
        pub allowed_types: Vec<String>,
        /// The hash function's name.
        pub totp_algorithm: String,
        /// 6 or 8.
        pub totp_digits: String,
        /// 30 or 60.
        pub totp_period: String,
        /// `yes`: tell operators when an enrollment expires.
        pub alert_expired: String,
        /// `yes`: tell operators when an enrollment locks.
        pub alert_locked: String,
        /// The name in the From of mails.
        pub sender_name: String,
        /// The address in the From of mails.
        pub sender_address: String,
        /// The organisation.
        pub organisation: String,
        /// The time zone, an IANA name.
        pub time_zone: String,
        /// The language of users without one.
        pub language: String,
        /// The version that is changed.
        pub version: String,
        /// The idempotency key.
        pub key: String,
    }
}

impl PolicyForm {
    /// The form that holds this policy.
    pub fn of(policy: &Policy, version: i64, key: String) -> PolicyForm {
        let (link_lifetime, link_hours) = match policy.link_lifetime {
            LinkLifetime::UntilStopDate => ("stop", String::new()),
            LinkLifetime::Hours(hours) => ("hours", hours.to_string()),
        };
        let (alternate, domains) = match &policy.alternate_addresses {
            AlternateAddresses::Any => ("any", String::new()),
            AlternateAddresses::Domains(domains) => ("domains", domains.join(", ")),
            AlternateAddresses::Off => ("off", String::new()),
        };
        PolicyForm {
            days: policy.days.to_string(),
            link_lifetime: link_lifetime.to_owned(),
            link_hours,
            attempts: policy.attempts.to_string(),
            window_minutes: policy.window_minutes.to_string(),
            code_length: policy.code_length.to_string(),
            resend_cooldown_minutes: policy.resend_cooldown_minutes.to_string(),
            resends_per_day: policy.resends_per_day.to_string(),
            reminder_days: policy.reminder_days.iter().map(u16::to_string).collect::<Vec<_>>().join(", "),
            expired_may_ask: yes(policy.expired_may_ask),
            alternate_addresses: alternate.to_owned(),
            alternate_domains: domains,
            allowed_types: policy.allowed_types.iter().map(|kind| kind.code().to_owned()).collect(),
            totp_algorithm: policy.totp.algorithm.name().to_owned(),
            totp_digits: policy.totp.digits.to_string(),
            totp_period: policy.totp.period.to_string(),
            alert_expired: yes(policy.alert_expired),
            alert_locked: yes(policy.alert_locked),
            sender_name: policy.sender_name.clone(),
            sender_address: policy.sender_address.clone(),
            organisation: policy.organisation.clone(),
            time_zone: policy.time_zone.clone(),
            language: policy.language.clone(),
            version: version.to_string(),
            key,
        }
    }

    /// The policy. Whether there is such a time zone, the server knows.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check(&self) -> Result<Policy, Problems> {
        let mut problems = Problems::default();
        let p = &mut problems;
        let days = p.keep("days", number(&self.days, DAYS));
        let link_lifetime = p.keep("link_lifetime", self.lifetime_kind());
        let link_hours = match link_lifetime {
            Some(true) => p.keep("link_hours", number(&self.link_hours, LINK_HOURS)),
            _ => Some(0),
        };
        let attempts = p.keep("attempts", number(&self.attempts, ATTEMPTS));
        let window_minutes = p.keep("window_minutes", number(&self.window_minutes, WINDOW));
        let code_length = p.keep("code_length", number(&self.code_length, CODE_LENGTH));
        let cooldown = p.keep("resend_cooldown_minutes", number(&self.resend_cooldown_minutes, COOLDOWN));
        let per_day = p.keep("resends_per_day", number(&self.resends_per_day, PER_DAY));
        let reminder_days = p.keep("reminder_days", reminders(&self.reminder_days));
        let expired_may_ask = p.keep("expired_may_ask", ticked(&self.expired_may_ask));
        let alternate_addresses = self.alternates(p);
        let allowed_types = p.keep("allowed_types", types(&self.allowed_types));
        let totp = self.totp(p);
        let alert_expired = p.keep("alert_expired", ticked(&self.alert_expired));
        let alert_locked = p.keep("alert_locked", ticked(&self.alert_locked));
        let organisation = p.keep("organisation", text::some_line(&self.organisation, 100));
        let sender_name = p.keep("sender_name", text::line(&self.sender_name, 100));
        let sender_address = p.keep("sender_address", user::email(&self.sender_address));
        let time_zone = p.keep("time_zone", text::some_line(&self.time_zone, 64));
        let known = LANGUAGES.contains(&self.language.as_str());
        let language = p.keep("language", if known { Ok(self.language.clone()) } else { Err(Problem::NotAChoice) });
        let policy = || {
            let hours = link_hours?;
            Some(Policy {
                days: days?,
                link_lifetime: if link_lifetime? { LinkLifetime::Hours(hours) } else { LinkLifetime::UntilStopDate },
                attempts: attempts?,
                window_minutes: window_minutes?,
                code_length: code_length?,
                resend_cooldown_minutes: cooldown?,
                resends_per_day: per_day?,
                reminder_days: reminder_days?,
                expired_may_ask: expired_may_ask?,
                alternate_addresses: alternate_addresses?,
                allowed_types: allowed_types?,
                totp: totp?,
                alert_expired: alert_expired?,
                alert_locked: alert_locked?,
                sender_name: sender_name?,
                sender_address: sender_address?,
                organisation: organisation?,
                time_zone: time_zone?,
                language: language?,
            })
        };
        if problems.is_empty() { policy().ok_or(problems) } else { Err(problems) }
    }

    /// Hours, and not until the stop date?
    fn lifetime_kind(&self) -> Result<bool, Problem> {
        choice(&self.link_lifetime, [("stop", false), ("hours", true)])
    }

    fn alternates(&self, problems: &mut Problems) -> Option<AlternateAddresses> {
        match self.alternate_addresses.as_str() {
            "any" => Some(AlternateAddresses::Any),
            "off" => Some(AlternateAddresses::Off),
            "domains" => problems.keep("alternate_domains", domains(&self.alternate_domains)).map(AlternateAddresses::Domains),
            _ => problems.keep("alternate_addresses", Err(Problem::NotAChoice)),
        }
    }

    fn totp(&self, problems: &mut Problems) -> Option<Totp> {
        let algorithm = choice(&self.totp_algorithm, Algorithm::ALL.map(|algorithm| (algorithm.name(), algorithm)));
        let algorithm = problems.keep("totp_algorithm", algorithm);
        let digits = problems.keep("totp_digits", choice(&self.totp_digits, [("6", 6), ("8", 8)]));
        let period = problems.keep("totp_period", choice(&self.totp_period, [("30", 30), ("60", 60)]));
        Some(Totp { algorithm: algorithm?, digits: digits?, period: period? })
    }
}

fn yes(on: bool) -> String {
    if on { "yes".to_owned() } else { String::new() }
}

fn ticked(text: &str) -> Result<bool, Problem> {
    choice(text, [("", false), ("yes", true)])
}

fn choice<T, const N: usize>(word: &str, choices: [(&str, T); N]) -> Result<T, Problem> {
    choices.into_iter().find(|(choice, _)| *choice == word).map(|(_, value)| value).ok_or(Problem::NotAChoice)
}

/// A whole number in plain digits, within bounds.
fn number<T: TryFrom<u16>>(text: &str, bounds: Bounds) -> Result<T, Problem> {
    let outside = Problem::OutOfBounds { least: bounds.least.into(), most: bounds.most.into() };
    let number = whole(text).filter(|number| (bounds.least..=bounds.most).contains(number));
    number.and_then(|number| T::try_from(number).ok()).ok_or(outside)
}

fn whole(text: &str) -> Option<u16> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Different days before the stop date, the farthest first; nothing for no reminders.
fn reminders(text: &str) -> Result<Vec<u16>, Problem> {
    let wrong = Problem::NotDays { most: REMINDER_MOST, count: REMINDERS };
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let days: Option<Vec<u16>> = text.split(',').map(|day| whole(day).filter(|day| (1..=REMINDER_MOST).contains(day))).collect();
    let mut days = days.ok_or_else(|| wrong.clone())?;
    let typed = days.len();
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.dedup();
    if days.len() == typed && typed <= usize::from(REMINDERS) { Ok(days) } else { Err(wrong) }
}

/// Domains in small letters, each once.
fn domains(text: &str) -> Result<Vec<String>, Problem> {
    let words = text.split([',', ' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    let mut domains = Vec::new();
    for word in words {
        let domain = word.to_lowercase();
        user::email(&format!("a@{domain}")).map_err(|_| Problem::NotADomain)?;
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    match domains.len() {
        0 => Err(Problem::Required),
        count if count > DOMAINS => Err(Problem::NotADomain),
        _ => Ok(domains),
    }
}

/// The types in the order of the specification.
fn types(codes: &[String]) -> Result<Vec<AuthenticationType>, Problem> {
    if codes.is_empty() {
        return Err(Problem::NothingTicked);
    }
    let known = codes.iter().all(|code| AuthenticationType::of_code(code).is_some());
    let chosen = AuthenticationType::ALL.into_iter().filter(|kind| codes.iter().any(|code| code == kind.code()));
    if known { Ok(chosen.collect()) } else { Err(Problem::NotAChoice) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> PolicyForm {
        PolicyForm::of(&Policy::default(), 0, "key".into())
    }

    #[test]
    fn a_policy_comes_back_from_its_form_as_it_was() {
        let other = Policy {
            link_lifetime: LinkLifetime::Hours(24),
            reminder_days: vec![],
            alternate_addresses: AlternateAddresses::Domains(vec!["a.example".into(), "b.example".into()]),
            expired_may_ask: true,
            ..Policy::default()
        };
        for policy in [Policy::default(), other] {
            assert_eq!(PolicyForm::of(&policy, 7, String::new()).check(), Ok(policy));
        }
    }

    #[test]
    fn every_number_has_its_bounds_and_0_switches_nothing_off() {
        type Field = fn(&mut PolicyForm) -> &mut String;
        let cases: [(Field, &str, u16, u16); 7] = [
            (|form| &mut form.days, "days", 1, 366),
            (|form| &mut form.attempts, "attempts", 3, 10),
            (|form| &mut form.window_minutes, "window_minutes", 5, 120),
            (|form| &mut form.code_length, "code_length", 8, 16),
            (|form| &mut form.resend_cooldown_minutes, "resend_cooldown_minutes", 1, 1440),
            (|form| &mut form.resends_per_day, "resends_per_day", 1, 50),
            (|form| &mut form.link_hours, "link_hours", 1, 720),
        ];
        for (field, name, least, most) in cases {
            let with = |value: &str| {
                let mut form = PolicyForm { link_lifetime: "hours".into(), link_hours: "24".into(), ..form() };
                value.clone_into(field(&mut form));
                form.check()
            };
            for good in [least, most] {
                assert!(with(&good.to_string()).is_ok(), "{name} {good}");
            }
            let problem = Problems::one(name, Problem::OutOfBounds { least: least.into(), most: most.into() });
            let beyond = (most + 1).to_string();
            let below = (least - 1).to_string();
            for bad in [below.as_str(), beyond.as_str(), "0", "", "-1", "+5", "5.0", "1e1", "٥", "99999999999999999999"] {
                assert_eq!(with(bad), Err(problem.clone()), "{name} {bad:?}");
            }
        }
    }

    #[test]
    fn reminders_are_a_few_different_days_or_none() {
        assert_eq!(reminders("1, 3"), Ok(vec![3, 1]));
        assert_eq!(reminders(" "), Ok(vec![]));
        for bad in ["0", "3,3", "1,2,3,4,5,6", "366", "soon", "3,", "3;1"] {
            assert!(reminders(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn domains_are_domains() {
        assert_eq!(domains("Example.ORG, b.example\n example.org"), Ok(vec!["example.org".into(), "b.example".into()]));
        for bad in ["", "example", "a@b.example", "*.example.org", "-a.example"] {
            assert!(domains(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn choices_are_closed_and_at_least_one_type_is_allowed() {
        let bad = PolicyForm {
            link_lifetime: "for ever".into(),
            expired_may_ask: "1".into(),
            alternate_addresses: "some".into(),
            allowed_types: vec![],
            totp_digits: "7".into(),
            sender_address: "a@b.example, c@d.example".into(),
            organisation: " ".into(),
            language: "xx".into(),
            ..form()
        };
        let problems = bad.check().expect_err("bad");
        let fields: Vec<_> = problems.0.iter().map(|(field, _)| field.as_str()).collect();
        let expected = [
            "link_lifetime",
            "expired_may_ask",
            "alternate_addresses",
            "allowed_types",
            "totp_digits",
            "organisation",
            "sender_address",
            "language",
        ];
        assert_eq!(fields, expected);
    }
}
