//! Exports: a plain link or form, answered with a file that is sent while it is written.

use crate::{
    plain::plain_page,
    session::{see_other, sign_in_page},
};
use app::ctx::Ctx;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
    routing::get,
};
use futures::stream::unfold;
use model::{
    Answer, Refusal,
    export::{Export, ExportList, ExportQuery, Exported, Format},
    form::Fields,
    refusal::Thing,
};
use std::io;

/// A `GET` route for every list that can be exported. `HEAD` begins no export.
pub fn routes() -> Router {
    let result = get(result).head(|| async { StatusCode::METHOD_NOT_ALLOWED });
    ExportList::ALL.into_iter().fold(Router::new().route("/bulk/{id}/result", result), |router, list| {
        let handler = get(move |request: Request| handle(list, request)).head(|| async { StatusCode::METHOD_NOT_ALLOWED });
        router.route(&format!("{}/export", list.page()), handler)
    })
}

async fn handle(list: ExportList, request: Request) -> Response {
    let parts = request.into_parts().0;
    match begin(list, &parts).await {
        Ok(export) => file(export),
        Err(Refusal::SignInFirst) => see_other(&sign_in_page(list.page())),
        Err(refusal) => plain_page(&refusal, &parts.headers),
    }
}

/// The result of an act over many enrollments, as CSV.
async fn result(Path(id): Path<String>, request: Request) -> Response {
    let parts = request.into_parts().0;
    match begin_result(&id, &parts).await {
        Ok(export) => file(export),
        Err(Refusal::SignInFirst) => see_other(&sign_in_page(&format!("/bulk/{id}"))),
        Err(refusal) => plain_page(&refusal, &parts.headers),
    }
}

async fn begin_result(id: &str, parts: &Parts) -> Answer<Export> {
    let ctx = parts.extensions.get::<Ctx>().ok_or(Refusal::SignInFirst)?;
    let by = ctx.actor()?;
    let id = app::address::row(id, Thing::Bulk)?;
    ctx.console.export(by, &ExportQuery { what: Exported::Bulk(id), format: Format::Csv { bom: true } }).await
}

async fn begin(list: ExportList, parts: &Parts) -> Answer<Export> {
    let ctx = parts.extensions.get::<Ctx>().ok_or(Refusal::SignInFirst)?;
    let query = ExportQuery::read(list, &Fields::of_query(parts.uri.query().unwrap_or_default())?)?;
    ctx.console.export(ctx.actor()?, &query).await
}

/// The file. A part that cannot be had breaks the answer off, so that the browser does not take it for whole.
fn file(export: Export) -> Response {
    let parts = unfold(Some(export.body), |body| async {
        let mut body = body?;
        match body.next().await? {
            Ok(part) => Some((Ok(Bytes::from(part)), Some(body))),
            Err(refusal) => Some((Err(io::Error::other(refusal.to_string())), None)),
        }
    });
    let mut response = Response::new(Body::from_stream(parts));
    let name = format!("attachment; filename=\"{}\"", export.name);
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(export.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
