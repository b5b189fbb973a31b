//! `/`: how things stand, and what needs attention.

use super::tasks::task_address;
use crate::{
    api::dashboard::dashboard_page,
    parts::{
        icon::Icon,
        load::load,
        notice::{Notice, Tone},
        progress::ProgressBar,
        status::On,
        title::PageTitle,
    },
};
use leptos::{either::Either, prelude::*};
use model::{
    console::{Dashboard as Standing, Figure, What},
    listing::grouped,
    message::MailSummary,
    task::{TaskQuery, TaskRow},
};

/// The first page after sign-in.
#[component]
pub fn Dashboard() -> impl IntoView {
    load(|| (), |()| dashboard_page(), show)
}

fn show(standing: Standing) -> AnyView {
    let last = standing.last.filter(|tasks| !tasks.is_empty());
    view! {
        <PageTitle heading="Dashboard" line=standing.organisation />
        <div class="sections">
            {standing.attention.map(|figures| view! { <Attention figures /> })}
            <section aria-labelledby="now">
                <h2 id="now">"Now"</h2>
                <div class="figures">
                    {standing.outstanding.map(counted)}
                    {standing.users.map(|users| figure("/users".to_owned(), grouped(users), "users", None))}
                </div>
            </section>
            {standing.mail.map(|mail| view! { <Mail mail /> })}
            {last.map(|tasks| view! { <Last tasks zone=standing.zone /> })}
        </div>
    }
    .into_any()
}

/// What somebody should look at; says so when there is nothing.
#[component]
fn Attention(figures: Vec<Figure>) -> impl IntoView {
    let some: Vec<AnyView> = figures.into_iter().filter(|figure| !figure.is_none()).map(counted).collect();
    view! {
        <section aria-labelledby="attention">
            <h2 id="attention">"Needs attention"</h2>
            {if some.is_empty() {
                Either::Right(view! { <p class="soft">"Nobody is locked, expired or about to be, and no mail failed."</p> })
            } else {
                Either::Left(view! { <div class="figures">{some}</div> })
            }}
        </section>
    }
}

fn counted(of: Figure) -> AnyView {
    let look = match of.what {
        What::Outstanding => None,
        What::Stopping => Some(("clock", "figure")),
        What::Expired => Some(("bang", "figure expired")),
        What::Locked => Some(("lock", "figure locked")),
        What::MailFailed | What::MailBounced => Some(("alert", "figure failed")),
        What::Asked => Some(("mail", "figure")),
    };
    let words = of.words();
    figure(of.href, of.total.to_string(), words, look)
}

/// `look`: its icon, and its classes.
fn figure(href: String, number: String, words: &'static str, look: Option<(&'static str, &'static str)>) -> AnyView {
    let (icon, class) = look.unzip();
    view! {
        <a class=class.unwrap_or("figure") href=href>
            <b>{number}</b>
            <span>{icon.map(|name| view! { <Icon name /> })} {words}</span>
        </a>
    }
    .into_any()
}

/// How the mail is going.
#[component]
fn Mail(mail: MailSummary) -> impl IntoView {
    let (words, stands) = going(&mail);
    let said =
        if stands { view! { <Notice tone=Tone::Bad>{words}</Notice> }.into_any() } else { view! { <p>{words}</p> }.into_any() };
    view! {
        <section aria-labelledby="mail">
            <h2 id="mail">"Mail"</h2>
            {said}
            <p><a href="/communications">"All messages"</a></p>
        </section>
    }
}

/// How it is going, in a sentence or two; and whether it stands still.
fn going(mail: &MailSummary) -> (String, bool) {
    if let Some(why) = &mail.paused {
        return (format!("Mail is paused: {why}"), true);
    }
    if mail.waiting == 0 {
        return (format!("No mail waits. {} went out to {} today.", mail.accepted_today, mail.transport), false);
    }
    let waiting =
        if mail.waiting == 1 { "1 message waits".to_owned() } else { format!("{} messages wait", grouped(mail.waiting)) };
    let trouble = mail.trouble.as_ref().map(|why| format!(" The last one that was put off: {why}")).unwrap_or_default();
    match mail.rest_out {
        Some(at) => {
            let pace = grouped(mail.last_minute);
            (format!("{waiting}; {pace} went out in the last minute, so all will be out about {at}.{trouble}"), false)
        }
        None => (format!("{waiting}, and none went out in the last minute.{trouble}"), mail.trouble.is_some()),
    }
}

/// The tasks made last, with how far they are.
#[component]
fn Last(tasks: Vec<TaskRow>, zone: String) -> impl IntoView {
    let rows = tasks.into_iter().map(|row| {
        view! {
            <tr>
                <td class="key">
                    <a href=task_address(row.number, &TaskQuery::all())>{row.number}</a>
                </td>
                <td class="clip"><bdi>{row.operator}</bdi></td>
                <td class="clip soft wide">
                    <bdi>{if row.description.is_empty() { "–".to_owned() } else { row.description }}</bdi>
                </td>
                <td class="wide"><On day=row.start /></td>
                <td class="end"><On day=row.stop /></td>
                <td class="second"><ProgressBar progress=row.progress /></td>
            </tr>
        }
    });
    view! {
        <section aria-labelledby="last">
            <h2 id="last">"Last tasks"</h2>
            <div class="card list">
                <table class="cards tasks">
                    <caption>"Last tasks"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Task"</th>
                            <th scope="col">"Operator"</th>
                            <th scope="col">"Description"</th>
                            <th scope="col">"Start Date"</th>
                            <th scope="col">"Stop Date"</th>
                            <th scope="col">"Progress"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
                <footer class="pager">
                    <span>"Dates in " {zone}</span>
                    <span class="pages"><a href="/bulk">"Acts over many"</a></span>
                </footer>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::day::Moment;

    #[test]
    fn how_the_mail_is_going_is_said_with_what_keeps_it() {
        let none = MailSummary { transport: "the folder mail".into(), ..MailSummary::default() };
        assert_eq!(going(&none), ("No mail waits. 0 went out to the folder mail today.".into(), false));
        let at = Some(Moment { at: 1_795_338_000_000, offset: 60 });
        let busy = MailSummary { waiting: 1_200, last_minute: 400, rest_out: at, ..none.clone() };
        let said = "1,200 messages wait; 400 went out in the last minute, so all will be out about 22 Nov 2026 10:00.";
        assert_eq!(going(&busy), (said.into(), false));
        let stuck = MailSummary { waiting: 1, trouble: Some("The relay does not answer.".into()), ..none.clone() };
        let said =
            "1 message waits, and none went out in the last minute. The last one that was put off: The relay does not answer.";
        assert_eq!(going(&stuck), (said.into(), true));
        let paused = MailSummary { waiting: 1, paused: Some("The password is wrong.".into()), ..none };
        assert_eq!(going(&paused), ("Mail is paused: The password is wrong.".into(), true));
    }
}
