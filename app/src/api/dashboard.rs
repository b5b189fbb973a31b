//! The call behind `/`.

#![allow(missing_docs, reason = "the macro makes a struct of each call's arguments")]

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::console::Dashboard;

/// The counts of the dashboard.
///
/// # Errors
/// Why they cannot be had.
#[server(protocol = Ask)]
pub async fn dashboard_page() -> Result<Dashboard, Error> {
    crate::api::asked(async |ctx| ctx.console.dashboard(ctx.actor()?).await).await
}
