//! Selections of tasks and of enrollments: as those of users, see `users/select.rs`.

use super::own;
use crate::{
    Service,
    fault::Outcome,
    forms::Turn,
    users::select::{Ticks, change},
};
use model::{
    Refusal,
    actor::Actor,
    bulk::{BulkAct, Marked, SelectionOf},
    console::Selected,
    form::Fields,
    forms::{ButtonForm, SelectForm},
    query::{Query, Shelf},
    report::EnrollmentQuery,
    rights::Right,
    task::TaskQuery,
};
use store::{Tx, enrollment_list::Which, selections::NewSelection};

/// Changes the selection of tasks, or begins one.
pub(crate) async fn tasks(service: &Service, by: &Actor, form: &SelectForm) -> Outcome<Selected> {
    by.require(Right::ProvisioningManage)?;
    let query = TaskQuery::read(Shelf::Management, &Fields::of_query(&form.query)?)?;
    let filter = serde_json::to_string(&query.filter)?;
    let ticks = Ticks { of: SelectionOf::Tasks, form, filter: &filter };
    change(service, by, ticks, async |tx: &mut Tx, id: &str| {
        let now = service.now(tx).await?;
        Ok(tx.select_all_tasks(id, &query, now.today()).await?)
    })
    .await
}

/// Changes the selection of enrollments, or begins one.
pub(crate) async fn enrollments(service: &Service, by: &Actor, form: &SelectForm) -> Outcome<Selected> {
    by.require(Right::ReportsView)?;
    let query = EnrollmentQuery::read(&Fields::of_query(&form.query)?)?;
    let filter = serde_json::to_string(&query.filter)?;
    let ticks = Ticks { of: SelectionOf::Enrollments, form, filter: &filter };
    change(service, by, ticks, async |tx: &mut Tx, id: &str| {
        let now = service.now(tx).await?;
        let which = Which { filter: &query.filter, today: now.today(), now: now.at };
        Ok(tx.select_all_enrollments(id, which).await?)
    })
    .await
}

/// Whoever has a new stop date by that act, and a link whose lifetime is over: *Send a new link*, to many.
pub(crate) async fn too_old(service: &Service, by: &Actor, id: i64, form: &ButtonForm) -> Outcome<String> {
    BulkAct::Resend.require(by)?;
    let mut tx = service.db.write().await?;
    let ticket = match service.begin(&mut tx, by, &form.key, &format!("bulk.too_old {id}"), form).await? {
        Turn::New(ticket) => ticket,
        Turn::Again(answer) => return Ok(serde_json::from_str(&answer)?),
    };
    own(&mut tx, by, id).await?;
    let now = service.now(&mut tx).await?.at;
    let selection = service.ids.key();
    let of = SelectionOf::Enrollments;
    tx.add_selection(NewSelection { id: &selection, operator: by.id, of, filter: None, now }).await?;
    if tx.select_too_old_links_of_bulk(&selection, id, now).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    ticket.done(&mut tx, &selection).await?;
    tx.commit().await?;
    Ok(selection)
}

/// How many tasks or enrollments the operator's selection holds, and which of those shown.
pub(crate) async fn marked(service: &Service, by: &Actor, of: SelectionOf, selection: &str, shown: &[i64]) -> Outcome<Marked> {
    let mut tx = service.db.read().await?;
    let count = tx.selected_count(selection, by.id, of).await?.ok_or(Refusal::SelectionGone)?;
    let rows = tx.selected_among(selection, by.id, shown).await?;
    tx.rollback().await?;
    Ok(Marked { count, rows: shown.iter().copied().filter(|row| rows.contains(row)).collect() })
}
