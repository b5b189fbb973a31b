//! Ten commands, each met by a relay that misbehaves in every way, and what that must mean. The relay is on the other end of a pipe in
//! memory, so that waiting costs no time.

use super::*;
use crate::mail::{Verdict, classify};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream};

/// How a relay misbehaves at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Answers(&'static str),
    Drops,
    Stalls,
    Garbage,
}

const TEMPORARY: Manner = Manner::Answers("451 try later");
const PERMANENT: Manner = Manner::Answers("550 never");
const GOING_AWAY: Manner = Manner::Answers("421 going away");
const MANNERS: [Manner; 6] = [TEMPORARY, PERMANENT, GOING_AWAY, Manner::Drops, Manner::Stalls, Manner::Garbage];

/// Where the relay stands; each names what it misbehaves at.
const GREETING: &str = "";
const COMMANDS: [(&str, Step); 10] = [
    (GREETING, Step::Greeting),
    ("EHLO", Step::Ehlo),
    ("STARTTLS", Step::StartTls),
    ("AUTH", Step::Auth),
    ("MAIL", Step::MailFrom),
    ("RCPT", Step::RcptTo),
    ("DATA", Step::Data),
    (".", Step::FinalDot),
    ("RSET", Step::MailFrom),
    ("QUIT", Step::FinalDot),
];

/// A relay that behaves but at one command. Answers what it got, line by line.
async fn relay(stream: DuplexStream, at: &'static str, manner: Manner) -> Vec<String> {
    let mut stream = BufReader::new(stream);
    let mut got = Vec::new();
    let mut in_data = false;
    let mut word = GREETING.to_owned();
    loop {
        if word == at {
            match manner {
                Manner::Answers(answer) => say(&mut stream, answer).await,
                Manner::Drops => return got,
                // Keeps the line open and says nothing more, until the other side gives up.
                Manner::Stalls => {}
                Manner::Garbage => say(&mut stream, "<html>").await,
            }
        } else if let Some(answer) = good_answer(&word, in_data) {
            say(&mut stream, answer).await;
        }
        in_data = word == "DATA" && word != at || in_data && word != ".";
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return got;
        }
        word = match (in_data, line.trim_end()) {
            (true, line) => line.to_owned(),
            (false, line) => line.split([' ', ':']).next().unwrap_or_default().to_owned(),
        };
        got.push(line.trim_end().to_owned());
    }
}

fn good_answer(word: &str, in_data: bool) -> Option<&'static str> {
    Some(match word {
        GREETING if !in_data => "220 relay.example ESMTP",
        "." => "250 queued as 1",
        _ if in_data => return None,
        "EHLO" => "250-relay.example\r\n250-STARTTLS\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN",
        "AUTH" => "235 welcome",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ => "250 ok",
    })
}

async fn say(stream: &mut BufReader<DuplexStream>, line: &str) {
    // The other side may be gone already; that is what some tests are about.
    let _ = stream.write_all(format!("{line}\r\n").as_bytes()).await;
}

fn settings(start_tls: bool) -> Settings {
    let security = if start_tls {
        let roots = tokio_rustls::rustls::RootCertStore::empty();
        Security::StartTls(tls::trusting(roots).unwrap())
    } else {
        Security::Plain
    };
    Settings {
        host: "relay.example".into(),
        port: 25,
        security,
        sign_in: Some(("user".into(), "password".into())),
        hello: "provost.example".into(),
    }
}

fn mail() -> Mail {
    Mail {
        message_id: "m@x.example".into(),
        from: "provost@x.example".into(),
        to: "ann@x.example".into(),
        bytes: b"Subject: x\r\n\r\n.\r\nbody\r\n".to_vec(),
    }
}

/// One message over a fresh line, and what the relay got.
async fn try_once(at: &'static str, manner: Manner) -> (Result<Reply, Failure>, Vec<String>) {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let relay = tokio::spawn(relay(theirs, at, manner));
    let settings = settings(at == "STARTTLS");
    let sent = async {
        let mut line = Dialogue::open(Box::new(ours), &settings).await?;
        let sent = line.send(&mail(), &|| true).await;
        if at == "RSET" {
            return line.reset().await.map(|()| Reply { code: 250, text: String::new() });
        }
        if at == "QUIT" {
            line.quit().await;
        }
        sent
    };
    let sent = sent.await;
    (sent, relay.await.unwrap())
}

/// What a failure at that step must mean.
fn expected(step: Step, manner: Manner) -> Verdict {
    let before_the_message = step < Step::MailFrom;
    match (manner, step) {
        (GOING_AWAY, _) if step >= Step::RcptTo => Verdict::AwayAgain,
        (GOING_AWAY, _) => Verdict::RelayAway,
        (PERMANENT, Step::RcptTo | Step::Data | Step::FinalDot) => Verdict::Never,
        (PERMANENT, _) => Verdict::Misconfigured,
        (TEMPORARY, _) if before_the_message => Verdict::RelayAway,
        (TEMPORARY, _) => Verdict::Again,
        (_, Step::FinalDot) => Verdict::Uncertain,
        _ if before_the_message => Verdict::RelayAway,
        _ => Verdict::Again,
    }
}

#[tokio::test(start_paused = true)]
async fn every_command_met_by_every_manner_is_classified_right() {
    let mut cells = 0;
    for (at, step) in COMMANDS {
        for manner in MANNERS {
            let (sent, got) = try_once(at, manner).await;
            cells += 1;
            if at == "QUIT" {
                assert_eq!(sent.unwrap().to_string(), "250 queued as 1", "what is said after the message changes nothing");
                continue;
            }
            let failure = sent.expect_err(at);
            assert_eq!(failure.step, step, "{at:?} {manner:?}");
            assert_eq!(classify(&failure), expected(step, manner), "{at:?} {manner:?}: {failure}");
            let dots = got.iter().filter(|line| *line == ".").count();
            assert_eq!(dots, usize::from(matches!(at, "." | "RSET")), "{at:?} {manner:?}: {got:?}");
        }
    }
    assert_eq!(cells, 60);
}

#[tokio::test(start_paused = true)]
async fn a_relay_that_behaves_gets_the_message_as_it_is() {
    let (sent, got) = try_once("nothing", Manner::Drops).await;
    assert_eq!(sent.unwrap().to_string(), "250 queued as 1");
    let auth = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, "\0user\0password");
    let auth = format!("AUTH PLAIN {auth}");
    assert_eq!(
        got,
        [
            "EHLO provost.example",
            &auth,
            "MAIL FROM:<provost@x.example>",
            "RCPT TO:<ann@x.example>",
            "DATA",
            "Subject: x",
            "",
            "..",
            "body",
            "."
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stripped_starttls_sends_nothing() {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let relay = tokio::spawn(relay(theirs, "EHLO", Manner::Answers("250-relay.example\r\n250 AUTH PLAIN")));
    let failure = Dialogue::open(Box::new(ours), &settings(true)).await.unwrap_err();
    assert_eq!((failure.step, &failure.cause), (Step::StartTls, &Cause::NotOffered));
    assert_eq!(classify(&failure), Verdict::Misconfigured);
    assert_eq!(relay.await.unwrap(), ["EHLO provost.example"]);
}

#[tokio::test(start_paused = true)]
async fn what_comes_in_the_clear_after_starttls_is_not_read_as_if_it_came_under_tls() {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let relay = tokio::spawn(relay(theirs, "STARTTLS", Manner::Answers("220 go\r\n250-relay.example\r\n250 AUTH PLAIN")));
    let failure = Dialogue::open(Box::new(ours), &settings(true)).await.unwrap_err();
    assert_eq!((failure.step, failure.cause), (Step::StartTls, Cause::Garbage));
    assert_eq!(relay.await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refused_sign_in_pauses_and_a_way_to_sign_in_that_is_missing_too() {
    for answer in ["535 5.7.8 no", "530 5.7.0 must issue STARTTLS first", "534 too weak"] {
        let (sent, _) = try_once("AUTH", Manner::Answers(answer)).await;
        assert_eq!(classify(&sent.unwrap_err()), Verdict::Misconfigured, "{answer}");
    }
    let (sent, _) = try_once("EHLO", Manner::Answers("250 relay.example")).await;
    let failure = sent.unwrap_err();
    assert_eq!((failure.step, &failure.cause), (Step::Auth, &Cause::NotOffered));
    assert_eq!(classify(&failure), Verdict::Misconfigured);
    let (sent, _) = try_once("AUTH", Manner::Answers("454 4.7.0 later")).await;
    assert_eq!(classify(&sent.unwrap_err()), Verdict::RelayAway);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_is_asked_for_late_pauses_and_blames_nobody() {
    for at in ["MAIL", "RCPT", "DATA"] {
        let (sent, _) = try_once(at, Manner::Answers("530 5.7.0 authentication required")).await;
        assert_eq!(classify(&sent.unwrap_err()), Verdict::Misconfigured, "{at}");
    }
}

#[tokio::test(start_paused = true)]
async fn letters_beyond_ascii_need_a_relay_that_takes_them() {
    for (offer, takes) in
        [("250-relay.example\r\n250-SMTPUTF8\r\n250 AUTH PLAIN", true), ("250-relay.example\r\n250 AUTH PLAIN", false)]
    {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let relay = tokio::spawn(relay(theirs, "EHLO", Manner::Answers(offer)));
        let mut line = Dialogue::open(Box::new(ours), &settings(false)).await.unwrap();
        let sent = line.send(&Mail { to: "山田@x.example".into(), ..mail() }, &|| true).await;
        drop(line);
        let got = relay.await.unwrap();
        if takes {
            assert!(sent.is_ok());
            assert!(got.contains(&"MAIL FROM:<provost@x.example> SMTPUTF8 BODY=8BITMIME".to_owned()));
        } else {
            assert_eq!(classify(&sent.unwrap_err()), Verdict::Never);
            assert!(!got.iter().any(|line| line.starts_with("MAIL")));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_lease_stops_before_the_final_dot() {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let relay = tokio::spawn(relay(theirs, "nothing", Manner::Drops));
    let mut line = Dialogue::open(Box::new(ours), &settings(false)).await.unwrap();
    let failure = line.send(&mail(), &|| false).await.unwrap_err();
    drop(line);
    assert_eq!((failure.step, classify(&failure)), (Step::Body, Verdict::Again));
    assert!(!relay.await.unwrap().contains(&".".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_line_break_in_an_address_never_becomes_a_command() {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let relay = tokio::spawn(relay(theirs, "nothing", Manner::Drops));
    let mut line = Dialogue::open(Box::new(ours), &settings(false)).await.unwrap();
    let sent = line.send(&Mail { to: "a@x.example>\r\nRCPT TO:<b@evil.example".into(), ..mail() }, &|| true).await;
    drop(line);
    assert_eq!(sent.unwrap_err().cause, Cause::BadAddress);
    assert!(!relay.await.unwrap().iter().any(|line| line.contains("evil")));
}
