//! The bytes of a message (RFC 5322, 2045, 2047, 3834): a pure function of its row, so that every attempt is the same message.

use super::{
    blocks,
    failure::{Cause, Failure, Step},
    letter::{Letter, Secrets},
    plain::one_line,
    render,
};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use sha2::{Digest, Sha256};
use std::time::{Duration, UNIX_EPOCH};

/// A message ready to go to its one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The Message-ID without its angle brackets.
    pub message_id: String,
    /// The sender of the envelope.
    pub from: String,
    /// The one recipient of the envelope.
    pub to: String,
    /// Headers and body, lines ending in CRLF.
    pub bytes: Vec<u8>,
}

/// What a message is built from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The Message-ID without its angle brackets.
    pub message_id: &'a str,
    /// The recipient.
    pub to: &'a str,
    /// The language of the texts.
    pub language: &'a str,
    /// What it says.
    pub letter: &'a Letter,
    /// What only the reader may see.
    pub secrets: &'a Secrets,
    /// Its Date, in milliseconds.
    pub made_at: i64,
}

/// Builds the message.
///
/// # Errors
/// A failure at [`Step::MailFrom`] or [`Step::RcptTo`] for an address that is none, at [`Step::Data`] for anything else.
pub fn build(source: Source<'_>) -> Result<Mail, Failure> {
    let page = blocks::page(source.letter, source.secrets, source.language);
    let rendered = render::render(&page).map_err(|error| unbuildable(&error))?;
    let sender = &source.letter.sender;
    let from = address(&sender.address, Step::MailFrom)?;
    let to = address(source.to, Step::RcptTo)?;
    let name = if sender.name.is_empty() { &sender.organisation } else { &sender.name };
    let seconds = u64::try_from(source.made_at / 1000).unwrap_or(0);
    let body = MultiPart::alternative()
        .boundary(boundary(source.message_id))
        .singlepart(SinglePart::plain(rendered.text))
        .singlepart(SinglePart::html(rendered.html));
    let message = Message::builder()
        .message_id(Some(format!("<{}>", one_line(source.message_id))))
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .from(Mailbox::new(some(one_line(name)), from.clone()))
        .to(Mailbox::new(some(one_line(&source.letter.name)), to.clone()))
        .subject(page.subject)
        .header(AutoSubmitted)
        .multipart(body)
        .map_err(|error| unbuildable(&error))?;
    Ok(Mail { message_id: source.message_id.to_owned(), from: from.to_string(), to: to.to_string(), bytes: message.formatted() })
}

fn some(name: String) -> Option<String> {
    (!name.is_empty()).then_some(name)
}

/// An address as mail writes it: the domain in ASCII (RFC 5890), so that only letters beyond ASCII before the @ need SMTPUTF8.
fn address(text: &str, step: Step) -> Result<Address, Failure> {
    let bad = || Failure::new(step, Cause::BadAddress);
    let (local, domain) = text.rsplit_once('@').ok_or_else(bad)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| bad())?;
    let usable = |c: char| !c.is_control() && !c.is_whitespace() && !"<>()[],;:\\\"".contains(c);
    if local.is_empty() || !local.chars().all(usable) {
        return Err(bad());
    }
    Address::new(local, domain).map_err(|_| bad())
}

fn unbuildable(error: &dyn std::error::Error) -> Failure {
    Failure::new(Step::Data, Cause::Unbuildable(one_line(&error.to_string())))
}

/// The MIME boundary, the same on every attempt.
fn boundary(message_id: &str) -> String {
    Sha256::digest(message_id).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// `Auto-Submitted: auto-generated` (RFC 3834 §5): no out-of-office answer comes back.
#[derive(Clone, Copy, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<AutoSubmitted, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(AutoSubmitted::name(), "auto-generated".to_owned())
    }
}
