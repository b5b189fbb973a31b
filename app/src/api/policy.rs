//! The calls behind `/policy/self-enrollment`: the form and the log apart, so that turning a page of the log spares what is typed.

#![allow(missing_docs, reason = "the macro makes a struct of each call's arguments")]

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::{
    console::PolicyPage,
    listing::Listing,
    policy::{PolicyChange, PolicyLogQuery},
};

/// The policy in force.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn read_policy() -> Result<PolicyPage, Error> {
    crate::api::asked(async |ctx| ctx.console.policy(ctx.actor()?).await).await
}

/// A page of the change log; `query` is the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn policy_log_page(query: String) -> Result<(PolicyLogQuery, Listing<PolicyChange>), Error> {
    use model::{form::Fields, query::Query};
    crate::api::asked(async move |ctx| {
        let query = PolicyLogQuery::read(&Fields::of_query(&query)?)?;
        let log = ctx.console.policy_log(ctx.actor()?, &query).await?;
        Ok((query, log))
    })
    .await
}
