//! The review: what would happen to how many, and why some are left out. Nothing has happened yet.

use super::{REVIEW, ROOT, Steps, choices, users};
use crate::{
    boot::use_boot,
    parts::{
        form::{ActForm, Hidden, Submit},
        list::GetForm,
        notice::{Notice, Tone},
        status::On,
    },
};
use leptos::prelude::*;
use model::{
    form::{Fields, Form},
    forms::ProvisionForm,
    listing::grouped,
    rights::Right,
    task::{Obstacle, Review, ReviewRow},
};

#[component]
pub fn Reviewed(form: ProvisionForm, review: Review) -> impl IntoView {
    let action = choices(&form).at(REVIEW);
    let can_go_on = review.provisioned > 0 && review.no_mail.is_none();
    let confirm = can_go_on.then(|| {
        let fields = ProvisionForm { key: review.key.clone(), ..form.clone() }.fields();
        let hidden = fields.0.into_iter().filter(|(name, _)| name != "key");
        let hidden = hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view();
        let key = review.key.clone();
        view! {
            <ActForm action>
                {hidden}
                <Hidden name="key" value=key />
                <Submit label=format!("Confirm for {}", users(review.provisioned)) busy="Provisioning…" />
            </ActForm>
        }
    });
    let back = choices(&form);
    view! {
        <Steps at=3 />
        <div class="wizard">
            <Notices review=review.clone() />
            <section class="card padded stack" aria-labelledby="what">
                <h2 id="what">"What will happen"</h2>
                <Summary review=review.clone() />
                <div class="buttons">
                    {confirm}
                    <GetForm action=ROOT to_top=true>
                        <HiddenFields fields=back />
                        <button class="button" type="submit">"Back"</button>
                    </GetForm>
                </div>
            </section>
            <LeftOut form review />
        </div>
    }
}

#[component]
fn HiddenFields(fields: Fields) -> impl IntoView {
    fields.0.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}

#[component]
fn Notices(review: Review) -> impl IntoView {
    let no_mail = review.no_mail.map(|why| {
        view! { <Notice tone=Tone::Bad>"Mail cannot be sent, so nobody would get a link. " {why}</Notice> }
    });
    let nobody = (review.provisioned == 0)
        .then(|| view! { <Notice tone=Tone::Warning>"No task would be created: something stands in the way of every selected user."</Notice> });
    view! {
        {no_mail}
        {nobody}
    }
}

#[component]
fn Summary(review: Review) -> impl IntoView {
    let selected = if review.provisioned == review.selected {
        users(review.selected)
    } else {
        format!("{} of {} selected", users(review.provisioned), grouped(review.selected))
    };
    let opens = review.provisioned > 0;
    let shared = (review.shared_addresses > 0).then(|| {
        let words = if review.shared_addresses == 1 { " shares an address" } else { " share an address" };
        view! {
            <dt>"Note"</dt>
            <dd>{users(review.shared_addresses)} {words} " with another user; each gets a mail of their own."</dd>
        }
    });
    view! {
        <dl class="facts">
            <dt>"Users"</dt>
            <dd>{selected}</dd>
            <dt>"Authentication type"</dt>
            <dd>{review.kind.name()}</dd>
            <dt>"Description"</dt>
            <dd><bdi>{if review.description.is_empty() { "–".to_owned() } else { review.description }}</bdi></dd>
            <dt>"Stop Date"</dt>
            <dd><On day=review.stop /> ", end of day in " {review.zone}</dd>
            {shared}
        </dl>
        {opens.then(|| view! { <p class="soft">"One task is opened, and each of its users is mailed a link of their own."</p> })}
    }
}

/// Whom something stands in the way of, and what the operator may do about it.
#[component]
fn LeftOut(form: ProvisionForm, review: Review) -> impl IntoView {
    if review.obstacles.is_empty() {
        return ().into_any();
    }
    let kept = choices(&ProvisionForm { over: Vec::new(), ..form });
    let may_override = review.obstacles.iter().any(|(obstacle, ..)| obstacle.can_be_overridden());
    let obstacles = review.obstacles.iter().map(|entry| view! { <ObstacleLine entry=*entry /> }).collect_view();
    let overridden: Vec<Obstacle> = review.obstacles.iter().filter(|(.., over)| *over).map(|(obstacle, ..)| *obstacle).collect();
    let shown = review.people.len();
    let concerned: i64 = review.obstacles.iter().map(|(_, count, _)| *count).sum();
    let more = (concerned > i64::try_from(shown).unwrap_or(i64::MAX))
        .then(|| view! { <p class="more">{format!("The first {} of {} are shown.", shown, users(concerned))}</p> });
    let may_see_tasks = use_boot().me.is_some_and(|me| me.rights.has(Right::ProvisioningManage));
    let people = review.people.into_iter().map(|person| {
        let over = overridden.contains(&person.obstacle);
        view! { <Person person over may_see_tasks /> }
    });
    let people = people.collect_view();
    view! {
        <section class="card list" aria-labelledby="left-out">
            <h2 id="left-out">"What stands in the way"</h2>
            <GetForm action=REVIEW class="obstacles stack">
                <HiddenFields fields=kept />
                <ul>{obstacles}</ul>
                {may_override.then(|| view! {
                    <div class="buttons"><button class="button" type="submit">"Update the review"</button></div>
                })}
            </GetForm>
            <table class="cards people">
                <caption>"Users with something in the way"</caption>
                <thead>
                    <tr>
                        <th scope="col">"User ID"</th>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Why"</th>
                        <th scope="col">"So"</th>
                    </tr>
                </thead>
                <tbody>{people}</tbody>
            </table>
            {more}
        </section>
    }
    .into_any()
}

#[component]
fn ObstacleLine(entry: (Obstacle, i64, bool)) -> impl IntoView {
    let (obstacle, count, over) = entry;
    let sentence = obstacle.sentence();
    if !obstacle.can_be_overridden() {
        return view! { <li><strong>{users(count)}</strong> ": " {sentence} " Left out."</li> }.into_any();
    }
    let id = format!("over-{}", obstacle.code());
    view! {
        <li>
            <strong>{users(count)}</strong>
            ": "
            {sentence}
            {if over { " Provisioned all the same." } else { " Left out." }}
            <div class="check">
                <input type="checkbox" id=id.clone() name="over" value=obstacle.code() checked=over prop:checked=over />
                <label for=id>
                    "Provision all the same" <span class="unseen">": " {sentence}</span>
                </label>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Person(person: ReviewRow, over: bool, may_see_tasks: bool) -> impl IntoView {
    let instead = person.instead.map(|task| {
        let words = format!("extend task {task} instead");
        match may_see_tasks {
            true => view! { " You can " <a href=format!("/provisioning-tasks/{task}")>{words}</a> "." }.into_any(),
            false => format!(" Or {words}.").into_any(),
        }
    });
    view! {
        <tr>
            <td class="key clip"><bdi>{person.user_id}</bdi></td>
            <td class="clip"><bdi>{person.name}</bdi></td>
            <td class="second">{person.obstacle.sentence()} {instead}</td>
            <td class="end">{if over { "Provisioned" } else { "Left out" }}</td>
        </tr>
    }
}
