//! The handler that the console is measured beside: axum, the statements of the list, JSON. Nobody signs in, no right is checked, no
//! cursor sealed, nothing rendered.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use model::{day::Day, task::TaskQuery};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{
    Db,
    keyset::Place,
    task_list::{ListedTask, TasksAsked},
};

/// A page that may be asked for.
pub struct Page {
    /// What is asked for.
    pub query: TaskQuery,
    /// Where it begins.
    pub from: Option<Place>,
}

/// The pages by their index, over the database.
pub struct Bare {
    /// The database.
    pub db: Db,
    /// The pages.
    pub pages: Vec<Page>,
    /// Today.
    pub today: Day,
}

/// `/{index}` answers a page.
pub fn router(bare: Bare) -> Router {
    Router::new().route("/{index}", get(page)).with_state(Arc::new(bare))
}

async fn page(State(bare): State<Arc<Bare>>, Path(index): Path<usize>) -> Result<Json<Value>, StatusCode> {
    let page = bare.pages.get(index).ok_or(StatusCode::NOT_FOUND)?;
    answer(&bare, page).await.map(Json).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn answer(bare: &Bare, page: &Page) -> store::Answer<Value> {
    let query = &page.query;
    let asked = TasksAsked {
        state: query.state,
        filter: &query.filter,
        sort: query.paging.sort,
        rows: query.paging.size.rows(),
        from: page.from.clone(),
        today: bare.today,
    };
    let mut tx = bare.db.read().await?;
    let (page, total) = tx.tasks_and_total(&asked).await?;
    tx.rollback().await?;
    Ok(json!({ "rows": page.rows.iter().map(row).collect::<Vec<_>>(), "total": total.to_string() }))
}

fn row(task: &ListedTask) -> Value {
    json!({
        "number": task.number, "operator": task.operator, "emailed_to": task.emailed_to, "start": task.start_on.epoch(),
        "stop_from": task.stop_on.0.epoch(), "stop": task.stop_on.1.epoch(), "type": task.kind.code(),
        "description": task.description, "completed": task.progress.completed, "active": task.progress.active,
        "locked": task.progress.locked, "expired": task.progress.expired, "removed": task.removed,
    })
}
