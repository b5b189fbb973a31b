//! `/users/{id}/authentication-methods`: a user's tokens, and the enrollments that are still open.

use crate::{
    api::users::authentication_methods_page,
    pages::user_task::EditTaskLink,
    parts::{
        load::load,
        modules::{Module, Modules},
        notice::Outcome,
        status::{MailNoteMark, StatusMark, Time, TokenMark},
    },
};
use leptos::{either::Either, prelude::*};
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use model::{
    enrollment::Note,
    token::TokenRow,
    user::{AuthenticationMethods as Page, UserTaskRow},
};

/// The module *Authentication Methods*.
#[component]
pub fn AuthenticationMethods() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let done = move || query.with(outcome);
    view! {
        <Outcome words=done />
        {load(move || (id(), done()), |(id, _)| authentication_methods_page(id), show)}
    }
}

/// What *Resend* or *Unlock* came to.
fn outcome(query: &ParamsMap) -> Option<String> {
    let task = |act| query.get(act).and_then(|task| task.parse::<i64>().ok());
    let resent = task("resent").map(|task| format!("Task {task}: a new link is on its way."));
    resent.or_else(|| task("unlocked").map(|task| format!("Task {task} is unlocked.")))
}

fn show(page: Page) -> AnyView {
    let may = (page.may_manage, page.may_resend);
    let dated = !(page.tokens.is_empty() && page.tasks.is_empty());
    // The table is not there at all when nothing is outstanding.
    let tasks = (!page.tasks.is_empty()).then(|| view! { <Tasks id=page.id rows=page.tasks may /> });
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

/// The open enrollments. Nothing here can be edited; one link leads to what can be done with each.
#[component]
fn Tasks(id: i64, rows: Vec<UserTaskRow>, may: (bool, bool)) -> impl IntoView {
    let (may_manage, may_resend) = may;
    let may_edit = may_manage || may_resend;
    let rows = rows.into_iter().map(|row| {
        let edit = may_edit.then(|| view! { <td class="third end"><EditTaskLink id task=row.task /></td> });
        let notes = row.notes.iter().map(Note::to_string).collect::<Vec<_>>().join(" · ");
        let mail = row.mail.map(|mail| {
            view! { <small class="soft"><MailNoteMark mail /></small> }
        });
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
                <td class="second mail-cell"><span>{row.provisioned_to}</span> {mail}</td>
                <td class="nowrap wide">{row.start.to_string()}</td>
                <td class="nowrap third">{row.stop.to_string()}</td>
                <td class="end status-cell">
                    <StatusMark status=row.status />
                    {(!notes.is_empty()).then(|| view! { <small class="soft">{notes}</small> })}
                </td>
                <td class="nowrap wide">{row.kind.name()}</td>
                {edit}
            </tr>
        }
    });
    view! {
        <section class="card list">
            <h2 class="card-head">"Provisioning Tasks"</h2>
            <div class="scroll">
                <table class="cards two own-tasks">
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
                            {may_edit.then(|| view! { <th scope="col">"Edit"</th> })}
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
