//! `/provisioning-tasks/{n}/edit`: some users are removed, or some or all get a new stop date (spec §3.3). On its page or in a dialog.

use super::{ROOT, edited::Edited, remove::Version};
use crate::{
    address::Address,
    api::tasks::{OpenTask, edit_task_page},
    boot::use_boot,
    parts::{
        dialog::Dialog,
        field::{CheckBox, Problem, TextField},
        form::{ActForm, Cancel, FormState, Hidden, Submit},
        list::{Pager, Search},
        load::{load, use_own_act_address},
        notice::{Notice, Tone},
        status::{On, StatusMark},
        title::PageTitle,
    },
};
use leptos::{ev, prelude::*};
use model::{
    edit::{TYPED_ABOVE, TaskEdited},
    enrollment::Status,
    listing::grouped,
    policy::Policy,
    query::Query,
    task::{TaskRow, TaskUserQuery, TaskUserRow},
};

/// The page.
#[component]
pub fn EditTaskPage() -> impl IntoView {
    let here = use_own_act_address(ROOT, "/edit");
    load(move || here.get(), |(number, query)| edit_task_page(number, query), |open| show(open, true))
}

/// The form of a task, over the list.
#[component]
pub fn EditTaskForm(
    /// The task.
    number: i64,
) -> impl IntoView {
    load(move || number.to_string(), |number| edit_task_page(number, "users.size=100".to_owned()), |open| show(open, false))
}

fn show(open: OpenTask, on_page: bool) -> AnyView {
    let (number, outstanding) = (open.task.row.number, open.task.row.outstanding);
    let heading = on_page.then(|| view! { <PageTitle heading=format!("Edit task {number}") /> });
    // What an edit came to is told even where it left nothing to edit.
    let edited = use_boot().posted.is_some_and(|posted| posted.path == format!("{ROOT}/{number}/edit"));
    let body = if outstanding || edited { form(open, on_page) } else { over(number) };
    view! {
        {heading}
        <div class:card=on_page class:padded=on_page class="edit-task">{body}</div>
    }
    .into_any()
}

/// Nothing is left to edit.
pub fn over(number: i64) -> AnyView {
    view! {
        <Notice tone=Tone::Info>
            <p>{format!("Task {number} is completed; its data is kept for reporting. There is nothing left to edit.")}</p>
            <p><a href=format!("{ROOT}/{number}")>{format!("Task {number}")}</a></p>
        </Notice>
    }
    .into_any()
}

fn form(open: OpenTask, on_page: bool) -> AnyView {
    let number = open.task.row.number;
    let action = Address::of(format!("{ROOT}/{number}/edit"), &open.query.write().to_query()).to_string();
    let key = open.key.clone();
    let row = open.task.row.clone();
    let zone = open.task.users.zone.clone();
    let tools = on_page.then(|| tools(&open));
    view! {
        <p class="soft">{summary(&row)} " · " <StopLine row=row.clone() /> ", to its end in " {zone}</p>
        {tools}
        <ActForm action class="stack">
            <Body open key />
        </ActForm>
    }
    .into_any()
}

fn summary(row: &TaskRow) -> String {
    let open = row.progress.count() - row.progress.completed;
    format!("{}, {} open", users(row.progress.count()), grouped(open))
}

fn users(count: i64) -> String {
    if count == 1 { "1 user".to_owned() } else { format!("{} users", grouped(count)) }
}

#[component]
fn StopLine(row: TaskRow) -> impl IntoView {
    view! { "Stop Date " <super::StopDate stop=row.stop from=row.stop_from /> }
}

/// Search among the users; the address carries it, so it works without script and ticks what it shows.
fn tools(open: &OpenTask) -> impl IntoView + use<> {
    let path = format!("{ROOT}/{}/edit", open.task.row.number);
    let here = Address::of(path.clone(), &open.query.write().to_query());
    view! {
        <Search
            label="Search the users of this task"
            here
            path
            name="users.search"
            cursor="users.cursor"
            value=open.query.search.clone()
        />
    }
}

/// The form until it is done, then what was done.
#[component]
fn Body(open: OpenTask, key: String) -> impl IntoView {
    let state = FormState::here();
    move || match state.report::<TaskEdited>() {
        Some(edited) => view! { <Edited edited /> }.into_any(),
        None => fields(open.clone(), key.clone()),
    }
}

fn fields(open: OpenTask, key: String) -> AnyView {
    let state = FormState::here();
    let row = open.task.row.clone();
    let version = row.edit_version;
    let ticked = open.task.users.rows.iter().filter(|user| is_ticked(state, user)).count();
    let ticks = RwSignal::new(ticked);
    let open_users = row.progress.count() - row.progress.completed;
    let shown_open = open.task.users.rows.iter().filter(|user| user.status.is_open()).count();
    let today = open.task.users.now.day();
    view! {
        <UserBoxes open ticks />
        <div class="two-acts">
            <NewStopDate ticks open_users row today />
            <RemoveUsers ticks many={i64::try_from(shown_open).unwrap_or(i64::MAX) > TYPED_ABOVE} />
        </div>
        <Version version />
        <Hidden name="key" value=key />
    }
    .into_any()
}

fn is_ticked(state: FormState, user: &TaskUserRow) -> bool {
    user.status.is_open() && state.chosen("select", &user.enrollment.to_string()).unwrap_or_default()
}

/// The users, each open one with a box.
#[component]
fn UserBoxes(open: OpenTask, ticks: RwSignal<usize>) -> impl IntoView {
    let state = FormState::here();
    let problem_id = state.id("select-problem");
    let described = problem_id.clone();
    let (number, users) = (open.task.row.number, open.task.users);
    let in_dialog = use_context::<Dialog>().is_some();
    let rows = users.rows.into_iter().map(|user| view! { <UserBox user number ticks /> }).collect_view();
    let path = format!("{ROOT}/{number}/edit");
    let here = Address::of(path.clone(), &open.query.write().to_query());
    let more = users.next.is_some() || users.previous.is_some();
    let pages = if in_dialog {
        more.then(|| {
            view! {
                <p class="soft">
                    "The first 100 users are shown. "
                    <a href=path rel="external">"Open this form on its own page"</a>
                    " to search and see the others."
                </p>
            }
        })
        .into_any()
    } else {
        view! {
            <Pager
                here
                prefix=TaskUserQuery::PREFIX
                total=users.total
                what="user"
                size=open.query.paging.size
                previous=users.previous
                next=users.next
            />
        }
        .into_any()
    };
    view! {
        <fieldset class="field user-boxes" aria-describedby=described>
            <legend>"Users"</legend>
            <ul>{rows}</ul>
            <Problem name="select" id=problem_id />
        </fieldset>
        {pages}
    }
}

#[component]
fn UserBox(user: TaskUserRow, number: i64, ticks: RwSignal<usize>) -> impl IntoView {
    let state = FormState::here();
    let id = state.id(&format!("select-{}", user.enrollment));
    let (checked, name_id) = (is_ticked(state, &user), format!("{id}-name"));
    let status = user.status;
    let tick = move |event: ev::Event| {
        let ticked = event_target_checked(&event);
        ticks.update(|ticks| *ticks = if ticked { *ticks + 1 } else { ticks.saturating_sub(1) });
    };
    let label = format!("Select {}", user.user_id);
    let box_ = status.is_open().then(|| {
        view! {
            <input
                type="checkbox"
                id=id.clone()
                name="select"
                value=user.enrollment.to_string()
                checked=checked
                aria-label=label
                aria-describedby=name_id.clone()
                on:change=tick
            />
        }
    });
    let unlock = (status == Status::Locked).then(|| {
        let href = format!("/users/{}/provisioning-tasks/{number}/unlock", user.user);
        view! { " " <a href=href aria-label=format!("Unlock {}", user.user_id)>"Unlock"</a> }
    });
    view! {
        <li>
            {box_}
            <label for=id id=name_id><bdi>{user.name}</bdi> " " <span class="soft"><bdi>{user.user_id}</bdi></span></label>
            <span class="soft wide"><On day=user.stop /></span>
            <span><StatusMark status /> {unlock}</span>
        </li>
    }
}

/// The date, for whom, **Apply** and **Cancel**.
#[component]
fn NewStopDate(ticks: RwSignal<usize>, open_users: i64, row: TaskRow, today: model::day::Day) -> impl IntoView {
    let last = today.plus(Policy::MOST_DAYS_AHEAD);
    let value = row.stop.max(today).iso();
    let state = FormState::here();
    let all = state.typed("scope").is_some_and(|scope| scope == "all");
    let (selected_id, all_id) = (state.id("scope-selected"), state.id("scope-all"));
    view! {
        <section aria-labelledby="new-stop-date" class="stack">
            <h2 id="new-stop-date">"New Stop Date"</h2>
            <TextField name="stop_on" label="New Stop Date" kind="date" value min=today.iso() max=last.iso()
                hint="The last day, to its end. Earlier or later than before; Expired becomes Active again." />
            <fieldset class="field choices">
                <legend>"For"</legend>
                <div class="choice">
                    <input type="radio" id=selected_id.clone() name="scope" value="selected" checked=!all />
                    <label for=selected_id>"Selected users (" {move || ticks.get()} ")"</label>
                </div>
                <div class="choice">
                    <input type="radio" id=all_id.clone() name="scope" value="all" checked=all />
                    <label for=all_id>{format!("All open users ({})", grouped(open_users))}</label>
                </div>
            </fieldset>
            <div class="buttons">
                <Submit label="Apply" name="act" value="apply" />
                <Cancel href=format!("{ROOT}/{}", row.number) />
            </div>
        </section>
    }
}

/// The notice, the count, **Remove**.
#[component]
fn RemoveUsers(ticks: RwSignal<usize>, many: bool) -> impl IntoView {
    let count = many.then(|| {
        view! {
            <TextField
                name="count"
                label="How many"
                inputmode="numeric"
                hint=format!("To remove more than {TYPED_ABOVE} users, type how many.")
            />
        }
    });
    view! {
        <section aria-labelledby="remove-users" class="stack">
            <h2 id="remove-users">"Remove"</h2>
            <CheckBox name="notify" label="Notify users by email" />
            {count}
            <p class="soft">"Removed users can no longer enroll. This action cannot be reversed."</p>
            <div class="buttons">
                <Submit label="Remove selected users" danger=true name="act" value="remove" />
                <span class="soft" aria-live="polite">{move || format!("{} selected", ticks.get())}</span>
            </div>
        </section>
    }
}
