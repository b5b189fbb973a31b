//! The calls behind Provisioning Task Management and Reports.

use crate::api::{Error, ask::Ask, bulk::Selecting};
use leptos::prelude::*;
use model::{
    listing::Listing,
    task::{TaskDetail, TaskQuery, TaskRow, TaskUserQuery},
};
use serde::{Deserialize, Serialize};

/// What `/provisioning-tasks` and `/provisioning-tasks/{n}` show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskList {
    /// The outstanding tasks, one of them expanded perhaps.
    List {
        /// What was asked for.
        query: Box<TaskQuery>,
        /// The rows.
        tasks: Listing<TaskRow>,
        /// The expanded task.
        open: Option<Box<OpenTask>>,
        /// The selection in the address.
        selecting: Box<Selecting>,
    },
    /// A task that has left the list for good.
    Finished(Box<OpenTask>),
}

/// One task with a page of its users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTask {
    /// What was asked for.
    pub query: TaskUserQuery,
    /// The list that it was opened from.
    pub list: TaskQuery,
    /// The task.
    pub task: TaskDetail,
    /// What the idempotency keys of this page's buttons begin with.
    pub key: String,
}

/// A page of tasks. `number` is what stands behind `/provisioning-tasks/` in the address, `query` the page's own query string.
///
/// # Errors
/// Why they cannot be had.
#[server(protocol = Ask)]
pub async fn tasks_page(
    /// What stands behind the list's path.
    number: String,
    /// The page's own query string.
    query: String,
) -> Result<TaskList, Error> {
    use model::{
        bulk::SelectionOf,
        form::Fields,
        query::{Query, Shelf},
        refusal::Thing,
    };
    crate::api::asked(async move |ctx| {
        let (users, tasks) = match number.as_str() {
            "" => (Fields::default(), Fields::of_query(&query)?),
            _ => Fields::of_query(&query)?.split(TaskUserQuery::PREFIX),
        };
        let (users, query) = (TaskUserQuery::read(&users)?, TaskQuery::read(Shelf::Management, &tasks)?);
        let actor = ctx.actor()?;
        let mut open = None;
        if !number.is_empty() {
            let number = crate::address::row(&number, Thing::Task)?;
            let task = ctx.console.task(actor, number, &users).await?;
            let outstanding = task.row.outstanding;
            let task = Box::new(OpenTask { query: users, list: query.clone(), task, key: ctx.console.form_key() });
            if !outstanding {
                return Ok(TaskList::Finished(task));
            }
            open = Some(task);
        }
        let tasks = ctx.console.tasks(actor, &query).await?;
        let shown: Vec<i64> = tasks.rows.iter().map(|row| row.number).collect();
        let selecting = crate::api::bulk::selecting(&ctx, SelectionOf::Tasks, query.selection.as_deref(), &shown).await?;
        Ok(TaskList::List { query: Box::new(query), tasks, open, selecting: Box::new(selecting) })
    })
    .await
}

/// What the pages *Edit task* and *Remove task* show: the task and a page of its users; `query` is the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn edit_task_page(
    /// The task's number, as it stands in the address.
    number: String,
    /// The page's own query string.
    query: String,
) -> Result<OpenTask, Error> {
    use model::{
        form::Fields,
        query::{Query, Shelf},
        refusal::Thing,
    };
    crate::api::asked(async move |ctx| {
        // Who is ticked at first is the page's own matter.
        let (users, list) = Fields::of_query(&query)?.without("select").split(TaskUserQuery::PREFIX);
        let (query, list) = (TaskUserQuery::read(&users)?, TaskQuery::read(Shelf::Management, &list)?);
        let actor = ctx.actor()?;
        let task = ctx.console.task_to_edit(actor, crate::address::row(&number, Thing::Task)?, &query).await?;
        Ok(OpenTask { query, list, task, key: ctx.console.form_key() })
    })
    .await
}

/// What `/reports` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What was asked for.
    pub query: TaskQuery,
    /// The rows.
    pub tasks: Listing<TaskRow>,
}

/// A page of the report on tasks; `query` is the page's own query string.
///
/// # Errors
/// Why it cannot be had.
#[server(protocol = Ask)]
pub async fn reports_page(
    /// The page's own query string.
    query: String,
) -> Result<Report, Error> {
    use model::{form::Fields, query::Shelf};
    crate::api::asked(async move |ctx| {
        let query = TaskQuery::read(Shelf::Reports, &Fields::of_query(&query)?)?;
        let tasks = ctx.console.reported_tasks(ctx.actor()?, &query).await?;
        Ok(Report { query, tasks })
    })
    .await
}
