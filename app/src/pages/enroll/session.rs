//! `/enroll/session`: the steps. Shown only to the browser that pressed Start; no secret stands in its address.

use super::{
    app::AppStep,
    done::Done,
    frame::page,
    over::{self, Ending, focus_on_page},
};
use crate::api::enroll::enroll_session;
use leptos::prelude::*;
use model::{
    Refusal,
    enrolling::{Host, SESSION_PATH, SessionPage, Step},
};

/// The steps of an enrollment.
#[component]
pub fn Session() -> impl IntoView {
    let ending = Ending::new(SESSION_PATH);
    let last = StoredValue::new(None);
    page(
        || (),
        |()| enroll_session(),
        move |host, answer: Result<SessionPage, Refusal>| {
            let now = answer.as_ref().ok().map(|page| matches!(page.step, Step::Done { .. }));
            if last.get_value().is_some_and(|last| last != now) {
                focus_on_page();
            }
            last.set_value(Some(now));
            show(host, answer, ending)
        },
    )
}

fn show(host: Host, answer: Result<SessionPage, Refusal>, ending: Ending) -> AnyView {
    let page = match answer {
        Ok(page) => page,
        // What the form was told is nearer to what happened than that the session is gone.
        Err(no) => return over::refused(host, &ending.get().unwrap_or(no)),
    };
    match page.step {
        Step::Done { serial, kind } => view! { <Done host serial kind /> }.into_any(),
        step @ Step::App { .. } => (move || match ending.get() {
            Some(no) => over::refused(host.clone(), &no),
            None => view! { <AppStep host=host.clone() name=page.name.clone() step=step.clone() ending /> }.into_any(),
        })
        .into_any(),
    }
}
