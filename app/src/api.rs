//! The calls behind the pages: one server function per page that answers all the page shows. Reads only, over GET; every change is
//! an act (see `acts`).

pub mod ask;
pub mod audit;
pub mod bulk;
pub mod dashboard;
pub mod enroll;
pub mod live;
pub mod messages;
pub mod operators;
pub mod policy;
pub mod provision;
pub mod reports;
pub mod tasks;
pub mod users;

use leptos::{
    prelude::*,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use model::{Refusal, refusal::BadRequest};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a page's data cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Error {
    /// The server said no.
    Refused(Refusal),
    /// No answer came.
    Unreachable,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(refusal) => refusal.fmt(f),
            Error::Unreachable => f.write_str("The server did not answer. Check your connection and try again."),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(refusal)
    }
}

impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Error {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                say_status(Refusal::BadRequest(BadRequest::Parameter).status());
                Error::Refused(Refusal::BadRequest(BadRequest::Parameter))
            }
            _ => Error::Unreachable,
        }
    }
}

/// Sets the status of the response that is being made; in the browser there is none.
pub fn say_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(options), Ok(status)) = (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status)) {
        options.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// Runs what a call asks, in the context of the request.
///
/// # Errors
/// The refusal, for the page to show; its status is on the response.
#[cfg(feature = "ssr")]
pub async fn asked<T>(ask: impl AsyncFnOnce(crate::ctx::Ctx) -> model::Answer<T>) -> Result<T, Error> {
    let options = use_context::<leptos_axum::ResponseOptions>();
    let answer = match crate::ctx::ctx() {
        Ok(ctx) => ask(ctx).await,
        Err(refusal) => Err(refusal),
    };
    answer.map_err(|refusal| {
        if let (Some(options), Ok(status)) = (options, http::StatusCode::from_u16(refusal.status())) {
            options.set_status(status);
        }
        Error::Refused(refusal)
    })
}
