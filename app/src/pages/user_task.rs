//! `/users/{id}/provisioning-tasks/{n}`: Resend, and `…/unlock` below it. Each form stands on its page or in a dialog.

use crate::{
    api::{Error, users::user_task_page},
    pages::tasks::act_address,
    parts::{
        dialog::{ActLink, Leave},
        field::TextField,
        form::{ActForm, Buttons, Cancel, FormState, Hidden, Submit},
        load::load,
        notice::{Notice, Tone},
        status::{MailNoteMark, On, StatusMark},
        title::PageTitle,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    Answer, Refusal,
    enrollment::{Note, Status},
    form::{Fields, Form},
    forms::ResendForm,
    policy::AlternateAddresses,
    resend::{UserTask, user_task_path},
    task::TaskQuery,
    user::email_key,
};

/// The page of Resend.
#[component]
pub fn ResendPage() -> impl IntoView {
    let (id, task) = addressed();
    view! {
        <PageTitle heading=format!("Resend task {task}") />
        <div class="card padded form-card">
            <ResendTask id task />
        </div>
    }
}

/// Resend.
#[component]
pub fn ResendTask(
    /// The user's row, as the address names it.
    id: String,
    /// The task's number, as the address names it.
    task: String,
) -> impl IntoView {
    load(move || (id.clone(), task.clone()), |(id, task)| user_task_page(id, task), resend)
}

/// The page of Unlock.
#[component]
pub fn UnlockPage() -> impl IntoView {
    let (id, task) = addressed();
    view! {
        <PageTitle heading=format!("Unlock task {task}") />
        <div class="card padded form-card">
            <UnlockTask id task />
        </div>
    }
}

/// Unlock.
#[component]
fn UnlockTask(id: String, task: String) -> impl IntoView {
    load(move || (id.clone(), task.clone()), |(id, task)| user_task_page(id, task), unlock)
}

/// The user and the task of the address.
fn addressed() -> (String, String) {
    let params = use_params_map().get_untracked();
    (params.get("id").unwrap_or_default(), params.get("number").unwrap_or_default())
}

fn resend(task: UserTask) -> AnyView {
    let why_not = obstacle(&task);
    let form = why_not.is_none().then(|| view! { <ResendFields task=task.clone() /> });
    view! {
        <div class="stack">
            <Facts task=task.clone() resends=form.is_some() />
            {why_not.map(|why| view! { <NotNow why task /> })}
            {form}
        </div>
    }
    .into_any()
}

/// Why nothing can be resent, before anything is typed.
fn obstacle(task: &UserTask) -> Option<String> {
    if task.status != Status::Active {
        return Some(Refusal::NotActive(task.status).to_string());
    }
    if !task.may.resend {
        return Some(Refusal::Forbidden(model::rights::Right::ProvisioningResend).to_string());
    }
    task.disabled.then(|| Refusal::UserDisabled.to_string())
}

/// Whose enrollment it is, and how it stands.
#[component]
fn Facts(task: UserTask, resends: bool) -> impl IntoView {
    let line = if task.name == task.user_id { task.user_id.clone() } else { format!("{} · {}", task.name, task.user_id) };
    let notes = task.notes.iter().map(Note::to_string).collect::<Vec<_>>().join(" · ");
    let mail = task.mail.map(|mail| {
        view! { " " <MailNoteMark mail /> }
    });
    let new_stop = resends.then(|| view! { <dt>"New Stop Date"</dt><dd><strong><On day=task.new_stop /></strong></dd> });
    view! {
        <dl class="facts">
            <dt>"User"</dt>
            <dd><Leave href=format!("/users/{}", task.id)><bdi>{line}</bdi></Leave></dd>
            <dt>"Authentication Type"</dt>
            <dd>{task.kind.name()}</dd>
            <dt>"Status"</dt>
            <dd>
                <StatusMark status=task.status />
                {(!notes.is_empty()).then(|| view! { " " <small class="soft">{notes}</small> })}
            </dd>
            <dt>"Provisioned to"</dt>
            <dd>{task.provisioned_to} {mail}</dd>
            <dt>"Stop Date"</dt>
            <dd><On day=task.stop /> <small class="soft">" " {task.zone}</small></dd>
            {new_stop}
        </dl>
    }
}

/// Where there is something to do first, for those who may.
#[component]
fn NotNow(why: String, task: UserTask) -> impl IntoView {
    let path = user_task_path(task.id, task.task);
    let unlock = (task.may.manage && task.status == Status::Locked)
        .then(|| view! { <Leave href=format!("{path}/unlock") class="button">"Unlock"</Leave> });
    let new_stop = (task.may.manage && matches!(task.status, Status::Locked | Status::Expired)).then(|| {
        view! { <Leave href=edit_alone(&task) class="button">"New Stop Date"</Leave> }
    });
    view! {
        <Notice tone=Tone::Warning>{why}</Notice>
        <div class="buttons">
            {unlock} {new_stop}
            <Cancel href=methods(task.id) />
        </div>
    }
}

/// Edit of the task with this user alone in sight, and ticked.
fn edit_alone(task: &UserTask) -> String {
    let edit = act_address(task.task, "edit", &TaskQuery::all());
    edit.with("users.search", &task.user_id).with("select", task.enrollment.to_string()).to_string()
}

fn methods(id: i64) -> String {
    format!("/users/{id}/authentication-methods")
}

fn check_resend(fields: &Fields) -> Answer<()> {
    ResendForm::read(fields)?.check()?;
    Ok(())
}

#[component]
fn ResendFields(task: UserTask) -> impl IntoView {
    let what = if task.link_expired() {
        "The link is too old, though the stop date is not over. Resend sends a new link."
    } else {
        "Resend sends a new link. All earlier links and what was begun with them stop working."
    };
    let day_is_full = task.day_is_full;
    let again = task.again.map(|again| Refusal::ResentLately { again, day_is_full }.to_string());
    let may_redirect = task.may_redirect();
    view! {
        <ActForm action=user_task_path(task.id, task.task) check=check_resend class="stack">
            <p>{what}</p>
            {again.map(|why| view! { <TooSoon why /> })}
            <Addressee task=task.clone() />
            {may_redirect.then(|| view! {
                <TextField
                    name="reason"
                    label="Reason"
                    hint="Needed only for another address. The profile’s address is told of it, and can stop it."
                />
            })}
            <Hidden name="key" value=task.key />
            <Buttons>
                <Submit label="Resend" />
                <Cancel href=methods(task.id) />
            </Buttons>
        </ActForm>
    }
}

/// Why it is too soon, until the form says it.
#[component]
fn TooSoon(why: String) -> impl IntoView {
    let state = FormState::here();
    move || {
        let why = why.clone();
        let said = matches!(state.no(), Some(Error::Refused(Refusal::ResentLately { .. })));
        (!said).then(|| view! { <Notice tone=Tone::Warning>{why}</Notice> })
    }
}

/// The address, and the profile's as the operator sees it. Where that changed meanwhile, the new one is shown and sent; an address
/// that was typed in its place stays.
#[component]
fn Addressee(task: UserTask) -> impl IntoView {
    let state = FormState::here();
    let redirect = task.may_redirect();
    let hint = match &task.alternate {
        _ if !redirect => "The address of the profile.".to_owned(),
        AlternateAddresses::Domains(domains) => format!("The address of the profile, or one of: {}.", domains.join(", ")),
        _ => "The address of the profile, or another for this one message.".to_owned(),
    };
    let other = state.typed("email").filter(|typed| state.typed("profile").is_none_or(|was| email_key(&was) != email_key(typed)));
    let (other, profile) = (StoredValue::new(other), RwSignal::new(task.email));
    Effect::new(move |_| {
        if state.no() == Some(Error::Refused(Refusal::Stale)) {
            leptos::task::spawn_local(async move {
                if let Ok(fresh) = user_task_page(task.id.to_string(), task.task.to_string()).await {
                    profile.set(fresh.email);
                }
            });
        }
    });
    let typed = move |event: leptos::ev::Event| other.set_value(Some(event_target_value(&event)));
    let field = move || {
        let profile = profile.get();
        let value = other.get_value().filter(|_| redirect).unwrap_or_else(|| profile.clone());
        view! {
            <TextField name="email" label="Email" kind="email" value required=true readonly=!redirect kept=false hint=hint.clone() />
            <input type="hidden" name="profile" value=profile />
        }
    };
    view! { <div class="stack" on:input=typed>{field}</div> }
}

fn unlock(task: UserTask) -> AnyView {
    let why_not = (task.status != Status::Locked).then(|| Refusal::NotLocked(task.status).to_string());
    let why_not =
        why_not.or_else(|| (!task.may.manage).then(|| Refusal::Forbidden(model::rights::Right::ProvisioningManage).to_string()));
    let form = why_not.is_none().then(|| view! { <UnlockFields task=task.clone() /> });
    view! {
        <div class="stack">
            <Facts task=task.clone() resends=false />
            {why_not.map(|why| view! { <NotNow why task /> })}
            {form}
        </div>
    }
    .into_any()
}

#[component]
fn UnlockFields(task: UserTask) -> impl IntoView {
    // Where the stop date is over, unlocking alone would only make it Expired.
    let over = task.over();
    let hint =
        if over { "The stop date is over: without a later one, nobody could enroll." } else { "Empty: it stays as it is." };
    let sentence = unlocked(&task);
    let value = if over { task.policy_stop.iso() } else { String::new() };
    view! {
        <ActForm action=format!("{}/unlock", user_task_path(task.id, task.task)) class="stack">
            <p>{sentence}</p>
            <TextField name="reason" label="Reason" required=true first=true />
            <TextField name="stop_on" label="New Stop Date" kind="date" value hint />
            <Hidden name="key" value=task.key />
            <Buttons>
                <Submit label="Unlock" />
                <Cancel href=methods(task.id) />
            </Buttons>
        </ActForm>
    }
}

/// What unlocking gives back. A link that is too old or was stopped stays so: then it takes Resend, for those who may.
fn unlocked(task: &UserTask) -> &'static str {
    match (task.link_lives, task.may.resend) {
        (true, _) => "All attempts are given back. The link that was mailed works again.",
        (false, true) => {
            "All attempts are given back. The link that was mailed does not work any more: once this is unlocked, Resend sends a new one."
        }
        (false, false) => {
            "All attempts are given back. The link that was mailed does not work any more: once this is unlocked, it takes somebody \
             with the right provisioning.resend to send a new one."
        }
    }
}

/// The link from a user's table to Resend.
#[component]
pub fn EditTaskLink(
    /// The user's row.
    id: i64,
    /// The task's number.
    task: i64,
) -> impl IntoView {
    view! {
        <ActLink
            href=user_task_path(id, task)
            title=format!("Resend task {task}")
            body=move || view! { <ResendTask id=id.to_string() task=task.to_string() /> }.into_any()
        >
            "Edit"
            <span class="unseen">{format!(" task {task}")}</span>
        </ActLink>
    }
}
