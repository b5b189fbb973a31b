//! `/communications`: every message with its state and the relay's last reply. Never a link or a code.

use crate::{
    address::Address,
    api::messages::{Communications as Page, communications_page},
    boot::use_boot,
    parts::{
        form::{ActForm, Hidden, Unclaimed},
        list::{ChipLink, MoreFilters, NameField, Nothing, Pager, SelectField, SetChips, SortHeader, by_age},
        load::{load, use_own_address},
        notice::{Notice, Tone},
        status::{MailMark, Time},
        title::PageTitle,
    },
};
use leptos::prelude::*;
use model::{
    listing::grouped,
    message::{MailState, MailSummary, MessageColumn, MessageFilter, MessageKind, MessageQuery, MessageRow},
    query::Query,
    rights::Right,
};

const PATH: &str = "/communications";

/// The outbox.
#[component]
pub fn Communications() -> impl IntoView {
    let here = use_own_address(PATH);
    load(move || here.get().1, communications_page, show)
}

fn show(page: Page) -> AnyView {
    let Page { query, messages, mail, key } = page;
    let here = Address::of(PATH, &query.write().to_query());
    let size = query.paging.size;
    let words = by_age(query.paging.sort.direction);
    let retries = messages.rows.iter().filter(|row| row.may_retry).map(|row| format!("{PATH}/{}/retry", row.id));
    let forms = mail.paused.iter().map(|_| format!("{PATH}/resume")).chain(retries).collect();
    let is_empty = messages.rows.is_empty();
    let filtered = query.filter != MessageFilter::default();
    let resume = Address::of("/communications/resume", &here.query()).to_string();
    view! {
        <PageTitle heading="Communications" line=line(&mail) />
        <Unclaimed forms />
        {mail.paused.clone().map(|why| view! { <Paused why action=resume key=format!("{key}-resume") /> })}
        <section class="card list" aria-label="Messages">
            <Tools query=query.clone() here=here.clone() />
            {if is_empty {
                view! { <Nothing what="No messages." filtered clear=PATH /> }.into_any()
            } else {
                view! { <Table query here=here.clone() rows=messages.rows key /> }.into_any()
            }}
            <Pager
                here
                total=messages.total
                what="message"
                size
                previous=messages.previous
                next=messages.next
                words
                zone=messages.zone
            />
        </section>
    }
    .into_any()
}

fn line(mail: &MailSummary) -> String {
    let failed = if mail.failed > 0 { format!(" · {} failed", grouped(mail.failed)) } else { String::new() };
    let (waiting, sent) = (grouped(mail.waiting), mail.accepted_today);
    format!("Mail goes to {} · {waiting} waiting · {sent} sent today{failed}", mail.transport)
}

/// Why nothing goes out, and the button that lets it go on.
#[component]
fn Paused(why: String, action: String, key: String) -> impl IntoView {
    view! {
        <div class="paused">
            <Notice tone=Tone::Bad>
                <p><strong>"Mail is paused. "</strong> {why}</p>
                <ActForm action quiet=true class="inline">
                    <Hidden name="key" value=key />
                    <button class="button small" type="submit">"Resume"</button>
                </ActForm>
            </Notice>
        </div>
    }
}

#[component]
fn Tools(query: MessageQuery, here: Address) -> impl IntoView {
    let filter = query.filter;
    let first = here.without("cursor");
    let often = [MailState::Queued, MailState::Deferred, MailState::Accepted, MailState::Bounced, MailState::Failed];
    let chips = MailState::ALL.into_iter().filter(|state| often.contains(state) || filter.state == Some(*state)).map(|state| {
        let on = filter.state == Some(state);
        let href = first.clone().with("state", if on { "" } else { state.code() }).to_string();
        view! { <ChipLink href on label=state.name() /> }
    });
    let chips = chips.collect_view();
    let set =
        [filter.kind.map(|kind| ("kind", kind.name().to_owned())), filter.task.map(|task| ("task", format!("Task {task}")))];
    let set: Vec<_> = set.into_iter().flatten().collect();
    view! {
        <div class="tools">
            <div class="chips" role="group" aria-label="Filters">
                {chips}
                <SetChips here=first.clone() set />
                <Values here=first filter />
            </div>
        </div>
    }
}

/// The form for the filters with a value.
#[component]
fn Values(here: Address, filter: MessageFilter) -> impl IntoView {
    let states = MailState::ALL.map(|state| (state.code(), state.name())).to_vec();
    let kinds = MessageKind::ALL.map(|kind| (kind.code(), kind.name())).to_vec();
    let task = filter.task.map(|task| task.to_string());
    view! {
        <MoreFilters action=PATH here names=vec!["state", "kind", "task"] show="Show messages">
            <SelectField name="state" label="State" options=states chosen=filter.state.map_or("", MailState::code) />
            <SelectField name="kind" label="Message" options=kinds chosen=filter.kind.map_or("", MessageKind::code) />
            <NameField name="task" label="Task" value=task digits=true />
        </MoreFilters>
    }
}

#[component]
fn Table(query: MessageQuery, here: Address, rows: Vec<MessageRow>, key: String) -> impl IntoView {
    let sort = query.paging.sort;
    let rights = use_boot().me.map(|me| me.rights).unwrap_or_default();
    let links = Links { users: rights.has(Right::UsersView), tasks: rights.has(Right::ProvisioningManage) };
    let state = here.query();
    let rows = rows.into_iter().map(|row| view! { <Row row links key=key.clone() state=state.clone() /> }).collect_view();
    view! {
        <table class="cards messages">
            <caption>"Messages"</caption>
            <thead>
                <tr>
                    <SortHeader column=MessageColumn::Made sort here label="Written" />
                    <th scope="col">"Message"</th>
                    <th scope="col">"To"</th>
                    <th scope="col">"User"</th>
                    <th scope="col">"Task"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Last reply"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// What the operator who looks may follow.
#[derive(Clone, Copy)]
struct Links {
    users: bool,
    tasks: bool,
}

#[component]
fn Row(row: MessageRow, links: Links, key: String, state: String) -> impl IntoView {
    let user = row.user.map(|(id, user_id)| match links.users {
        true => view! { <a href=format!("/users/{id}")><bdi>{user_id}</bdi></a> }.into_any(),
        false => view! { <bdi>{user_id}</bdi> }.into_any(),
    });
    let task = row.task.map(|task| match links.tasks {
        true => view! { <a href=format!("/provisioning-tasks/{task}")>{task}</a> }.into_any(),
        false => task.into_any(),
    });
    let next = row.next_try.filter(|_| row.state == MailState::Deferred);
    let next = next.map(|at| view! { <small class="soft">"Next try " <Time at /></small> });
    let tries = (row.tries > 1).then(|| format!("{} tries", grouped(row.tries)));
    let retry = row.may_retry.then(|| {
        let action = Address::of(format!("{PATH}/{}/retry", row.id), &state).to_string();
        view! { <Retry action key message=row.id to=row.to.clone() /> }
    });
    view! {
        <tr>
            <td class="key"><Time at=row.made /></td>
            <td class="wide">{row.kind.name()}</td>
            <td class="clip" title=row.to.clone()>{row.to.clone()}</td>
            <td class="clip wide">{user}</td>
            <td class="wide">{task}</td>
            <td class="end state-cell"><MailMark state=row.state /> {next}</td>
            <td class="second reply-cell">
                <span class="narrow-only">{row.kind.name()}</span>
                {(!row.reason.is_empty()).then(|| view! { <span class="reason">{row.reason}</span> })}
                {(!row.reply.is_empty()).then(|| view! { <small class="soft reply">{row.reply}</small> })}
                {tries.map(|tries| view! { <small class="soft">{tries}</small> })}
                {retry}
            </td>
        </tr>
    }
}

/// Sends a failed message again.
#[component]
pub fn Retry(
    /// The act's address, with the query of the page it stands on.
    action: String,
    /// What the idempotency keys of the page begin with.
    key: String,
    /// The message.
    message: i64,
    /// Whom it goes to.
    to: String,
) -> impl IntoView {
    view! {
        <ActForm action quiet=true class="inline">
            <Hidden name="key" value=format!("{key}-{message}") />
            <button class="button small" type="submit">"Retry" <span class="unseen">{format!(" the message to {to}")}</span></button>
        </ActForm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::listing::Total;

    #[test]
    fn the_line_names_failures_only_where_there_are_any() {
        let mail = MailSummary {
            waiting: 1200,
            accepted_today: Total::Exactly(3),
            transport: "the folder mail".into(),
            ..MailSummary::default()
        };
        assert_eq!(line(&mail), "Mail goes to the folder mail · 1,200 waiting · 3 sent today");
        assert!(line(&MailSummary { failed: 2, ..mail }).ends_with(" · 2 failed"));
    }
}
