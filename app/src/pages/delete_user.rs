//! `/users/{id}/delete`: says what will end, and asks once.

use crate::{
    api::users::delete_user_page,
    parts::{
        form::{ActForm, Buttons, Cancel, Hidden, Submit},
        load::load,
        notice::{Notice, Tone},
        title::PageTitle,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::resend::UserToDelete;

/// The page.
#[component]
pub fn DeleteUserPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    view! {
        <PageTitle heading="Delete user" />
        <div class="card padded form-card">
            <DeleteUser id />
        </div>
    }
}

/// The form.
#[component]
pub fn DeleteUser(
    /// The user's row, as the address names it.
    id: String,
) -> impl IntoView {
    load(move || id.clone(), delete_user_page, show)
}

fn show(user: UserToDelete) -> AnyView {
    let line = if user.name == user.user_id { user.user_id.clone() } else { format!("{} · {}", user.name, user.user_id) };
    view! {
        <ActForm action=format!("/users/{}/delete", user.id) class="stack">
            <p><strong><bdi>{line}</bdi></strong></p>
            <Notice tone=Tone::Warning>"This action cannot be reversed."</Notice>
            <div class="told">
                <p>{counted(user.open, "open enrollment is removed, and its link dies.", "open enrollments are removed, and their links die.")}</p>
                <p>{counted(user.tokens, "token is revoked.", "tokens are revoked.")}</p>
                <p>
                    "The profile is emptied: e-mail, mobile and custom fields. Completed enrollments, sent messages and the audit trail are "
                    "kept for reporting, with the addresses that mail went to."
                </p>
                <p>"The User ID can be given to somebody else."</p>
            </div>
            <Hidden name="key" value=user.key />
            <Buttons>
                <Submit label="Delete" danger=true />
                <Cancel href=format!("/users/{}", user.id) />
            </Buttons>
        </ActForm>
    }
    .into_any()
}

fn counted(count: i64, one: &str, many: &str) -> String {
    match count {
        0 => format!("No {many}"),
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}
