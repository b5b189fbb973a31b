//! Resend and Unlock: what one user's enrollment in one task shows an operator, and what may be done with it (spec §3.4).

use crate::{
    authentication::AuthenticationType,
    day::{Day, Moment},
    enrollment::{Note, Status},
    message::MailNote,
    policy::AlternateAddresses,
};
use serde::{Deserialize, Serialize};

/// The page `/users/{id}/provisioning-tasks/{n}`, and that of Unlock below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserTask {
    /// The user's row.
    pub id: i64,
    /// UserID.
    pub user_id: String,
    /// First and last name, or the UserID.
    pub name: String,
    /// The task's number.
    pub task: i64,
    /// The enrollment's row.
    pub enrollment: i64,
    /// The UserID of the operator who created it, or "Rule: …", "API: …".
    pub requester: String,
    /// The day it is.
    pub today: Day,
    /// The address that the last message went to; masked where it was another one and the enrollment is over.
    pub provisioned_to: String,
    /// The day the task was created.
    pub start: Day,
    /// The last day on which this user may enroll.
    pub stop: Day,
    /// The status.
    pub status: Status,
    /// The task's type.
    pub kind: AuthenticationType,
    /// What became of the newest message with a link.
    pub mail: Option<MailNote>,
    /// What else is known, such as *Link expired*.
    pub notes: Vec<Note>,
    /// The profile's address, which the field **Email** holds.
    pub email: String,
    /// The stop date after a resend.
    pub new_stop: Day,
    /// Today and the policy's days: what Unlock offers where the stop date is over.
    pub policy_stop: Day,
    /// When a link may go to the profile's address again, where it may not now.
    pub again: Option<Moment>,
    /// That is so because the day's cap is used up, not because the last one is so recent.
    pub day_is_full: bool,
    /// The link that was mailed leads somewhere, or will once the enrollment is unlocked: its lifetime is not over, and nobody stopped it.
    pub link_lives: bool,
    /// Nothing is open to the link: the user is disabled.
    pub disabled: bool,
    /// Where a resend may go beside the profile's address.
    pub alternate: AlternateAddresses,
    /// What the operator who asks may do.
    pub may: UserTaskRights,
    /// The zone of the days and moments.
    pub zone: String,
    /// The idempotency key of the page's form.
    pub key: String,
}

/// What an operator may do with one user's enrollment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserTaskRights {
    /// Resend.
    pub resend: bool,
    /// Resend to an address that is not the profile's.
    pub redirect: bool,
    /// Unlock, New Stop Date, and the task itself.
    pub manage: bool,
}

impl UserTask {
    /// The link is too old though the stop date is not over: Resend is then what sends a new one.
    pub fn link_expired(&self) -> bool {
        self.notes.contains(&Note::LinkExpired)
    }

    /// May a link go to another address than the profile's, by this operator and this policy?
    pub fn may_redirect(&self) -> bool {
        self.may.redirect && self.alternate != AlternateAddresses::Off
    }

    /// The stop date is over, whatever the status.
    pub fn over(&self) -> bool {
        self.stop < self.today
    }
}

/// The page `/users/{id}/delete`: what deleting the user would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserToDelete {
    /// The user's row.
    pub id: i64,
    /// UserID.
    pub user_id: String,
    /// First and last name, or the UserID.
    pub name: String,
    /// Open enrollments, which would be removed.
    pub open: i64,
    /// Tokens that are not revoked yet, which would be.
    pub tokens: i64,
    /// The idempotency key of the page's form.
    pub key: String,
}

/// The address of one user's enrollment in one task.
pub fn user_task_path(user: i64, task: i64) -> String {
    format!("/users/{user}/provisioning-tasks/{task}")
}

/// Is `address` one that the policy lets a resend go to?
///
/// # Errors
/// The field's problem.
pub fn alternate(address: &str, policy: &AlternateAddresses) -> Result<(), crate::problem::Problem> {
    use crate::{problem::Problem, user::email_key};
    let key = email_key(address);
    let domain = key.rsplit_once('@').map_or("", |(_, domain)| domain);
    match policy {
        AlternateAddresses::Any => Ok(()),
        AlternateAddresses::Domains(domains) if domains.iter().any(|one| email_key(one.trim_start_matches('@')) == domain) => {
            Ok(())
        }
        AlternateAddresses::Domains(domains) => Err(Problem::OtherDomain { domains: domains.clone() }),
        AlternateAddresses::Off => Err(Problem::ProfileAddressOnly),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;

    #[test]
    fn listed_domains_are_whole_domains_in_any_case() {
        let listed = AlternateAddresses::Domains(vec!["Contoso.example".into()]);
        assert_eq!(alternate("a@CONTOSO.example", &listed), Ok(()));
        for other in ["a@evil-contoso.example", "a@sub.contoso.example", "a@contoso.example.evil.example"] {
            assert!(matches!(alternate(other, &listed), Err(Problem::OtherDomain { .. })), "{other}");
        }
        assert_eq!(alternate("a@b.example", &AlternateAddresses::Off), Err(Problem::ProfileAddressOnly));
        assert_eq!(alternate("a@b.example", &AlternateAddresses::Any), Ok(()));
    }
}
