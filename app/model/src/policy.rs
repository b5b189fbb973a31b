//! The self-enrollment policy (spec §5): its fields, defaults and bounds.

mod form;
mod log;

use crate::{authentication::AuthenticationType, day::Day};
pub use form::PolicyForm;
pub use log::{Change, POLICY_LOG_SORT, PolicyChange, PolicyLogColumn, PolicyLogQuery, changes};
use serde::{Deserialize, Serialize};

/// The least and the most that a number of the policy may be. 0 never switches a limit off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The least.
    pub least: u16,
    /// The most.
    pub most: u16,
}

const fn bounds(least: u16, most: u16) -> Bounds {
    Bounds { least, most }
}

/// Days until stop date.
pub const DAYS: Bounds = bounds(1, 366);
/// Hours of a link.
pub const LINK_HOURS: Bounds = bounds(1, 720);
/// Attempts.
pub const ATTEMPTS: Bounds = bounds(3, 10);
/// Minutes of the session window.
pub const WINDOW: Bounds = bounds(5, 120);
/// Characters of a typed code.
pub const CODE_LENGTH: Bounds = bounds(8, 16);
/// Minutes between two resends.
pub const COOLDOWN: Bounds = bounds(1, 1440);
/// Resends per address and day.
pub const PER_DAY: Bounds = bounds(1, 50);
/// The most days before the stop date that a reminder goes out.
pub const REMINDER_MOST: u16 = 365;
/// The most reminders of one enrollment.
pub const REMINDERS: u8 = 5;
/// The most domains that can be listed.
pub const DOMAINS: usize = 100;

/// How long a link works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkLifetime {
    /// Until the end of the stop date.
    UntilStopDate,
    /// So many hours from sending (1–720), and never past the stop date.
    Hours(u16),
}

/// Whether a resend may go to an address that is not the profile's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlternateAddresses {
    /// Any address.
    Any,
    /// Addresses of these domains only.
    Domains(Vec<String>),
    /// The profile's address only.
    Off,
}

/// The hash function of a TOTP (RFC 6238 §1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// HMAC-SHA-1, which every app knows.
    #[default]
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl Algorithm {
    /// Every one.
    pub const ALL: [Algorithm; 3] = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];

    /// The name, on screen and in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Sha1 => "SHA-1",
            Algorithm::Sha256 => "SHA-256",
            Algorithm::Sha512 => "SHA-512",
        }
    }
}

/// The parameters of new authenticator apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// The hash function.
    pub algorithm: Algorithm,
    /// 6 or 8 digits.
    pub digits: u8,
    /// 30 or 60 seconds.
    pub period: u8,
}

/// Every setting of self-enrollment. 0 never switches a limit off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Days from sending to the stop date (1–366). Fixed at sending.
    pub days: u16,
    /// How long a link works. Fixed at sending.
    pub link_lifetime: LinkLifetime,
    /// Wrong codes until an enrollment locks (3–10). Read at use.
    pub attempts: u8,
    /// Minutes an enrollment session lasts (5–120). Read at use.
    pub window_minutes: u16,
    /// Characters of a typed code (8–16), Crockford base32.
    pub code_length: u8,
    /// Minutes between two resends to one address (1–1440).
    pub resend_cooldown_minutes: u16,
    /// Resends per address and calendar day (1–50).
    pub resends_per_day: u8,
    /// Days before the stop date on which a reminder goes out; empty for none.
    pub reminder_days: Vec<u16>,
    /// May somebody whose stop date is over ask for a new link once?
    pub expired_may_ask: bool,
    /// Where a resend may go.
    pub alternate_addresses: AlternateAddresses,
    /// The types that can be provisioned.
    pub allowed_types: Vec<AuthenticationType>,
    /// The parameters of new authenticator apps.
    pub totp: Totp,
    /// Tell operators when an enrollment expires.
    pub alert_expired: bool,
    /// Tell operators when an enrollment locks.
    pub alert_locked: bool,
    /// The name in the From of mails; empty for the organisation's.
    pub sender_name: String,
    /// The address in the From of mails.
    pub sender_address: String,
    /// The organisation, as users know it.
    pub organisation: String,
    /// The organisation's time zone, an IANA name.
    pub time_zone: String,
    /// The language of users without one.
    pub language: String,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            days: 10,
            link_lifetime: LinkLifetime::UntilStopDate,
            attempts: 5,
            window_minutes: 30,
            code_length: 8,
            resend_cooldown_minutes: 5,
            resends_per_day: 5,
            reminder_days: vec![3, 1],
            expired_may_ask: false,
            alternate_addresses: AlternateAddresses::Any,
            allowed_types: vec![AuthenticationType::App, AuthenticationType::Passkey, AuthenticationType::Hardware],
            totp: Totp { algorithm: Algorithm::Sha1, digits: 6, period: 30 },
            alert_expired: false,
            alert_locked: false,
            sender_name: String::new(),
            sender_address: "provost@localhost.localdomain".to_owned(),
            organisation: "Provost".to_owned(),
            time_zone: "UTC".to_owned(),
            language: "en".to_owned(),
        }
    }
}

impl Policy {
    /// The default of spec §5 in words for the provisioning form: how many days ahead a stop date may be.
    pub const MOST_DAYS_AHEAD: i32 = 366;

    /// Which reminder goes out how many days before a stop date, the nearest first: on its own day, and on those after it until the next
    /// one's, should its day have been missed.
    pub fn reminder_spans(&self) -> Vec<ReminderSpan> {
        let mut days = self.reminder_days.clone();
        days.sort_unstable();
        days.dedup();
        let next = std::iter::once(0).chain(days.iter().map(|days| days + 1));
        next.zip(&days).map(|(least, days)| ReminderSpan { days: *days, least }).collect()
    }

    /// The reminder of that stop date which is due today, or was and not a nearer one since.
    pub fn reminder_due(&self, stop_on: Day, today: Day) -> Option<u16> {
        let left = u16::try_from(stop_on.epoch() - today.epoch()).ok()?;
        self.reminder_spans().into_iter().find(|span| (span.least..=span.days).contains(&left)).map(|span| span.days)
    }
}

/// When one reminder goes out, in days before the stop date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReminderSpan {
    /// Its own day.
    pub days: u16,
    /// The last day on which it may still go out.
    pub least: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_reminder_is_due_until_the_next_one_is() {
        let policy = Policy { reminder_days: vec![7, 1, 3], ..Policy::default() };
        let stop = Day::from_epoch(100);
        let due: Vec<_> = (-1..=8).map(|left| policy.reminder_due(stop, stop.plus(-left))).collect();
        assert_eq!(due, [None, Some(1), Some(1), Some(3), Some(3), Some(7), Some(7), Some(7), Some(7), None]);
        assert_eq!(Policy { reminder_days: vec![], ..policy }.reminder_due(stop, stop), None);
    }
}
