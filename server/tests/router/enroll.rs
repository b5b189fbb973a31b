//! The pages of a user with a link, over a port that knows one link and notes who looked at it.

use super::{get, location, post, send, text};
use async_trait::async_trait;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use model::{
    Answer, Refusal,
    actor::Client,
    authentication::AuthenticationType,
    day::Day,
    enrolling::{Asked, Enrolling, Host, LinkPage, LinkState, NotMePage, SessionPage, Step, StopPage, StopState},
    forms::{EnrollCodeForm, VerifyForm},
    problem::{Problem, Problems},
    refusal::{EnrollmentOver, Thing},
};
use std::sync::{Arc, LazyLock, Mutex};

const LINK: &str = "abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP";
const LOOKED: &str = "looked-at-looked-at-looked-at-looked-at-look";
const REPLACED: &str = "replacedreplacedreplacedreplacedreplacedrep";
const STOP: &str = "stopstopstopstopstopstopstopstopstopstopsto";
const COOKIE: &str = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

/// Knows [`LINK`], [`LOOKED`] and [`REPLACED`]; notes whether a look at the second counted.
#[derive(Default)]
pub struct Links {
    opened: Mutex<Vec<bool>>,
}

/// The one that the router of these tests asks.
pub static LINKS: LazyLock<Arc<Links>> = LazyLock::new(Arc::default);

fn host() -> Host {
    Host { organisation: "Contoso".into(), language: "en".into(), zone: "Europe/Vienna".into() }
}

fn unknown<T>() -> Answer<T> {
    Err(Refusal::NotFound(Thing::Link))
}

#[async_trait]
impl Enrolling for Links {
    async fn look(&self, secret: &str, opened: bool) -> Answer<LinkPage> {
        let stop = Day::parse("2026-12-02").unwrap_or(Day::from_epoch(0));
        let state = match secret {
            LINK | LOOKED => LinkState::Ready { name: "Aiko Yamada".into(), kind: AuthenticationType::App, stop, started: false },
            REPLACED => LinkState::Replaced,
            _ => return unknown(),
        };
        if secret == LOOKED {
            self.opened.lock().expect("no panic before").push(opened);
        }
        Ok(LinkPage { host: host(), state })
    }
    async fn start(&self, secret: &str, _: &Client) -> Answer<String> {
        match secret {
            LINK => Ok(COOKIE.into()),
            REPLACED => Err(Refusal::EnrollmentOver(EnrollmentOver::Replaced)),
            _ => unknown(),
        }
    }
    async fn start_with_code(&self, _: &EnrollCodeForm, _: &Client) -> Answer<String> {
        Err(Refusal::NoSuchCode)
    }
    async fn session(&self, cookie: &str) -> Answer<SessionPage> {
        if cookie != COOKIE {
            return Err(Refusal::EnrollmentOver(EnrollmentOver::StartedElsewhere));
        }
        let step = Step::App {
            qr: vec![vec![true, false], vec![false, true]],
            key: "JBSW Y3DP".into(),
            address: "otpauth://totp/Contoso:aiko?secret=JBSWY3DP".into(),
            digits: 6,
            attempts_left: 3,
            stop: Day::from_epoch(20_789),
            minutes_left: 28,
        };
        Ok(SessionPage { host: host(), name: "Aiko Yamada".into(), step })
    }
    async fn verify(&self, cookie: &str, _: &VerifyForm, _: &Client) -> Answer<()> {
        match cookie {
            COOKIE => Err(Problems::one("code", Problem::WrongCode { left: 3 }).into()),
            _ => Err(Refusal::EnrollmentOver(EnrollmentOver::StartedElsewhere)),
        }
    }
    async fn ask_for_link(&self, _: &str, _: &Client) -> Answer<Asked> {
        unknown()
    }
    async fn look_stop(&self, secret: &str) -> Answer<StopPage> {
        match secret {
            STOP => Ok(StopPage { host: host(), state: StopState::Live { kind: AuthenticationType::App } }),
            _ => unknown(),
        }
    }
    async fn stop(&self, secret: &str, _: &Client) -> Answer<StopPage> {
        match secret {
            STOP => Ok(StopPage { host: host(), state: StopState::Stopped }),
            _ => unknown(),
        }
    }
    async fn look_not_me(&self, _: &str) -> Answer<NotMePage> {
        unknown()
    }
    async fn not_me(&self, _: &str, _: &Client) -> Answer<NotMePage> {
        unknown()
    }
    async fn host(&self) -> Answer<Host> {
        Ok(host())
    }
}

fn with_cookie(mut request: Request<Body>, cookie: &str) -> Request<Body> {
    request.headers_mut().insert(header::COOKIE, format!("provost_enroll={cookie}").parse().expect("a header"));
    request
}

/// The page without what is drawn anew for every answer.
fn lasting(page: &str) -> String {
    page.split("nonce=\"").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest)).collect()
}

#[tokio::test]
async fn whatever_is_no_link_is_one_page_byte_for_byte() {
    let long = format!("/enroll/{}", "a".repeat(500));
    let other_case = format!("/enroll/{}", LINK.to_uppercase());
    let truncated = format!("/enroll/{}", &LINK[..42]);
    let paths = [
        "/enroll/0",
        "/enroll/",
        "/enroll/%5B%5D",
        "/enroll/%20",
        "/enroll/%00",
        "/enroll/%FF",
        "/enroll/a/b",
        "/enroll/not-me/x",
        "/enroll/stop/x",
    ];
    let mut pages = Vec::new();
    for path in paths.into_iter().chain([long.as_str(), &other_case, &truncated]) {
        let response = send(get(path, false)).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        pages.push(text(response).await);
    }
    assert!(pages[0].contains("This link does not work"), "{}", pages[0]);
    let first = pages[0].split_once("</head>").map(|(_, body)| lasting(body));
    for page in &pages {
        assert_eq!(page.split_once("</head>").map(|(_, body)| lasting(body)), first);
    }
}

#[tokio::test]
async fn looking_counts_once_for_get_and_never_for_head_or_a_form_shown_again() {
    let path = format!("/enroll/{LOOKED}");
    let mut head = get(&path, false);
    *head.method_mut() = Method::HEAD;
    let refused = post(&path, "text/html", "extra=1");
    for (request, status) in [(get(&path, false), 200), (head, 200), (refused, 400)] {
        assert_eq!(send(request).await.status(), status);
    }
    assert_eq!(*LINKS.opened.lock().expect("no panic before"), [true, false, false]);
}

#[tokio::test]
async fn the_secret_stands_in_the_links_own_form_and_travels_with_no_referrer() {
    let response = send(get(&format!("/enroll/{LINK}"), false)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!((header("referrer-policy"), header("cache-control")), ("strict-origin".to_owned(), "no-store".to_owned()));
    let page = text(response).await;
    assert!(page.contains("Aiko Yamada") && page.contains("Wednesday 02 Dec 2026"), "{page}");
    assert_eq!(page.matches(LINK).count(), 1, "{page}");
    assert!(page.contains(&format!("action=\"/enroll/{LINK}\"")), "{page}");
}

#[tokio::test]
async fn a_dead_link_names_nobody_and_says_what_to_do() {
    let response = send(get(&format!("/enroll/{REPLACED}"), false)).await;
    assert_eq!(response.status(), StatusCode::GONE);
    let page = text(response).await;
    assert!(page.contains("A newer mail replaced this link.") && !page.contains("Aiko"), "{page}");
    let response = send(post(&format!("/enroll/{REPLACED}"), "text/html", "")).await;
    assert_eq!(response.status(), StatusCode::GONE);
    assert!(response.headers().get(header::SET_COOKIE).is_none());
}

#[tokio::test]
async fn start_sets_a_cookie_out_of_reach_and_leads_where_no_secret_stands_in_the_address() {
    let response = send(post(&format!("/enroll/{LINK}"), "text/html", "")).await;
    assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, "/enroll/session"));
    let cookie = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert_eq!(cookie, format!("provost_enroll={COOKIE}; Path=/; HttpOnly; SameSite=Lax"));
}

#[tokio::test]
async fn a_start_from_another_site_is_refused() {
    let mut request = post(&format!("/enroll/{LINK}"), "text/html", "");
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a header"));
    let response = send(request).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(response.headers().get(header::SET_COOKIE).is_none());
}

#[tokio::test]
async fn a_typed_code_that_does_not_fit_keeps_the_user_id_and_never_echoes_the_code() {
    let response = send(post("/enroll", "text/html", "user_id=aiko.yamada&code=7K3M-9QRS-WRONG")).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(response).await;
    assert!(page.contains("value=\"aiko.yamada\"") && page.contains("role=\"alert\""), "{page}");
    assert!(page.contains("do not go together") && !page.contains("WRONG"), "{page}");
    for body in ["user_id=a&user_id=b&code=c", "user_id[]=a&code=c", "user_id=a&code=c&task=7"] {
        assert_eq!(send(post("/enroll", "text/html", body)).await.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(send(post("/enroll", "text/html", "user_id=&code=")).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_key_is_shown_to_the_session_alone() {
    let response = send(with_cookie(get("/enroll/session", false), COOKIE)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let page = text(response).await;
    assert!(page.contains("JBSW Y3DP") && page.contains("3 attempts left") && page.contains("28 minutes left"), "{page}");
    let without = send(get("/enroll/session", false)).await;
    assert_eq!(without.status(), StatusCode::GONE);
    let elsewhere = send(with_cookie(get("/enroll/session", false), &"C".repeat(43))).await;
    assert_eq!(elsewhere.status(), StatusCode::GONE);
    let page = text(elsewhere).await;
    assert!(page.contains("You started again on another device") && !page.contains("JBSW"), "{page}");
}

#[tokio::test]
async fn a_wrong_code_is_said_under_its_field_in_the_words_for_users() {
    let response = send(with_cookie(post("/enroll/session", "text/html", "code=123456"), COOKIE)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(response).await;
    assert!(page.contains("That code is wrong.") && page.contains("aria-invalid=\"true\""), "{page}");
    assert!(page.contains("3 attempts left") && !page.contains("123456"), "{page}");
    let over = send(post("/enroll/session", "text/html", "code=123456")).await;
    assert_eq!(over.status(), StatusCode::GONE);
}

#[tokio::test]
async fn stop_it_asks_before_it_acts_and_acts_only_when_posted_from_its_own_page() {
    let path = format!("/enroll/stop/{STOP}");
    let response = send(get(&path, false)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let page = text(response).await;
    assert!(page.contains("Stop it") && page.contains(&format!("action=\"{path}\"")) && !page.contains("Aiko"), "{page}");
    let stopped = send(post(&path, "text/html", "")).await;
    assert_eq!((stopped.status(), location(&stopped)), (StatusCode::SEE_OTHER, path.as_str()));
    let mut foreign = post(&path, "text/html", "");
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a header"));
    assert_eq!(send(foreign).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(send(post("/enroll/stop/other", "text/html", "")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_address_makes_a_replaced_link_say_more_than_is_so() {
    let requested = text(send(get(&format!("/enroll/{REPLACED}?asked=requested"), false)).await).await;
    assert!(requested.contains("A newer mail replaced this link."), "{requested}");
    let ready = text(send(get(&format!("/enroll/{LINK}?asked=sent"), false)).await).await;
    assert!(ready.contains("Aiko Yamada"), "{ready}");
}
