//! The forms of one operator, each on its page or in a dialog.

use super::PATH;
use crate::{
    api::operators::operator_page,
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
    operator::{OperatorDetail, OperatorForm, ResetForm},
};

const PASSWORD_HINT: &str = "12 characters or more.";

/// The page `/operators/new`.
#[component]
pub fn AddOperatorPage() -> impl IntoView {
    page("Add operator", view! { <Operator id="" /> }.into_any())
}

/// The page `/operators/{id}/edit`.
#[component]
pub fn EditOperatorPage() -> impl IntoView {
    let params = use_params_map();
    page("Edit operator", operator(move || params.with(|params| params.get("id").unwrap_or_default())))
}

/// The page `/operators/{id}/password`.
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let params = use_params_map();
    page("Reset password", reset(move || params.with(|params| params.get("id").unwrap_or_default())))
}

fn page(heading: &'static str, form: AnyView) -> impl IntoView {
    view! {
        <PageTitle heading />
        <div class="card padded form-card">{form}</div>
    }
}

/// The form of an operator; an empty `id` for a new one.
#[component]
pub fn Operator(
    /// The operator's row.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    operator(move || id.clone())
}

/// The form that gives an operator another password.
#[component]
pub fn ResetPassword(
    /// The operator's row.
    id: String,
) -> impl IntoView {
    reset(move || id.clone())
}

fn check_new(fields: &Fields) -> Answer<()> {
    OperatorForm::read(fields)?.check_new()?;
    Ok(())
}

fn check_edit(fields: &Fields) -> Answer<()> {
    OperatorForm::read(fields)?.check_edit()?;
    Ok(())
}

fn check_reset(fields: &Fields) -> Answer<()> {
    ResetForm::read(fields)?.check()?;
    Ok(())
}

fn operator(id: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    load(id, operator_page, |operator: OperatorDetail| {
        let OperatorDetail { id, form, roles, .. } = operator;
        let new = id == 0;
        let (action, check, label) = match new {
            true => (format!("{PATH}/new"), check_new as fn(&Fields) -> Answer<()>, "Add operator"),
            false => (format!("{PATH}/{id}/edit"), check_edit as fn(&Fields) -> Answer<()>, "Save"),
        };
        // None chosen for a new operator: rights are given on purpose.
        let none = new.then(|| (String::new(), "Choose a role".to_owned()));
        let roles = none.into_iter().chain(roles.into_iter().map(|role| (role.clone(), role))).collect();
        view! {
            <ActForm action check class="stack">
                <div class="columns">
                    <TextField name="user_id" label="User ID" value=form.user_id required=true first=true />
                    <TextField name="name" label="Name" value=form.name hint="Empty: the User ID." />
                    <TextField name="email" label="Email" kind="email" value=form.email required=true />
                    <SelectField name="role" label="Role" options=roles value=form.role hint="Roles with a right that you lack are not offered." />
                    {new.then(|| view! {
                        <TextField name="password" label="Password" kind="password" autocomplete="new-password" required=true hint=PASSWORD_HINT />
                    })}
                </div>
                <Hidden name="version" value=form.version />
                <Hidden name="key" value=form.key />
                <Buttons>
                    <Submit label />
                    <Cancel href=PATH />
                </Buttons>
            </ActForm>
        }
        .into_any()
    })
}

fn reset(id: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    load(id, operator_page, |operator: OperatorDetail| {
        let OperatorDetail { id, form, .. } = operator;
        view! {
            <ActForm action=format!("{PATH}/{id}/password") check=check_reset class="stack">
                <p>
                    "Operator " <strong><bdi>{form.user_id}</bdi></strong>
                    " is signed out everywhere at once. Tell them the password in person, and to change it on their account page."
                </p>
                <TextField
                    name="password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    required=true
                    first=true
                    hint=PASSWORD_HINT
                />
                <Hidden name="key" value=form.key />
                <Buttons>
                    <Submit label="Reset password" />
                    <Cancel href=PATH />
                </Buttons>
            </ActForm>
        }
        .into_any()
    })
}
