//! The posting half of the one form mechanism: reads a form strictly, runs its act, and answers the browser half with JSON, a plain
//! browser with a redirect or with the same page and everything typed in place.

use crate::{
    plain::{plain_page, wants_json},
    router::render,
    session::{see_other, set_cookie, sign_in_page},
    state::State,
};
use app::{
    acts::{Act, Call, CookieChange, Outcome, without_secrets},
    boot::{Posted, Reply},
    ctx::Ctx,
};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Multipart, RawPathParams, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::Response,
    routing::post,
};
use model::{
    Answer, Refusal,
    form::{Done, Fields},
    refusal::BadRequest,
};
use percent_encoding::percent_decode;

/// A `POST` route for every act.
pub fn routes(state: &State) -> Router {
    app::acts::table().into_iter().fold(Router::new(), |router, act| {
        let path = act.path;
        let https = state.base.is_https();
        let handler = move |params: RawPathParams, request: Request| {
            let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            handle(act.clone(), https, params, request)
        };
        router.route(path, post(handler))
    })
}

async fn handle(act: Act, https: bool, params: Vec<(String, String)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(ctx) = parts.extensions.get::<Ctx>().cloned() else {
        return plain_page(&Refusal::SignInFirst, &parts.headers);
    };
    let (fields, file) = match read(&act, &parts, body).await {
        Ok(read) => read,
        Err(refusal) => return refuse(&act, parts, &params, Fields::default(), refusal).await,
    };
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let call = Call { ctx, params: params.clone(), query, fields: fields.clone(), file };
    match (act.run)(call).await {
        Ok(Outcome { reply: Reply::Go(done), cookie }) => succeed(done, cookie.as_ref(), https, &parts.headers),
        Ok(Outcome { reply, .. }) => stay(&act, parts, &params, fields, reply).await,
        Err(refusal) => refuse(&act, parts, &params, fields, refusal).await,
    }
}

fn succeed(done: Done, cookie: Option<&CookieChange>, https: bool, headers: &HeaderMap) -> Response {
    let mut response = if wants_json(headers) { json(StatusCode::OK, &Reply::Go(done)) } else { see_other(&done.to) };
    if let Some(cookie) = cookie.and_then(|change| set_cookie(change, https)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

async fn refuse(act: &Act, parts: Parts, params: &[(String, String)], fields: Fields, refusal: Refusal) -> Response {
    if refusal == Refusal::SignInFirst && !wants_json(&parts.headers) {
        return see_other(&sign_in_page(&page_address(act, params, parts.uri.query())));
    }
    stay(act, parts, params, fields, Reply::No(refusal)).await
}

/// The form's page again, with what came of the form; for the browser half only that.
async fn stay(act: &Act, parts: Parts, params: &[(String, String)], fields: Fields, reply: Reply) -> Response {
    let status = match &reply {
        Reply::No(refusal) => StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        Reply::Go(_) | Reply::Report(_) => StatusCode::OK,
    };
    if wants_json(&parts.headers) {
        return json(status, &reply);
    }
    let page = page_address(act, params, parts.uri.query());
    let posted = Posted { path: parts.uri.path().to_owned(), fields: without_secrets(fields), reply };
    let mut again = Request::new(Body::empty());
    *again.method_mut() = Method::GET;
    *again.uri_mut() = page.parse().unwrap_or(Uri::from_static("/"));
    *again.headers_mut() = parts.headers;
    *again.extensions_mut() = parts.extensions;
    again.extensions_mut().insert(posted);
    let mut response = render(again).await;
    if status != StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// The address of the page that shows the refusal: the act's, with the parameters of this request.
fn page_address(act: &Act, params: &[(String, String)], query: Option<&str>) -> String {
    let page = params.iter().fold(act.page.to_owned(), |page, (name, value)| {
        let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string();
        page.replace(&format!("{{{name}}}"), &value)
    });
    match query {
        Some(query) => format!("{page}?{query}"),
        None => page,
    }
}

fn json(status: StatusCode, reply: &Reply) -> Response {
    let mut response = Response::new(Body::from(serde_json::to_string(reply).unwrap_or_default()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn read(act: &Act, parts: &Parts, body: Body) -> Answer<(Fields, Option<Vec<u8>>)> {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let declared =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()).and_then(|length| length.parse().ok());
    if declared.is_some_and(|length: usize| length > act.most) {
        return Err(Refusal::TooLarge);
    }
    let bytes = to_bytes(body, act.most).await.map_err(|_| Refusal::TooLarge)?;
    match kind.as_str() {
        "application/x-www-form-urlencoded" => Ok((urlencoded(&bytes)?, None)),
        "multipart/form-data" if act.upload => multipart(parts, bytes).await,
        "" if bytes.is_empty() => Ok((Fields::default(), None)),
        _ => Err(Refusal::BadRequest(BadRequest::Body)),
    }
}

/// Reads `a=1&b=2` (WHATWG URL §5.1), and refuses what is not UTF-8 instead of mending it.
fn urlencoded(bytes: &[u8]) -> Answer<Fields> {
    let pairs = bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    let fields: Answer<Vec<_>> = pairs
        .map(|pair| {
            let split = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let value = pair.get(split + 1..).unwrap_or_default();
            Ok((decoded(pair.get(..split).unwrap_or_default())?, decoded(value)?))
        })
        .collect();
    fields.map(Fields)
}

fn decoded(bytes: &[u8]) -> Answer<String> {
    let bytes: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let text = percent_decode(&bytes).decode_utf8().map_err(|_| Refusal::BadRequest(BadRequest::Body))?;
    Ok(text.into_owned())
}

async fn multipart(parts: &Parts, bytes: Bytes) -> Answer<(Fields, Option<Vec<u8>>)> {
    let broken = |_| Refusal::BadRequest(BadRequest::Body);
    let mut request = Request::new(Body::from(bytes));
    *request.headers_mut() = parts.headers.clone();
    *request.method_mut() = Method::POST;
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::BadRequest(BadRequest::Body))?;
    let (mut fields, mut file) = (Fields::default(), None);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().map(str::to_owned).ok_or(Refusal::BadRequest(BadRequest::Body))?;
        let is_file = field.file_name().is_some();
        let bytes = field.bytes().await.map_err(broken)?;
        match (is_file, &file) {
            (true, None) if name == "file" => file = Some(bytes.to_vec()),
            (true, _) => return Err(Refusal::BadRequest(BadRequest::Parameter)),
            (false, _) => {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::BadRequest(BadRequest::Body))?;
                fields.0.push((name, text));
            }
        }
    }
    Ok((fields, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Answer<Vec<(String, String)>> {
        urlencoded(text.as_bytes()).map(|fields| fields.0)
    }

    #[test]
    fn a_form_is_read_as_a_browser_wrote_it() {
        let read = pairs("name=%C5%81ukasz+%C5%BB&note=a%2Bb%3D&empty=&bare").expect("a form");
        let expected = [("name", "Łukasz Ż"), ("note", "a+b="), ("empty", ""), ("bare", "")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn text_that_is_not_utf8_is_refused_and_not_mended() {
        assert_eq!(pairs("name=%FF"), Err(Refusal::BadRequest(BadRequest::Body)));
        assert_eq!(urlencoded(b"name=\xff"), Err(Refusal::BadRequest(BadRequest::Body)));
    }
}
