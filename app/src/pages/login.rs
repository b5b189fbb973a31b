//! `/login`: the only page of the console for those who are not signed in.

use crate::parts::{
    field::TextField,
    form::{ActForm, Buttons, Hidden, Submit},
    frame::PlainFrame,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// User ID and password; one message for every failure.
#[component]
pub fn Login() -> impl IntoView {
    let to = use_query_map().with_untracked(|query| query.get("to").unwrap_or_default());
    view! {
        <Title text="Sign in" />
        <PlainFrame>
            <section class="card narrow">
                <h1>"Sign in"</h1>
                <ActForm action="/login" fresh=true class="stack">
                    <Hidden name="to" value=to />
                    <TextField name="user_id" label="User ID" autocomplete="username" required=true first=true />
                    <TextField name="password" label="Password" kind="password" autocomplete="current-password" required=true />
                    <Buttons>
                        <Submit label="Sign in" />
                    </Buttons>
                </ActForm>
            </section>
        </PlainFrame>
    }
}
