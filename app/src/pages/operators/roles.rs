//! The roles, below the operators.

use super::{PATH, role_form::Role};
use crate::parts::{
    dialog::ActLink,
    form::{ActForm, Hidden},
    icon::Icon,
};
use leptos::prelude::*;
use model::{
    listing::grouped,
    operator::RoleRow,
    rights::{Right, Rights},
};

/// Every role, with what it may do.
#[component]
pub fn Roles(
    /// The roles.
    roles: Vec<RoleRow>,
    /// What the idempotency keys of the buttons begin with.
    key: String,
) -> impl IntoView {
    let rows = roles.into_iter().enumerate().map(|(place, role)| view! { <Row role key=format!("{key}-role-{place}") /> });
    view! {
        <section class="card list" aria-labelledby="roles">
            <header class="card-head">
                <h2 id="roles">"Roles"</h2>
                <ActLink href="/operators/roles/new" title="Add role" class="button small" body=|| view! { <Role name="" /> }.into_any()>
                    <Icon name="plus" />
                    "Add role"
                </ActLink>
            </header>
            <table class="cards two three roles">
                <caption>"Roles"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Rights"</th>
                        <th scope="col" class="number">"Operators"</th>
                        <th scope="col">"Change"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Row(role: RoleRow, key: String) -> impl IntoView {
    let path = path(&role.name);
    let name = role.name.clone();
    let acts = if role.built_in {
        view! { <span class="soft">"Built in"</span> }.into_any()
    } else {
        let (named, of) = (role.name.clone(), format!(" role {}", role.name));
        let of_button = of.clone();
        let remove = remove(&role).map(|action| {
            view! {
                <ActForm action quiet=true class="inline">
                    <Hidden name="key" value=key />
                    <button class="button small" type="submit">"Remove" <span class="unseen">{of_button}</span></button>
                </ActForm>
            }
        });
        view! {
            <div class="row-acts">
                <ActLink
                    href=format!("{path}/edit")
                    title="Edit role"
                    body=move || view! { <Role name=named.clone() /> }.into_any()
                >
                    "Edit"
                    <span class="unseen">{of}</span>
                </ActLink>
                {remove}
            </div>
        }
        .into_any()
    };
    let operators = if role.operators == 1 { " operator" } else { " operators" };
    view! {
        <tr>
            <td class="key nowrap">{name}</td>
            <td class="between rights">{rights(role.rights)}</td>
            <td class="number end nowrap">{grouped(role.operators)} <span class="narrow-only">{operators}</span></td>
            <td class="second">{acts}</td>
        </tr>
    }
}

/// The address that removes a role, where it can be removed.
pub(super) fn remove(role: &RoleRow) -> Option<String> {
    (!role.built_in && role.operators == 0).then(|| format!("{}/remove", path(&role.name)))
}

/// What a role may do, by name.
pub fn rights(rights: Rights) -> String {
    if rights == Rights::all() { "Everything".to_owned() } else { rights.iter().map(Right::name).collect::<Vec<_>>().join(", ") }
}

/// The address of a role: its name, encoded.
pub(super) fn path(name: &str) -> String {
    let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("{PATH}/roles/{}", name.replace('+', "%20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_an_address_whatever_its_name() {
        assert_eq!(path("Night desk+ é"), "/operators/roles/Night%20desk%2B%20%C3%A9");
    }
}
