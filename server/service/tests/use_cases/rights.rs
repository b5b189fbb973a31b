//! Every method of the port and every built-in role: allowed, or refused with the right's name (spec §3.6). A method without a line
//! here fails the first test.

use crate::stage::invited;
use model::{
    Answer, Refusal,
    actor::Actor,
    audit::{ActivityQuery, AuditQuery},
    bulk::{BulkAct, BulkConfirmForm, BulkConsole, BulkForm, BulkQuery, SelectionOf},
    console::{Console, Import},
    edit::{EditTaskForm, RemoveTaskForm},
    export::{ExportQuery, Exported, Format},
    forms::{ButtonForm, PasteForm, ProvisionForm, ResendForm, SelectForm, SignInForm, UnlockForm, UserForm},
    live::{TasksAgain, Watching},
    message::MessageQuery,
    operator::{OperatorForm, OperatorQuery, PasswordForm, ResetForm, RoleForm},
    policy::{PolicyForm, PolicyLogQuery},
    query::Query,
    report::EnrollmentQuery,
    rights::{
        BuiltIn,
        Right::{self, *},
    },
    task::{TaskQuery, TaskState, TaskUserQuery},
    user::UserQuery,
};
use service::testing::{Rig, client};

/// The port's own text: what it declares is what must be listed.
const PORT: &str = include_str!("../../../../app/model/src/console.rs");
/// Its part that a page asks by itself.
const WATCHING: &str = include_str!("../../../../app/model/src/live.rs");
/// Its part about acts over many enrollments.
const BULK: &str = include_str!("../../../../app/model/src/bulk/console.rs");

/// Declared outside the table: they ask for nobody's right.
const WITHOUT_ACTOR: [&str; 5] = ["sign_in", "operator", "watcher", "sign_out", "form_key"];

/// One line for each method: what it is called with, and the right it needs (`None`: any operator may).
macro_rules! table {
    ($by:ident, $rig:ident, $task:ident; $($method:ident($($argument:expr),*) => $needs:expr;)*) => {
        const METHODS: &[(&str, Option<Right>)] = &[$((stringify!($method), $needs)),*];

        async fn ask(method: &str, $rig: &Rig, $by: &Actor, $task: i64) -> Answer<()> {
            match method {
                $(stringify!($method) => $rig.service.$method($by, $($argument),*).await.map(drop),)*
                other => panic!("{other} is not in the table"),
            }
        }
    };
}

table! {
    by, rig, task;
    empty_form(UsersManage) => Some(UsersManage);
    dashboard() => None;
    users(&UserQuery::all()) => Some(UsersView);
    user(1) => Some(UsersView);
    user_to_edit(1) => Some(UsersManage);
    authentication_methods(1) => Some(UsersView);
    add_user(&UserForm::default()) => Some(UsersManage);
    edit_user(1, &UserForm::default()) => Some(UsersManage);
    set_user_enabled(1, true, &button(rig)) => Some(UsersManage);
    user_to_delete(1) => Some(UsersManage);
    delete_user(999, &button(rig)) => Some(UsersManage);
    user_task(1, task) => Some(ProvisioningResend);
    resend(1, task, &ResendForm { key: rig.key(), ..ResendForm::default() }) => Some(ProvisioningResend);
    unlock(1, task, &UnlockForm { key: rig.key(), ..UnlockForm::default() }) => Some(ProvisioningManage);
    import_users(b"", &Import::default()) => Some(UsersManage);
    select_users(&SelectForm { act: "keep".into(), key: rig.key(), ..SelectForm::default() }) => Some(UsersView);
    selected_users("none") => None;
    paste_users(&PasteForm { key: rig.key(), ..PasteForm::default() }) => Some(UsersView);
    provision_choices(None) => Some(ProvisioningCreate);
    review_provision(&ProvisionForm::default()) => Some(ProvisioningCreate);
    provision(&ProvisionForm::default()) => Some(ProvisioningCreate);
    provision_result(task) => Some(ProvisioningCreate);
    tasks(&TaskQuery::all()) => Some(ProvisioningManage);
    live("") => Some(ProvisioningManage);
    tasks_again(&TasksAgain::default()) => Some(ProvisioningManage);
    reported_tasks(&TaskQuery::all()) => Some(ReportsView);
    task_to_edit(task, &TaskUserQuery::default()) => Some(ProvisioningManage);
    task(task, &TaskUserQuery::default()) => Some(ProvisioningManage);
    enrollments(&EnrollmentQuery::all()) => Some(ReportsView);
    export(&ExportQuery { what: Exported::Enrollments(EnrollmentQuery::all()), format: Format::Json }) => Some(ReportsView);
    edit_task(task, &EditTaskForm { key: rig.key(), ..EditTaskForm::default() }) => Some(ProvisioningManage);
    remove_task(999, &RemoveTaskForm { key: rig.key(), version: "1".into(), ..RemoveTaskForm::default() }) => Some(ProvisioningManage);
    select_tasks(&SelectForm { act: "keep".into(), ..SelectForm::default() }) => Some(ProvisioningManage);
    select_enrollments(&SelectForm { act: "keep".into(), ..SelectForm::default() }) => Some(ReportsView);
    selected_rows(SelectionOf::Tasks, "none", &[]) => None;
    bulk_choice(BulkAct::Resend, "none") => Some(ProvisioningResend);
    plan_bulk(&BulkForm { act: "remove".into(), key: rig.key(), ..BulkForm::default() }) => Some(ProvisioningManage);
    bulk_act(999, BulkQuery::default()) => None;
    bulk_acts() => None;
    confirm_bulk(999, &BulkConfirmForm { key: rig.key(), ..BulkConfirmForm::default() }) => None;
    select_too_old(999, &button(rig)) => Some(ProvisioningResend);
    cancel_bulk(999, &button(rig)) => None;
    messages(&MessageQuery::all()) => Some(MessagesManage);
    mail_summary() => Some(MessagesManage);
    retry_message(1, &button(rig)) => Some(ProvisioningResend);
    resume_mail(&button(rig)) => Some(MessagesManage);
    audit(&AuditQuery::read(&model::form::Fields::default())?) => Some(AuditView);
    activity(1, &ActivityQuery::read(&model::form::Fields::default())?) => Some(UsersView);
    policy() => Some(PolicyManage);
    change_policy(&PolicyForm::default()) => Some(PolicyManage);
    policy_log(&PolicyLogQuery::read(&model::form::Fields::default())?) => Some(PolicyManage);
    operators(&OperatorQuery::read(&model::form::Fields::default())?) => Some(OperatorsManage);
    operator_detail(None) => Some(OperatorsManage);
    new_operator(&OperatorForm::default()) => Some(OperatorsManage);
    edit_operator(1, &OperatorForm::default()) => Some(OperatorsManage);
    set_operator_enabled(2, true, &button(rig)) => Some(OperatorsManage);
    reset_password(2, &ResetForm::default()) => Some(OperatorsManage);
    roles() => Some(OperatorsManage);
    new_role(&RoleForm::default()) => Some(OperatorsManage);
    edit_role("Auditor", &RoleForm::default()) => Some(OperatorsManage);
    remove_role("Auditor", &button(rig)) => Some(OperatorsManage);
    account("") => None;
    change_password("", &PasswordForm::default()) => None;
    end_session("", &button(rig)) => None;
    end_other_sessions("", &button(rig)) => None;
}

fn button(rig: &Rig) -> ButtonForm {
    ButtonForm { key: rig.key() }
}

#[test]
fn every_method_of_the_port_has_a_line() {
    let text = |port: &'static str, name| port.split(name).nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
    let parts = [text(PORT, "pub trait Console"), text(WATCHING, "pub trait Watching"), text(BULK, "pub trait BulkConsole")];
    let declared = parts.iter().flat_map(|text| text.lines()).map(str::trim).filter(|line| !line.starts_with("//"));
    let declared = declared.filter_map(|line| line.split("fn ").nth(1)?.split(['(', '<']).next());
    let listed: Vec<&str> = METHODS.iter().map(|(name, _)| *name).chain(WITHOUT_ACTOR).collect();
    let declared: Vec<&str> = declared.collect();
    assert!(declared.len() >= 40, "{declared:?}");
    let missing: Vec<_> = declared.iter().filter(|name| !listed.contains(name)).collect();
    assert!(missing.is_empty(), "without a line: {missing:?}");
}

#[tokio::test]
async fn every_method_is_allowed_or_refused_with_the_name_of_its_right() {
    let rig = Rig::new().await.unwrap();
    let (task, _) = invited(&rig, "kim").await;
    for (role, by) in BuiltIn::ALL.into_iter().zip([&rig.olga, &rig.paul, &rig.hedy, &rig.audrey]) {
        for (method, needs) in METHODS {
            let answer = ask(method, &rig, by, task.task).await;
            let forbidden = needs.filter(|right| !role.rights().has(*right)).map(Refusal::Forbidden);
            let what = format!("{method} by {}: {answer:?}", role.name());
            match forbidden {
                Some(forbidden) => {
                    assert_eq!(answer.as_ref().err(), Some(&forbidden), "{what}");
                    assert!(forbidden.to_string().contains(needs.unwrap().name()), "{what}");
                }
                None => assert!(!matches!(answer, Err(Refusal::Forbidden(_) | Refusal::Accident { .. })), "{what}"),
            }
        }
    }
}

#[tokio::test]
async fn what_depends_on_more_than_a_right_is_refused_to_who_has_neither() {
    let rig = Rig::new().await.unwrap();
    let (task, _) = invited(&rig, "kim").await;
    // The result of somebody else's act is for who manages tasks.
    for by in [&rig.hedy, &rig.audrey] {
        assert!(rig.service.provision_result(by, task.task).await.is_err());
    }
    // Tasks of every state are for who reports, wherever they may be managed.
    for state in [TaskState::Outstanding, TaskState::Completed, TaskState::Removed] {
        let query = TaskQuery { state, ..TaskQuery::all() };
        for by in [&rig.olga, &rig.paul, &rig.audrey] {
            assert!(rig.service.reported_tasks(by, &query).await.is_ok(), "{state:?} for {}", by.user_id);
        }
        assert_eq!(rig.service.reported_tasks(&rig.hedy, &query).await.err(), Some(Refusal::Forbidden(ReportsView)));
    }
    // Another address than the profile's takes a right of its own, which is named before a reason is asked for.
    let elsewhere = ResendForm {
        email: "kim@elsewhere.example".into(),
        profile: "kim@people.example".into(),
        key: rig.key(),
        ..ResendForm::default()
    };
    let user = rig.service.task(&rig.paul, task.task, &TaskUserQuery::default()).await.unwrap().users.rows[0].user;
    let answer = rig.service.resend(&rig.hedy, user, task.task, &elsewhere).await;
    assert_eq!(answer, Err(Refusal::Forbidden(ProvisioningRedirect)));
    // Signing in needs no right, and a stranger no actor.
    let form = SignInForm { user_id: "nobody".into(), password: "x".into(), to: String::new() };
    assert_eq!(rig.service.sign_in(&form, &client("192.0.2.1"), "", None).await, Err(Refusal::SignInFailed));
}
