//! `/healthz`, `/readyz`, `/metrics`: for those who run the server.

use crate::{security::client, state::State as App};
use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::net::IpAddr;

/// The three routes.
pub fn routes(state: App) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "The server runs.\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(state)
}

async fn ready(State(app): State<App>) -> Response {
    match (app.ready)().await {
        Ok(()) => "The server is ready.\n".into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}

/// Metrics name tasks in numbers only, but still are nobody's business beyond this machine unless configured so.
async fn metrics(State(app): State<App>, request: Request) -> Response {
    let from_here = client(&request, &app.proxies).address.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    match app.metrics {
        Some(render) if from_here || app.metrics_open => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], render()).into_response()
        }
        _ => (StatusCode::NOT_FOUND, "There is no such page.\n").into_response(),
    }
}
