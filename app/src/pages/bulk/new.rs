//! `/bulk/new`: what an act over a selection needs; leads to its dry run.

use super::ROOT;
use crate::{
    api::bulk::new_bulk_page,
    parts::{
        field::{CheckBox, TextField},
        form::{ActForm, Buttons, Cancel, FormState, Hidden, Submit},
        load::{load, use_page_query},
        title::PageTitle,
    },
    words::counted,
};
use leptos::prelude::*;
use model::bulk::{BulkAct, BulkChoice, SelectionOf};

/// The page.
#[component]
pub fn NewBulk() -> impl IntoView {
    let query = use_page_query("/bulk/new");
    load(move || query.get(), new_bulk_page, show)
}

fn show(choice: BulkChoice) -> AnyView {
    let (act, selection) = (choice.act, choice.selection.clone());
    let of = match choice.of {
        SelectionOf::Tasks => format!("everybody in {} who has not completed", counted(choice.count, "task")),
        SelectionOf::Users | SelectionOf::Enrollments => counted(choice.count, "enrollment"),
    };
    let list = match choice.of {
        SelectionOf::Tasks => "/provisioning-tasks",
        SelectionOf::Users | SelectionOf::Enrollments => "/reports/enrollments",
    };
    let action = format!("{ROOT}/new?act={}&selection={selection}", act.code());
    let stop = choice.policy_stop.iso();
    view! {
        <PageTitle heading=format!("{} for many", act.name()) line=format!("For {of}") />
        <div class="card padded form-card">
            <ActForm action class="stack">
                <Intro act />
                <FieldsOf act stop />
                <Hidden name="act" value=act.code() />
                <Hidden name="selection" value=selection.clone() />
                <Hidden name="key" value=choice.key />
                <Buttons>
                    <Submit label="Next" busy="Looking at everybody…" />
                    <Cancel href=format!("{list}?selection={selection}") />
                </Buttons>
            </ActForm>
        </div>
    }
    .into_any()
}

#[component]
fn Intro(act: BulkAct) -> impl IntoView {
    let state = FormState::here();
    let words = match act {
        BulkAct::Resend => "Everybody gets a new link at the profile’s address. Earlier links stop working.",
        BulkAct::StopDate => "It may be earlier or later than now. It revives no link whose lifetime is over: that takes Resend.",
        BulkAct::Unlock => "All attempts are given back. The link that was mailed works again, if its time is not over.",
        BulkAct::Remove => "Nobody who is removed can enroll any more. This action cannot be reversed.",
    };
    view! {
        <p>{words}</p>
        <p class="soft">"The next page says what will happen to whom. Nothing is changed before you confirm it there."</p>
        <p class="problem">{move || state.problem("selection")}</p>
    }
}

#[component]
fn FieldsOf(act: BulkAct, stop: String) -> impl IntoView {
    match act {
        BulkAct::Resend => ().into_any(),
        BulkAct::StopDate => {
            view! { <TextField name="stop_on" label="New Stop Date" kind="date" value=stop required=true first=true /> }
                .into_any()
        }
        BulkAct::Unlock => view! {
            <TextField name="reason" label="Reason" required=true first=true />
            <TextField
                name="stop_on"
                label="New Stop Date"
                kind="date"
                hint="Empty: each keeps its own. One whose stop date is over will then be expired."
            />
        }
        .into_any(),
        BulkAct::Remove => view! { <CheckBox name="notify" label="Notify users by email" /> }.into_any(),
    }
}
