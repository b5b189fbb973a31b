//! The pages and forms of policy, operators, roles, and one's own account.

use super::{get, location, post, send, text};
use crate::fake::SESSION;
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use model::{
    form::Form,
    policy::{Policy, PolicyForm},
};

fn signed_in(mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert("cookie", format!("provost={SESSION}").parse().expect("a header"));
    request
}

fn policy(change: impl FnOnce(&mut PolicyForm)) -> String {
    let mut form = PolicyForm::of(&Policy::default(), 3, "key".into());
    change(&mut form);
    form.fields().to_query()
}

#[tokio::test]
async fn the_pages_have_their_headings_and_shortcuts() {
    let pages = [
        ("/policy/self-enrollment", "Self-Enrollment Policy"),
        ("/operators", "Operators"),
        ("/operators/new", "Add operator"),
        ("/operators/2/edit", "Edit operator"),
        ("/operators/2/password", "Reset password"),
        ("/operators/roles/new", "Add role"),
        ("/operators/roles/Night%20desk/edit", "Edit role"),
        ("/account", "Account"),
        ("/account/password", "Change password"),
    ];
    for (path, heading) in pages {
        let response = send(get(path, true)).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let page = text(response).await;
        assert!(page.contains(&format!("<h1>{heading}")), "{path}: {page}");
        assert!(!page.contains("id=\"-"), "a field stands outside its form: {path}: {page}");
        for shortcut in ["Self-Enrollment Policy", "Operators"] {
            assert!(page.contains(shortcut), "{path}");
        }
    }
    assert_eq!(send(get("/policy/self-enrollment?page=2", true)).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(send(get("/operators?sort=password_hash", true)).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(send(get("/operators/x/edit", true)).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(send(get("/operators/roles/Operator/edit", true)).await.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_saved_policy_says_so_and_a_refused_one_keeps_everything_typed() {
    let response = send(signed_in(post("/policy/self-enrollment", "text/html", &policy(|_| {})))).await;
    assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, "/policy/self-enrollment?saved=key"));
    let page = text(send(get("/policy/self-enrollment?saved=key", true)).await).await;
    assert!(page.contains("The policy is saved."), "{page}");

    let body = policy(|form| (form.days, form.organisation) = ("0".into(), "Typed & kept".into()));
    let response = send(signed_in(post("/policy/self-enrollment", "text/html", &body))).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(response).await;
    assert!(page.contains("Enter a whole number from 1 to 366.") && page.contains("value=\"Typed &amp; kept\""), "{page}");

    let body = policy(|form| (form.version, form.attempts) = ("2".into(), "9".into()));
    let response = send(signed_in(post("/policy/self-enrollment", "text/html", &body))).await;
    assert_eq!(response.status(), StatusCode::CONFLICT);
    let page = text(response).await;
    assert!(page.contains("Somebody changed this meanwhile.") && page.contains("value=\"9\""), "{page}");
    assert!(page.contains("Change log"), "what changed stands below");
}

#[tokio::test]
async fn a_password_never_comes_back_and_an_unknown_field_is_refused() {
    let body = "current_password=hunter2-hunter2&password=another-secret-1&key=k";
    let response = send(signed_in(post("/account/password", "text/html", body))).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(response).await;
    assert!(page.contains("This is not your current password."), "{page}");
    assert!(!page.contains("hunter2") && !page.contains("another-secret"), "{page}");
    for (path, body) in [
        ("/operators/new", "user_id=a&role=Operator&rights=users.view"),
        ("/operators/2/password", "password=a&password=b&key=k"),
        ("/operators/roles/new", "name=a&name=b&rights=users.view&key=k"),
    ] {
        let response = send(signed_in(post(path, "application/json", body))).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn a_refused_button_comes_back_to_its_list_with_the_sentence() {
    let response = send(signed_in(post("/operators/2/disable?size=50", "text/html", "key=k"))).await;
    assert_eq!(response.status(), StatusCode::CONFLICT);
    let page = text(response).await;
    assert!(page.contains("<h1>Operators") && page.contains("The last operator with the role Operator"), "{page}");
    let response =
        send(signed_in(post("/operators/roles/Night%20desk/edit", "text/html", "name=&rights=users.view&version=1&key=k"))).await;
    assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, "/operators"));
}
