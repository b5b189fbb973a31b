//! The calls behind `/users` and the pages below it.

#![allow(missing_docs, reason = "the macro makes a struct of each call's arguments")]

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::{
    forms::UserForm,
    listing::Listing,
    resend::{UserTask, UserToDelete},
    user::{AuthenticationMethods, UserDetail, UserQuery, UserRow},
};
use serde::{Deserialize, Serialize};

/// What `/users` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Users {
    /// What was asked for.
    pub query: UserQuery,
    /// The rows.
    pub list: Listing<UserRow>,
    /// How many users the selection holds.
    pub selected: i64,
    /// The idempotency key of the list's form.
    pub key: String,
    /// Adding and importing is offered.
    pub may_manage: bool,
    /// Provisioning is offered.
    pub may_provision: bool,
}

/// A page of users; `query` is the page's own query string.
///
/// # Errors
/// Why they cannot be had.
#[server(protocol = Ask)]
pub async fn users_page(query: String) -> Result<Users, Error> {
    use model::{form::Fields, query::Query, rights::Right};
    crate::api::asked(async move |ctx| {
        let query = UserQuery::read(&Fields::of_query(&query)?)?;
        let actor = ctx.actor()?;
        let list = ctx.console.users(actor, &query).await?;
        let selected = match &query.selection {
            Some(selection) => ctx.console.selected_users(actor, selection).await?,
            None => 0,
        };
        let (may_manage, may_provision) = (actor.rights.has(Right::UsersManage), actor.rights.has(Right::ProvisioningCreate));
        Ok(Users { query, list, selected, key: ctx.console.form_key(), may_manage, may_provision })
    })
    .await
}

/// An empty form with its key.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn new_user_page() -> Result<UserForm, Error> {
    crate::api::asked(async |ctx| {
        let key = ctx.console.empty_form(ctx.actor()?, model::rights::Right::UsersManage).await?;
        Ok(UserForm { key, ..UserForm::default() })
    })
    .await
}

/// One user.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn user_page(id: String) -> Result<UserDetail, Error> {
    crate::api::asked(async move |ctx| ctx.console.user(ctx.actor()?, user_row(&id)?).await).await
}

/// A user's form, for those who may change it.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn edit_user_page(id: String) -> Result<UserDetail, Error> {
    crate::api::asked(async move |ctx| ctx.console.user_to_edit(ctx.actor()?, user_row(&id)?).await).await
}

/// A user's tokens and open enrollments.
///
/// # Errors
/// Why they cannot be had.
#[server(protocol = Ask)]
pub async fn authentication_methods_page(id: String) -> Result<AuthenticationMethods, Error> {
    crate::api::asked(async move |ctx| ctx.console.authentication_methods(ctx.actor()?, user_row(&id)?).await).await
}

/// A user's enrollment in one task.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn user_task_page(id: String, task: String) -> Result<UserTask, Error> {
    crate::api::asked(async move |ctx| {
        let actor = ctx.actor()?;
        ctx.console.user_task(actor, user_row(&id)?, crate::address::row(&task, model::refusal::Thing::Task)?).await
    })
    .await
}

/// What deleting a user would do.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn delete_user_page(id: String) -> Result<UserToDelete, Error> {
    crate::api::asked(async move |ctx| ctx.console.user_to_delete(ctx.actor()?, user_row(&id)?).await).await
}

/// The key of a new paste; the right to paste.
///
/// # Errors
/// [`model::Refusal::Forbidden`].
#[server(protocol = Ask)]
pub async fn paste_page() -> Result<String, Error> {
    crate::api::asked(async |ctx| ctx.console.empty_form(ctx.actor()?, model::rights::Right::UsersView).await).await
}

/// The key of a new import; the right to import.
///
/// # Errors
/// [`model::Refusal::Forbidden`].
#[server(protocol = Ask)]
pub async fn import_page() -> Result<String, Error> {
    crate::api::asked(async |ctx| ctx.console.empty_form(ctx.actor()?, model::rights::Right::UsersManage).await).await
}

#[cfg(feature = "ssr")]
fn user_row(id: &str) -> model::Answer<i64> {
    crate::address::row(id, model::refusal::Thing::User)
}
