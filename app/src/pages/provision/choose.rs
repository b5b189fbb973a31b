//! The first step: for whom, and what.

use super::{REVIEW, Steps, users};
use crate::parts::{
    field::{Choice, RadioGroup, TextField},
    form::{Buttons, Hidden},
    list::AskForm,
    notice::{Notice, Tone},
};
use leptos::prelude::*;
use model::{
    forms::ProvisionForm,
    listing::grouped,
    problem::Problems,
    task::{KindChoice, ProvisionChoices},
};

#[component]
pub fn Choose(form: ProvisionForm, choices: ProvisionChoices, problems: Problems) -> impl IntoView {
    let no_mail = choices.no_mail.clone().map(|why| {
        view! { <Notice tone=Tone::Bad>"Mail cannot be sent, so nobody would get a link. " {why}</Notice> }
    });
    let step = match choices.selected {
        Some(count) if count > 0 => view! { <Choices form choices problems count /> }.into_any(),
        _ => view! { <NoUsers /> }.into_any(),
    };
    view! {
        <div class="wizard">
            {no_mail}
            {step}
        </div>
    }
}

/// Where users are selected.
#[component]
fn NoUsers() -> impl IntoView {
    view! {
        <Steps at=1 />
        <section class="card padded stack">
            <h2>"For whom?"</h2>
            <p>"Select the users who are to receive an authenticator; from there, Provision leads back here."</p>
            <div class="buttons">
                <a class="button primary" href="/users">"Select users from the list"</a>
                <a class="button" href="/users/paste">"Paste or upload User IDs"</a>
            </div>
        </section>
    }
}

#[component]
fn Choices(form: ProvisionForm, choices: ProvisionChoices, problems: Problems, count: i64) -> impl IntoView {
    let zone = choices.zone.clone();
    let hint = format!(
        "The last day to enroll, to its end in {zone}. Without one: {}, as the self-enrollment policy says.",
        choices.default_stop
    );
    let only = match choices.kinds.as_slice() {
        [only] => only.kind.code(),
        _ => "",
    };
    let chosen = if form.kind.is_empty() { only.to_owned() } else { form.kind.clone() };
    let kinds = choices.kinds.iter().map(choice).collect::<Vec<_>>();
    let over = form.over.iter().map(|code| view! { <input type="hidden" name="over" value=code.clone() /> }).collect_view();
    view! {
        <Steps at=2 />
        <AskForm action=REVIEW form=form.clone() problems class="card padded stack">
            <p class="for-whom">
                <strong>{users(count)}</strong>
                " selected "
                <a href=format!("/users?selection={}", form.selection)>"Change the selection"</a>
            </p>
            <Hidden name="selection" value=form.selection.clone() />
            {over}
            <RadioGroup name="kind" legend="Authentication type" choices=kinds value=chosen />
            <TextField
                name="description"
                label="Description"
                value=form.description
                hint="Optional. Shown with the task, and found by its search."
            />
            <TextField
                name="stop_on"
                label="Stop Date"
                kind="date"
                value=form.stop_on
                min=choices.today.iso()
                max=choices.last_stop.iso()
                hint
            />
            <Buttons>
                <button class="button primary" type="submit">"Next"</button>
            </Buttons>
        </AskForm>
    }
}

fn choice(choice: &KindChoice) -> Choice {
    Choice { value: choice.kind.code().to_owned(), label: choice.kind.name().to_owned(), note: stock(choice), disabled: false }
}

/// How many tokens there are, and how many are spoken for.
fn stock(choice: &KindChoice) -> String {
    match choice.stock {
        Some((available, reserved)) => format!("Available {} · Reserved {}", grouped(available), grouped(reserved)),
        None => format!("Available: no limit · Reserved {}", grouped(choice.reserved)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::authentication::AuthenticationType;

    #[test]
    fn a_type_says_what_is_available_and_reserved() {
        let limited = KindChoice { kind: AuthenticationType::Hardware, stock: Some((1200, 7)), reserved: 7 };
        assert_eq!(stock(&limited), "Available 1,200 · Reserved 7");
        let free = KindChoice { kind: AuthenticationType::App, stock: None, reserved: 12 };
        assert_eq!(stock(&free), "Available: no limit · Reserved 12");
    }
}
