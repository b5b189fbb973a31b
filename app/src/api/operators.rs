//! The calls behind `/operators`, the pages below it, and `/account`.

#![allow(missing_docs, reason = "the macro makes a struct of each call's arguments")]

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::{
    listing::Listing,
    operator::{Account, OperatorDetail, OperatorQuery, OperatorRow, RoleRow},
    rights::Rights,
};
use serde::{Deserialize, Serialize};

/// What `/operators` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operators {
    /// What was asked for.
    pub query: OperatorQuery,
    /// The rows.
    pub list: Listing<OperatorRow>,
    /// Every role.
    pub roles: Vec<RoleRow>,
    /// Whoever looks: their own row has no button to shut themselves out.
    pub me: i64,
    /// What the idempotency keys of this page's buttons begin with.
    pub key: String,
}

/// A page of operators, and the roles; `query` is the page's own query string.
///
/// # Errors
/// Why they cannot be had.
#[server(protocol = Ask)]
pub async fn operators_page(query: String) -> Result<Operators, Error> {
    use model::{form::Fields, query::Query};
    crate::api::asked(async move |ctx| {
        let query = OperatorQuery::read(&Fields::of_query(&query)?)?;
        let actor = ctx.actor()?;
        let list = ctx.console.operators(actor, &query).await?;
        let roles = ctx.console.roles(actor).await?;
        Ok(Operators { query, list, roles, me: actor.id, key: ctx.console.form_key() })
    })
    .await
}

/// One operator to be changed; an empty `id` for a new one.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn operator_page(id: String) -> Result<OperatorDetail, Error> {
    crate::api::asked(async move |ctx| {
        let id = match id.as_str() {
            "" => None,
            id => Some(crate::address::row(id, model::refusal::Thing::Operator)?),
        };
        ctx.console.operator_detail(ctx.actor()?, id).await
    })
    .await
}

/// A role to be changed, or an empty one to be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolePage {
    /// The role; nothing for a new one.
    pub role: Option<RoleRow>,
    /// The rights that whoever asks holds and may give.
    pub mine: Rights,
    /// The form's idempotency key.
    pub key: String,
}

/// A role; an empty `name` for a new one.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn read_role(name: String) -> Result<RolePage, Error> {
    use model::{Refusal, refusal::Thing};
    crate::api::asked(async move |ctx| {
        let actor = ctx.actor()?;
        let roles = ctx.console.roles(actor).await?;
        let role = match name.as_str() {
            "" => None,
            name => Some(roles.into_iter().find(|role| role.name == name).ok_or(Refusal::NotFound(Thing::Role))?),
        };
        if role.as_ref().is_some_and(|role| role.built_in) {
            return Err(Refusal::BuiltInRole);
        }
        Ok(RolePage { role, mine: actor.rights, key: ctx.console.form_key() })
    })
    .await
}

/// One's own account, and what the idempotency keys of its buttons begin with.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn account_page() -> Result<(Account, String), Error> {
    crate::api::asked(async |ctx| {
        let session = ctx.session.clone().unwrap_or_default();
        Ok((ctx.console.account(ctx.actor()?, &session).await?, ctx.console.form_key()))
    })
    .await
}

/// The idempotency key of the form that changes one's own password.
///
/// # Errors
/// [`model::Refusal::SignInFirst`].
#[server(protocol = Ask)]
pub async fn own_password_page() -> Result<String, Error> {
    crate::api::asked(async |ctx| ctx.actor().map(|_| ctx.console.form_key())).await
}
