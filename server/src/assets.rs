//! The site's files: named after their content, so that a browser may keep each for ever, and packed before they are embedded.

use app::ctx::Site;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use std::{borrow::Cow, collections::HashMap, sync::Arc};

#[derive(RustEmbed)]
#[folder = "$PROVOST_SITE_DIR"]
struct Embedded;

/// The site's files, by the name they are served under.
#[derive(Clone, Default)]
pub struct Assets {
    files: Arc<HashMap<String, Bytes>>,
    site: Arc<Site>,
}

impl Assets {
    /// The embedded site. A debug build reads it from its folder at start.
    ///
    /// # Errors
    /// The manifest is not one.
    pub fn embedded() -> anyhow::Result<Assets> {
        let files = Embedded::iter().filter_map(|name| {
            let data = Embedded::get(&name)?.data;
            let bytes = match data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            Some((name.into_owned(), bytes))
        });
        Assets::new(files.collect())
    }

    fn new(mut files: HashMap<String, Bytes>) -> anyhow::Result<Assets> {
        let manifest: HashMap<String, String> = match files.remove("manifest.json") {
            Some(bytes) => serde_json::from_slice(&bytes)?,
            None => HashMap::new(),
        };
        files.remove("seal.txt");
        let address = |name: &str| manifest.get(name).map(|real| format!("/assets/{real}")).unwrap_or_default();
        let site = Site {
            script: address("provost.js"),
            module: address("provost.wasm"),
            style: address("main.css"),
            icons: address("icons.svg"),
            favicon: address("favicon.svg"),
        };
        Ok(Assets { files: Arc::new(files), site: Arc::new(site) })
    }

    /// The addresses that pages name.
    pub fn site(&self) -> Arc<Site> {
        self.site.clone()
    }

    /// `/assets/…`.
    pub fn routes(self) -> Router {
        Router::new().route("/assets/{*name}", get(serve)).with_state(self)
    }

    fn find(&self, name: &str, accepted: &str) -> Option<(Bytes, Option<&'static str>)> {
        let plain = self.files.get(name)?;
        let packed = [("br", "br"), ("gz", "gzip")].into_iter().find_map(|(kind, coding)| {
            let wanted = accepted.split(',').any(|part| part.split(';').next().is_some_and(|name| name.trim() == coding));
            wanted.then(|| self.files.get(&format!("{name}.{kind}")).map(|bytes| (bytes.clone(), Some(coding)))).flatten()
        });
        Some(packed.unwrap_or_else(|| (plain.clone(), None)))
    }
}

async fn serve(State(assets): State<Assets>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some((bytes, coding)) = assets.find(&name, accepted) else {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Assets {
        let files = [
            ("manifest.json", r#"{"main.css":"main.77.css"}"#),
            ("main.77.css", "plain"),
            ("main.77.css.br", "brotli"),
            ("main.77.css.gz", "gzip"),
        ];
        let files = files.into_iter().map(|(name, text)| (name.to_owned(), Bytes::from_static(text.as_bytes())));
        Assets::new(files.collect()).expect("a manifest")
    }

    #[test]
    fn pages_name_the_files_by_their_content() {
        assert_eq!(assets().site().style, "/assets/main.77.css");
        assert_eq!(assets().site().script, "", "what was not built is not named");
    }

    #[test]
    fn a_browser_gets_the_best_packing_it_takes() {
        let found = |accepted: &str| assets().find("main.77.css", accepted).map(|(bytes, coding)| (bytes.to_vec(), coding));
        assert_eq!(found("gzip, deflate, br;q=1.0"), Some((b"brotli".to_vec(), Some("br"))));
        assert_eq!(found("gzip"), Some((b"gzip".to_vec(), Some("gzip"))));
        assert_eq!(found("identity"), Some((b"plain".to_vec(), None)));
    }

    #[test]
    fn the_manifest_itself_is_not_served() {
        assert!(assets().find("manifest.json", "").is_none());
        assert!(assets().find("../main.77.css", "").is_none());
    }
}
