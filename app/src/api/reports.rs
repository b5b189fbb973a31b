//! The call behind `/reports/enrollments`.

#![allow(missing_docs, reason = "the macro makes a struct of each call's arguments")]

use crate::api::{Error, ask::Ask, bulk::Selecting};
use leptos::prelude::*;
use model::report::{EnrollmentQuery, EnrollmentReport};
use serde::{Deserialize, Serialize};

/// What `/reports/enrollments` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrollments {
    /// What was asked for.
    pub query: EnrollmentQuery,
    /// The rows.
    pub report: EnrollmentReport,
    /// The selection in the address.
    pub selecting: Selecting,
}

/// A page of the enrollments over all tasks; `query` is the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn enrollments_page(query: String) -> Result<Enrollments, Error> {
    use model::{bulk::SelectionOf, form::Fields, query::Query};
    crate::api::asked(async move |ctx| {
        let query = EnrollmentQuery::read(&Fields::of_query(&query)?)?;
        let report = ctx.console.enrollments(ctx.actor()?, &query).await?;
        let shown: Vec<i64> = report.enrollments.rows.iter().map(|row| row.enrollment).collect();
        let selecting = crate::api::bulk::selecting(&ctx, SelectionOf::Enrollments, query.selection.as_deref(), &shown).await?;
        Ok(Enrollments { query, report, selecting })
    })
    .await
}
