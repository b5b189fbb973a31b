//! Why an enrollment is left out of an act over many.

use crate::{Refusal, day::Moment, enrollment::Status};
use serde::{Deserialize, Serialize};

/// Why an enrollment is left as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeftOut {
    /// It is completed or removed already.
    Over(Status),
    /// Resend of one that is not active.
    NotActive(Status),
    /// Unlock of one that is not locked.
    NotLocked(Status),
    /// Resend to a user who is disabled or deleted.
    Disabled,
    /// Resend to a user without an address.
    NoEmail,
    /// A link was sent to the address a moment ago.
    SentLately {
        /// When it is possible again, to the minute.
        again: Moment,
    },
    /// The address has had its links of this day.
    DayIsFull {
        /// When it is possible again, to the minute.
        again: Moment,
    },
    /// Another row of the same act goes to the same address.
    SameAddress,
}

impl LeftOut {
    /// As it is stored: the kind and, behind a colon, the status or the minute since 1970-01-01T00:00Z that belongs to it.
    pub fn code(self) -> String {
        match self {
            LeftOut::Over(status) => format!("over:{}", status.code()),
            LeftOut::NotActive(status) => format!("not_active:{}", status.code()),
            LeftOut::NotLocked(status) => format!("not_locked:{}", status.code()),
            LeftOut::Disabled => "disabled".to_owned(),
            LeftOut::NoEmail => "no_email".to_owned(),
            LeftOut::SentLately { again } => format!("sent_lately:{}", again.minute()),
            LeftOut::DayIsFull { again } => format!("day_is_full:{}", again.minute()),
            LeftOut::SameAddress => "same_address".to_owned(),
        }
    }

    /// The reason of that code; its moment is in UTC.
    pub fn of_code(code: &str) -> Option<LeftOut> {
        let (kind, of) = code.split_once(':').unwrap_or((code, ""));
        let again = || of.parse().ok().map(Moment::of_minute);
        let reason = match kind {
            "over" => LeftOut::Over(Status::of_code(of)?),
            "not_active" => LeftOut::NotActive(Status::of_code(of)?),
            "not_locked" => LeftOut::NotLocked(Status::of_code(of)?),
            "disabled" => LeftOut::Disabled,
            "no_email" => LeftOut::NoEmail,
            "sent_lately" => LeftOut::SentLately { again: again()? },
            "day_is_full" => LeftOut::DayIsFull { again: again()? },
            "same_address" => LeftOut::SameAddress,
            _ => return None,
        };
        Some(reason)
    }

    /// When it is possible again, where waiting is all it takes.
    pub const fn again(self) -> Option<Moment> {
        match self {
            LeftOut::SentLately { again } | LeftOut::DayIsFull { again } => Some(again),
            _ => None,
        }
    }

    /// The same reason with another moment, or its moment in another zone.
    #[must_use]
    pub const fn until(self, again: Moment) -> LeftOut {
        match self {
            LeftOut::SentLately { .. } => LeftOut::SentLately { again },
            LeftOut::DayIsFull { .. } => LeftOut::DayIsFull { again },
            other => other,
        }
    }

    /// Why, in the words of the act on one enrollment.
    pub fn sentence(self) -> String {
        match self {
            LeftOut::Over(status) => format!("Already {}.", status.code()),
            LeftOut::NotActive(status) => Refusal::NotActive(status).to_string(),
            LeftOut::NotLocked(status) => Refusal::NotLocked(status).to_string(),
            LeftOut::Disabled => Refusal::UserDisabled.to_string(),
            LeftOut::NoEmail => "This user has no e-mail address.".to_owned(),
            LeftOut::SentLately { again } => Refusal::ResentLately { again, day_is_full: false }.to_string(),
            LeftOut::DayIsFull { again } => Refusal::ResentLately { again, day_is_full: true }.to_string(),
            LeftOut::SameAddress => "Another link of this act goes to the same address. Try again after the cooldown.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        let reasons = Status::ALL
            .into_iter()
            .flat_map(|status| [LeftOut::Over(status), LeftOut::NotActive(status), LeftOut::NotLocked(status)]);
        let again = Moment { at: 1_795_348_800_000, offset: 0 };
        let plain = [LeftOut::Disabled, LeftOut::NoEmail, LeftOut::SameAddress];
        let waits = [LeftOut::SentLately { again }, LeftOut::DayIsFull { again }];
        for reason in reasons.chain(plain).chain(waits) {
            assert_eq!(LeftOut::of_code(&reason.code()), Some(reason));
            assert!(reason.sentence().ends_with('.'), "{reason:?}");
        }
        for unknown in ["over:lost", "over", "sent_lately", "day_is_full:noon", "nobody"] {
            assert_eq!(LeftOut::of_code(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn what_is_possible_again_is_so_at_the_minute_that_is_named() {
        let again = Moment { at: 1_795_348_800_001, offset: 60 };
        let kept = LeftOut::of_code(&LeftOut::SentLately { again }.code()).and_then(LeftOut::again).expect("a moment");
        assert_eq!(kept, Moment { at: 1_795_348_860_000, offset: 0 });
        let told = LeftOut::DayIsFull { again: kept }.until(Moment { offset: 60, ..kept }).sentence();
        assert_eq!(told, "No more links can be sent to this address today. Possible again at 13:01 on 22 Nov 2026.");
    }
}
