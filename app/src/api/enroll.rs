//! What the pages under `/enroll` show. Every answer carries whose page it is, also when it says no.
//!
//! No call carries a link's secret: what the page of a link shows comes with its document only, so the secret stands in no address
//! but the one that was opened, and the browser half never reads it a second time.

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::{
    Answer,
    enrolling::{Host, LinkState, NotMePage, SessionPage, StopState},
};
use serde::{Deserialize, Serialize};

/// What a page under `/enroll` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View<T> {
    /// Whose page it is.
    pub host: Host,
    /// What is on it, or why there is nothing.
    pub answer: Answer<T>,
}

/// What `/enroll` shows: whose page it is.
///
/// # Errors
/// No answer came.
#[server(protocol = Ask)]
pub async fn enroll_typed() -> Result<View<()>, Error> {
    server::viewed(async |_| Ok(()), |()| server::plain(None)).await
}

/// What `/enroll/session` shows to the browser that holds the cookie.
///
/// # Errors
/// No answer came.
#[server(protocol = Ask)]
pub async fn enroll_session() -> Result<View<SessionPage>, Error> {
    use model::refusal::{EnrollmentOver, Refusal};
    let ask = async |ctx: crate::ctx::Ctx| match ctx.enrollment.as_deref() {
        Some(cookie) => ctx.enrolling.session(cookie).await,
        None => Err(Refusal::EnrollmentOver(EnrollmentOver::NoSession)),
    };
    server::viewed(ask, |page| server::plain(Some(&page.host))).await
}

/// What the page of a link shows. A link that no longer serves has the status that pressing its button would have.
///
/// # Errors
/// No answer came.
#[cfg(feature = "ssr")]
pub async fn link_page(secret: String) -> Result<View<LinkState>, Error> {
    use model::refusal::{EnrollmentOver, Refusal};
    const GONE: u16 = Refusal::EnrollmentOver(EnrollmentOver::Completed).status();
    let opened = server::is_opening();
    let ask = async |ctx: crate::ctx::Ctx| ctx.enrolling.look(&secret, opened).await;
    let about = |page: &model::enrolling::LinkPage| {
        let serves = matches!(page.state, LinkState::Ready { .. });
        server::About { status: (!serves).then_some(GONE), ..server::plain(Some(&page.host)) }
    };
    let page = server::viewed(ask, about).await?;
    Ok(View { host: page.host, answer: page.answer.map(|page| page.state) })
}

/// What the page of **This was not me** shows.
///
/// # Errors
/// No answer came.
#[cfg(feature = "ssr")]
pub async fn not_me_page(secret: String) -> Result<View<NotMePage>, Error> {
    let ask = async |ctx: crate::ctx::Ctx| ctx.enrolling.look_not_me(&secret).await;
    server::viewed(ask, |page| server::plain(Some(&page.host))).await
}

/// What the page of **Stop it** shows.
///
/// # Errors
/// No answer came.
#[cfg(feature = "ssr")]
pub async fn stop_page(secret: String) -> Result<View<StopState>, Error> {
    let ask = async |ctx: crate::ctx::Ctx| ctx.enrolling.look_stop(&secret).await;
    let page = server::viewed(ask, |page| server::plain(Some(&page.host))).await?;
    Ok(View { host: page.host, answer: page.answer.map(|page| page.state) })
}

/// What any other address below `/enroll` shows: the same as a link that does not work.
///
/// # Errors
/// No answer came.
#[cfg(feature = "ssr")]
pub async fn no_such_link() -> Result<View<()>, Error> {
    use model::refusal::{Refusal, Thing};
    server::viewed(async |_| Err(Refusal::NotFound(Thing::Link)), |()| server::plain(None)).await
}

/// In the browser: what the page of a link shows comes with its document.
///
/// # Errors
/// None: the document is loaded.
#[cfg(not(feature = "ssr"))]
pub async fn link_page(_: String) -> Result<View<LinkState>, Error> {
    from_document().await
}

/// As [`link_page`].
///
/// # Errors
/// None: the document is loaded.
#[cfg(not(feature = "ssr"))]
pub async fn not_me_page(_: String) -> Result<View<NotMePage>, Error> {
    from_document().await
}

/// As [`link_page`].
///
/// # Errors
/// None: the document is loaded.
#[cfg(not(feature = "ssr"))]
pub async fn stop_page(_: String) -> Result<View<StopState>, Error> {
    from_document().await
}

/// As [`link_page`].
///
/// # Errors
/// None: the document is loaded.
#[cfg(not(feature = "ssr"))]
pub async fn no_such_link() -> Result<View<()>, Error> {
    from_document().await
}

/// Loads the document of this address: reached only by going back to it without a reload.
#[cfg(not(feature = "ssr"))]
async fn from_document<T>() -> Result<View<T>, Error> {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
    std::future::pending().await
}

#[cfg(feature = "ssr")]
mod server {
    use super::{Answer, Error, View};
    use crate::{api::asked, boot::Posted, ctx::Ctx};
    use http::{Method, StatusCode, request::Parts};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use model::{catalogue::en::ENGLISH, enrolling::Host};

    /// What an answer says of its document.
    pub struct About {
        /// Whose page it is; nothing for the organisation's.
        pub host: Option<Host>,
        /// Its status; nothing for 200.
        pub status: Option<u16>,
    }

    /// A document like any other.
    pub fn plain(host: Option<&Host>) -> About {
        About { host: host.cloned(), status: None }
    }

    /// Runs `ask`; `about` finds in its answer what it says of the document, whose status it becomes.
    ///
    /// # Errors
    /// Only outside a request.
    pub async fn viewed<T>(ask: impl AsyncFnOnce(Ctx) -> Answer<T>, about: fn(&T) -> About) -> Result<View<T>, Error> {
        let options = document().and_then(|_| use_context::<ResponseOptions>());
        asked(async |ctx| {
            let answer = ask(ctx.clone()).await;
            let about = match &answer {
                Ok(page) => about(page),
                Err(no) => About { host: None, status: Some(no.status()) },
            };
            let host = match about.host {
                Some(host) => host,
                None => ctx.enrolling.host().await.unwrap_or_else(|_| nobody()),
            };
            if let (Some(options), Some(Ok(status))) = (options, about.status.map(StatusCode::from_u16)) {
                options.set_status(status);
            }
            Ok(View { host, answer })
        })
        .await
    }

    /// When not even the organisation's name can be read.
    fn nobody() -> Host {
        Host { organisation: String::new(), language: ENGLISH.code.to_owned(), zone: String::new() }
    }

    /// The request, when it is for a document and not a call of the browser half.
    fn document() -> Option<Parts> {
        use_context::<Parts>().filter(|parts| !parts.uri.path().starts_with("/api/"))
    }

    /// Does somebody look at the link? Not with HEAD, and not when the page shows a refused form again.
    pub fn is_opening() -> bool {
        document().is_some_and(|parts| parts.method == Method::GET) && use_context::<Posted>().is_none()
    }
}
