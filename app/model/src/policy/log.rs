//! The policy's change log: who, when, and each field before and after, in words.

use super::{AlternateAddresses, LinkLifetime, Policy};
use crate::{
    catalogue,
    day::Moment,
    listing::{Column, Direction, Paging, Sort},
};
use serde::{Deserialize, Serialize};

/// One field that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field, as its page calls it.
    pub field: String,
    /// What it was.
    pub before: String,
    /// What it became.
    pub after: String,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyChange {
    /// The entry.
    pub id: i64,
    /// When.
    pub at: Moment,
    /// Who: the operator's UserID then.
    pub by: String,
    /// Which fields.
    pub changes: Vec<Change>,
}

/// The log is read by time alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PolicyLogColumn {
    /// When it was changed.
    #[default]
    When,
}

impl Column for PolicyLogColumn {
    const ALL: &'static [PolicyLogColumn] = &[PolicyLogColumn::When];

    fn name(self) -> &'static str {
        "when"
    }

    fn first_direction(self) -> Direction {
        Direction::Descending
    }
}

/// Newest first.
pub const POLICY_LOG_SORT: Sort<PolicyLogColumn> = Sort { column: PolicyLogColumn::When, direction: Direction::Descending };

/// What stands in the address of the policy's page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyLogQuery {
    /// Page, size and order of the log.
    pub paging: Paging<PolicyLogColumn>,
    /// What the form was sent with that changed the policy just now; empty otherwise.
    pub saved: String,
}

/// The fields that differ, in the order of the page.
pub fn changes(before: &Policy, after: &Policy) -> Vec<Change> {
    let pairs = words(before).into_iter().zip(words(after));
    let changed = pairs.filter(|((_, before), (_, after))| before != after);
    changed.map(|((field, before), (_, after))| Change { field: field.to_owned(), before, after }).collect()
}

/// Every field in words, in the order of the page.
fn words(policy: &Policy) -> [(&'static str, String); 21] {
    let Policy {
        days,
        link_lifetime,
        attempts,
        window_minutes,
        code_length,
        resend_cooldown_minutes,
        resends_per_day,
        reminder_days,
        expired_may_ask,
        alternate_addresses,
        allowed_types,
        totp,
        alert_expired,
        alert_locked,
        sender_name,
        sender_address,
        organisation,
        time_zone,
        language,
    } = policy;
    [
        ("Days until stop date", days.to_string()),
        ("Link lifetime", lifetime(*link_lifetime)),
        ("Attempts", attempts.to_string()),
        ("Session window", format!("{window_minutes} minutes")),
        ("Typed-code length", code_length.to_string()),
        ("Resend cooldown", format!("{resend_cooldown_minutes} minutes")),
        ("Resends per address and day", resends_per_day.to_string()),
        ("Alternate addresses", alternates(alternate_addresses)),
        ("Reminders", listed(reminder_days.iter().map(u16::to_string))),
        ("Expired page may ask", on(*expired_may_ask)),
        ("Allowed types", listed(allowed_types.iter().map(|kind| kind.name().to_owned()))),
        ("Hash function", totp.algorithm.name().to_owned()),
        ("Digits", totp.digits.to_string()),
        ("Seconds", totp.period.to_string()),
        ("Alert on expired", on(*alert_expired)),
        ("Alert on locked", on(*alert_locked)),
        ("Organisation name", organisation.clone()),
        ("Time zone", time_zone.clone()),
        ("Default language", catalogue::of(language).name.to_owned()),
        ("Sender name", if sender_name.is_empty() { "The organisation's".to_owned() } else { sender_name.clone() }),
        ("Sender address", sender_address.clone()),
    ]
}

fn lifetime(lifetime: LinkLifetime) -> String {
    match lifetime {
        LinkLifetime::UntilStopDate => "Until the stop date".to_owned(),
        LinkLifetime::Hours(1) => "1 hour".to_owned(),
        LinkLifetime::Hours(hours) => format!("{hours} hours"),
    }
}

fn alternates(allowed: &AlternateAddresses) -> String {
    match allowed {
        AlternateAddresses::Any => "Any".to_owned(),
        AlternateAddresses::Domains(domains) => domains.join(", "),
        AlternateAddresses::Off => "Off".to_owned(),
    }
}

fn listed(words: impl Iterator<Item = String>) -> String {
    let all = words.collect::<Vec<_>>().join(", ");
    if all.is_empty() { "None".to_owned() } else { all }
}

fn on(on: bool) -> String {
    if on { "On".to_owned() } else { "Off".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told_before_and_after() {
        let before = Policy::default();
        let after = Policy { link_lifetime: LinkLifetime::Hours(24), reminder_days: vec![], ..Policy::default() };
        let told: Vec<_> =
            changes(&before, &after).into_iter().map(|change| [change.field, change.before, change.after]).collect();
        assert_eq!(told, [["Link lifetime", "Until the stop date", "24 hours"], ["Reminders", "3, 1", "None"]]);
        assert_eq!(changes(&before, &before), vec![]);
    }
}
