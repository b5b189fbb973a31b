//! Where and why a message could not be handed over: the facts, before anybody judges them (see [`super::classify`]).

use std::fmt;

/// The steps of handing one message to a relay, in their order (RFC 5321 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Reaching the relay: name, route, TCP.
    Connect,
    /// The handshake of TLS, at once or after STARTTLS.
    Tls,
    /// The relay's first line.
    Greeting,
    /// EHLO, before and after TLS.
    Ehlo,
    /// STARTTLS (RFC 3207).
    StartTls,
    /// AUTH (RFC 4954).
    Auth,
    /// MAIL FROM.
    MailFrom,
    /// RCPT TO.
    RcptTo,
    /// DATA.
    Data,
    /// The message, up to the final dot.
    Body,
    /// The final dot and the answer to it: from here on the message may have arrived.
    FinalDot,
    /// Writing a file, where mail goes to a folder.
    Write,
}

impl Step {
    /// Every step.
    pub const ALL: [Step; 12] = [
        Step::Connect,
        Step::Tls,
        Step::Greeting,
        Step::Ehlo,
        Step::StartTls,
        Step::Auth,
        Step::MailFrom,
        Step::RcptTo,
        Step::Data,
        Step::Body,
        Step::FinalDot,
        Step::Write,
    ];

    /// The step as the end of the sentence "The relay … at {step}".
    const fn words(self) -> &'static str {
        match self {
            Step::Connect => "the connection",
            Step::Tls => "TLS",
            Step::Greeting => "its greeting",
            Step::Ehlo => "EHLO",
            Step::StartTls => "STARTTLS",
            Step::Auth => "the sign-in",
            Step::MailFrom => "the sender",
            Step::RcptTo => "the recipient",
            Step::Data | Step::Body | Step::FinalDot | Step::Write => "the message",
        }
    }
}

/// What a relay answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The three digits (RFC 5321 §4.2).
    pub code: u16,
    /// The text of all lines, without control characters, at most 500 characters.
    pub text: String,
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.text.is_empty() { write!(f, "{}", self.code) } else { write!(f, "{} {}", self.code, self.text) }
    }
}

/// What went wrong at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// An answer other than the one that step needs.
    Reply(Reply),
    /// An answer that is none.
    Garbage,
    /// Nothing came within the time of a step.
    Timeout,
    /// The line broke, or could not be had; in words.
    Broken(String),
    /// The relay's certificate does not prove its name; in words.
    Certificate(String),
    /// The relay does not offer what is needed at that step: STARTTLS, a way to sign in, SMTPUTF8.
    NotOffered,
    /// The address cannot be written into a command.
    BadAddress,
    /// The message could not be built; in words.
    Unbuildable(String),
    /// The folder may not be written to; in words.
    Denied(String),
}

/// A message was not handed over, or perhaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where.
    pub step: Step,
    /// Why.
    pub cause: Cause,
}

impl Failure {
    /// That cause at that step.
    pub const fn new(step: Step, cause: Cause) -> Failure {
        Failure { step, cause }
    }

    /// The relay's answer, where there was one.
    pub fn reply(&self) -> Option<&Reply> {
        match &self.cause {
            Cause::Reply(reply) => Some(reply),
            _ => None,
        }
    }
}

/// One sentence for an operator. Holds nothing of the message.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.step.words();
        match (&self.cause, self.step) {
            (Cause::Reply(reply), Step::Auth) => write!(f, "The relay refused the sign-in ({}).", reply.code),
            (Cause::Reply(reply), _) => write!(f, "The relay refused {at} ({}).", reply.code),
            (Cause::Garbage, _) => write!(f, "The relay answered something that is not SMTP at {at}."),
            (Cause::Timeout, Step::Connect) => f.write_str("The relay could not be reached in time."),
            (Cause::Timeout, Step::FinalDot) => {
                f.write_str("The relay did not confirm the message in time; it may have arrived.")
            }
            (Cause::Timeout, _) => write!(f, "The relay did not answer in time at {at}."),
            (Cause::Broken(why), Step::Connect) => write!(f, "The relay could not be reached: {why}."),
            (Cause::Broken(why), Step::Write) => write!(f, "The message could not be written to the folder: {why}."),
            (Cause::Broken(_), Step::FinalDot) => {
                f.write_str("The line broke before the relay confirmed the message; it may have arrived.")
            }
            (Cause::Broken(why), _) => write!(f, "The line to the relay broke at {at}: {why}."),
            (Cause::Certificate(why), _) => write!(f, "The relay's certificate does not prove its name: {why}."),
            (Cause::NotOffered, Step::StartTls) => f.write_str("The relay does not offer STARTTLS, so nothing was sent."),
            (Cause::NotOffered, Step::Auth) => {
                f.write_str("The relay offers no way to sign in that Provost knows (PLAIN, LOGIN).")
            }
            (Cause::NotOffered, _) => f.write_str("The relay cannot take addresses with letters beyond ASCII (SMTPUTF8)."),
            (Cause::BadAddress, Step::MailFrom) => f.write_str("The sender's address cannot be used in a mail."),
            (Cause::BadAddress, _) => f.write_str("This address cannot be used in a mail."),
            (Cause::Unbuildable(why), _) => write!(f, "The message could not be built: {why}."),
            (Cause::Denied(why), _) => write!(f, "The folder for mail cannot be used: {why}."),
        }
    }
}

impl std::error::Error for Failure {}
