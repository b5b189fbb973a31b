//! `/users/{id}/authentication-methods`: a user's tokens, and the enrollments that are still open.

use crate::{
    api::users::authentication_methods_page,
    parts::{
        load::load,
        modules::{Module, Modules},
        status::{StatusMark, Time, TokenMark},
    },
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_params_map;
use model::{
    token::TokenRow,
    user::{AuthenticationMethods as Page, UserTaskRow},
};

/// The module *Authentication Methods*.
#[component]
pub fn AuthenticationMethods() -> impl IntoView {
    let params = use_params_map();
    load(move || params.with(|params| params.get("id").unwrap_or_default()), authentication_methods_page, show)
}

fn show(page: Page) -> AnyView {
    let may_manage = page.may_manage;
    let dated = !(page.tokens.is_empty() && page.tasks.is_empty());
    // The table is not there at all when nothing is outstanding.
    let tasks = (!page.tasks.is_empty()).then(|| view! { <Tasks rows=page.tasks may_manage /> });
    view! {
        <Modules id=page.id user_id=page.user_id name=page.name current=Module::Methods>
            <Tokens rows=page.tokens />
            {tasks}
            {dated.then(|| view! { <p class="soft zone">"Dates in " {page.zone}</p> })}
        </Modules>
    }
    .into_any()
}

#[component]
fn Tokens(rows: Vec<TokenRow>) -> impl IntoView {
    let none = rows.is_empty().then(|| view! { <tr><td colspan="4" class="empty">"No tokens."</td></tr> });
    let rows = rows.into_iter().map(|row| {
        view! {
            <tr>
                <td>{row.serial}</td>
                <td class="end"><TokenMark state=row.state /></td>
                <td class="second">{row.kind.name()}</td>
                <td class="wide"><Time at=row.since /></td>
            </tr>
        }
    });
    view! {
        <section class="card list">
            <h2 class="card-head">"Tokens"</h2>
            <table class="cards two">
                <caption>"Tokens"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Serial Number"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Authentication Type"</th>
                        <th scope="col">"Since"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()} {none}</tbody>
            </table>
        </section>
    }
}

/// The open enrollments. Nothing here can be edited.
#[component]
fn Tasks(rows: Vec<UserTaskRow>, may_manage: bool) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let number = row.task.to_string();
        let task = if may_manage {
            Either::Left(view! { <a href=format!("/provisioning-tasks/{number}")>{number.clone()}</a> })
        } else {
            Either::Right(number)
        };
        view! {
            <tr>
                <td>{task}</td>
                <td class="clip wide">{row.requester}</td>
                <td class="clip second">{row.provisioned_to}</td>
                <td class="nowrap wide">{row.start.to_string()}</td>
                <td class="nowrap wide">{row.stop.to_string()}</td>
                <td class="end"><StatusMark status=row.status /></td>
                <td class="nowrap wide">{row.kind.name()}</td>
            </tr>
        }
    });
    view! {
        <section class="card list">
            <h2 class="card-head">"Provisioning Tasks"</h2>
            <div class="scroll">
                <table class="cards two">
                    <caption>"Provisioning Tasks"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Task"</th>
                            <th scope="col">"Requester"</th>
                            <th scope="col">"Provisioned to"</th>
                            <th scope="col">"Start Date"</th>
                            <th scope="col">"Stop Date"</th>
                            <th scope="col">"Status"</th>
                            <th scope="col">"Authentication Type"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
