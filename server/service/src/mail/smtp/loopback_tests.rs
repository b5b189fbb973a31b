//! A relay of our own on this machine, with TLS: certificates, lines that are kept and lines that are opened again.

use super::*;
use crate::mail::{Verdict, classify};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{RootCertStore, ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

/// How the relay speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    Plain,
    Tls,
    StartTls,
}

/// What the relay got, line by line; a line of its own for each connection.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn note(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }

    fn count(&self, word: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|line| line.starts_with(word)).count()
    }
}

struct Relay {
    port: u16,
    log: Log,
    roots: RootCertStore,
}

impl Relay {
    /// A relay whose certificate is for `name`. It hangs up after `most` messages on one line.
    async fn start(speaks: Speaks, name: &str, most: usize) -> Relay {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, log) = (listener.local_addr().unwrap().port(), Log::default());
        let noted = log.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(Box::new(stream), speaks, acceptor.clone(), noted.clone(), most));
            }
        });
        Relay { port, log, roots }
    }

    fn line(&self, security: fn(tls::Config) -> Security) -> Line {
        let config = tls::trusting(self.roots.clone()).unwrap();
        Line::new(Settings {
            host: "localhost".into(),
            port: self.port,
            security: security(config),
            sign_in: None,
            hello: "provost.example".into(),
        })
    }
}

async fn serve(mut stream: Box<dyn Stream>, speaks: Speaks, acceptor: TlsAcceptor, log: Log, most: usize) {
    log.note("connection");
    if speaks == Speaks::Tls {
        let Ok(secure) = acceptor.accept(stream).await else { return };
        stream = Box::new(secure);
    }
    let mut stream = BufReader::new(stream);
    let (mut messages, mut in_data, mut secure) = (0, false, speaks != Speaks::StartTls);
    let _ = stream.write_all(b"220 relay\r\n").await;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let line = line.trim_end();
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "." if in_data => {
                in_data = false;
                messages += 1;
                log.note("message");
                "250 taken"
            }
            _ if in_data => continue,
            "EHLO" if !secure => "250-relay\r\n250 STARTTLS",
            "STARTTLS" => {
                let _ = stream.write_all(b"220 go\r\n").await;
                let Ok(over) = acceptor.accept(stream.into_inner()).await else { return };
                stream = BufReader::new(Box::new(over));
                secure = true;
                continue;
            }
            "DATA" => {
                in_data = true;
                "354 go on"
            }
            "MAIL" if messages == most => return,
            _ => "250 ok",
        };
        log.note(line);
        let _ = stream.write_all(format!("{answer}\r\n").as_bytes()).await;
    }
}

fn mail() -> Mail {
    Mail {
        message_id: "m@x".into(),
        from: "p@x.example".into(),
        to: "a@x.example".into(),
        bytes: b"Subject: x\r\n\r\nx\r\n".to_vec(),
    }
}

async fn send(line: &mut Line) -> Result<Reply, Failure> {
    line.send(&mail(), &|| true).await
}

#[tokio::test]
async fn messages_go_over_one_line_under_tls() {
    for (speaks, security) in
        [(Speaks::Tls, Security::Tls as fn(tls::Config) -> Security), (Speaks::StartTls, Security::StartTls)]
    {
        let relay = Relay::start(speaks, "localhost", 99).await;
        let mut line = relay.line(security);
        for _ in 0..3 {
            assert_eq!(send(&mut line).await.unwrap().to_string(), "250 taken");
        }
        line.close().await;
        assert_eq!((relay.log.count("connection"), relay.log.count("message"), relay.log.count("QUIT")), (1, 3, 1));
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_or_from_nobody_is_a_wrong_setting() {
    let relay = Relay::start(Speaks::Tls, "somewhere.example", 99).await;
    let stranger = Relay::start(Speaks::StartTls, "localhost", 99).await;
    let distrusting = Relay { roots: RootCertStore::empty(), log: stranger.log.clone(), port: stranger.port };
    for (relay, mut line) in [(&relay, relay.line(Security::Tls)), (&distrusting, distrusting.line(Security::StartTls))] {
        let failure = send(&mut line).await.unwrap_err();
        assert!(matches!(failure.cause, Cause::Certificate(_)), "{failure}");
        assert_eq!((failure.step, classify(&failure)), (Step::Tls, Verdict::Misconfigured));
        assert_eq!(relay.log.count("MAIL"), 0);
    }
}

#[tokio::test]
async fn a_relay_that_speaks_no_tls_where_tls_is_expected_gets_nothing() {
    let relay = Relay::start(Speaks::Plain, "localhost", 99).await;
    let failure = send(&mut relay.line(Security::Tls)).await.unwrap_err();
    assert_eq!((failure.step, classify(&failure)), (Step::Tls, Verdict::RelayAway));
    assert_eq!(relay.log.count("EHLO"), 0);
}

#[tokio::test]
async fn a_line_that_was_closed_while_idle_is_opened_again_at_once() {
    let relay = Relay::start(Speaks::Plain, "localhost", 1).await;
    let mut line = relay.line(|_| Security::Plain);
    for _ in 0..3 {
        send(&mut line).await.unwrap();
    }
    assert_eq!((relay.log.count("connection"), relay.log.count("message")), (3, 3));
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_away() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let relay = Relay { port, log: Log::default(), roots: RootCertStore::empty() };
    let failure = send(&mut relay.line(|_| Security::Plain)).await.unwrap_err();
    assert_eq!((failure.step, classify(&failure)), (Step::Connect, Verdict::RelayAway));
}
