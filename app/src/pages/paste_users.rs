//! `/users/paste`: selects the users whose UserIDs are pasted or uploaded.

use crate::{
    api::users::paste_page,
    parts::{
        field::{FileField, TextArea},
        form::{ActForm, Buttons, Cancel, FormState, Hidden, Submit},
        load::load,
        notice::{Notice, Tone},
        title::PageTitle,
    },
};
use leptos::prelude::*;
use model::user::Pasted;

/// The page.
#[component]
pub fn PasteUsersPage() -> impl IntoView {
    view! {
        <PageTitle heading="Paste or upload User IDs" />
        <div class="card padded form-card">
            <PasteUsers />
        </div>
    }
}

/// The form, on its page or in a dialog.
#[component]
pub fn PasteUsers() -> impl IntoView {
    load(|| (), |()| paste_page(), show)
}

fn show(key: String) -> AnyView {
    view! {
        <ActForm action="/users/paste" upload=true class="stack">
            <Found />
            <TextArea
                name="user_ids"
                label="User IDs"
                rows=8
                hint="One a line, or with commas, semicolons or tabs between. They replace what is selected now."
            />
            <FileField name="file" label="Or a file" accept=".txt,.csv,text/plain,text/csv" hint="UTF-8 text with nothing but User IDs." required=false />
            <Hidden name="key" value=key />
            <Buttons>
                <Submit label="Select" />
                <Cancel href="/users" />
            </Buttons>
        </ActForm>
    }
    .into_any()
}

/// Who was found, when somebody was not.
#[component]
fn Found() -> impl IntoView {
    let state = FormState::here();
    move || {
        state.report::<Pasted>().map(|pasted| {
            let more = usize::try_from(pasted.unknown_count).unwrap_or(usize::MAX).saturating_sub(pasted.unknown.len());
            let more = (more > 0).then(|| format!(" and {more} more"));
            view! {
                <div role="alert" tabindex="-1">
                    <Notice tone=Tone::Warning>
                        <p>{pasted.found} " selected. Nobody has " {pasted.unknown_count} " of the User IDs: " {pasted.unknown.join(", ")} {more}</p>
                        <p><a href=format!("/users?selection={}", pasted.selection)>"Go on with those found"</a></p>
                    </Notice>
                </div>
            }
        })
    }
}
