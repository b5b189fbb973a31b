//! An enrollment in one sentence that can be read to a caller.

use crate::{
    day::{Day, Moment},
    enrollment::Status,
    message::MailState,
};

/// What happened to one user inside a task, and where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story<'a> {
    /// First and last name, or the UserID.
    pub name: &'a str,
    /// The address of the last link, as the one who asks may see it; empty when there is none.
    pub emailed_to: &'a str,
    /// That is not the profile's.
    pub redirected: bool,
    /// How the newest mail with a link fares, since when, and why.
    pub mail: Option<(MailState, Moment, &'a str)>,
    /// When somebody or something first opened the link.
    pub link_opened: Option<Moment>,
    /// When Start was last pressed.
    pub started: Option<Moment>,
    /// When the user asked for a new link.
    pub asked: Option<Moment>,
    /// The link's lifetime is over though the stop date is not.
    pub link_expired: bool,
    /// The status.
    pub status: Status,
    /// When it was locked, completed or removed.
    pub since: Option<Moment>,
    /// Who removed it.
    pub removed_by: &'a str,
    /// The serial number of the enrolled token.
    pub serial: &'a str,
    /// It is completed, and its token has had no code accepted since.
    pub never_used: bool,
    /// The last day.
    pub stop: Day,
}

/// The story in one sentence: the mail, how far the user came, and what holds now.
pub fn sentence(story: &Story<'_>) -> String {
    let mut parts = vec![mail(story)];
    if let Some(at) = story.link_opened {
        parts.push(format!("opened the link on {at}"));
    } else if story.status.is_open() {
        parts.push("has not opened the link".to_owned());
    }
    if let Some(at) = story.started {
        parts.push(format!("started on {at}"));
    } else if story.status.is_open() && story.link_opened.is_some() {
        parts.push("has not started".to_owned());
    }
    if let (Some(at), true) = (story.asked, story.status.is_open()) {
        parts.push(format!("asked for a new link on {at}"));
    }
    format!("{} {}; {}.", story.name, parts.join(", "), now(story))
}

fn mail(story: &Story<'_>) -> String {
    let to = match (story.emailed_to, story.redirected) {
        ("", _) => String::new(),
        (address, false) => format!(" at {address}"),
        (address, true) => format!(" at another address ({address})"),
    };
    let Some((state, at, why)) = story.mail else { return "has not been mailed".to_owned() };
    let why = why.trim().trim_end_matches('.');
    let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
    match state {
        MailState::Accepted => format!("was mailed on {at}{to}"),
        MailState::Queued | MailState::Sending => format!("is to be mailed{to}, which waits since {at}"),
        MailState::Deferred => format!("is being mailed{to} again and again since {at}{why}"),
        MailState::Uncertain => format!("was perhaps mailed on {at}{to}, which is being found out"),
        MailState::Bounced => format!("was mailed{to}, which came back on {at}{why}"),
        MailState::Failed => format!("could not be mailed on {at}{to}{why}"),
        MailState::Canceled => format!("was not mailed{to} any more on {at}{why}"),
    }
}

fn now(story: &Story<'_>) -> String {
    let on = story.since.map(|at| format!(" on {at}")).unwrap_or_default();
    match story.status {
        Status::Active if story.link_expired => {
            format!("the link has expired, a new one is needed to enroll until {}", story.stop)
        }
        Status::Active => format!("may enroll until {}", story.stop),
        Status::Expired => format!("could enroll until {}, which is over", story.stop),
        Status::Locked => format!("used up the attempts{on} and is locked"),
        Status::Completed => {
            let serial = if story.serial.is_empty() { String::new() } else { format!(" with serial number {}", story.serial) };
            format!("completed enrollment{on}{serial}{}", if story.never_used { ", never used since" } else { "" })
        }
        Status::Removed if story.removed_by.is_empty() => format!("was removed{on}"),
        Status::Removed => format!("was removed{on} by {}", story.removed_by),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Moment {
        Moment { at: 1_795_305_600_000 + hour * 3_600_000, offset: 60 }
    }

    fn anna() -> Story<'static> {
        Story {
            name: "Anna Weiss",
            emailed_to: "anna@contoso.example",
            redirected: false,
            mail: Some((MailState::Accepted, at(8), "")),
            link_opened: Some(at(9)),
            started: None,
            asked: None,
            link_expired: false,
            status: Status::Active,
            since: None,
            removed_by: "",
            serial: "",
            never_used: false,
            stop: Day::from_epoch(20_789),
        }
    }

    #[test]
    fn one_who_may_still_enroll() {
        assert_eq!(
            sentence(&anna()),
            "Anna Weiss was mailed on 22 Nov 2026 09:00 at anna@contoso.example, opened the link on 22 Nov 2026 10:00, has not \
             started; may enroll until 02 Dec 2026."
        );
        let started = Story { link_opened: None, started: Some(at(10)), asked: Some(at(11)), ..anna() };
        assert_eq!(
            sentence(&started),
            "Anna Weiss was mailed on 22 Nov 2026 09:00 at anna@contoso.example, has not opened the link, started on 22 Nov 2026 \
             11:00, asked for a new link on 22 Nov 2026 12:00; may enroll until 02 Dec 2026."
        );
    }

    #[test]
    fn each_status_ends_the_sentence_in_its_own_way() {
        let ends = [
            (Story { link_expired: true, ..anna() }, "; the link has expired, a new one is needed to enroll until 02 Dec 2026."),
            (Story { status: Status::Expired, ..anna() }, "; could enroll until 02 Dec 2026, which is over."),
            (
                Story { status: Status::Locked, since: Some(at(12)), ..anna() },
                "; used up the attempts on 22 Nov 2026 13:00 and is locked.",
            ),
            (
                Story { status: Status::Completed, since: Some(at(12)), serial: "1000000007", ..anna() },
                "; completed enrollment on 22 Nov 2026 13:00 with serial number 1000000007.",
            ),
            (
                Story { status: Status::Completed, since: Some(at(12)), serial: "1000000007", never_used: true, ..anna() },
                "; completed enrollment on 22 Nov 2026 13:00 with serial number 1000000007, never used since.",
            ),
            (
                Story { status: Status::Removed, since: Some(at(12)), removed_by: "m.keller", ..anna() },
                "; was removed on 22 Nov 2026 13:00 by m.keller.",
            ),
        ];
        for (story, end) in ends {
            assert!(sentence(&story).ends_with(end), "{}", sentence(&story));
        }
    }

    #[test]
    fn each_state_of_the_mail_begins_it_in_its_own_way() {
        let begins = [
            (MailState::Queued, "Anna Weiss is to be mailed at anna@contoso.example, which waits since 22 Nov 2026 09:00, "),
            (MailState::Sending, "Anna Weiss is to be mailed at anna@contoso.example, which waits since 22 Nov 2026 09:00, "),
            (
                MailState::Bounced,
                "Anna Weiss was mailed at anna@contoso.example, which came back on 22 Nov 2026 09:00 (No such box), ",
            ),
            (MailState::Failed, "Anna Weiss could not be mailed on 22 Nov 2026 09:00 at anna@contoso.example (No such box), "),
            (
                MailState::Canceled,
                "Anna Weiss was not mailed at anna@contoso.example any more on 22 Nov 2026 09:00 (No such box), ",
            ),
        ];
        for (state, begin) in begins {
            let said = sentence(&Story { mail: Some((state, at(8), "No such box.")), ..anna() });
            assert!(said.starts_with(begin), "{said}");
        }
        let silent = Story { mail: None, link_opened: None, status: Status::Completed, ..anna() };
        assert_eq!(sentence(&silent), "Anna Weiss has not been mailed; completed enrollment.");
    }

    #[test]
    fn another_address_is_told_as_it_may_be_seen() {
        let said = sentence(&Story { emailed_to: "j…@…", redirected: true, ..anna() });
        assert!(said.starts_with("Anna Weiss was mailed on 22 Nov 2026 09:00 at another address (j…@…), "), "{said}");
    }
}
