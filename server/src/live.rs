//! The stream of what changes, as server-sent events (WHATWG HTML §9.2). It ends with the session, with the right, and when the server
//! stops; a browser that is still there then opens another.

use crate::plain::plain_page;
use app::ctx::Ctx;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
    routing::get,
};
use futures::stream::{self, StreamExt};
use model::{
    Answer, Refusal,
    live::{Live, LiveEvent},
};
use std::convert::Infallible;

/// What a page asks here by itself, beside the calls of `app::api::live`.
const STREAM: &str = "/live/tasks";
/// The calls that a page makes by itself.
const CALLS: &str = "/api/app/api/live/";

/// The `GET` route of the stream. `HEAD` opens none.
pub fn routes() -> Router {
    Router::new().route(STREAM, get(handle).head(|| async { StatusCode::METHOD_NOT_ALLOWED }))
}

/// Does a page ask this by itself, with no operator's hand in it?
pub fn is_watching(path: &str) -> bool {
    path == STREAM || path.starts_with(CALLS)
}

async fn handle(request: Request) -> Response {
    let parts = request.into_parts().0;
    match open(&parts).await {
        Ok(live) => events(live),
        Err(refusal) => plain_page(&refusal, &parts.headers),
    }
}

async fn open(parts: &Parts) -> Answer<Live> {
    let ctx = parts.extensions.get::<Ctx>().ok_or(Refusal::SignInFirst)?;
    let session = ctx.session.as_deref().ok_or(Refusal::SignInFirst)?;
    ctx.console.live(ctx.actor()?, session).await
}

/// Each event as it comes. The first line goes out at once, so that the browser knows that the stream is open.
fn events(live: Live) -> Response {
    let hello = stream::once(async { LiveEvent::Alive.line() });
    let events = stream::unfold(live, |mut live| async {
        let event = live.0.next().await?;
        Some((event.line(), live))
    });
    let lines = hello.chain(events).map(|line| Ok::<_, Infallible>(Bytes::from(line)));
    let mut response = Response::new(Body::from_stream(lines));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A proxy such as nginx keeps back what is small, unless it is told otherwise.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}
