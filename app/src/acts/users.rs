//! Acts on users and on the selection.

use super::{Call, Outcome, done, report};
use model::{
    Answer, Refusal,
    form::{Fields, Form},
    forms::{ButtonForm, ImportForm, PasteForm, ResendForm, SelectForm, UnlockForm, UserForm},
    problem::{Problem, Problems},
    query::Query,
    refusal::Thing,
    user::{Pasted, UserQuery},
};

/// `POST /users/new`.
pub async fn add(call: Call) -> Answer<Outcome> {
    let form: UserForm = call.form()?;
    let id = call.ctx.console.add_user(call.actor()?, &form).await?;
    done(format!("/users/{id}"))
}

/// `POST /users/{id}/edit`.
pub async fn edit(call: Call) -> Answer<Outcome> {
    let (id, form) = (call.row("id", Thing::User)?, call.form::<UserForm>()?);
    call.ctx.console.edit_user(call.actor()?, id, &form).await?;
    done(format!("/users/{id}"))
}

/// `POST /users/{id}/enable`.
pub async fn enable(call: Call) -> Answer<Outcome> {
    set_enabled(call, true).await
}

/// `POST /users/{id}/disable`.
pub async fn disable(call: Call) -> Answer<Outcome> {
    set_enabled(call, false).await
}

async fn set_enabled(call: Call, enabled: bool) -> Answer<Outcome> {
    let (id, form) = (call.row("id", Thing::User)?, call.form::<ButtonForm>()?);
    call.ctx.console.set_user_enabled(call.actor()?, id, enabled, &form).await?;
    done(format!("/users/{id}"))
}

/// `POST /users/{id}/delete`.
pub async fn delete(call: Call) -> Answer<Outcome> {
    let (id, form) = (call.row("id", Thing::User)?, call.form::<ButtonForm>()?);
    call.ctx.console.delete_user(call.actor()?, id, &form).await?;
    done("/users")
}

/// `POST /users/{id}/provisioning-tasks/{number}`: **Resend**.
pub async fn resend(call: Call) -> Answer<Outcome> {
    let ((id, task), form) = (user_task(&call)?, call.form::<ResendForm>()?);
    call.ctx.console.resend(call.actor()?, id, task, &form).await?;
    done(format!("/users/{id}/authentication-methods?resent={task}"))
}

/// `POST /users/{id}/provisioning-tasks/{number}/unlock`: **Unlock**.
pub async fn unlock(call: Call) -> Answer<Outcome> {
    let ((id, task), form) = (user_task(&call)?, call.form::<UnlockForm>()?);
    call.ctx.console.unlock(call.actor()?, id, task, &form).await?;
    done(format!("/users/{id}/authentication-methods?unlocked={task}"))
}

fn user_task(call: &Call) -> Answer<(i64, i64)> {
    Ok((call.row("id", Thing::User)?, call.row("number", Thing::Task)?))
}

/// `POST /users/select`: ticks, all that match, none; or on to Provision.
pub async fn select(call: Call) -> Answer<Outcome> {
    let form: SelectForm = call.form()?;
    let query = UserQuery::read(&Fields::of_query(&form.query)?)?;
    let selected = call.ctx.console.select_users(call.actor()?, &form).await?;
    match &selected.selection {
        None if form.act == "provision" => Err(Refusal::Invalid(Problems::one("select", Problem::NobodySelected))),
        Some(selection) if form.act == "provision" => done(format!("/provision?selection={selection}")),
        _ => done(UserQuery { selection: selected.selection, ..query }.write().at("/users")),
    }
}

/// `POST /users/paste`: UserIDs from the field, or from a file of text.
pub async fn paste(call: Call) -> Answer<Outcome> {
    let mut form: PasteForm = call.form()?;
    if let Some(file) = call.file.as_ref().filter(|file| !file.is_empty()) {
        let text = String::from_utf8(file.clone()).map_err(|_| Refusal::Invalid(Problems::one("file", Problem::NotUtf8)))?;
        form.user_ids = format!("{}\n{}", form.user_ids, text.trim_start_matches('\u{feff}'));
    }
    let pasted: Pasted = call.ctx.console.paste_users(call.actor()?, &form).await?;
    if pasted.unknown_count == 0 { done(format!("/users?selection={}", pasted.selection)) } else { report(&pasted) }
}

/// `POST /users/import`: a report of what would happen, of what happened, or of the lines that are bad.
pub async fn import(call: Call) -> Answer<Outcome> {
    let import = ImportForm::read(&call.fields)?.check()?;
    let Some(file) = call.file.as_ref().filter(|file| !file.is_empty()) else {
        return Err(Refusal::Invalid(Problems::one("file", Problem::Required)));
    };
    report(&call.ctx.console.import_users(call.actor()?, file, &import).await?)
}
