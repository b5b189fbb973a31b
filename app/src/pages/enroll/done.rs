//! Enrolled and proven: the serial number, and what happens next.

use super::frame::Frame;
use leptos::prelude::*;
use model::{authentication::AuthenticationType, catalogue, enrolling::Host};

/// The last page.
#[component]
pub fn Done(
    /// Whose page it is.
    host: Host,
    /// The token's serial number.
    serial: String,
    /// The authenticator.
    kind: AuthenticationType,
) -> impl IntoView {
    let language = catalogue::of(&host.language);
    let texts = &language.enroll.done;
    let (bare, _) = language.mail.types.of(kind);
    let fill = |text| catalogue::fill(text, &[("type", bare), ("organisation", &host.organisation)]);
    let title = fill(texts.title);
    let steps = texts.steps.map(|step| view! { <li>{fill(step)}</li> });
    view! {
        <Frame host title step=3>
            <p>{texts.what}</p>
            <dl class="facts serial">
                <dt>{texts.serial}</dt>
                <dd>{serial}</dd>
            </dl>
            <h3>{texts.next}</h3>
            <ol>{steps.collect_view()}</ol>
        </Frame>
    }
}
