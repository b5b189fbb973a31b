//! The form of a role: its name, and its rights as boxes to tick.

use super::{PATH, roles::path};
use crate::{
    api::operators::{RolePage, read_role},
    parts::{
        field::{CheckBox, Problem, TextField},
        form::{ActForm, Buttons, Cancel, FormState, Hidden, Submit},
        load::load,
        title::PageTitle,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    Answer,
    form::{Fields, Form},
    operator::RoleForm,
    rights::{Right, Rights},
};

/// The page `/operators/roles/new`.
#[component]
pub fn AddRolePage() -> impl IntoView {
    view! {
        <PageTitle heading="Add role" />
        <div class="card padded form-card"><Role name="" /></div>
    }
}

/// The page `/operators/roles/{name}/edit`.
#[component]
pub fn EditRolePage() -> impl IntoView {
    let params = use_params_map();
    let name = move || params.with(|params| params.get("name").unwrap_or_default());
    view! {
        <PageTitle heading="Edit role" />
        <div class="card padded form-card">{role(name)}</div>
    }
}

/// The form of a role; an empty name for a new one.
#[component]
pub fn Role(
    /// The role's name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    role(move || name.clone())
}

fn check_new(fields: &Fields) -> Answer<()> {
    RoleForm::read(fields)?.check_new()?;
    Ok(())
}

fn check_edit(fields: &Fields) -> Answer<()> {
    RoleForm::read(fields)?.check_edit()?;
    Ok(())
}

fn role(name: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    load(name, read_role, |page: RolePage| {
        let RolePage { role, mine, key } = page;
        let had = role.as_ref().map(|role| role.rights).unwrap_or_default();
        let version = role.as_ref().map(|role| role.version.to_string()).unwrap_or_default();
        let (action, check, label) = match &role {
            None => (format!("{PATH}/roles/new"), check_new as fn(&Fields) -> Answer<()>, "Add role"),
            Some(role) => (format!("{}/edit", path(&role.name)), check_edit as fn(&Fields) -> Answer<()>, "Save"),
        };
        view! {
            <ActForm action check class="stack">
                <Name given=role.map(|role| role.name) />
                <Boxes had mine />
                <Hidden name="version" value=version />
                <Hidden name="key" value=key />
                <Buttons>
                    <Submit label />
                    <Cancel href=PATH />
                </Buttons>
            </ActForm>
        }
        .into_any()
    })
}

/// The role's name, which is given once.
#[component]
fn Name(given: Option<String>) -> impl IntoView {
    match given {
        None => view! { <TextField name="name" label="Name" required=true first=true hint="It cannot be changed later." /> }
            .into_any(),
        Some(name) => view! { <p>"Role " <strong>{name.clone()}</strong></p> <Hidden name="name" value=name /> }.into_any(),
    }
}

/// A box for each right that the role has, or that whoever asks may give.
#[component]
fn Boxes(had: Rights, mine: Rights) -> impl IntoView {
    let state = FormState::here();
    let (problem, described) = (state.id("rights-problem"), state.id("rights-problem"));
    let boxes = Right::ALL.iter().filter(|right| had.has(**right) || mine.has(**right)).map(|right| {
        view! { <CheckBox name="rights" value=right.name() label=right.name() checked=had.has(*right) hint=right.words() /> }
    });
    view! {
        <fieldset class="field stack" aria-describedby=described>
            <legend>"Rights"</legend>
            {boxes.collect_view()}
            <Problem name="rights" id=problem />
        </fieldset>
    }
}
