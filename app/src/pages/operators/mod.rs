//! `/operators`: who signs in to the console, and the roles they have.

mod form;
mod role_form;
mod roles;

use crate::{
    address::Address,
    api::operators::{Operators as Page, operators_page},
    parts::{
        dialog::ActLink,
        form::{ActForm, Hidden, Unclaimed},
        icon::Icon,
        list::{Pager, SortHeader},
        load::load,
        status::Time,
        title::PageTitle,
    },
};
pub use form::{AddOperatorPage, EditOperatorPage, ResetPasswordPage};
use form::{Operator, ResetPassword};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{
    operator::{OperatorColumn, OperatorRow},
    query::Query,
};
pub use role_form::{AddRolePage, EditRolePage};
use roles::Roles;
pub use roles::rights as rights_in_words;

const PATH: &str = "/operators";

/// Operators and roles.
#[component]
pub fn Operators() -> impl IntoView {
    let query = use_location().search;
    load(move || query.get(), operators_page, show)
}

fn show(page: Page) -> AnyView {
    let Page { query, list, roles, me, key } = page;
    let here = Address::of(PATH, &query.write().to_query());
    let (sort, size, state) = (query.paging.sort, query.paging.size, here.query());
    let forms =
        list.rows.iter().filter(|row| row.may_change && row.id != me).map(switch).chain(roles.iter().filter_map(roles::remove));
    let forms = forms.collect();
    let rows = list.rows.into_iter().map(|row| {
        let own = row.id == me;
        view! { <Row row own key=key.clone() state=state.clone() /> }
    });
    let rows = rows.collect_view();
    view! {
        <PageTitle heading="Operators">
            <ActLink href="/operators/new" title="Add operator" class="button" body=|| view! { <Operator id="" /> }.into_any()>
                <Icon name="plus" />
                "Add operator"
            </ActLink>
        </PageTitle>
        <Unclaimed forms />
        <div class="card list">
            <table class="cards two three">
                <caption>"Operators"</caption>
                <thead>
                    <tr>
                        <SortHeader column=OperatorColumn::UserId sort here=here.clone() label="User ID" />
                        <th scope="col">"Name"</th>
                        <th scope="col">"Email"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Last sign-in"</th>
                        <th scope="col">"Change"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <Pager here total=list.total what="operator" size previous=list.previous next=list.next zone=list.zone />
        </div>
        <Roles roles key />
    }
    .into_any()
}

#[component]
fn Row(row: OperatorRow, own: bool, key: String, state: String) -> impl IntoView {
    let disabled = (!row.enabled).then(|| view! { " " <span class="tag">"Disabled"</span> });
    let signed_in = row.signed_in.map_or_else(|| "Never".into_any(), |at| view! { <Time at /> }.into_any());
    let acts = row.may_change.then(|| view! { <Acts row=row.clone() own key state /> });
    view! {
        <tr>
            <td class="key nowrap"><bdi>{row.user_id}</bdi> {disabled}</td>
            <td class="clip between">{row.name}</td>
            <td class="clip wide">{row.email}</td>
            <td class="end nowrap">{row.role}</td>
            <td class="wide nowrap">{signed_in}</td>
            <td class="second"><div class="row-acts">{acts}</div></td>
        </tr>
    }
}

/// The address that enables or disables an operator.
fn switch(row: &OperatorRow) -> String {
    format!("{PATH}/{}/{}", row.id, if row.enabled { "disable" } else { "enable" })
}

#[component]
fn Acts(row: OperatorRow, own: bool, key: String, state: String) -> impl IntoView {
    let id = row.id;
    let of = format!(" operator {}", row.user_id);
    let of_password = format!(" of {}", row.user_id);
    let words = if row.enabled { "Disable" } else { "Enable" };
    let (action, key) = (Address::of(switch(&row), &state).to_string(), format!("{key}-{id}-{words}"));
    let of_button = of.clone();
    let others = (!own).then(|| {
        view! {
            <ActLink href=format!("{PATH}/{id}/password") title="Reset password" body=move || view! { <ResetPassword id=id.to_string() /> }.into_any()>
                "Reset password"
                <span class="unseen">{of_password}</span>
            </ActLink>
            <ActForm action quiet=true class="inline">
                <Hidden name="key" value=key />
                <button class="button small" type="submit">{words} <span class="unseen">{of_button}</span></button>
            </ActForm>
        }
    });
    view! {
        <ActLink href=format!("{PATH}/{id}/edit") title="Edit operator" body=move || view! { <Operator id=id.to_string() /> }.into_any()>
            "Edit"
            <span class="unseen">{of}</span>
        </ActLink>
        {others}
        {own.then(|| view! { <a href="/account">"Account"</a> })}
    }
}
