//! Building messages: the same bytes each time, nothing of a value becomes a header or a link, every message whole.

use super::{
    failure::{Cause, Step},
    letter::{Alert, Content, Late, Letter, Link, Secrets, Sender},
    message::{Mail, Source, build},
};
use model::{
    authentication::AuthenticationType,
    day::{Day, Moment},
};
use proptest::prelude::*;

const LINK_SECRET: &str = "Zm9ydHktdGhyZWUgY2hhcmFjdGVycyBvZiBzZWNyZXQ";
const AT: Moment = Moment { at: 1_795_348_800_000, offset: 60 };

fn sender() -> Sender {
    Sender {
        organisation: "Contoso".into(),
        name: String::new(),
        address: "provost@contoso.example".into(),
        base_url: "https://provost.contoso.example".into(),
        zone: "Europe/Vienna".into(),
    }
}

fn link() -> Link {
    Link { user_id: "aiko".into(), kind: AuthenticationType::App, stop: Day::parse("2026-12-02").unwrap(), until: None }
}

fn letter(content: Content) -> Letter {
    Letter { sender: sender(), name: "Aiko Yamada".into(), content }
}

fn secrets() -> Secrets {
    Secrets { link: Some(LINK_SECRET.into()), code: Some("7K3M9QRS".into()) }
}

fn built(letter: &Letter, to: &str) -> Mail {
    let secrets = secrets();
    let source =
        Source { message_id: "m1@provost.contoso.example", to, language: "en", letter, secrets: &secrets, made_at: AT.at };
    build(source).unwrap()
}

/// Headers by name, unfolded, and the body.
fn taken_apart(mail: &Mail) -> (Vec<(String, String)>, String) {
    let text = String::from_utf8(mail.bytes.clone()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let headers = unfolded.split("\r\n").map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_owned(), value.to_owned())
    });
    (headers.collect(), body.to_owned())
}

/// HTML with its slashes written out again.
fn shown(html: &str) -> String {
    html.replace("&#x2f;", "/")
}

fn everything() -> Vec<Content> {
    vec![
        Content::Enrollment(link()),
        Content::Resend(Link { until: Some(AT), ..link() }),
        Content::Reminder(Link { kind: AuthenticationType::Hardware, ..link() }),
        Content::Removed { kind: AuthenticationType::Passkey },
        Content::Completed { kind: AuthenticationType::App, serial: "1000000042".into(), at: AT },
        Content::SentElsewhere { address: "j…@…".into(), operator: "olga".into(), at: AT },
        Content::AddressChanged { operator: "olga".into(), at: AT },
        Content::EmailCode { minutes: 10 },
        Content::Alert { what: Alert::NotMe, user_id: "aiko".into(), task: 7 },
        Content::Alert { what: Alert::Stopped, user_id: "aiko".into(), task: 7 },
        Content::Alert { what: Alert::Locked, user_id: "aiko".into(), task: 7 },
        Content::Alert { what: Alert::Requested, user_id: "aiko".into(), task: 7 },
        Content::Test { operator: "olga".into(), at: AT },
        Content::Expired { late: vec![late(7, 1)], more_tasks: 0, users: 1 },
        Content::Expired { late: vec![late(7, 12), late(9, 1)], more_tasks: 3, users: 40 },
    ]
}

fn late(task: i64, users: u32) -> Late {
    Late { task, stop: link().stop, users }
}

#[test]
fn every_message_is_whole_and_fills_every_placeholder() {
    for content in everything() {
        let mail = built(&letter(content.clone()), "aiko@contoso.example");
        let (headers, body) = taken_apart(&mail);
        for name in ["Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"] {
            assert_eq!(headers.iter().filter(|(found, _)| found == name).count(), 1, "{name} of {content:?}");
        }
        assert_eq!(headers.len(), 8, "{headers:?}");
        let page = super::blocks::page(&letter(content.clone()), &secrets(), "en");
        let rendered = super::render::render(&page).unwrap();
        for half in [&rendered.text, &page.subject, &page.title] {
            assert!(!half.contains('{') && !half.contains('}'), "{content:?}: {half}");
        }
        assert!(rendered.html.ends_with("</html>\n") || rendered.html.ends_with("</html>"));
        assert!(body.contains("text/plain; charset=utf-8") && body.contains("text/html; charset=utf-8"));
    }
}

#[test]
fn an_enrollment_message_says_what_it_is_and_what_to_do() {
    let page = super::blocks::page(&letter(Content::Enrollment(link())), &secrets(), "en");
    let rendered = super::render::render(&page).unwrap();
    assert_eq!(page.subject, "Contoso: enroll your authenticator app by 02 Dec 2026");
    for said in [
        "Hello Aiko Yamada,",
        "Contoso asks you to enroll an authenticator app",
        "Wednesday 02 Dec 2026, until the end of the day (Europe/Vienna)",
        "7K3M-9QRS",
        "aiko",
        "https://provost.contoso.example/enroll there",
        "You did not expect this?",
    ] {
        assert!(rendered.text.contains(said), "{said}\n{}", rendered.text);
        assert!(shown(&rendered.html).contains(said), "{said}");
    }
    let address = format!("https://provost.contoso.example/enroll/{LINK_SECRET}");
    assert!(rendered.text.lines().any(|line| line == address), "{}", rendered.text);
    assert_eq!(rendered.html.matches(LINK_SECRET).count(), 2, "the button and the text");
    assert_eq!(rendered.html.matches("href=").count(), 1, "no other link");
    assert!(shown(&rendered.html).contains(&format!("href=\"{address}\"")));
}

#[test]
fn a_digest_of_expired_users_counts_by_task_and_leads_to_them() {
    let rendered = |late: Vec<Late>, more_tasks, users| {
        let page = super::blocks::page(&letter(Content::Expired { late, more_tasks, users }), &Secrets::default(), "en");
        (page.subject.clone(), super::render::render(&page).unwrap().text)
    };
    let (subject, text) = rendered(vec![late(7, 1)], 0, 1);
    assert_eq!(subject, "Contoso: 1 user did not enroll in time");
    assert!(text.contains("1 user in task 7 did not enroll by 02 Dec 2026."), "{text}");
    assert!(text.contains("https://provost.contoso.example/provisioning-tasks/7\n"), "{text}");
    let (subject, text) = rendered(vec![late(7, 12), late(9, 1)], 1, 14);
    assert_eq!(subject, "Contoso: 14 users did not enroll in time");
    assert!(text.contains("12 users in task 7 did not enroll by 02 Dec 2026."), "{text}");
    assert!(text.contains("There are more in 1 other task."), "{text}");
    assert!(text.contains("https://provost.contoso.example/provisioning-tasks?has_expired=1\n"), "{text}");
}

/// The bytes of template version 1. When this fails because a text or the layout changed: raise `letter::TEMPLATE`, keep the old
/// texts and layout for rows of the old version, and take the new bytes up beside these.
#[test]
fn rows_of_template_version_1_keep_their_bytes() {
    use sha2::{Digest, Sha256};
    let mut all = Sha256::new();
    for content in everything() {
        all.update(built(&letter(content), "aiko@contoso.example").bytes);
    }
    let digest: String = all.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((super::letter::TEMPLATE, digest.as_str()), (1, "3c45d1c7fc943fdf"));
}

#[test]
fn an_address_that_is_none_is_refused_at_its_step() {
    let secrets = secrets();
    for (from, to, step) in [
        ("a@contoso.example", "b@contoso.example\r\nBcc: c@evil.example", Step::RcptTo),
        ("a@contoso.example", "b@contoso.example, c@evil.example", Step::RcptTo),
        ("a@contoso.example", "b@contoso.example> NOTIFY=SUCCESS", Step::RcptTo),
        ("a@contoso.example", "b", Step::RcptTo),
        ("a@contoso.example", "", Step::RcptTo),
        ("a b@contoso.example", "b@contoso.example", Step::MailFrom),
    ] {
        let mut letter = letter(Content::Enrollment(link()));
        letter.sender.address = from.into();
        let source = Source { message_id: "m@x", to, language: "en", letter: &letter, secrets: &secrets, made_at: 0 };
        let failure = build(source).unwrap_err();
        assert_eq!((failure.step, failure.cause), (step, Cause::BadAddress), "{to}");
    }
}

#[test]
fn letters_beyond_ascii_are_encoded_and_a_domain_needs_no_extension() {
    let mut letter = letter(Content::Enrollment(link()));
    letter.name = "山田 太郎".into();
    letter.sender.organisation = "Größe & Söhne".into();
    let mail = built(&letter, "aiko@bücher.example");
    assert_eq!(mail.to, "aiko@xn--bcher-kva.example");
    assert!(mail.bytes.is_ascii());
    let (headers, _) = taken_apart(&mail);
    let to = &headers.iter().find(|(name, _)| name == "To").unwrap().1;
    assert!(to.contains("=?utf-8?") && to.ends_with("<aiko@xn--bcher-kva.example>"), "{to}");
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        any::<String>(),
        Just("x\r\nBcc: victim@evil.example\r\n\r\nbody".to_owned()),
        Just("</p><script src=//evil.example></script><a href=\"https://evil.example\">x".to_owned()),
        Just("{{ address }} {organisation} {% raw %}".to_owned()),
        Just("\r\n.\r\nMAIL FROM:<x@evil.example>\r\n".to_owned()),
        Just("=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=".to_owned()),
        Just("https://evil.example/login".to_owned()),
        Just("\u{202e}gro.evil//:sptth".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever people put into names, organisations and UserIDs: one message in, one message out, to one recipient, with our headers
    /// and our links only.
    #[test]
    fn no_value_becomes_a_header_a_recipient_or_a_link(
        name in hostile(), organisation in hostile(), sender_name in hostile(), user_id in hostile(), which in 0usize..14,
    ) {
        let mut content = everything().remove(which);
        match &mut content {
            Content::Enrollment(link) | Content::Resend(link) | Content::Reminder(link) => link.user_id = user_id,
            Content::SentElsewhere { operator, .. } | Content::AddressChanged { operator, .. } | Content::Test { operator, .. } => *operator = user_id,
            Content::Alert { user_id: id, .. } => *id = user_id,
            _ => {}
        }
        let mut letter = letter(content);
        letter.name = name;
        letter.sender.organisation = organisation;
        letter.sender.name = sender_name;
        let mail = built(&letter, "aiko@contoso.example");
        prop_assert_eq!(&mail, &built(&letter, "aiko@contoso.example"));

        let (headers, _) = taken_apart(&mail);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let expected = ["Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"];
        prop_assert_eq!(names.len(), expected.len());
        for name in expected {
            prop_assert!(names.contains(&name), "{}", name);
        }
        prop_assert!(headers.iter().all(|(_, value)| value.is_ascii()));
        let text = String::from_utf8_lossy(&mail.bytes);
        prop_assert!(text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
        prop_assert!(mail.bytes.iter().all(|byte| *byte != 0));

        let page = super::blocks::page(&letter, &secrets(), "en");
        let rendered = super::render::render(&page).unwrap();
        let html = shown(&rendered.html);
        for href in html.split("href=\"").skip(1) {
            prop_assert!(href.starts_with("https://provost.contoso.example/"), "{}", href);
        }
        prop_assert!(!rendered.html.contains("<script") && rendered.html.matches("<a ").count() <= 1);
        for half in [&rendered.text, &html] {
            for (place, _) in half.match_indices("://") {
                prop_assert!(half[place..].starts_with("://provost.contoso.example"), "{}", half);
            }
        }
    }
}
