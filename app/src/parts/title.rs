//! The head of a page.

use leptos::prelude::*;
use leptos_meta::Title;

/// The page's heading, which is also the title of the document, a line about it, and its acts.
#[component]
pub fn PageTitle(
    /// The heading.
    #[prop(into)]
    heading: String,
    /// A line about the page.
    #[prop(optional, into)]
    line: Option<String>,
    /// Links to the page's acts.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=heading.clone() />
        <header class="title">
            <div>
                <h1>{heading}</h1>
                {line.map(|line| view! { <p>{line}</p> })}
            </div>
            {children.map(|children| view! { <div class="acts">{children()}</div> })}
        </header>
    }
}
