//! The call behind `/communications`.

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::{
    listing::Listing,
    message::{MailSummary, MessageQuery, MessageRow},
};
use serde::{Deserialize, Serialize};

/// What `/communications` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Communications {
    /// What was asked for.
    pub query: MessageQuery,
    /// The rows.
    pub messages: Listing<MessageRow>,
    /// How the mail is going.
    pub mail: MailSummary,
    /// What the idempotency keys of this page's buttons begin with.
    pub key: String,
}

/// A page of messages; `query` is the page's own query string.
///
/// # Errors
/// Why they cannot be had.
#[server(protocol = Ask)]
pub async fn communications_page(
    /// The page's own query string.
    query: String,
) -> Result<Communications, Error> {
    use model::{form::Fields, query::Query};
    crate::api::asked(async move |ctx| {
        let query = MessageQuery::read(&Fields::of_query(&query)?)?;
        let actor = ctx.actor()?;
        let messages = ctx.console.messages(actor, &query).await?;
        let mail = ctx.console.mail_summary(actor).await?;
        Ok(Communications { query, messages, mail, key: ctx.console.form_key() })
    })
    .await
}
