//! What a failure means for the message and for the queue: the step decides first, then the answer (mail contract, point 9).

use super::failure::{Cause, Failure, Step};

/// What to do with the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// This message could not be taken now: it is tried again after a pause, and the try counts.
    Again,
    /// The relay cannot be used now, whatever the message: everything waits, and no try counts.
    RelayAway,
    /// The relay closed the line over this message: everything waits, and the try counts, because the message may be the reason.
    AwayAgain,
    /// This message will never be taken: it fails where everybody can see it.
    Never,
    /// The message may have arrived: after a minute the same bytes go out again.
    Uncertain,
    /// The settings are wrong and every message would fail alike: the whole queue pauses, and no try counts.
    Misconfigured,
}

/// What that failure means.
pub fn classify(failure: &Failure) -> Verdict {
    match &failure.cause {
        Cause::Reply(reply) => reply_means(failure.step, reply.code),
        Cause::Certificate(_) | Cause::Denied(_) => Verdict::Misconfigured,
        Cause::NotOffered => match failure.step {
            Step::StartTls | Step::Auth => Verdict::Misconfigured,
            _ => Verdict::Never,
        },
        Cause::BadAddress => match failure.step {
            Step::MailFrom => Verdict::Misconfigured,
            _ => Verdict::Never,
        },
        Cause::Unbuildable(_) => Verdict::Never,
        Cause::Garbage | Cause::Timeout | Cause::Broken(_) => line_means(failure.step),
    }
}

/// An answer that refuses. 421 closes the line whatever it answers (RFC 5321 §3.8), but one that does so at the
/// recipient or later may do it for this message each time. 530 asks for a sign-in whatever it answers
/// (RFC 4954 §6), so it is not about the message.
fn reply_means(step: Step, code: u16) -> Verdict {
    match (code, step) {
        (421, step) if step >= Step::RcptTo => Verdict::AwayAgain,
        (421, _) => Verdict::RelayAway,
        (530, _) => Verdict::Misconfigured,
        (500..=599, step) if step < Step::RcptTo => Verdict::Misconfigured,
        (500..=599, _) => Verdict::Never,
        (400..=499, step) if step < Step::MailFrom => Verdict::RelayAway,
        (400..=499, _) => Verdict::Again,
        // An answer that neither takes nor refuses is no SMTP.
        _ => line_means(step),
    }
}

/// The line is useless from here on, and what was said on it decides.
fn line_means(step: Step) -> Verdict {
    match step {
        Step::FinalDot => Verdict::Uncertain,
        Step::MailFrom | Step::RcptTo | Step::Data | Step::Body => Verdict::Again,
        _ => Verdict::RelayAway,
    }
}
