//! `/enroll`: the code from the mail, typed on another device. One answer for everything that does not fit.

use super::{
    frame::{Frame, page},
    link::NoSuchLink,
    over,
};
use crate::{
    api::enroll::enroll_typed,
    parts::{
        field::TextField,
        form::{ActForm, Submit},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{
    Answer, Refusal, catalogue,
    enrolling::{Host, TYPED_CODE_PATH},
    form::{Fields, Form},
    forms::EnrollCodeForm,
};

/// UserID and enrollment code. With a slash behind it, the address is that of a link without its secret.
#[component]
pub fn Typed() -> impl IntoView {
    if use_location().pathname.with_untracked(|path| path != TYPED_CODE_PATH) {
        return view! { <NoSuchLink /> }.into_any();
    }
    page(|| (), |()| enroll_typed(), show)
}

fn check(fields: &Fields) -> Answer<()> {
    Ok(EnrollCodeForm::read(fields)?.check()?)
}

fn show(host: Host, answer: Result<(), Refusal>) -> AnyView {
    if let Err(no) = answer {
        return over::refused(host, &no);
    }
    let texts = &catalogue::of(&host.language).enroll.typed;
    view! {
        <Frame host title=texts.title foot=texts.no_mail>
            <p class="soft">{texts.how}</p>
            <ActForm action=TYPED_CODE_PATH check=check class="stack">
                <TextField name="user_id" label=texts.user_id autocomplete="username" required=true first=true />
                <TextField name="code" label=texts.code hint=texts.code_hint autocomplete="one-time-code" required=true />
                <Submit label=texts.start />
            </ActForm>
        </Frame>
    }
    .into_any()
}
