//! `/enroll/stop/{secret}`: **Stop it**, from the mail that says that a link went to another address.

use super::{
    frame::{Frame, page},
    over::{self, Over},
};
use crate::{
    api::enroll::stop_page,
    parts::form::{ActForm, Submit},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    authentication::AuthenticationType,
    catalogue,
    enrolling::{Host, StopState, stop_it_path},
};

/// The page of that mail's link.
#[component]
pub fn Stop() -> impl IntoView {
    let params = use_params_map();
    let secret = move || params.with(|params| params.get("secret").unwrap_or_default());
    page(secret, stop_page, move |host, answer| match answer {
        Ok(state) => show(host, state, &params.with_untracked(|params| params.get("secret").unwrap_or_default())),
        Err(no) => over::refused(host, &no),
    })
}

fn show(host: Host, state: StopState, secret: &str) -> AnyView {
    let texts = &catalogue::of(&host.language).enroll.stop;
    match state {
        StopState::Live { kind } => live(host, kind, secret),
        StopState::Stopped => view! { <Over host text=texts.stopped icon="shield" /> }.into_any(),
        StopState::Used => view! { <Over host text=texts.used icon="alert" /> }.into_any(),
    }
}

fn live(host: Host, kind: AuthenticationType, secret: &str) -> AnyView {
    let language = catalogue::of(&host.language);
    let texts = &language.enroll.stop;
    let (_, with_article) = language.mail.types.of(kind);
    let what = catalogue::fill(texts.what, &[("a_type", with_article), ("organisation", &host.organisation)]);
    let action = stop_it_path(secret);
    view! {
        <Frame host title=texts.title icon="alert" foot=texts.fine>
            <p>{what}</p>
            <ActForm action fresh=true class="stack">
                <Submit label=texts.button danger=true />
            </ActForm>
        </Frame>
    }
    .into_any()
}
