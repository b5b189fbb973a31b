//! Who asks: finds the operator and the enrollment session by their cookies, and sends those who are not signed in to the sign-in page.

use crate::{live::is_watching, plain::plain_page, security::client, state::State as App};
use app::{acts::CookieChange, address::local_path, ctx::Ctx};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// The names of the two cookies; under https with the prefix that binds them to this host (RFC 6265bis §4.1.3).
pub struct Names {
    /// The operator's session.
    pub session: &'static str,
    /// The enrollment session.
    pub enrollment: &'static str,
}

/// The names under this scheme.
pub const fn names(https: bool) -> Names {
    match https {
        true => Names { session: "__Host-provost", enrollment: "__Host-provost_enroll" },
        false => Names { session: "provost", enrollment: "provost_enroll" },
    }
}

/// Puts the [`Ctx`] of the request beside it, for pages, calls and acts alike.
pub async fn find(State(app): State<App>, mut request: Request, next: Next) -> Response {
    forget_referer(&mut request);
    let names = names(app.base.is_https());
    let client = client(&request, &app.proxies);
    let session = cookie(request.headers(), names.session);
    let actor = match &session {
        Some(secret) if is_watching(request.uri().path()) => app.console.watcher(secret, &client).await,
        Some(secret) => app.console.operator(secret, &client).await,
        None => Ok(None),
    };
    let actor = match actor {
        Ok(actor) => actor,
        Err(refusal) => return plain_page(&refusal, request.headers()),
    };
    if let Some(elsewhere) = elsewhere(&request, actor.is_some()) {
        return see_other(&elsewhere);
    }
    let agent = request.headers().get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    let ctx = Ctx {
        console: app.console.clone(),
        enrolling: app.enrolling.clone(),
        actor,
        client,
        agent: agent.unwrap_or_default().chars().filter(|c| !c.is_control()).take(256).collect(),
        session,
        enrollment: cookie(request.headers(), names.enrollment),
        site: app.assets.site(),
    };
    request.extensions_mut().insert(ctx);
    next.run(request).await
}

/// Nothing depends on where a reader comes from, and a referer may hold a secret. leptos would lead a call that asks for HTML back to
/// it, so calls ask for JSON, whoever makes them.
fn forget_referer(request: &mut Request) {
    let is_call = request.uri().path().starts_with("/api/");
    let headers = request.headers_mut();
    headers.remove(header::REFERER);
    if is_call {
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    }
}

/// Where a page is not for whoever asks: the sign-in page for a stranger, and the console for whoever is signed in already.
fn elsewhere(request: &Request, signed_in: bool) -> Option<String> {
    let path = request.uri().path();
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD) && !path.starts_with("/api/") && !is_watching(path);
    if !is_page {
        return None;
    }
    let to = request.uri().path_and_query().map_or("/", |to| to.as_str());
    match (signed_in, path) {
        (true, "/login") => {
            let query = request.uri().query().unwrap_or_default();
            let to = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "to").map(|(_, to)| local_path(&to));
            Some(to.unwrap_or_else(|| "/".to_owned()))
        }
        // An export is no page to come back to; its list is.
        (false, path) if !is_public(path) => Some(sign_in_page(path.strip_suffix("/export").unwrap_or(to))),
        _ => None,
    }
}

fn is_public(path: &str) -> bool {
    path == "/login" || path == "/enroll" || path.starts_with("/enroll/")
}

/// The sign-in page that leads back to `to`.
pub fn sign_in_page(to: &str) -> String {
    if to == "/" {
        return "/login".to_owned();
    }
    let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
    format!("/login?to={to}")
}

/// `303 See Other`: after a form, and wherever a page is somewhere else.
pub fn see_other(to: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/")));
    response
}

/// The value of a cookie that comes exactly once and looks like one of ours: base64url of 32 bytes.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut values = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = values.by_ref().filter(|(found, _)| *found == name).map(|(_, value)| value);
    let value = values.next()?;
    let whole = value.len() == 43 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (whole && values.next().is_none()).then(|| value.to_owned())
}

/// The `Set-Cookie` of a change. A session cookie without a date: the server decides how long it counts.
pub fn set_cookie(change: &CookieChange, https: bool) -> Option<HeaderValue> {
    let names = names(https);
    let (name, value) = match change {
        CookieChange::Session(value) => (names.session, value),
        CookieChange::Enrollment(value) => (names.enrollment, value),
    };
    let secure = if https { "; Secure" } else { "" };
    let (value, end) = match value {
        Some(value) => (value.as_str(), ""),
        None => ("", "; Max-Age=0"),
    };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{end}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-";

    fn held(line: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(line).expect("a header"))]);
        cookie(&headers, "provost")
    }

    #[test]
    fn a_cookie_of_ours_is_read_and_nothing_else() {
        assert_eq!(held(&format!("a=b; provost={SECRET}")).as_deref(), Some(SECRET));
        assert_eq!(held(&format!("provost={SECRET}; provost={SECRET}")), None, "twice");
        assert_eq!(held("provost="), None);
        assert_eq!(held(&format!("provost=\"{SECRET}\"")), None);
        assert_eq!(held(&format!("provost_enroll={SECRET}")), None);
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
        let set = |https| set_cookie(&CookieChange::Session(Some(SECRET.to_owned())), https);
        let text =
            |value: Option<HeaderValue>| value.and_then(|value| value.to_str().map(str::to_owned).ok()).unwrap_or_default();
        assert_eq!(text(set(true)), format!("__Host-provost={SECRET}; Path=/; HttpOnly; SameSite=Lax; Secure"));
        assert_eq!(text(set(false)), format!("provost={SECRET}; Path=/; HttpOnly; SameSite=Lax"));
        assert!(text(set_cookie(&CookieChange::Enrollment(None), true)).starts_with("__Host-provost_enroll=; "));
    }
}
