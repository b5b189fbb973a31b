//! `/provisioning-tasks/{n}/remove`: takes a task off the list; who has not completed can no longer enroll (spec §3.1). On its page or
//! in a dialog.

use super::{ROOT, act_address, edit::over, task_address};
use crate::{
    api::{
        Error,
        tasks::{OpenTask, edit_task_page},
    },
    parts::{
        field::{CheckBox, TextField},
        form::{ActForm, Buttons, Cancel, FormState, Hidden, Submit},
        load::{load, use_own_act_address},
        notice::{Notice, Tone},
        title::PageTitle,
    },
};
use leptos::prelude::*;
use model::{Refusal, edit::TYPED_ABOVE, listing::grouped, task::TaskRow};

/// The page.
#[component]
pub fn RemoveTaskPage() -> impl IntoView {
    let here = use_own_act_address(ROOT, "/remove");
    load(
        move || here.get(),
        |(number, query)| edit_task_page(number, query),
        |open| {
            let heading = format!("Remove task {}", open.task.row.number);
            view! {
                <PageTitle heading />
                <div class="card padded form-card">{show(open)}</div>
            }
            .into_any()
        },
    )
}

/// The form of a task, over the list.
#[component]
pub fn RemoveTaskForm(
    /// The task.
    number: i64,
    /// The query string of the list below.
    list: String,
) -> impl IntoView {
    load(move || (number.to_string(), list.clone()), |(number, list)| edit_task_page(number, list), show)
}

fn show(open: OpenTask) -> AnyView {
    let (row, list) = (open.task.row, open.list);
    let number = row.number;
    if !row.outstanding {
        return over(number, &list);
    }
    let (action, back) = (act_address(number, "remove", &list).to_string(), task_address(number, &list));
    let (words, open_users, version) = (sentence(&row), open_of(&row), row.edit_version);
    view! {
        <ActForm action class="stack">
            <Notice tone=Tone::Warning>
                <p>{words}</p>
                <p>"This action cannot be reversed."</p>
            </Notice>
            <CheckBox name="notify" label="Notify users by email" />
            {(open_users > TYPED_ABOVE).then(|| view! {
                <TextField name="count" label="How many" inputmode="numeric" hint=format!("Type {open_users} to confirm.") />
            })}
            <Version version />
            <Hidden name="key" value=open.key />
            <Buttons>
                <Submit label="Remove" danger=true />
                <Cancel href=back />
            </Buttons>
        </ActForm>
    }
    .into_any()
}

/// The version that was looked at, or the newer one that the reader was told of.
#[component]
pub fn Version(
    /// The version that was looked at.
    version: i64,
) -> impl IntoView {
    let state = FormState::here();
    let version = move || match state.no() {
        Some(Error::Refused(Refusal::EditedMeanwhile { version, .. })) => version.to_string(),
        _ => version.to_string(),
    };
    view! { <input type="hidden" name="version" value=version /> }
}

fn open_of(row: &TaskRow) -> i64 {
    row.progress.count() - row.progress.completed
}

fn sentence(row: &TaskRow) -> String {
    let lose = match open_of(row) {
        1 => "1 user who has not completed enrollment will no longer be able to enroll".to_owned(),
        open => format!("{} users who have not completed enrollment will no longer be able to enroll", grouped(open)),
    };
    match row.progress.completed {
        0 => format!("{lose}."),
        1 => format!("{lose}. 1 user who has completed keeps their token."),
        completed => format!("{lose}. {} users who have completed keep their tokens.", grouped(completed)),
    }
}
