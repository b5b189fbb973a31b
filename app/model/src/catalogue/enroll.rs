//! The texts of the pages under `/enroll`, one group for each page. Placeholders in braces are named beside each text.

use crate::{
    enrolling::LinkState,
    problem::Problem,
    refusal::{EnrollmentOver, Refusal},
};

/// A text that names a number: the language's own rule picks the form, and `{n}` stands for the number.
pub type Counted = fn(u32) -> &'static str;

/// The texts of the pages under `/enroll`.
#[derive(Debug)]
pub struct EnrollTexts {
    /// The heading of every page.
    pub self_enrollment: &'static str,
    /// How far the reader is. `{n}`, `{total}`
    pub step: &'static str,
    /// `/enroll`: the code from the mail.
    pub typed: TypedTexts,
    /// The page of a link that serves.
    pub ready: ReadyTexts,
    /// The steps of an authenticator app.
    pub app: AppTexts,
    /// What stands under and beside the field of a code.
    pub code: CodeTexts,
    /// Enrolled and proven.
    pub done: DoneTexts,
    /// Why a link or a session does not serve.
    pub over: OverTexts,
    /// Asking for a new link.
    pub ask: AskTexts,
    /// *This was not me*.
    pub not_me: NotMeTexts,
    /// *Stop it*.
    pub stop: StopTexts,
    /// Every other way to say no.
    pub no: NoTexts,
}

/// `/enroll`: the code from the mail, typed on another device.
#[derive(Debug)]
pub struct TypedTexts {
    /// What the page is for.
    pub title: &'static str,
    /// What to do.
    pub how: &'static str,
    /// The field of the UserID.
    pub user_id: &'static str,
    /// The field of the code.
    pub code: &'static str,
    /// What a code looks like.
    pub code_hint: &'static str,
    /// The button.
    pub start: &'static str,
    /// What to do without a mail.
    pub no_mail: &'static str,
}

/// The page of a link that serves. `{type}`, `{a_type}`, `{organisation}`, `{name}`, `{day}`
#[derive(Debug)]
pub struct ReadyTexts {
    /// What is to be enrolled.
    pub title: &'static str,
    /// Who asks whom, and what for.
    pub what: &'static str,
    /// The label of the person.
    pub person: &'static str,
    /// The label of the authenticator.
    pub authenticator: &'static str,
    /// The label of the last day.
    pub last_day: &'static str,
    /// The last day. `{day}`, `{zone}`
    pub last_day_of: &'static str,
    /// What is needed for an authenticator app.
    pub need_app: &'static str,
    /// What is needed for a passkey.
    pub need_passkey: &'static str,
    /// What is needed for a hardware token.
    pub need_hardware: &'static str,
    /// What is needed for codes by mail.
    pub need_email: &'static str,
    /// The button.
    pub start: &'static str,
    /// The button when somebody pressed it before; begins like [`ReadyTexts::start`].
    pub start_again: &'static str,
    /// What pressing it again does.
    pub started: &'static str,
    /// For somebody else who opened the link.
    pub not_you: &'static str,
}

/// The steps of an authenticator app.
#[derive(Debug)]
pub struct AppTexts {
    /// The heading of the step.
    pub title: &'static str,
    /// For whom, and until when. `{name}`, `{day}`
    pub who: &'static str,
    /// What to do with the QR code.
    pub scan: &'static str,
    /// The name of the QR code for those who cannot see it.
    pub qr: &'static str,
    /// The link to an app on this device.
    pub open: &'static str,
    /// Between that link and the key.
    pub or_type: &'static str,
    /// The key's label.
    pub key: &'static str,
    /// What to choose in the app when the key is typed.
    pub key_hint: &'static str,
    /// For whoever the page was not meant for; attempts may be used up by now.
    pub not_you: &'static str,
}

/// What stands under and beside the field of an authenticator's code.
#[derive(Debug)]
pub struct CodeTexts {
    /// The field's label.
    pub label: &'static str,
    /// What to type. `{digits}`
    pub hint: &'static str,
    /// The button.
    pub verify: &'static str,
    /// How many wrong codes are left. `{n}`
    pub attempts_left: Counted,
    /// How long the page is good for. `{n}`
    pub minutes_left: Counted,
    /// Nothing was typed, or not a code. `{digits}`
    pub not_a_code: &'static str,
    /// A wrong code.
    pub wrong: &'static str,
    /// A code that was accepted before.
    pub used: &'static str,
}

/// Enrolled and proven. `{type}`, `{organisation}`
#[derive(Debug)]
pub struct DoneTexts {
    /// The heading.
    pub title: &'static str,
    /// What was done.
    pub what: &'static str,
    /// The label of the serial number.
    pub serial: &'static str,
    /// The label of the authenticator.
    pub authenticator: &'static str,
    /// Above what happens next.
    pub next: &'static str,
    /// What happens next.
    pub steps: [&'static str; 3],
}

/// A heading, what happened, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverText {
    /// The heading.
    pub title: &'static str,
    /// What happened.
    pub what: &'static str,
    /// What to do.
    pub how: &'static str,
}

/// Why a link or a session does not serve.
#[derive(Debug)]
pub struct OverTexts {
    /// No session, or its window is over.
    pub no_session: OverText,
    /// Somebody pressed Start on another device.
    pub started_elsewhere: OverText,
    /// The attempts are used up.
    pub locked: OverText,
    /// The stop date is over.
    pub expired: OverText,
    /// The user was removed or disabled.
    pub canceled: OverText,
    /// The enrollment is completed.
    pub completed: OverText,
    /// A newer mail holds a newer link.
    pub replaced: OverText,
    /// The link was ended, and no newer mail was sent.
    pub ended: OverText,
    /// The link is too old though the stop date is not over.
    pub too_old: OverText,
    /// Every secret that matches no row.
    pub unknown: OverText,
    /// The link to `/enroll`.
    pub type_code: &'static str,
}

/// Asking for a new link.
#[derive(Debug)]
pub struct AskTexts {
    /// The button.
    pub button: &'static str,
    /// What pressing it does when a link is sent at once.
    pub for_link: &'static str,
    /// What pressing it does when operators decide.
    pub for_help: &'static str,
    /// It was pressed before.
    pub asked: &'static str,
    /// A new link is on its way.
    pub sent: OverText,
    /// Operators see the request.
    pub requested: OverText,
}

/// *This was not me*. `{type}`, `{organisation}`
#[derive(Debug)]
pub struct NotMeTexts {
    /// The heading before it is pressed.
    pub title: &'static str,
    /// What pressing it does.
    pub what: &'static str,
    /// The button.
    pub button: &'static str,
    /// Above the button on a used link's page.
    pub question: &'static str,
    /// For those who did enroll.
    pub was_me: &'static str,
    /// Afterwards.
    pub suspended: OverText,
}

/// *Stop it*. `{a_type}`, `{organisation}`
#[derive(Debug)]
pub struct StopTexts {
    /// The heading before it is pressed.
    pub title: &'static str,
    /// What pressing it does.
    pub what: &'static str,
    /// The button.
    pub button: &'static str,
    /// For those who know of it.
    pub fine: &'static str,
    /// Afterwards.
    pub stopped: OverText,
    /// It was used before.
    pub used: OverText,
}

/// Every other way to say no.
#[derive(Debug)]
pub struct NoTexts {
    /// The heading of a page that cannot be shown.
    pub title: &'static str,
    /// One answer for an unknown UserID, a wrong code and nothing open.
    pub no_such_code: &'static str,
    /// A limit is used up. `{clock}`, `{day}`, `{zone}`
    pub too_often: &'static str,
    /// The server is busy or away.
    pub busy: &'static str,
    /// An accident on our side. `{reference}`
    pub accident: &'static str,
    /// No answer came.
    pub unreachable: &'static str,
    /// A form that no page of ours sends.
    pub bad_form: &'static str,
    /// A field that must be filled in.
    pub required: &'static str,
    /// A field that holds too much. `{n}`
    pub too_long: &'static str,
    /// Anything else.
    pub other: &'static str,
}

impl EnrollTexts {
    /// The page of a session that cannot go on.
    pub const fn over(&self, why: EnrollmentOver) -> OverText {
        match why {
            EnrollmentOver::NoSession => self.over.no_session,
            EnrollmentOver::StartedElsewhere => self.over.started_elsewhere,
            EnrollmentOver::Locked => self.over.locked,
            EnrollmentOver::Expired => self.over.expired,
            EnrollmentOver::Canceled => self.over.canceled,
            EnrollmentOver::Completed => self.over.completed,
            EnrollmentOver::Replaced => self.over.replaced,
            EnrollmentOver::Ended => self.over.ended,
            EnrollmentOver::LinkTooOld => self.over.too_old,
        }
    }

    /// The page of a link that no longer serves; nothing for one that does.
    pub const fn dead_link(&self, state: &LinkState) -> Option<OverText> {
        match state {
            LinkState::Ready { .. } => None,
            LinkState::Expired { .. } => Some(self.over.expired),
            LinkState::TooOld { .. } => Some(self.over.too_old),
            LinkState::Locked => Some(self.over.locked),
            LinkState::Canceled => Some(self.over.canceled),
            LinkState::Replaced => Some(self.over.replaced),
            LinkState::Ended => Some(self.over.ended),
            LinkState::Used { .. } => Some(self.over.completed),
        }
    }

    /// The sentence of a refusal on these pages; days and hours are of the zone of that name.
    pub fn refusal(&self, refusal: &Refusal, zone: &str) -> String {
        use super::fill;
        match refusal {
            Refusal::NoSuchCode => self.no.no_such_code.to_owned(),
            Refusal::NotFound(_) => format!("{} {}", self.over.unknown.what, self.over.unknown.how),
            Refusal::EnrollmentOver(why) => format!("{} {}", self.over(*why).what, self.over(*why).how),
            Refusal::TooOften { again } => {
                fill(self.no.too_often, &[("clock", &again.clock()), ("day", &again.day().long()), ("zone", zone)])
            }
            Refusal::Busy => self.no.busy.to_owned(),
            Refusal::Accident { reference } => fill(self.no.accident, &[("reference", reference)]),
            Refusal::Invalid(problems) => {
                problems.0.first().map_or(self.no.other.to_owned(), |(_, problem)| self.problem(problem))
            }
            Refusal::BadRequest(_) | Refusal::TooLarge | Refusal::ForeignForm { .. } => self.no.bad_form.to_owned(),
            _ => self.no.other.to_owned(),
        }
    }

    /// The sentence under a field of these pages.
    pub fn problem(&self, problem: &Problem) -> String {
        use super::fill;
        match problem {
            Problem::Required => self.no.required.to_owned(),
            Problem::TooLong { most } => fill(self.no.too_long, &[("n", &most.to_string())]),
            Problem::NotACode { digits } => fill(self.code.not_a_code, &[("digits", &digits.to_string())]),
            Problem::WrongCode { .. } => self.code.wrong.to_owned(),
            Problem::CodeUsed => self.code.used.to_owned(),
            _ => self.no.other.to_owned(),
        }
    }
}

/// A counted text with its number.
pub fn counted(text: Counted, n: u32) -> String {
    super::fill(text(n), &[("n", &n.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalogue::en::ENGLISH, day::Moment, problem::Problems, refusal::BadRequest};

    #[test]
    fn what_is_left_is_counted_as_people_say_it() {
        let texts = &ENGLISH.enroll.code;
        assert_eq!(counted(texts.attempts_left, 1), "1 attempt left");
        assert_eq!(counted(texts.attempts_left, 4), "4 attempts left");
        assert_eq!(counted(texts.minutes_left, 1), "1 minute left");
        assert_eq!(counted(texts.minutes_left, 0), "Less than a minute left");
    }

    #[test]
    fn no_refusal_on_a_users_page_speaks_of_the_console() {
        let texts = &ENGLISH.enroll;
        let again = Moment { at: 1_798_757_400_000, offset: 60 };
        let wrong = Problems::one("code", Problem::WrongCode { left: 3 });
        let refusals = [
            Refusal::NoSuchCode,
            Refusal::TooOften { again },
            Refusal::Busy,
            Refusal::Accident { reference: "abcd1234".into() },
            Refusal::Invalid(wrong),
            Refusal::BadRequest(BadRequest::Parameter),
            Refusal::ForeignForm { open: "https://a.example".into() },
            Refusal::SignInFirst,
        ];
        for refusal in refusals {
            let said = texts.refusal(&refusal, "Europe/Vienna");
            assert!(!said.contains(['{', '}']), "{said}");
            assert!(!said.contains("console") && said != refusal.to_string(), "{said}");
        }
        let often = texts.refusal(&Refusal::TooOften { again }, "Europe/Vienna");
        assert!(often.contains("23:50") && often.contains("31 Dec 2026") && often.contains("Europe/Vienna"), "{often}");
    }
}
