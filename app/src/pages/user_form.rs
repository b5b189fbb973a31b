//! `/users/new` and `/users/{id}/edit`: one form, on its page or in a dialog.

use crate::{
    api::users::{edit_user_page, new_user_page},
    parts::{
        field::{SelectField, TextField},
        form::{ActForm, Buttons, Cancel, Hidden, Submit},
        load::load,
        title::PageTitle,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    Answer,
    form::{Fields, Form},
    forms::UserForm,
    user::{LANGUAGES, UserDetail},
};

/// The page `/users/new`.
#[component]
pub fn AddUserPage() -> impl IntoView {
    view! {
        <PageTitle heading="Add user" />
        <div class="card padded form-card">
            <AddUser />
        </div>
    }
}

/// The form of a new user.
#[component]
pub fn AddUser() -> impl IntoView {
    load(|| (), |()| new_user_page(), |form| fields("/users/new".into(), "/users".into(), "Add user", form))
}

/// The page `/users/{id}/edit`.
#[component]
pub fn EditUserPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    view! {
        <PageTitle heading="Edit user" />
        <div class="card padded form-card">{edit(id)}</div>
    }
}

/// The form of a user who exists.
#[component]
pub fn EditUser(
    /// The user's row.
    id: i64,
) -> impl IntoView {
    edit(move || id.to_string())
}

fn edit(id: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    load(id, edit_user_page, |user: UserDetail| {
        fields(format!("/users/{}/edit", user.id), format!("/users/{}", user.id), "Save", user.form)
    })
}

fn check(fields: &Fields) -> Answer<()> {
    UserForm::read(fields)?.check()?;
    Ok(())
}

fn fields(action: String, back: String, act: &'static str, form: UserForm) -> AnyView {
    let languages = LANGUAGES.iter().map(|code| ((*code).to_owned(), model::catalogue::of(code).name.to_owned()));
    let languages = [(String::new(), "The organisation's".to_owned())].into_iter().chain(languages).collect();
    view! {
        <ActForm action check class="stack">
            <div class="columns">
                <TextField name="user_id" label="User ID" value=form.user_id required=true first=true />
                <TextField name="email" label="Email" kind="email" value=form.email required=true />
                <TextField name="first_name" label="First Name" value=form.first_name />
                <TextField name="last_name" label="Last Name" value=form.last_name />
                <TextField name="mobile" label="Mobile" kind="tel" value=form.mobile />
                <TextField name="container" label="Container" value=form.container hint="Empty: Default." />
                <TextField name="custom1" label="Custom #1" value=form.custom1 />
                <TextField name="custom2" label="Custom #2" value=form.custom2 />
                <TextField name="custom3" label="Custom #3" value=form.custom3 />
                <SelectField name="language" label="Language" options=languages value=form.language />
            </div>
            <Hidden name="version" value=form.version />
            <Hidden name="key" value=form.key />
            <Buttons>
                <Submit label=act />
                <Cancel href=back />
            </Buttons>
        </ActForm>
    }
    .into_any()
}
