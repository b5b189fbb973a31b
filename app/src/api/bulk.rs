//! The calls behind acts over many enrollments.

#![allow(missing_docs, reason = "the macro makes a struct of each call's arguments")]

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::bulk::{BulkAct, BulkActs, BulkChoice, BulkDetail, Marked};
use serde::{Deserialize, Serialize};

/// What a list shows of the selection in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selecting {
    /// How many rows it holds, and which of those shown.
    pub marked: Marked,
    /// What the operator may do with them; nothing: no row has a box.
    pub acts: Vec<BulkAct>,
    /// The key of the list's form.
    pub key: String,
}

/// The selection in a list's address; `shown` are the rows of its page.
///
/// # Errors
/// [`SelectionGone`](model::Refusal::SelectionGone).
#[cfg(feature = "ssr")]
pub async fn selecting(
    ctx: &crate::ctx::Ctx,
    of: model::bulk::SelectionOf,
    selection: Option<&str>,
    shown: &[i64],
) -> model::Answer<Selecting> {
    let actor = ctx.actor()?;
    let marked = match selection {
        Some(selection) => ctx.console.selected_rows(actor, of, selection, shown).await?,
        None => Marked::default(),
    };
    Ok(Selecting { marked, acts: BulkAct::all_of(actor), key: ctx.console.form_key() })
}

/// The form of an act; `query` is the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn new_bulk_page(query: String) -> Result<BulkChoice, Error> {
    use model::{Refusal, form::Fields, refusal::BadRequest};
    crate::api::asked(async move |ctx| {
        let fields = Fields::of_query(&query)?;
        fields.only(&["act", "selection"])?;
        let act = BulkAct::of_code(&fields.one("act")?).ok_or(Refusal::BadRequest(BadRequest::Parameter))?;
        ctx.console.bulk_choice(ctx.actor()?, act, &fields.one("selection")?).await
    })
    .await
}

/// An act; `id` is what stands behind `/bulk/` in the address, `query` the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn bulk_page(id: String, query: String) -> Result<BulkDetail, Error> {
    use model::{bulk::BulkQuery, form::Fields, refusal::Thing};
    crate::api::asked(async move |ctx| {
        let query = BulkQuery::read(&Fields::of_query(&query)?)?;
        ctx.console.bulk_act(ctx.actor()?, crate::address::row(&id, Thing::Bulk)?, query).await
    })
    .await
}

/// The operator's newest acts.
///
/// # Errors
/// Why they cannot be had.
#[server(protocol = Ask)]
pub async fn bulks_page() -> Result<BulkActs, Error> {
    crate::api::asked(async |ctx| ctx.console.bulk_acts(ctx.actor()?).await).await
}
