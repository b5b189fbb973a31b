//! The calls behind `/provision` and its steps.

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::{
    forms::ProvisionForm,
    problem::Problems,
    task::{ProvisionChoices, ProvisionResult, Review},
};
use serde::{Deserialize, Serialize};

/// A step of *Provision*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProvisionStep {
    /// What is to be chosen, with what was chosen and what is wrong with it.
    Choose {
        /// The choices made.
        form: ProvisionForm,
        /// What can be chosen.
        choices: ProvisionChoices,
        /// What is wrong with them.
        problems: Problems,
    },
    /// What would happen.
    Review {
        /// The choices made.
        form: ProvisionForm,
        /// What they come to.
        review: Review,
    },
}

/// The first step, or going back to it; `query` is the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn provision_page(
    /// The page's own query string.
    query: String,
) -> Result<ProvisionStep, Error> {
    crate::api::asked(async move |ctx| choose(&ctx, read(&query)?, Problems::default()).await).await
}

/// The review; choices that do not hold lead back to the first step. `query` is the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn review_page(
    /// The page's own query string.
    query: String,
) -> Result<ProvisionStep, Error> {
    use model::Refusal;
    // The status is the page's: to the browser half, a step to go back to is an answer like any other.
    let is_page = use_context::<http::request::Parts>().is_none_or(|request| !request.uri.path().starts_with("/api/"));
    let options = use_context::<leptos_axum::ResponseOptions>().filter(|_| is_page);
    let step = crate::api::asked(async move |ctx| {
        let form = read(&query)?;
        match ctx.console.review_provision(ctx.actor()?, &form).await {
            Ok(review) => Ok(ProvisionStep::Review { form, review }),
            Err(Refusal::Invalid(problems)) => choose(&ctx, form, problems).await,
            Err(refusal) => Err(refusal),
        }
    })
    .await;
    if let (Ok(ProvisionStep::Choose { .. }), Some(options)) = (&step, options) {
        options.set_status(http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    step
}

/// The result, read again at any time; `task` is what stands in the address.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn provision_result_page(
    /// The task's number, as it stands in the address.
    task: String,
) -> Result<ProvisionResult, Error> {
    crate::api::asked(async move |ctx| {
        let task = crate::address::row(&task, model::refusal::Thing::Task)?;
        ctx.console.provision_result(ctx.actor()?, task).await
    })
    .await
}

#[cfg(feature = "ssr")]
fn read(query: &str) -> model::Answer<ProvisionForm> {
    use model::form::{Fields, Form};
    ProvisionForm::read(&Fields::of_query(query)?)
}

#[cfg(feature = "ssr")]
async fn choose(ctx: &crate::ctx::Ctx, form: ProvisionForm, problems: Problems) -> model::Answer<ProvisionStep> {
    let selection = Some(form.selection.as_str()).filter(|selection| !selection.is_empty());
    let choices = ctx.console.provision_choices(ctx.actor()?, selection).await?;
    Ok(ProvisionStep::Choose { form, choices, problems })
}
