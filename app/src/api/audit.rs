//! The calls behind `/audit` and `/users/{id}/activity`.

#![allow(missing_docs, reason = "the macro makes a struct of each call's arguments")]

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::{
    audit::{Activity, ActivityQuery, AuditQuery, AuditRow},
    listing::Listing,
};
use serde::{Deserialize, Serialize};

/// What `/audit` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// What was asked for.
    pub query: AuditQuery,
    /// The entries.
    pub entries: Listing<AuditRow>,
}

/// A page of the trail; `query` is the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn audit_page(query: String) -> Result<Audit, Error> {
    use model::{form::Fields, query::Query};
    crate::api::asked(async move |ctx| {
        let query = AuditQuery::read(&Fields::of_query(&query)?)?;
        let entries = ctx.console.audit(ctx.actor()?, &query).await?;
        Ok(Audit { query, entries })
    })
    .await
}

/// What `/users/{id}/activity` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserActivity {
    /// What was asked for.
    pub query: ActivityQuery,
    /// What happened.
    pub activity: Activity,
}

/// What happened to a user; `query` is the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn activity_page(id: String, query: String) -> Result<UserActivity, Error> {
    use model::{form::Fields, query::Query, refusal::Thing};
    crate::api::asked(async move |ctx| {
        let query = ActivityQuery::read(&Fields::of_query(&query)?)?;
        let id = crate::address::row(&id, Thing::User)?;
        let activity = ctx.console.activity(ctx.actor()?, id, &query).await?;
        Ok(UserActivity { query, activity })
    })
    .await
}
