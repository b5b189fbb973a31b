//! `/enroll/{secret}`: what the link is good for. Opening it changes nothing; only a pressed button acts. The secret stands in the
//! address of its own forms and nowhere else.

use super::{
    ask,
    frame::{Frame, page},
    not_me::Press,
    over::{self, Ending, EndsHere, Over},
};
use crate::{
    api::enroll::{link_page, no_such_link},
    parts::{
        form::{ActForm, Submit},
        notice::{Notice, Tone},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::{
    Refusal,
    authentication::AuthenticationType,
    catalogue::{self, enroll::ReadyTexts},
    day::Day,
    enrolling::{Host, LinkState, link_path},
};

/// The page of a link.
#[component]
pub fn Link() -> impl IntoView {
    let params = use_params_map();
    let secret = move || params.with(|params| params.get("secret").unwrap_or_default());
    let asked = use_query_map().with_untracked(|query| query.get("asked").unwrap_or_default());
    page(secret, link_page, move |host, answer| match answer {
        Ok(state) => show(host, state, &params.with_untracked(|params| params.get("secret").unwrap_or_default()), &asked),
        Err(no) => over::refused(host, &no),
    })
}

/// Any other address below `/enroll`.
#[component]
pub fn NoSuchLink() -> impl IntoView {
    page(
        || (),
        |()| no_such_link(),
        |host, answer: Result<(), Refusal>| answer.err().map(|no| over::refused(host, &no)).into_any(),
    )
}

fn show(host: Host, state: LinkState, secret: &str, asked: &str) -> AnyView {
    let texts = &catalogue::of(&host.language).enroll;
    if let Some(text) = ask::outcome(texts, asked, &state) {
        return view! { <Over host text icon="mail" /> }.into_any();
    }
    let Some(mut text) = texts.dead_link(&state) else { return ready(host, state, secret) };
    let (icon, act) = match state {
        LinkState::Expired { ask } | LinkState::TooOld { ask } => {
            let (how, button) = ask::offer(texts, ask, secret);
            text.how = how;
            ("clock", button)
        }
        LinkState::Locked => ("lock", None),
        LinkState::Canceled | LinkState::Ended => ("minus", None),
        LinkState::Replaced => ("mail", None),
        LinkState::Used { not_me } => {
            ("check", not_me.then(|| view! { <Press texts=&texts.not_me secret=secret.to_owned() ask=true /> }.into_any()))
        }
        LinkState::Ready { .. } => ("info", None),
    };
    view! { <Over host text icon act /> }.into_any()
}

fn ready(host: Host, state: LinkState, secret: &str) -> AnyView {
    let LinkState::Ready { name, kind, stop, started } = state else { return ().into_any() };
    let path = link_path(secret);
    let ending = Ending::new(&path);
    let ready = Ready { name, kind, stop, started, path };
    (move || match ending.get() {
        Some(no) => over::refused(host.clone(), &no),
        None => view! { <Start host=host.clone() ready=ready.clone() ending /> }.into_any(),
    })
    .into_any()
}

/// What the page of a link that serves shows.
#[derive(Clone)]
struct Ready {
    name: String,
    kind: AuthenticationType,
    stop: Day,
    started: bool,
    path: String,
}

#[component]
fn Start(host: Host, ready: Ready, ending: Ending) -> impl IntoView {
    let language = catalogue::of(&host.language);
    let texts = &language.enroll.ready;
    let (bare, with_article) = language.mail.types.of(ready.kind);
    let fill = |text| catalogue::fill(text, &[("organisation", &host.organisation), ("type", bare), ("a_type", with_article)]);
    let (title, what) = (fill(texts.title), fill(texts.what));
    let last_day = catalogue::fill(texts.last_day_of, &[("day", &ready.stop.long()), ("zone", &host.zone)]);
    let start = if ready.started { texts.start_again } else { texts.start };
    view! {
        <Frame host title step=1 foot=texts.not_you>
            <p>{what}</p>
            <dl class="facts">
                <dt>{texts.person}</dt>
                <dd>{ready.name}</dd>
                <dt>{texts.last_day}</dt>
                <dd>
                    <time datetime=ready.stop.iso()>{last_day}</time>
                </dd>
            </dl>
            <p class="soft">{need(texts, ready.kind)}</p>
            {ready.started.then(|| view! { <Notice tone=Tone::Info>{texts.started}</Notice> })}
            <ActForm action=ready.path class="stack">
                <EndsHere ending />
                <Submit label=start />
            </ActForm>
        </Frame>
    }
}

const fn need(texts: &'static ReadyTexts, kind: AuthenticationType) -> &'static str {
    match kind {
        AuthenticationType::App => texts.need_app,
        AuthenticationType::Passkey => texts.need_passkey,
        AuthenticationType::Hardware => texts.need_hardware,
        AuthenticationType::EmailCode => texts.need_email,
    }
}
