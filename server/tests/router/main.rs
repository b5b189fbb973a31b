//! The router in process: pages, acts, cookies and the rules of the web, over a console that needs no database.

#![allow(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod enroll;
mod exports;
mod fake;
mod fake_bulk;
mod fake_resend;
mod live;
mod records;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, Response, StatusCode, header},
};
use fake::{Fake, SESSION};
use http_body_util::BodyExt;
use server::{assets::Assets, router::router, security::BaseUrl, state::State};
use std::sync::{Arc, LazyLock};
use tower::ServiceExt;

const BASE: &str = "http://localhost:3000";
const CALL: &str = "/api/app/api/dashboard/dashboard_page";

/// Made once, as in the server: leptos lists its routes by rendering, which is no thing to do while others render.
static APP: LazyLock<Router> = LazyLock::new(|| {
    router(State {
        console: Arc::new(Fake),
        enrolling: enroll::LINKS.clone(),
        base: BaseUrl::parse(BASE).expect("a base URL"),
        proxies: Arc::from([]),
        assets: Assets::default(),
        ready: Arc::new(|| Box::pin(async { Ok(()) })),
        metrics: None,
        metrics_open: false,
    })
});

async fn send(request: Request<Body>) -> Response<Body> {
    APP.clone().oneshot(request).await.expect("an answer")
}

async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn get(path: &str, signed_in: bool) -> Request<Body> {
    let request = Request::get(path).header("accept", "text/html");
    let request = if signed_in { request.header("cookie", format!("provost={SESSION}")) } else { request };
    request.body(Body::empty()).expect("a request")
}

fn post(path: &str, accept: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header("accept", accept)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

fn location(response: &Response<Body>) -> &str {
    response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn a_stranger_is_led_to_the_sign_in_page_and_back() {
    let response = send(get("/users?search=a%20b", false)).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&response), "/login?to=%2Fusers%3Fsearch%3Da%2520b");
    let response = send(get("/login?to=%2Fusers", true)).await;
    assert_eq!(location(&response), "/users", "whoever is signed in needs no sign-in page");
}

#[tokio::test]
async fn sign_in_sets_a_cookie_and_goes_where_it_was_asked_from() {
    let response = send(post("/login", "text/html", "user_id=m.keller&password=correct&to=%2Fusers")).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&response), "/users");
    let cookie = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(cookie.starts_with(&format!("provost={SESSION};")), "{cookie}");
}

#[tokio::test]
async fn a_refused_form_comes_back_with_its_status_and_all_that_was_typed_but_passwords() {
    let response = send(post("/login", "text/html", "user_id=m.keller&password=guess-4711&to=%2Fusers")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let page = text(response).await;
    assert!(page.contains("<h1>Sign in</h1>"), "{page}");
    assert!(page.contains("value=\"m.keller\""), "{page}");
    assert!(page.contains("value=\"/users\""), "{page}");
    assert!(page.contains("role=\"alert\""), "{page}");
    assert!(!page.contains("guess-4711"), "{page}");
}

#[tokio::test]
async fn the_browser_half_gets_the_same_answers_as_json() {
    let response = send(post("/login", "application/json", "user_id=m.keller&password=correct&to=")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(text(response).await, r#"{"Go":{"to":"/"}}"#);
    let response = send(post("/login", "application/json", "user_id=m.keller&password=no&to=")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(text(response).await, r#"{"No":"SignInFailed"}"#);
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing_and_says_which_address_to_open() {
    let mut request = post("/login", "text/html", "user_id=m.keller&password=correct&to=");
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("a header"));
    let response = send(request).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(response.headers().get(header::SET_COOKIE).is_none());
    assert!(text(response).await.contains(BASE));
}

#[tokio::test]
async fn unknown_and_doubled_fields_are_refused() {
    for body in ["user_id=a&user_id=b&password=c&to=", "user_id[]=a&password=c&to=", "user_id=a&password=c&to=&extra=1"] {
        let response = send(post("/login", "application/json", body)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_or_no_form_is_refused() {
    let large = format!("user_id={}", "a".repeat(70_000));
    assert_eq!(send(post("/login", "application/json", &large)).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let mut json = post("/login", "application/json", "{}");
    json.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("a header"));
    assert_eq!(send(json).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let page = send(get("/", true)).await;
    assert_eq!(page.status(), StatusCode::OK);
    let header = |name: &str| page.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert!(header("content-security-policy").contains("script-src 'self' 'nonce-"), "{}", header("content-security-policy"));
    assert!(!header("content-security-policy").contains("unsafe-inline"));
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "same-origin");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let call = send(get(CALL, true)).await;
    assert_eq!(call.status(), StatusCode::OK);
    assert_eq!(call.headers().get("cache-control").and_then(|value| value.to_str().ok()), Some("no-store"));
}

#[tokio::test]
async fn a_page_is_whole_before_any_script_runs() {
    let page = text(send(get("/", true)).await).await;
    assert!(page.contains("<title>Dashboard · Provost</title>"), "{page}");
    assert!(page.contains("aria-label=\"Shortcuts\""), "{page}");
    assert!(page.contains("Contoso"), "the page's data stands in it: {page}");
}

#[tokio::test]
async fn an_unknown_address_is_404_in_the_same_look() {
    let response = send(get("/nowhere", true)).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(text(response).await.contains("aria-label=\"Shortcuts\""));
}

#[tokio::test]
async fn a_call_without_a_session_is_refused_with_its_status() {
    let response = send(get(CALL, false)).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(text(response).await.contains("SignInFirst"));
}

#[tokio::test]
async fn sign_out_takes_the_cookie_away_and_is_no_link() {
    let mut request = post("/logout", "text/html", "");
    request.headers_mut().insert(header::COOKIE, format!("provost={SESSION}").parse().expect("a header"));
    let response = send(request).await;
    assert_eq!(location(&response), "/login");
    let cookie = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    assert_eq!(send(get("/logout", true)).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

fn post_as_operator(path: &str, accept: &str, body: &str) -> Request<Body> {
    let mut request = post(path, accept, body);
    request.headers_mut().insert(header::COOKIE, format!("provost={SESSION}").parse().expect("a header"));
    request
}

#[tokio::test]
async fn every_field_with_a_problem_says_so_under_itself_and_keeps_what_was_typed() {
    let body = "user_id=a%2Fb&first_name=Zo%C3%AB&last_name=&email=nobody&mobile=&container=&custom1=&custom2=&custom3=&language=\
                &version=&key=k";
    let response = send(post_as_operator("/users/new", "text/html", body)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(response).await;
    for expected in
        ["value=\"a/b\"", "value=\"Zoë\"", "A User ID cannot contain", "Enter one e-mail address", "aria-invalid=\"true\""]
    {
        assert!(page.contains(expected), "{expected} in {page}");
    }
}

#[tokio::test]
async fn what_was_typed_is_never_markup() {
    let body = "user_id=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E&first_name=&last_name=&email=x&mobile=&container=&custom1=&custom2=\
                &custom3=&language=&version=&key=k";
    let page = text(send(post_as_operator("/users/new", "text/html", body)).await).await;
    assert!(!page.contains("<script>alert(1)"), "{page}");
}

#[tokio::test]
async fn a_selection_stands_in_the_address() {
    let body = "selection=&shown=1&shown=2&select=2&query=search%3Da&act=keep&key=k";
    let response = send(post_as_operator("/users/select", "text/html", body)).await;
    assert_eq!(location(&response), "/users?search=a&selection=2");
    let response = send(post_as_operator("/users/select", "text/html", &body.replace("act=keep", "act=provision"))).await;
    assert_eq!(location(&response), "/provision?selection=2");
}

#[tokio::test]
async fn provision_without_a_selection_asks_for_one_on_the_list_itself() {
    let body = "selection=&shown=1&query=&act=provision&key=k";
    let response = send(post_as_operator("/users/select", "text/html", body)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(response).await.contains("Select at least one user."));
}

#[tokio::test]
async fn a_file_is_reported_on_line_by_line_on_the_page_of_its_form() {
    let part = |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{value}\r\n");
    let body = [
        part("on_existing", "\r\n\r\nrefuse"),
        part("act", "\r\n\r\ncheck"),
        part("file", "; filename=\"people.csv\"\r\nContent-Type: text/csv\r\n\r\nbad"),
        "--b--\r\n".to_owned(),
    ];
    let mut request = post_as_operator("/users/import", "text/html", &body.concat());
    request.headers_mut().insert(header::CONTENT_TYPE, "multipart/form-data; boundary=b".parse().expect("a header"));
    let response = send(request).await;
    assert_eq!(response.status(), StatusCode::OK);
    let page = text(response).await;
    assert!(page.contains("Nothing was written.") && page.contains("This User ID stands on line 2 already."), "{page}");
}

#[tokio::test]
async fn an_address_that_no_page_makes_is_a_bad_request_with_a_sentence() {
    let response = send(get("/users?serch=a", true)).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(text(response).await.contains("The address or form holds a value that is not known"));
    assert_eq!(send(get("/users/zero", true)).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(send(get("/users/99", true)).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_call_never_leads_back_to_where_its_reader_came_from() {
    let mut call = get(CALL, true);
    call.headers_mut().insert(header::REFERER, "https://evil.example/".parse().expect("a header"));
    let response = send(call).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(location(&response), "");
}

#[tokio::test]
async fn reading_by_head_answers_as_get_does() {
    let mut request = get("/users", true);
    *request.method_mut() = Method::HEAD;
    assert_eq!(send(request).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_forged_sort_filter_size_or_parameter_of_a_list_is_refused_with_a_sentence() {
    let cases = [
        ("/provisioning-tasks?sort=password", "cannot be sorted"),
        ("/provisioning-tasks?kind=sms", "no such filter"),
        ("/provisioning-tasks?state=completed", "not known"),
        ("/provisioning-tasks?users.size=50", "not known"),
        ("/provisioning-tasks/7?users.status=open", "no such filter"),
        ("/provisioning-tasks?size=7", "25, 50 or 100"),
        ("/provisioning-tasks?cursor=a.b", "not known"),
        ("/reports?search=a&search=b", "not known"),
        ("/reports?state=lost", "no such filter"),
        ("/reports/enrollments?sort=serial", "cannot be sorted"),
        ("/reports/enrollments?status=open", "no such filter"),
        ("/reports/enrollments?state=completed", "not known"),
        ("/communications?to=a%40b.example", "not known"),
        ("/provision?selection=a&selection=b", "not known"),
        ("/audit?verb=user.destroy", "no such filter"),
        ("/audit?sort=verb", "cannot be sorted"),
        ("/audit?subject=7", "not known"),
        ("/users/1/activity?sort=at", "not known"),
    ];
    for (address, sentence) in cases {
        let response = send(get(address, true)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{address}");
        let page = text(response).await;
        assert!(page.contains(sentence), "{address}: {page}");
    }
}

#[tokio::test]
async fn an_act_stands_in_words_with_what_was_there_before_and_after() {
    for address in ["/audit", "/users/1/activity"] {
        let response = send(get(address, true)).await;
        assert_eq!(response.status(), StatusCode::OK, "{address}");
        let page = text(response).await;
        for expected in ["Edited the user", "m.keller", "192.0.2.7", "Mobile", "&lt;old&gt;", "nothing", "href=\"/users/1\""] {
            assert!(page.contains(expected), "{expected} at {address}: {page}");
        }
    }
    assert_eq!(send(get("/users/zero/activity", true)).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn resend_is_a_page_with_a_form_that_holds_the_profiles_address() {
    let response = send(get("/users/1/provisioning-tasks/7", true)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let page = text(response).await;
    assert!(page.contains("Resend task 7") && page.contains("value=\"yamada.a@contoso.example\""), "{page}");
    assert!(page.contains("New Stop Date") && page.contains("action=\"/users/1/provisioning-tasks/7\""), "{page}");
    let locked = text(send(get("/users/1/provisioning-tasks/8", true)).await).await;
    assert!(locked.contains("Only active provisioning tasks can be resent. This one is locked."), "{locked}");
    assert!(locked.contains("href=\"/users/1/provisioning-tasks/8/unlock\"") && !locked.contains("name=\"email\""), "{locked}");
    // New Stop Date is for this user alone: in sight, and ticked.
    assert!(locked.contains("href=\"/provisioning-tasks/8/edit?users.search=yamada.a&amp;select=70\""), "{locked}");
    for bad in ["/users/1/provisioning-tasks/x", "/users/0/provisioning-tasks/7", "/users/1/provisioning-tasks/07/unlock"] {
        assert_eq!(send(get(bad, true)).await.status(), StatusCode::NOT_FOUND, "{bad}");
    }
}

#[tokio::test]
async fn a_refused_resend_keeps_what_was_typed_and_takes_exactly_one_address() {
    let path = "/users/1/provisioning-tasks/7";
    let profile = "profile=yamada.a%40contoso.example&key=key";
    let no_reason = send(post_as_operator(path, "text/html", &format!("email=j%40x.example&reason=&{profile}"))).await;
    assert_eq!(no_reason.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(no_reason).await;
    assert!(page.contains("value=\"j@x.example\"") && page.contains("Fill in this field."), "{page}");
    assert!(page.contains("id=\"users-1-provisioning-tasks-7-reason\""), "{page}");
    let lately = format!("email=lately%40contoso.example&reason=x&{profile}");
    let lately = send(post_as_operator(path, "text/html", &lately)).await;
    assert_eq!(lately.status(), StatusCode::TOO_MANY_REQUESTS);
    let page = text(lately).await;
    assert!(page.contains("role=\"alert\"") && page.contains("Possible again at 10:00"), "{page}");
    for body in ["email=a%40b.example&email=c%40d.example", "email[]=a%40b.example", "email=a%40b.example&task=9"] {
        assert_eq!(send(post_as_operator(path, "text/html", body)).await.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    let two = send(post_as_operator(path, "text/html", &format!("email=a%40b.example%2Cc%40d.example&reason=x&{profile}"))).await;
    assert_eq!(two.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let done = send(post_as_operator(path, "text/html", &format!("email=yamada.a%40contoso.example&reason=&{profile}"))).await;
    assert_eq!((done.status(), location(&done)), (StatusCode::SEE_OTHER, "/users/1/authentication-methods?resent=7"));
}

#[tokio::test]
async fn unlock_and_delete_have_pages_of_their_own() {
    let unlock = text(send(get("/users/1/provisioning-tasks/8/unlock", true)).await).await;
    assert!(
        unlock.contains("Unlock task 8") && unlock.contains("name=\"reason\"") && unlock.contains("name=\"stop_on\""),
        "{unlock}"
    );
    let refused = send(post_as_operator("/users/1/provisioning-tasks/8/unlock", "text/html", "reason=&stop_on=&key=key")).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let done = send(post_as_operator("/users/1/provisioning-tasks/8/unlock", "text/html", "reason=x&stop_on=&key=key")).await;
    assert_eq!((done.status(), location(&done)), (StatusCode::SEE_OTHER, "/users/1/authentication-methods?unlocked=8"));
    let delete = text(send(get("/users/1/delete", true)).await).await;
    assert!(delete.contains("Delete user") && delete.contains("cannot be reversed"), "{delete}");
    let done = send(post_as_operator("/users/1/delete", "text/html", "key=key")).await;
    assert_eq!((done.status(), location(&done)), (StatusCode::SEE_OTHER, "/users"));
}

#[tokio::test]
async fn where_resend_and_unlock_lead_says_what_was_done() {
    for (done, sentence) in [("?resent=7", "Task 7: a new link is on its way."), ("?unlocked=8", "Task 8 is unlocked.")] {
        let page = text(send(get(&format!("/users/1/authentication-methods{done}"), true)).await).await;
        assert!(page.contains("role=\"status\"") && page.contains(sentence), "{page}");
    }
    let page = text(send(get("/users/1/authentication-methods?resent=%3Cb%3E", true)).await).await;
    assert!(!page.contains("on its way"), "{page}");
}

#[tokio::test]
async fn a_users_tasks_have_one_link_each_named_after_the_task() {
    let page = text(send(get("/users/1/authentication-methods", true)).await).await;
    assert!(
        page.contains("href=\"/users/1/provisioning-tasks/10481\"") && page.contains("href=\"/provisioning-tasks/10481\""),
        "{page}"
    );
    let none = text(send(get("/users/2/authentication-methods", true)).await).await;
    assert!(!none.contains("Provisioning Tasks</caption>"), "{none}");
}

#[tokio::test]
async fn where_no_other_address_is_possible_the_field_is_only_read_and_no_reason_is_asked_for() {
    let path = "/users/3/provisioning-tasks/7";
    let page = text(send(get(path, true)).await).await;
    assert!(page.contains("readonly") && !page.contains("name=\"reason\""), "{page}");
    let any = text(send(get("/users/1/provisioning-tasks/7", true)).await).await;
    assert!(!any.contains("readonly") && any.contains("name=\"reason\""), "{any}");
}

#[tokio::test]
async fn a_refused_resend_knows_the_address_that_the_profile_has_by_now() {
    let body = "email=old%40contoso.example&reason=&profile=old%40contoso.example&key=stale";
    let response = send(post_as_operator("/users/1/provisioning-tasks/7", "text/html", body)).await;
    assert_eq!(response.status(), StatusCode::CONFLICT);
    let page = text(response).await;
    assert_eq!(page.matches("value=\"yamada.a@contoso.example\"").count(), 2, "the field and what it is compared with: {page}");
    let body = body.replacen("old%40contoso", "jane%40elsewhere", 1).replace("reason=", "reason=on+leave");
    let page = text(send(post_as_operator("/users/1/provisioning-tasks/7", "text/html", &body)).await).await;
    assert!(page.contains("value=\"jane@elsewhere.example\"") && !page.contains("value=\"old@contoso.example\""), "{page}");
}

#[tokio::test]
async fn unlock_promises_no_link_that_does_not_work() {
    let works = text(send(get("/users/1/provisioning-tasks/8/unlock", true)).await).await;
    assert!(works.contains("The link that was mailed works again."), "{works}");
    let over = text(send(get("/users/2/provisioning-tasks/8/unlock", true)).await).await;
    assert!(over.contains("does not work any more: once this is unlocked, Resend sends a new one."), "{over}");
}

#[tokio::test]
async fn a_removed_task_leads_back_to_the_list_as_it_was() {
    let path = "/provisioning-tasks/7/remove?search=a&sort=-stop&users.size=50";
    let response = send(post_as_operator(path, "text/html", "notify=&count=&version=1&key=k")).await;
    assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, "/provisioning-tasks?search=a&sort=-stop"));
}

#[tokio::test]
async fn a_refused_act_whose_button_is_gone_is_told_all_the_same() {
    let response = send(post_as_operator("/operators/roles/Day%20desk/remove", "text/html", "key=k")).await;
    assert_eq!(response.status(), StatusCode::CONFLICT);
    let page = text(response).await;
    assert!(page.contains("role=\"alert\"") && page.contains(&model::Refusal::RoleInUse.to_string()), "{page}");
}
