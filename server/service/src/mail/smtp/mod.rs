//! SMTP to one relay. The conversation is our own, because the outbox must know at which step it failed; lettre builds the messages
//! (docs/decisions, "mail").

mod dialogue;
mod reply;
pub mod tls;
mod url;

#[cfg(test)]
mod loopback_tests;
#[cfg(test)]
mod matrix_tests;

use super::{
    failure::{Cause, Failure, Reply, Step},
    message::Mail,
};
pub use dialogue::{Dialogue, PATIENCE};
use std::{fmt, io};
use tokio::io::{AsyncRead, AsyncWrite};

/// A line to a relay, in the clear or under TLS.
pub trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// How the line is protected.
#[derive(Clone)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls(tls::Config),
    /// TLS after STARTTLS, and nothing is sent without.
    StartTls(tls::Config),
    /// None: loopback, or asked for by `?plain=yes`.
    Plain,
}

/// Where mail goes, and how to sign in there.
#[derive(Clone)]
pub struct Settings {
    /// The relay's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line is protected.
    pub security: Security,
    /// User and password.
    pub sign_in: Option<(String, String)>,
    /// What EHLO says: our name, or an address in brackets (RFC 5321 §4.1.3).
    pub hello: String,
}

/// Shows no password.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("hello", &self.hello)
            .finish_non_exhaustive()
    }
}

/// One worker's line to the relay: opened when it is needed, used for one message after the other, never shared.
#[derive(Debug)]
pub struct Line {
    settings: Settings,
    open: Option<Dialogue>,
}

impl Line {
    /// A line that is not open yet.
    pub fn new(settings: Settings) -> Line {
        Line { settings, open: None }
    }

    /// Hands over one message. A line that the relay closed while it was idle is opened again at once.
    ///
    /// # Errors
    /// The step that failed.
    pub async fn send(&mut self, mail: &Mail, may_go: &(dyn Fn() -> bool + Sync)) -> Result<Reply, Failure> {
        let (line, kept) = match self.open.take() {
            Some(line) => (line, true),
            None => (self.connect().await?, false),
        };
        match self.send_on(line, mail, may_go).await {
            Err(failure) if kept && went_stale(&failure) => {
                let line = self.connect().await?;
                self.send_on(line, mail, may_go).await
            }
            answer => answer,
        }
    }

    /// Says goodbye, when a line is open.
    pub async fn close(&mut self) {
        if let Some(line) = self.open.take() {
            line.quit().await;
        }
    }

    async fn connect(&self) -> Result<Dialogue, Failure> {
        let address = (self.settings.host.trim_start_matches('[').trim_end_matches(']'), self.settings.port);
        let connecting = tokio::time::timeout(PATIENCE, tokio::net::TcpStream::connect(address)).await;
        let stream = connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => Failure::new(Step::Connect, Cause::Timeout),
            _ => Failure::new(Step::Connect, broken(error)),
        })?;
        // Commands are short and each waits for its answer.
        let _ = stream.set_nodelay(true);
        Dialogue::open(Box::new(stream), &self.settings).await
    }

    /// Keeps the line open after success, and after an answer that was about this message only.
    async fn send_on(&mut self, mut line: Dialogue, mail: &Mail, may_go: &(dyn Fn() -> bool + Sync)) -> Result<Reply, Failure> {
        let sent = line.send(mail, may_go).await;
        match &sent {
            Ok(_) => self.open = Some(line),
            Err(failure) if about_the_message(failure) => self.open = line.reset().await.is_ok().then_some(line),
            // Dropped without goodbye: a relay that stopped listening would only hold us up.
            Err(_) => {}
        }
        sent
    }
}

/// An idle line that was closed shows itself at the next command, before anything of the message was said.
fn went_stale(failure: &Failure) -> bool {
    let closed = match &failure.cause {
        Cause::Broken(_) => true,
        Cause::Reply(reply) => reply.code == 421,
        _ => false,
    };
    closed && failure.step == Step::MailFrom
}

fn about_the_message(failure: &Failure) -> bool {
    match &failure.cause {
        Cause::Reply(reply) => (400..600).contains(&reply.code) && reply.code != 421,
        Cause::NotOffered | Cause::BadAddress => true,
        _ => false,
    }
}

/// An error of the line in words.
fn broken(error: io::Error) -> Cause {
    let text = error.to_string();
    Cause::Broken(text.trim_end_matches('.').chars().filter(|c| !c.is_control()).take(200).collect())
}
