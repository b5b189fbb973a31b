//! What an edit of a task came to.

use crate::parts::{
    dialog::Leave,
    notice::{Notice, Tone},
};
use leptos::prelude::*;
use model::edit::TaskEdited;

/// The report, in place of the form.
#[component]
pub fn Edited(
    /// What was done.
    edited: TaskEdited,
    /// Back to the task, in its list.
    back: String,
) -> impl IntoView {
    let number = edited.task;
    let left = edited.left.into_iter().map(|(user_id, status)| {
        view! { <li><bdi>{user_id}</bdi> {format!(" is already {} and was left as it is.", status.name().to_lowercase())}</li> }
    });
    let left = left.collect_view();
    let too_old = edited.too_old.into_iter().map(|(user, user_id)| {
        let href = format!("/users/{user}/provisioning-tasks/{number}");
        view! { <li>"The link of " <bdi>{user_id}</bdi> " is too old: " <Leave href>"Send a new link"</Leave></li> }
    });
    let too_old = too_old.collect_view();
    let over =
        (!edited.outstanding).then(|| view! { <p>{format!("Task {number} is completed; its data is kept for reporting.")}</p> });
    view! {
        <div role="alert" tabindex="-1" class="stack">
            <Notice tone=Tone::Good>
                <p>{format!("Done: {}.", edited.what)}</p>
                <ul>{left} {too_old}</ul>
                {over}
            </Notice>
        </div>
        <div class="buttons">
            <Leave class="button primary" href=back>{format!("Back to task {number}")}</Leave>
        </div>
    }
}
