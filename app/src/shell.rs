//! The document around the app: our own tags to start the browser half, under a content policy that allows nothing else.

use crate::{App, ctx::Ctx};
use http::{HeaderValue, header};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

/// The whole document. leptos's own tags put the nonce into `crossorigin` and cannot be used under this policy.
pub fn shell() -> impl IntoView {
    let site = use_context::<Ctx>().map(|ctx| ctx.site).unwrap_or_default();
    let nonce = use_nonce();
    set_policy(nonce.as_deref().unwrap_or_default());
    let start = format!(
        "import init, {{ hydrate }} from {:?};\nawait init({{ module_or_path: {:?} }});\nhydrate();",
        site.script, site.module
    );
    let start = (!site.script.is_empty()).then(|| {
        view! {
            <link rel="modulepreload" href=site.script.clone() />
            <script type="module" nonce=nonce inner_html=start></script>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href=site.favicon.clone() />
                <link rel="stylesheet" href=site.style.clone() />
                {start}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

fn set_policy(nonce: &str) {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; object-src 'none'"
    );
    if let (Some(options), Ok(policy)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&policy)) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
