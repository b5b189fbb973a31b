//! Rows of the list of tasks, read again where they stand.

use crate::{Service, fault::Outcome, tasks};
use model::{
    actor::Actor,
    live::{TasksAgain, TasksNow},
    rights::Right,
    task::TaskState,
};

/// Among so many of the newest tasks are those that have come since a time.
const NEWEST: u32 = 200;

/// The rows as they are now, whether the list would still hold them or not, and what has come.
pub(crate) async fn read(service: &Service, by: &Actor, asked: &TasksAgain) -> Outcome<TasksNow> {
    by.require(Right::ProvisioningManage)?;
    asked.check()?;
    model::user::search(&asked.filter.search)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let rows = tx.listed_tasks(&asked.shown, now.today()).await?;
    let users = match &asked.users {
        Some((task, users)) => tx.task_users_among(*task, users, now.today()).await?,
        None => Vec::new(),
    };
    let mut maybe_new = asked.maybe_new.clone();
    if let Some(since) = asked.since {
        maybe_new.extend(tx.tasks_made_after(since, NEWEST).await?);
    }
    let new = tx.tasks_among(&maybe_new, TaskState::Outstanding, &asked.filter, now.today()).await?;
    tx.rollback().await?;
    Ok(TasksNow {
        now: now.now(),
        rows: rows.into_iter().map(tasks::row).collect(),
        users: users.into_iter().map(|user| tasks::user_row(user, now)).collect(),
        new,
    })
}
