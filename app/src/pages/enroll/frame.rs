//! The frame of every page under `/enroll`: whose page it is, how far the reader is, one card, and a line below it.

use crate::{
    api::{Error, enroll::View},
    parts::{
        icon::Icon,
        load::{Changes, load_or},
        words::Words,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use model::{Refusal, catalogue, enrolling::Host};
use serde::{Serialize, de::DeserializeOwned};

/// The steps from the link to the serial number.
const STEPS: u8 = 3;

/// A page's data, and the page in the words of its language. Why it cannot be had is said in the frame, too.
pub fn page<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    read: impl Fn(S) -> F + Send + Sync + 'static,
    show: impl Fn(Host, Result<T, Refusal>) -> AnyView + Send + Sync + Clone + 'static,
) -> AnyView
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    F: Future<Output = Result<View<T>, Error>> + Send + 'static,
{
    Changes::provide();
    load_or(
        source,
        read,
        move |view: View<T>| {
            provide_context(Words::of(&view.host));
            show(view.host, view.answer)
        },
        |error| {
            let host = Host { organisation: String::new(), language: catalogue::en::ENGLISH.code.into(), zone: String::new() };
            let words = Words::of(&host);
            let what = words.alert(&error).unwrap_or_default();
            let title = words.texts.no.title;
            view! {
                <Frame host title>
                    <p>{what}</p>
                </Frame>
            }
            .into_any()
        },
    )
}

/// The frame around a page.
#[component]
pub fn Frame(
    /// Whose page it is.
    host: Host,
    /// What the page is about; the browser's tab says so too.
    #[prop(into)]
    title: String,
    /// Which of the steps it is, from 1.
    #[prop(optional)]
    step: Option<u8>,
    /// The icon above the title, where there is no step.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// A line below the card.
    #[prop(optional)]
    foot: Option<&'static str>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let language = catalogue::of(&host.language);
    let organisation = host.organisation.clone();
    let name = move |title: String| if organisation.is_empty() { title } else { format!("{title} · {organisation}") };
    view! {
        <Title formatter=name text=title.clone() />
        <div class="plain enroll" lang=language.code>
            <header>
                <span class="brand">
                    <Icon name="brand" />
                    {host.organisation}
                </span>
            </header>
            <main id="main" tabindex="-1">
                <section class="card narrow">
                    <h1>{language.enroll.self_enrollment}</h1>
                    {step.map(|step| view! { <Steps text=language.enroll.step step /> })}
                    {icon.map(|icon| view! { <span class=format!("sign sign-{icon}")><Icon name=icon /></span> })}
                    <h2>{title}</h2>
                    {children()}
                </section>
            </main>
            {foot.map(|foot| view! { <footer>{foot}</footer> })}
        </div>
    }
}

#[component]
fn Steps(text: &'static str, step: u8) -> impl IntoView {
    let words = catalogue::fill(text, &[("n", &step.to_string()), ("total", &STEPS.to_string())]);
    let bars = (1..=STEPS).map(|n| view! { <i class:reached=n <= step></i> }).collect_view();
    view! {
        <p class="steps">
            <span class="unseen">{words}</span>
            {bars}
        </p>
    }
}
