//! `/provisioning-tasks/{n}/edit`: some users are removed, or some or all get a new stop date (spec §3.3). On its page or in a dialog.

use super::{ROOT, act_address, edited::Edited, remove::Version, task_address};
use crate::{
    address::Address,
    api::tasks::{OpenTask, edit_task_page},
    boot::use_boot,
    parts::{
        dialog::Leave,
        field::{CheckBox, Problem, TextField},
        form::{ActForm, Cancel, FormState, Hidden, Submit},
        icon::Icon,
        list::Search,
        load::{load, use_own_act_address},
        notice::{Notice, Tone},
        status::{On, StatusMark},
        title::PageTitle,
    },
};
use leptos::{ev, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use model::{
    edit::{EditTaskForm as Form, TYPED_ABOVE, TaskEdited},
    enrollment::Status,
    listing::Listing,
    listing::grouped,
    policy::Policy,
    query::Query,
    task::{TaskQuery, TaskRow, TaskUserQuery, TaskUserRow},
};
use std::collections::BTreeSet;

/// The page.
#[component]
pub fn EditTaskPage() -> impl IntoView {
    Ticks::provide(None);
    let here = use_own_act_address(ROOT, "/edit");
    load(move || here.get(), |(number, query)| edit_task_page(number, query), |open| show(open, true))
}

/// The form of a task, over the list.
#[component]
pub fn EditTaskForm(
    /// The task.
    number: i64,
    /// The query string of the list below.
    list: String,
) -> impl IntoView {
    let place = RwSignal::new(Address::of("", &list).with("users.size", "100").query());
    Ticks::provide(Some(place));
    load(move || (number.to_string(), place.get()), |(number, query)| edit_task_page(number, query), |open| show(open, false))
}

/// Which users are ticked, on every page of them; and where the form turns its pages.
#[derive(Clone, Copy)]
struct Ticks {
    rows: RwSignal<BTreeSet<String>>,
    /// The query of the dialog's own; on its page the form goes by the address.
    place: Option<RwSignal<String>>,
}

impl Ticks {
    /// As they were sent, or else those that the address of the page names.
    fn provide(place: Option<RwSignal<String>>) {
        let rows = match use_boot().posted {
            Some(posted) => posted.fields.many("select").map(str::to_owned).collect(),
            None if place.is_none() => use_query_map().get_untracked().get_all("select").unwrap_or_default(),
            None => Vec::new(),
        };
        provide_context(Ticks { rows: RwSignal::new(rows.into_iter().collect()), place });
    }

    fn here() -> Ticks {
        use_context().unwrap_or_else(|| Ticks { rows: RwSignal::new(BTreeSet::new()), place: None })
    }

    fn has(self, row: &str) -> bool {
        self.rows.with(|rows| rows.contains(row))
    }

    fn set(self, row: &str, ticked: bool) {
        self.rows.update(|rows| {
            if ticked {
                rows.insert(row.to_owned())
            } else {
                rows.remove(row)
            };
        });
    }

    fn count(self) -> usize {
        self.rows.with(BTreeSet::len)
    }
}

fn show(open: OpenTask, on_page: bool) -> AnyView {
    let (number, outstanding) = (open.task.row.number, open.task.row.outstanding);
    let heading = on_page.then(|| view! { <PageTitle heading=format!("Edit task {number}") /> });
    // What an edit came to is told even where it left nothing to edit.
    let edited = use_boot().posted.is_some_and(|posted| posted.path == format!("{ROOT}/{number}/edit"));
    let body = if outstanding || edited { form(open, on_page) } else { over(number, &open.list) };
    view! {
        {heading}
        <div class:card=on_page class:padded=on_page class="edit-task">{body}</div>
    }
    .into_any()
}

/// Nothing is left to edit.
pub fn over(number: i64, list: &TaskQuery) -> AnyView {
    let task = task_address(number, list);
    view! {
        <Notice tone=Tone::Info>
            <p>{format!("Task {number} is completed; its data is kept for reporting. There is nothing left to edit.")}</p>
            <p><a href=task>{format!("Task {number}")}</a></p>
        </Notice>
    }
    .into_any()
}

fn form(open: OpenTask, on_page: bool) -> AnyView {
    let action = address(&open).to_string();
    let key = open.key.clone();
    let tools = on_page.then(|| tools(&open));
    view! {
        {tools}
        <ActForm action class="stack">
            <Body open key />
        </ActForm>
    }
    .into_any()
}

/// The form's address now: the list's parameters, and those of the users.
fn address(open: &OpenTask) -> Address {
    let list = act_address(open.task.row.number, "edit", &open.list);
    let users = open.query.write();
    users.0.into_iter().fold(list, |address, (name, value)| address.with(&name, value))
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
    let here = address(open);
    view! {
        <Search
            label="Search the users of this task"
            here
            path
            name="users.search"
            cursor="users.cursor"
            value=open.query.search.clone()
        />
        <p class="keep soft">"A search begins with nothing ticked; Previous and Next keep what is."</p>
    }
}

/// The form until it is done, then what was done.
#[component]
fn Body(open: OpenTask, key: String) -> impl IntoView {
    let state = FormState::here();
    move || match state.report::<TaskEdited>() {
        Some(edited) => view! { <Edited edited back=task_address(open.task.row.number, &open.list) /> }.into_any(),
        None => fields(open.clone(), key.clone()),
    }
}

fn fields(open: OpenTask, key: String) -> AnyView {
    let row = open.task.row.clone();
    let version = row.edit_version;
    let open_users = row.progress.count() - row.progress.completed;
    let today = open.task.users.now.day();
    let back = task_address(row.number, &open.list);
    let zone = open.task.users.zone.clone();
    view! {
        <p class="soft">{summary(&row)} " · " <StopLine row=row.clone() /> ", end of day in " {zone}</p>
        // What Enter in a field presses: the first button of a form, and that is not to be a page's.
        <button type="submit" name="act" value="apply" hidden></button>
        <UserBoxes open />
        <div class="two-acts">
            <NewStopDate open_users row today back />
            <RemoveUsers many={open_users > TYPED_ABOVE} />
        </div>
        <Version version />
        <Hidden name="key" value=key />
    }
    .into_any()
}

/// The users, each open one with a box.
#[component]
fn UserBoxes(open: OpenTask) -> impl IntoView {
    let (state, ticks) = (FormState::here(), Ticks::here());
    let pages = view! { <Pages here=address(&open) users=open.task.users.clone() /> };
    // What is ticked on other pages travels unseen.
    let shown: BTreeSet<String> =
        open.task.users.rows.iter().filter(|user| user.status.is_open()).map(|user| user.enrollment.to_string()).collect();
    let elsewhere = move || {
        let rows = ticks.rows.get().into_iter().filter(|row| !shown.contains(row));
        rows.map(|row| view! { <input type="hidden" name="select" value=row /> }).collect_view()
    };
    let problem_id = state.id("select-problem");
    let described = problem_id.clone();
    let (number, users) = (open.task.row.number, open.task.users);
    let rows = users.rows.into_iter().map(|user| view! { <UserBox user number /> }).collect_view();
    view! {
        <fieldset class="field user-boxes" aria-describedby=described>
            <legend>"Users"</legend>
            <ul>{rows}</ul>
            {elsewhere}
            <Problem name="select" id=problem_id />
        </fieldset>
        {pages}
    }
}

/// The pages before and after. They are buttons of the form, so that without script what is ticked and typed goes along.
#[component]
fn Pages(here: Address, users: Listing<TaskUserRow>) -> impl IntoView {
    let cursor = format!("{}cursor", TaskUserQuery::PREFIX);
    let pages = [(users.previous, "Previous", "left"), (users.next, "Next", "right")]
        .map(|(to, label, icon)| to.map(|to| view! { <Turn to=here.clone().with(&cursor, to) label icon /> }));
    let count = users.total;
    let several = pages.iter().any(Option::is_some);
    several.then(|| {
        view! {
            <div class="pager">
                <span role="status">{format!("{count} users")}</span>
                <span class="pages">{pages.into_iter().collect_view()}</span>
            </div>
        }
    })
}

#[component]
fn Turn(to: Address, label: &'static str, icon: &'static str) -> impl IntoView {
    let (place, navigate) = (Ticks::here().place, use_navigate());
    let (address, query) = (to.to_string(), to.query());
    let turn = move |event: ev::MouseEvent| {
        event.prevent_default();
        match place {
            Some(place) => place.set(query.clone()),
            None => navigate(&address, NavigateOptions { scroll: false, ..NavigateOptions::default() }),
        }
    };
    view! {
        <button type="submit" class=format!("button small {icon}") name="act" value=Form::SHOW formaction=to.to_string() on:click=turn>
            <Icon name=icon />
            {label}
        </button>
    }
}

#[component]
fn UserBox(user: TaskUserRow, number: i64) -> impl IntoView {
    let (state, ticks) = (FormState::here(), Ticks::here());
    let id = state.id(&format!("select-{}", user.enrollment));
    let (row, name_id) = (StoredValue::new(user.enrollment.to_string()), format!("{id}-name"));
    let checked = move || row.with_value(|row| ticks.has(row));
    let status = user.status;
    let tick = move |event: ev::Event| row.with_value(|row| ticks.set(row, event_target_checked(&event)));
    let label = format!("Select {}", user.user_id);
    let box_ = status.is_open().then(|| {
        view! {
            <input
                type="checkbox"
                id=id.clone()
                name="select"
                value=user.enrollment.to_string()
                checked=untrack(checked)
                prop:checked=checked
                aria-label=label
                aria-describedby=name_id.clone()
                on:change=tick
            />
        }
    });
    let unlock = (status == Status::Locked).then(|| {
        let href = format!("/users/{}/provisioning-tasks/{number}/unlock", user.user);
        view! { " " <Leave href label=format!("Unlock {}", user.user_id)>"Unlock"</Leave> }
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
fn NewStopDate(open_users: i64, row: TaskRow, today: model::day::Day, back: String) -> impl IntoView {
    let ticks = Ticks::here();
    let last = today.plus(Policy::MOST_DAYS_AHEAD);
    let value = row.stop.max(today).iso();
    let state = FormState::here();
    let all = state.typed("scope").is_some_and(|scope| scope == "all");
    let (selected_id, all_id) = (state.id("scope-selected"), state.id("scope-all"));
    view! {
        <section aria-label="New Stop Date" class="stack">
            <TextField name="stop_on" label="New Stop Date" kind="date" value min=today.iso() max=last.iso()
                hint="The last day to enroll, until its end. Whoever has expired can enroll again." />
            <fieldset class="field choices">
                <legend>"For"</legend>
                <div class="choice">
                    <input type="radio" id=selected_id.clone() name="scope" value="selected" checked=!all />
                    <label for=selected_id>"Selected users (" {move || ticks.count()} ")"</label>
                </div>
                <div class="choice">
                    <input type="radio" id=all_id.clone() name="scope" value="all" checked=all />
                    <label for=all_id>{format!("All open users ({})", grouped(open_users))}</label>
                </div>
            </fieldset>
            <div class="buttons">
                <Submit label="Apply" name="act" value="apply" />
                <Cancel href=back />
            </div>
        </section>
    }
}

/// The notice, the count, **Remove**.
#[component]
fn RemoveUsers(many: bool) -> impl IntoView {
    let ticks = Ticks::here();
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
                <span class="soft" aria-live="polite">{move || format!("{} selected", ticks.count())}</span>
            </div>
        </section>
    }
}
