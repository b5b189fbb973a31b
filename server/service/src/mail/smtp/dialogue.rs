//! One conversation with a relay, step by step (RFC 5321, 3207, 4954, 6152, 6531). Every step has its own time and every failure says
//! at which step it happened: that decides what becomes of the message.

use super::{Security, Settings, Stream, broken, reply, tls};
use crate::mail::{
    failure::{Cause, Failure, Reply, Step},
    message::Mail,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{future::Future, time::Duration};
use tokio::io::{AsyncWriteExt, BufReader};

/// How long each step may take.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What a relay offered after EHLO.
#[derive(Debug, Default)]
struct Offers(Vec<String>);

impl Offers {
    fn has(&self, keyword: &str) -> bool {
        self.0.iter().any(|offer| offer.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(keyword)))
    }

    fn auth(&self, mechanism: &str) -> bool {
        let of_auth = |offer: &&String| offer.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("AUTH"));
        self.0.iter().filter(of_auth).any(|offer| offer[4..].split([' ', '=']).any(|word| word.eq_ignore_ascii_case(mechanism)))
    }
}

/// An open line to a relay that has passed EHLO, TLS and sign-in.
pub struct Dialogue {
    stream: BufReader<Box<dyn Stream>>,
    offers: Offers,
}

impl std::fmt::Debug for Dialogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dialogue").field("offers", &self.offers).finish_non_exhaustive()
    }
}

impl Dialogue {
    /// From an open connection to where a message can be sent.
    ///
    /// # Errors
    /// The step that failed, before [`Step::MailFrom`].
    pub async fn open(stream: Box<dyn Stream>, settings: &Settings) -> Result<Dialogue, Failure> {
        let stream = match &settings.security {
            Security::Tls(config) => within(Step::Tls, tls::handshake(stream, config, &settings.host)).await?,
            Security::StartTls(_) | Security::Plain => stream,
        };
        let mut line = Dialogue { stream: BufReader::new(stream), offers: Offers::default() };
        line.answer(Step::Greeting, 220).await?;
        line.ehlo(settings).await?;
        if let Security::StartTls(config) = &settings.security {
            line = line.start_tls(config, settings).await?;
        }
        if let Some((user, password)) = &settings.sign_in {
            line.sign_in(user, password).await?;
        }
        Ok(line)
    }

    /// Hands over one message to one recipient.
    ///
    /// `may_go` is asked once more when all but the final dot is written: when it says no, the line is cut and nothing was sent.
    ///
    /// # Errors
    /// The step that failed. After an answer that refuses, the line can be used again once [`Dialogue::reset`] has succeeded.
    pub async fn send(&mut self, mail: &Mail, may_go: &(dyn Fn() -> bool + Sync)) -> Result<Reply, Failure> {
        let parameters = self.parameters(mail)?;
        self.command(Step::MailFrom, &format!("MAIL FROM:<{}>{parameters}", mail.from), 250).await?;
        let to = format!("RCPT TO:<{}>", mail.to);
        match self.command(Step::RcptTo, &to, 250).await {
            // "User not local; will forward" takes the recipient as well (RFC 5321 §4.2.3).
            Err(Failure { cause: Cause::Reply(Reply { code: 251 | 252, .. }), .. }) => {}
            answered => drop(answered?),
        }
        self.command(Step::Data, "DATA", 354).await?;
        let body = stuffed(&mail.bytes);
        within(Step::Body, self.write(&body)).await?;
        if !may_go() {
            return Err(Failure::new(Step::Body, Cause::Broken("the lease was lost".to_owned())));
        }
        within(Step::FinalDot, self.write(b".\r\n")).await?;
        self.answer(Step::FinalDot, 250).await
    }

    /// Forgets a refused message, so that the next can follow.
    ///
    /// # Errors
    /// The line is of no more use.
    pub async fn reset(&mut self) -> Result<(), Failure> {
        self.command(Step::MailFrom, "RSET", 250).await.map(drop)
    }

    /// Says goodbye. What the relay answers changes nothing.
    pub async fn quit(mut self) {
        let _ = self.command(Step::FinalDot, "QUIT", 221).await;
        let _ = within(Step::FinalDot, async { self.stream.shutdown().await.map_err(broken) }).await;
    }

    fn parameters(&self, mail: &Mail) -> Result<&'static str, Failure> {
        let utf8 = !mail.from.is_ascii() || !mail.to.is_ascii();
        if utf8 && !self.offers.has("SMTPUTF8") {
            return Err(Failure::new(Step::RcptTo, Cause::NotOffered));
        }
        Ok(if utf8 { " SMTPUTF8 BODY=8BITMIME" } else { "" })
    }

    async fn ehlo(&mut self, settings: &Settings) -> Result<(), Failure> {
        self.say(Step::Ehlo, &format!("EHLO {}", settings.hello)).await?;
        let mut lines = within(Step::Ehlo, reply::read(&mut self.stream)).await?;
        if lines.code != 250 {
            return Err(Failure::new(Step::Ehlo, Cause::Reply(lines.reply())));
        }
        self.offers = Offers(lines.lines.drain(..).skip(1).collect());
        Ok(())
    }

    async fn start_tls(mut self, config: &tls::Config, settings: &Settings) -> Result<Dialogue, Failure> {
        // A relay that stopped offering it may be somebody in between: nothing is sent in the clear.
        if !self.offers.has("STARTTLS") {
            return Err(Failure::new(Step::StartTls, Cause::NotOffered));
        }
        self.command(Step::StartTls, "STARTTLS", 220).await?;
        // What came in the clear after the answer would be read as if it had come under TLS.
        if !self.stream.buffer().is_empty() {
            return Err(Failure::new(Step::StartTls, Cause::Garbage));
        }
        let stream = within(Step::Tls, tls::handshake(self.stream.into_inner(), config, &settings.host)).await?;
        let mut line = Dialogue { stream: BufReader::new(stream), offers: Offers::default() };
        line.ehlo(settings).await?;
        Ok(line)
    }

    /// PLAIN (RFC 4616), else LOGIN for relays that know nothing else.
    async fn sign_in(&mut self, user: &str, password: &str) -> Result<(), Failure> {
        if self.offers.auth("PLAIN") {
            let secret = STANDARD.encode(format!("\0{user}\0{password}"));
            self.command(Step::Auth, &format!("AUTH PLAIN {secret}"), 235).await?;
        } else if self.offers.auth("LOGIN") {
            self.command(Step::Auth, "AUTH LOGIN", 334).await?;
            self.command(Step::Auth, &STANDARD.encode(user), 334).await?;
            self.command(Step::Auth, &STANDARD.encode(password), 235).await?;
        } else {
            return Err(Failure::new(Step::Auth, Cause::NotOffered));
        }
        Ok(())
    }

    async fn command(&mut self, step: Step, line: &str, wanted: u16) -> Result<Reply, Failure> {
        self.say(step, line).await?;
        self.answer(step, wanted).await
    }

    /// Writes one command. A line break in it would be a second command, so it is refused here whatever was checked before.
    async fn say(&mut self, step: Step, line: &str) -> Result<(), Failure> {
        if line.chars().any(char::is_control) {
            return Err(Failure::new(step, Cause::BadAddress));
        }
        within(step, self.write(format!("{line}\r\n").as_bytes())).await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        self.stream.write_all(bytes).await.map_err(broken)?;
        self.stream.flush().await.map_err(broken)
    }

    async fn answer(&mut self, step: Step, wanted: u16) -> Result<Reply, Failure> {
        let reply = within(step, reply::read(&mut self.stream)).await?.reply();
        if reply.code == wanted { Ok(reply) } else { Err(Failure::new(step, Cause::Reply(reply))) }
    }
}

async fn within<T>(step: Step, what: impl Future<Output = Result<T, Cause>>) -> Result<T, Failure> {
    let done = tokio::time::timeout(PATIENCE, what).await.unwrap_or(Err(Cause::Timeout));
    done.map_err(|cause| Failure::new(step, cause))
}

/// The message as it goes over the line, without the final dot: every line ends with CRLF and a leading dot is doubled
/// (RFC 5321 §4.5.2), so that nothing inside ends the message early.
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 64);
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        // A lone carriage return counts as a line's end for some relays.
        out.extend(line.iter().map(|byte| if *byte == b'\r' { b' ' } else { *byte }));
        out.extend_from_slice(b"\r\n");
    }
    if bytes.ends_with(b"\n") {
        out.truncate(out.len() - 2);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_inside_a_message_ends_it() {
        assert_eq!(stuffed(b"a\r\n.\r\nb\r\n"), b"a\r\n..\r\nb\r\n");
        assert_eq!(stuffed(b"a\n.\nb"), b"a\r\n..\r\nb\r\n");
        assert_eq!(stuffed(b"a\r.\rb\r\n"), b"a . b\r\n");
        assert_eq!(stuffed(b""), b"\r\n");
    }

    proptest! {
        #[test]
        fn a_stuffed_message_holds_no_line_of_one_dot(bytes in proptest::collection::vec(prop_oneof![
            Just(b'.'), Just(b'\r'), Just(b'\n'), Just(b'a')], 0..64)) {
            let out = stuffed(&bytes);
            prop_assert!(out.ends_with(b"\r\n"));
            prop_assert!(!out.windows(3).any(|w| w == b"\n.\r" || w == b"\n.\n"));
            prop_assert!(!out.starts_with(b".\r"));
            prop_assert_eq!(out.iter().filter(|b| **b == b'\n').count(), out.windows(2).filter(|w| w == b"\r\n").count());
        }
    }

    #[test]
    fn offers_are_read_whatever_their_case() {
        let offers = Offers(vec!["starttls".into(), "AUTH=LOGIN plain".into(), "8BITMIME".into()]);
        assert!(offers.has("STARTTLS") && offers.auth("PLAIN") && offers.auth("LOGIN"));
        assert!(!offers.has("SMTPUTF8") && !offers.auth("XOAUTH2"));
    }
}
