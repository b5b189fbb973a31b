//! A page's data, loaded once on the server and again whenever its address changes or an act changed something.

use crate::{
    api::Error,
    parts::{
        notice::Refused,
        payload::{Payload, Source, Travels},
        settled::{Settled, lively},
    },
};
use leptos::prelude::*;
use model::Refusal;
use serde::{Serialize, de::DeserializeOwned};
use std::{pin::Pin, sync::Arc};

/// Counts the acts done without leaving a page, so that its data is read again.
#[derive(Clone, Copy)]
pub struct Changes(RwSignal<u32>);

impl Changes {
    /// Provides the counter to everything below.
    pub fn provide() {
        provide_context(Changes(RwSignal::new(0)));
    }

    /// Something changed: read again.
    pub fn note(self) {
        self.0.update(|count| *count += 1);
    }
}

/// A page's own address: what stands behind `root` and a slash, and its query string. While the reader leaves for another page it
/// stays as it was, so that the page reads nothing meant for the next.
pub fn use_own_address(root: &'static str) -> Memo<(String, String)> {
    use_own_act_address(root, "")
}

/// The same for a page below a row's: what stands between `root` and `end`, such as `/edit`.
pub fn use_own_act_address(root: &'static str, end: &'static str) -> Memo<(String, String)> {
    let here = leptos_router::hooks::use_location();
    Memo::new(move |before: Option<&(String, String)>| {
        let path = here.pathname.get();
        match (row_between(&path, root, end), before) {
            (None, Some(before)) => before.clone(),
            (row, _) => (row.unwrap_or_default().to_owned(), here.search.get()),
        }
    })
}

/// The query string of the page at exactly `path`; it stays, too, while the reader leaves for a page below it.
pub fn use_page_query(path: &'static str) -> Memo<String> {
    let here = use_own_address(path);
    Memo::new(move |before: Option<&String>| match (here.get(), before) {
        ((row, query), _) if row.is_empty() => query,
        (_, before) => before.cloned().unwrap_or_default(),
    })
}

/// What stands between `root` and `end` in a path, without slashes; nothing for a path of another page.
fn row_between<'a>(path: &'a str, root: &str, end: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(root)?.strip_suffix(end)?;
    match rest.strip_prefix('/') {
        Some(row) => (!row.contains('/')).then_some(row),
        None => rest.is_empty().then_some(""),
    }
}

/// Shows what `read` answers for `source`, or why it cannot be had. While the next answer is under way the last one stays.
pub fn load<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    read: impl Fn(S) -> F + Send + Sync + 'static,
    show: impl Fn(T) -> AnyView + Send + Sync + Clone + 'static,
) -> AnyView
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    load_or(source, read, show, refused)
}

/// Why a page's data cannot be had, in its place.
pub fn refused(error: Error) -> AnyView {
    sign_in_again(&error);
    view! { <Refused error /> }.into_any()
}

/// As [`load`], with a page's own way to say why its data cannot be had.
pub fn load_or<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    read: impl Fn(S) -> F + Send + Sync + 'static,
    show: impl Fn(T) -> AnyView + Send + Sync + Clone + 'static,
    refuse: impl Fn(Error) -> AnyView + Send + Sync + Clone + 'static,
) -> AnyView
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let source = move || Source::new(source());
    let read = move |source: Source| -> Reading {
        let answer = source.get().map(&read);
        Box::pin(async move {
            match answer {
                Some(answer) => Payload::new(answer.await),
                None => Payload::new::<T>(Err(Error::Unreachable)),
            }
        })
    };
    let show = move |payload: Payload| match payload.open() {
        Ok(data) => show(data),
        Err(error) => refuse(error),
    };
    load_payload(Box::new(source), Box::new(read), Arc::new(show))
}

type Reading = Pin<Box<dyn Future<Output = Payload> + Send>>;

/// Not generic: what leptos makes of a resource and its place is large.
fn load_payload(
    source: Box<dyn Fn() -> Source + Send + Sync>,
    read: Box<dyn Fn(Source) -> Reading + Send + Sync>,
    show: Arc<dyn Fn(Payload) -> AnyView + Send + Sync>,
) -> AnyView {
    let changes = use_context::<Changes>();
    let source = move || (source(), changes.map(|changes| changes.0.get()));
    let data = Resource::<Payload, Travels>::new_with_options(source, move |(source, _)| read(source), false);
    let shown = move || {
        let show = show.clone();
        Suspend::new(async move {
            let data = data.await;
            keep_focus();
            Settled::new(show(data))
        })
    };
    view! { <Transition>{lively(shown)}</Transition> }.into_any()
}

/// What has the focus may be gone once the new answer is shown, as the filter that was just taken away. Then its neighbours get it, or
/// the page; never nobody, where the keyboard would begin at the top again.
#[cfg(feature = "hydrate")]
fn keep_focus() {
    use leptos::wasm_bindgen::JsCast;
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let Some(focused) = document.active_element().filter(|element| element.closest("#main").is_ok_and(|main| main.is_some()))
    else {
        return;
    };
    let group = focused.closest("[role=group][aria-label]").ok().flatten().and_then(|group| group.get_attribute("aria-label"));
    request_animation_frame(move || {
        if document.active_element().is_some_and(|element| element.tag_name() != "BODY") {
            return;
        }
        let beside =
            group.and_then(|label| document.query_selector(&format!("[role=group][aria-label='{label}'] a")).ok().flatten());
        match beside.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
            Some(link) => drop(link.focus()),
            None => crate::routes::focus_on_page(),
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn keep_focus() {}

/// In the browser, a session that ended leads to the sign-in page and back here.
fn sign_in_again(error: &Error) {
    if cfg!(not(feature = "ssr")) && *error == Error::Refused(Refusal::SignInFirst) {
        go_to_sign_in();
    }
}

/// Leaves for the sign-in page, which leads back to this address.
pub fn go_to_sign_in() {
    let Some(window) = web_sys::window() else { return };
    let here = window.location();
    let here = format!("{}{}", here.pathname().unwrap_or_default(), here.search().unwrap_or_default());
    let to: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
    let _ = window.location().set_href(&format!("/login?to={to}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_its_own_address_from_those_below_it() {
        let list = |path| row_between(path, "/provisioning-tasks", "");
        assert_eq!([list("/provisioning-tasks"), list("/provisioning-tasks/7")], [Some(""), Some("7")]);
        assert_eq!([list("/provisioning-tasks/7/edit"), list("/provisioning-tasksx"), list("/users")], [None; 3]);
        let edit = |path| row_between(path, "/provisioning-tasks", "/edit");
        assert_eq!([edit("/provisioning-tasks/7/edit"), edit("/provisioning-tasks/7")], [Some("7"), None]);
    }
}
