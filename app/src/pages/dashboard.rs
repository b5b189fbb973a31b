//! `/`: how things stand, and what needs attention.

use crate::{
    api::dashboard::dashboard_page,
    parts::{icon::Icon, load::load, notice::Notice, notice::Tone, title::PageTitle},
};
use leptos::{either::Either, prelude::*};
use model::{
    console::{Dashboard as Counts, TaskCounts},
    listing::grouped,
    message::MailSummary,
};

/// The first page after sign-in.
#[component]
pub fn Dashboard() -> impl IntoView {
    load(|| (), |()| dashboard_page(), show)
}

fn show(counts: Counts) -> AnyView {
    view! {
        <PageTitle heading="Dashboard" line=counts.organisation />
        <div class="sections">
            {counts.mail.as_ref().and_then(|mail| mail.paused.clone()).map(|why| {
                view! { <Notice tone=Tone::Bad>"Mail is paused: " {why} " " <a href="/communications">"Communications"</a></Notice> }
            })}
            {counts.tasks.map(|tasks| view! { <Attention tasks /> })}
            <section aria-labelledby="now">
                <h2 id="now">"Now"</h2>
                <div class="figures">
                    {counts.tasks.map(|tasks| figure("/provisioning-tasks", tasks.outstanding, "outstanding tasks", None))}
                    {counts.users.map(|users| figure("/users", users, "users", None))}
                    {counts.mail.map(|mail| view! { <Mail mail /> })}
                </div>
            </section>
        </div>
    }
    .into_any()
}

/// What somebody should look at; says so when there is nothing.
#[component]
fn Attention(tasks: TaskCounts) -> impl IntoView {
    let figures = [
        figure_if("/provisioning-tasks?has_locked=yes", tasks.locked, "locked", Some("lock")),
        figure_if("/provisioning-tasks?has_expired=yes", tasks.expired, "expired", Some("bang")),
        figure_if("/provisioning-tasks?mail_failed=yes", tasks.mail_failed, "with failed mail", Some("alert")),
        figure_if("/provisioning-tasks?sort=stop", tasks.stopping_soon, "tasks stop within three days", Some("clock")),
    ];
    let any = figures.iter().any(Option::is_some);
    view! {
        <section aria-labelledby="attention">
            <h2 id="attention">"Needs attention"</h2>
            {if any {
                Either::Left(view! { <div class="figures">{figures.into_iter().flatten().collect_view()}</div> })
            } else {
                Either::Right(view! { <p class="soft">"Nobody is locked or expired, and all mail went out."</p> })
            }}
        </section>
    }
}

#[component]
fn Mail(mail: MailSummary) -> impl IntoView {
    view! {
        {figure("/communications?state=queued", mail.waiting, "messages waiting", None)}
        {figure("/communications", mail.accepted_today, "messages sent today", None)}
    }
}

fn figure_if(href: &'static str, number: i64, words: &'static str, icon: Option<&'static str>) -> Option<AnyView> {
    (number > 0).then(|| figure(href, number, words, icon))
}

fn figure(href: &'static str, number: i64, words: &'static str, icon: Option<&'static str>) -> AnyView {
    view! {
        <a class="figure" href=href>
            <b>{grouped(number)}</b>
            <span>{icon.map(|name| view! { <Icon name /> })} {words}</span>
        </a>
    }
    .into_any()
}
