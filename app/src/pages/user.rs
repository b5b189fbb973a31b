//! `/users/{id}`: one user's profile, beside the modules.

use crate::{
    api::users::user_page,
    pages::{delete_user::DeleteUser, user_form::EditUser},
    parts::{
        dialog::ActLink,
        form::{ActForm, Hidden, Unclaimed},
        icon::Icon,
        load::load,
        modules::{Module, Modules},
        status::Time,
    },
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_params_map;
use model::user::UserDetail;

/// User Detail.
#[component]
pub fn User() -> impl IntoView {
    let params = use_params_map();
    load(move || params.with(|params| params.get("id").unwrap_or_default()), user_page, show)
}

fn show(user: UserDetail) -> AnyView {
    let id = user.id;
    let forms = if user.may_manage { vec![switch(&user)] } else { Vec::new() };
    view! {
        <Modules id user_id=user.form.user_id.clone() name=user.name.clone() current=Module::Detail>
            <Unclaimed forms />
            <div class="card">
                <header class="card-head">
                    <h2>"Profile"</h2>
                    {user.may_manage.then(|| view! { <Acts user=user.clone() /> })}
                </header>
                <Facts user />
            </div>
        </Modules>
    }
    .into_any()
}

/// The address that enables or disables the user.
fn switch(user: &UserDetail) -> String {
    format!("/users/{}/{}", user.id, if user.enabled { "disable" } else { "enable" })
}

#[component]
fn Acts(user: UserDetail) -> impl IntoView {
    let id = user.id;
    let words = if user.enabled { "Disable" } else { "Enable" };
    view! {
        <div class="acts">
            <ActLink
                href=format!("/users/{id}/edit")
                title="Edit user"
                class="button small"
                body=move || view! { <EditUser id /> }.into_any()
            >
                <Icon name="edit" />
                "Edit user"
            </ActLink>
            <ActForm action=switch(&user) quiet=true>
                <Hidden name="key" value=user.key />
                <button type="submit" class="button small">{words}</button>
            </ActForm>
            <ActLink
                href=format!("/users/{id}/delete")
                title="Delete user"
                class="button small danger"
                body=move || view! { <DeleteUser id=id.to_string() /> }.into_any()
            >
                "Delete user"
            </ActLink>
        </div>
    }
}

#[component]
fn Facts(user: UserDetail) -> impl IntoView {
    let form = user.form;
    let language = if form.language.is_empty() {
        "The organisation's".to_owned()
    } else {
        model::catalogue::of(&form.language).name.to_owned()
    };
    let facts = [
        ("User ID", form.user_id),
        ("First Name", form.first_name),
        ("Last Name", form.last_name),
        ("Email", form.email),
        ("Mobile", form.mobile),
        ("Container", form.container),
        ("Custom #1", form.custom1),
        ("Custom #2", form.custom2),
        ("Custom #3", form.custom3),
        ("Language", language),
    ];
    let facts = facts.map(|(name, value)| fact(name, value)).collect_view();
    let state = if user.enabled {
        Either::Left("Enabled")
    } else {
        Either::Right(view! { <span class="tag">"Disabled"</span> " Links are refused, and waiting mail is canceled." })
    };
    view! {
        <dl class="facts">
            {facts}
            <dt>"State"</dt>
            <dd>{state}</dd>
            <dt>"Added"</dt>
            <dd><Time at=user.added /> <span class="soft">" " {user.zone}</span></dd>
        </dl>
    }
}

fn fact(name: &'static str, value: String) -> impl IntoView {
    let value = if value.is_empty() { "–".to_owned() } else { value };
    view! { <dt>{name}</dt><dd>{value}</dd> }
}
