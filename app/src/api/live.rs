//! The call that a page makes by itself, to read its rows again where they stand. It keeps no session alive: the session layer knows this
//! file's calls by their address.

#![allow(missing_docs, reason = "the macro makes a struct of each call's arguments")]

use crate::api::{Error, ask::Ask};
use leptos::prelude::*;
use model::live::TasksNow;

/// Rows of Provisioning Task Management. `query` is the list's own query string, the lists are numbers with commas between; `since` and
/// `task` are 0 where nothing is asked.
///
/// # Errors
/// Why they cannot be had.
#[server(protocol = Ask)]
pub async fn tasks_again(
    query: String,
    shown: String,
    maybe_new: String,
    since: i64,
    task: i64,
    users: String,
) -> Result<TasksNow, Error> {
    use model::{form::Fields, live::TasksAgain, query::Shelf, task::TaskQuery};
    crate::api::asked(async move |ctx| {
        let asked = TasksAgain {
            shown: TasksAgain::numbers(&shown)?,
            filter: TaskQuery::read(Shelf::Management, &Fields::of_query(&query)?)?.filter,
            maybe_new: TasksAgain::numbers(&maybe_new)?,
            since: (since > 0).then_some(since),
            users: (task > 0).then_some((task, TasksAgain::numbers(&users)?)),
        };
        ctx.console.tasks_again(ctx.actor()?, &asked).await
    })
    .await
}
