//! `/users/import`: a CSV file, checked first and then written whole or not at all.

use crate::{
    api::users::import_page,
    parts::{
        field::{CheckBox, Choice, FileField, RadioGroup},
        form::{ActForm, Buttons, Cancel, FormState, Hidden, Submit},
        load::load,
        notice::{Notice, Tone},
        title::PageTitle,
    },
    words::counted,
};
use leptos::{either::Either, prelude::*};
use model::user::ImportReport;

/// The page.
#[component]
pub fn ImportUsers() -> impl IntoView {
    view! {
        <PageTitle heading="Import users" />
        {load(|| (), |()| import_page(), show)}
    }
}

fn show(key: String) -> AnyView {
    let choice = |value: &str, label: &str, note: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        note: note.to_owned(),
        disabled: false,
    };
    let choices = vec![
        choice("refuse", "Refuse", "The line counts as bad."),
        choice("skip", "Skip", "The line is left out; the user stays as they are."),
        choice("update", "Update", "The user takes the line's values."),
    ];
    view! {
        <div class="card padded form-card">
            <ActForm action="/users/import" upload=true class="stack">
                <Report />
                <Hidden name="key" value=key />
                <FileField
                    name="file"
                    label="CSV file"
                    accept=".csv,text/csv"
                    hint="UTF-8, with the first line user_id,first_name,last_name,email,mobile,container,language"
                />
                <RadioGroup name="on_existing" legend="User IDs that exist already" choices value="refuse" />
                <CheckBox
                    name="skip_bad"
                    label="Leave out bad lines"
                    hint="Otherwise nothing is imported unless every line is good."
                />
                <Buttons>
                    <Submit label="Import" name="act" value="import" />
                    <button type="submit" class="button" name="act" value="check">"Dry run"</button>
                    <Cancel href="/users" />
                </Buttons>
            </ActForm>
        </div>
    }
    .into_any()
}

/// What happened or would happen, and every bad line by number and field.
#[component]
fn Report() -> impl IntoView {
    let state = FormState::here();
    move || state.report::<ImportReport>().map(report)
}

fn report(report: ImportReport) -> impl IntoView {
    let (tone, words) = match (report.dry, report.bad) {
        (false, _) => (Tone::Good, "Imported."),
        (true, 0) => (Tone::Info, "Every line is good. Nothing was written yet."),
        (true, _) => (Tone::Bad, "Nothing was written."),
    };
    let (add, update, leave) =
        if report.dry { ("to add", "to update", "to leave out") } else { ("added", "updated", "left out") };
    let users = |number: u64, what: &str| (number > 0).then(|| format!("{} {what}", counted(number, "user")));
    let counts = [users(report.added, add), users(report.updated, update), users(report.skipped, leave)];
    let bad = (report.bad > 0).then(|| counted(report.bad, "bad line"));
    let counts: Vec<String> = counts.into_iter().chain([bad]).flatten().collect();
    let counts = if counts.is_empty() { String::new() } else { format!(" {}.", counts.join(", ")) };
    let unshown = report.bad.saturating_sub(report.problems.len() as u64);
    let lines = report.problems.into_iter().map(|(line, field, problem)| {
        view! {
            <tr>
                <td class="nowrap">"Line " {line}</td>
                <td><code>{field}</code></td>
                <td class="second">{problem.to_string()}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    let table = if report.bad == 0 {
        Either::Left(())
    } else {
        Either::Right(view! {
            <div class="scroll report">
                <table>
                    <caption>"Bad lines"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Line"</th>
                            <th scope="col">"Field"</th>
                            <th scope="col">"Problem"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            {(unshown > 0).then(|| format!("{unshown} more are not shown."))}
        })
    };
    view! {
        <div role="alert" tabindex="-1" class="stack">
            <Notice tone>
                <p><strong>{words}</strong> {counts}</p>
                {(!report.dry).then(|| view! { <p><a href="/users">"Go to the users"</a></p> })}
            </Notice>
            {table}
        </div>
    }
}
