//! The stream of changes: who gets it, how it stands on the line, and that it ends.

use crate::{get, send, text};
use async_trait::async_trait;
use axum::http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use model::{
    Answer,
    actor::Actor,
    live::{Changed, Live, LiveEvent, LiveEvents},
    rights::Right,
};

/// Says three things and that it is over.
pub fn live(by: &Actor, session: &str) -> Answer<Live> {
    by.require(Right::ProvisioningManage)?;
    assert_eq!(session, crate::SESSION);
    let events = [LiveEvent::Changed(Changed::read("12,+15")), LiveEvent::Day, LiveEvent::Alive, LiveEvent::Over];
    Ok(Live(Box::new(Few(events.into_iter()))))
}

struct Few(std::array::IntoIter<LiveEvent, 4>);

#[async_trait]
impl LiveEvents for Few {
    async fn next(&mut self) -> Option<LiveEvent> {
        self.0.next()
    }
}

#[tokio::test]
async fn the_stream_is_sent_as_it_comes_and_kept_nowhere() {
    let response = send(get("/live/tasks", true)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers().clone();
    let is = |name: &str, value: &str| assert_eq!(headers.get(name).and_then(|it| it.to_str().ok()), Some(value), "{name}");
    is("content-type", "text/event-stream");
    is("cache-control", "no-store");
    is("x-accel-buffering", "no");
    is("x-content-type-options", "nosniff");
    assert!(headers.get(header::CONTENT_ENCODING).is_none() && headers.get(header::CONTENT_LENGTH).is_none());
    let mut body = response.into_body();
    let first = body.frame().await.expect("a part").expect("a whole one").into_data().expect("data");
    assert_eq!(&first[..], b": alive\n\n", "the line is open before anything happens");
    let rest = body.collect().await.expect("the rest").to_bytes();
    assert_eq!(&rest[..], b"data: 12,+15\n\ndata: day\n\n: alive\n\ndata: over\n\n");
}

#[tokio::test]
async fn a_stranger_gets_no_stream_and_is_led_nowhere() {
    let response = send(get("/live/tasks", false)).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(response.headers().get(header::LOCATION).is_none());
    let mut head = get("/live/tasks", true);
    *head.method_mut() = Method::HEAD;
    assert_eq!(send(head).await.status(), StatusCode::METHOD_NOT_ALLOWED, "to ask without reading opens nothing");
}

#[tokio::test]
async fn rows_are_asked_for_again_as_a_page_shows_them_and_no_others() {
    let ask = |shown: &str, query: &str, maybe_new: &str| {
        format!("/api/app/api/live/tasks_again?query={query}&shown={shown}&maybe_new={maybe_new}&since=0&task=0&users=")
    };
    let answer = send(get(&ask("1,2", "has_locked%3D1", "7"), true)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(text(answer).await.contains("\"new\":[7]"));
    let many: Vec<String> = (1..=102).map(|number| number.to_string()).collect();
    for bad in [ask("1;2", "", ""), ask("1", "state%3Dcompleted", ""), ask(&many.join(","), "", "")] {
        assert_eq!(send(get(&bad, true)).await.status(), StatusCode::BAD_REQUEST, "{bad}");
    }
    assert_eq!(send(get(&ask("1", "", ""), false)).await.status(), StatusCode::UNAUTHORIZED);
}
