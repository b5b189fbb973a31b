//! Everything the server answers, and the layers around it. From the outside in: headers of every answer, accidents, time, where a
//! change may come from, who asks; then pages and calls (leptos), acts, assets, health.

use crate::{acts, exports, health, live, plain::plain_page, security, session, state::State};
use app::{App, boot::Posted, ctx::Ctx};
use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, StatusCode, request::Parts},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*};
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use model::Refusal;
use std::{any::Any, time::Duration};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

/// How long an answer may take: an upload on a slow line is the longest.
const LONGEST: Duration = Duration::from_secs(60);

/// The whole server.
pub fn router(state: State) -> Router {
    let options = LeptosOptions::builder().output_name("provost").build();
    let pages = generate_route_list(App);
    let console = Router::new()
        .leptos_routes_with_context(&options, pages, provide_request, app::shell)
        .with_state(options)
        .merge(acts::routes(&state))
        .merge(exports::routes())
        .merge(live::routes())
        .fallback(render)
        .layer(from_fn_with_state(state.clone(), session::find));
    Router::new()
        .merge(console)
        .merge(health::routes(state.clone()))
        .merge(state.assets.clone().routes())
        .layer(from_fn_with_state(state.base.clone(), security::only_from_here))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST))
        .layer(from_fn(explain))
        .layer(CatchPanicLayer::custom(accident))
        .layer(from_fn_with_state(state.base, security::headers))
}

/// Renders the page of this request: for refused forms, and for addresses that no page has.
pub async fn render(request: Request) -> Response {
    render_app_async_with_context(provide_request, app::shell)(request).await
}

/// Hands what the session layer found to pages and calls alike.
fn provide_request() {
    let Some(parts) = use_context::<Parts>() else { return };
    if let Some(ctx) = parts.extensions.get::<Ctx>() {
        provide_context(ctx.clone());
    }
    if let Some(posted) = parts.extensions.get::<Posted>() {
        provide_context(posted.clone());
    }
}

/// Gives an answer that axum made without a body, such as a method that a page does not have, a sentence.
async fn explain(request: Request, next: axum::middleware::Next) -> Response {
    let headers = request.headers().clone();
    let response = next.run(request).await;
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => (StatusCode::METHOD_NOT_ALLOWED, "This address does not take that.\n").into_response(),
        StatusCode::SERVICE_UNAVAILABLE if response.headers().get("content-type").is_none() => {
            plain_page(&Refusal::Busy, &headers)
        }
        _ => response,
    }
}

/// A panic becomes a page with a reference, which stands in the log beside the cause.
fn accident(cause: Box<dyn Any + Send>) -> Response {
    let reference: String = Nonce::new().chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let cause = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(reference, cause = cause.unwrap_or("unknown"), "a request panicked");
    plain_page(&Refusal::Accident { reference }, &HeaderMap::new())
}
