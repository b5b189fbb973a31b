//! The page for what happens outside the app: a form from another site, a panic, a database that is away. No data, no script.

use app::boot::Reply;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use model::Refusal;

/// The refusal as a bare page, or as JSON for the browser half.
pub fn plain_page(refusal: &Refusal, headers: &HeaderMap) -> Response {
    let (body, kind) = if wants_json(headers) {
        (serde_json::to_string(&Reply::No(refusal.clone())).unwrap_or_default(), "application/json")
    } else {
        (page(&refusal.to_string()), "text/html; charset=utf-8")
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// Does the browser half ask, rather than the browser?
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|kind| kind.trim() == "application/json")
}

fn page(sentence: &str) -> String {
    let sentence = escape(sentence);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Provost</title></head>\
         <body><main><h1>Provost</h1><p>{sentence}</p><p><a href=\"/\">Go to the first page</a></p></main></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_sentence_becomes_markup() {
        assert!(page("<script>\"&").contains("&lt;script&gt;&quot;&amp;"));
    }
}
