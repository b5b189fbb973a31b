//! `/enroll/not-me/{secret}`: **This was not me**, from the completion mail; its button also stands on a used link's page.

use super::{
    frame::{Frame, page},
    over::{self, Over},
};
use crate::{
    api::enroll::not_me_page,
    parts::form::{ActForm, Submit},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    catalogue::{self, enroll::NotMeTexts},
    enrolling::{Host, NotMePage, not_me_path},
};

/// The page of the completion mail's link.
#[component]
pub fn NotMe() -> impl IntoView {
    let params = use_params_map();
    let secret = move || params.with(|params| params.get("secret").unwrap_or_default());
    page(secret, not_me_page, move |host, answer| match answer {
        Ok(page) => show(host, &page, &params.with_untracked(|params| params.get("secret").unwrap_or_default())),
        Err(no) => over::refused(host, &no),
    })
}

fn show(host: Host, page: &NotMePage, secret: &str) -> AnyView {
    let language = catalogue::of(&host.language);
    let texts = &language.enroll.not_me;
    if page.suspended {
        return view! { <Over host text=texts.suspended icon="shield" /> }.into_any();
    }
    let (_, with_article) = language.mail.types.of(page.kind);
    let secret = secret.to_owned();
    let what = catalogue::fill(texts.what, &[("a_type", with_article), ("organisation", &host.organisation)]);
    view! {
        <Frame host title=texts.title icon="alert" foot=texts.was_me>
            <p>{what}</p>
            <Press texts secret />
        </Frame>
    }
    .into_any()
}

/// The button.
#[component]
pub fn Press(
    /// The texts.
    texts: &'static NotMeTexts,
    /// The link's secret.
    secret: String,
    /// Does a question stand above it?
    #[prop(optional)]
    ask: bool,
) -> impl IntoView {
    let action = not_me_path(&secret);
    view! {
        <ActForm action fresh=true class="stack">
            {ask.then(|| view! { <p class="soft">{texts.question}</p> })}
            <Submit label=texts.button danger=true />
        </ActForm>
    }
}
