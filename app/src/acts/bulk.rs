//! Acts over many enrollments, and the selections they are about.

use super::{Call, Outcome, done};
use model::{
    Answer, Refusal,
    bulk::{BulkAct, BulkConfirmForm, BulkForm},
    console::Selected,
    form::Fields,
    forms::{ButtonForm, SelectForm},
    problem::{Problem, Problems},
    query::{Query, Shelf},
    refusal::Thing,
    report::EnrollmentQuery,
    task::{TaskQuery, TaskUserQuery},
};

/// `POST /provisioning-tasks/select`, or with a task expanded: ticks, all that match, none; or on to an act.
pub async fn select_tasks(call: Call) -> Answer<Outcome> {
    let form: SelectForm = call.form()?;
    let query = TaskQuery::read(Shelf::Management, &Fields::of_query(&form.query)?)?;
    let (users, _) = Fields::of_query(&call.query)?.split(TaskUserQuery::PREFIX);
    let path = match call.param("number") {
        "" => "/provisioning-tasks".to_owned(),
        number => format!("/provisioning-tasks/{}", crate::address::row(number, Thing::Task)?),
    };
    let selected = call.ctx.console.select_tasks(call.actor()?, &form).await?;
    go_on(selected, &form, |selection| TaskQuery { selection, ..query }.write(Shelf::Management).and(users).at(&path))
}

/// `POST /reports/enrollments/select`: the same for enrollments.
pub async fn select_enrollments(call: Call) -> Answer<Outcome> {
    let form: SelectForm = call.form()?;
    let query = EnrollmentQuery::read(&Fields::of_query(&form.query)?)?;
    let selected = call.ctx.console.select_enrollments(call.actor()?, &form).await?;
    go_on(selected, &form, |selection| EnrollmentQuery { selection, ..query }.write().at("/reports/enrollments"))
}

/// To the act that was pressed, or back to the list.
fn go_on(selected: Selected, form: &SelectForm, list: impl FnOnce(Option<String>) -> String) -> Answer<Outcome> {
    match (BulkAct::of_code(&form.act), selected.selection) {
        (None, selection) => done(list(selection)),
        (Some(_), None) => Err(Refusal::Invalid(Problems::one("select", Problem::NothingTicked))),
        (Some(act), Some(selection)) => to_act(act, &selection),
    }
}

fn to_act(act: BulkAct, selection: &str) -> Answer<Outcome> {
    done(format!("/bulk/new?act={}&selection={selection}", act.code()))
}

/// `POST /bulk/new`: the dry run.
pub async fn plan(call: Call) -> Answer<Outcome> {
    let form: BulkForm = call.form()?;
    let id = call.ctx.console.plan_bulk(call.actor()?, &form).await?;
    done(format!("/bulk/{id}"))
}

/// `POST /bulk/{id}/confirm`.
pub async fn confirm(call: Call) -> Answer<Outcome> {
    let (id, form) = (call.row("id", Thing::Bulk)?, call.form::<BulkConfirmForm>()?);
    call.ctx.console.confirm_bulk(call.actor()?, id, &form).await?;
    done(format!("/bulk/{id}"))
}

/// `POST /bulk/{id}/new-links`: on to Resend, for whom the new stop date alone does not help.
pub async fn new_links(call: Call) -> Answer<Outcome> {
    let (id, form) = (call.row("id", Thing::Bulk)?, call.form::<ButtonForm>()?);
    let selection = call.ctx.console.select_too_old(call.actor()?, id, &form).await?;
    to_act(BulkAct::Resend, &selection)
}

/// `POST /bulk/{id}/cancel`.
pub async fn cancel(call: Call) -> Answer<Outcome> {
    let (id, form) = (call.row("id", Thing::Bulk)?, call.form::<ButtonForm>()?);
    call.ctx.console.cancel_bulk(call.actor()?, id, &form).await?;
    done(format!("/bulk/{id}"))
}
