//! The call behind `/`.

#![allow(missing_docs, reason = "the macro makes a struct of each call's arguments")]

use crate::api::Error;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::console::Dashboard;

/// The counts of the dashboard.
///
/// # Errors
/// Why they cannot be had.
#[server(input = GetUrl)]
pub async fn dashboard_page() -> Result<Dashboard, Error> {
    crate::api::asked(async |ctx| ctx.console.dashboard(ctx.actor()?).await).await
}
