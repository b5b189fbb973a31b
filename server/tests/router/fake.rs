//! A console that answers without a database: enough to see how pages, calls, acts and cookies hang together.

use async_trait::async_trait;
use model::{
    Answer, Refusal,
    actor::{Actor, Client},
    audit::{Activity, ActivityQuery, AuditChange, AuditQuery, AuditRow, AuditSubject, SubjectKind},
    authentication::AuthenticationType,
    console::{Console, Dashboard, Figure, Import, PolicyPage, Selected, What},
    day::Moment,
    edit::{EditTaskForm, RemoveTaskForm, TaskEdited},
    enrolling::{Asked, Enrolling, Host, LinkPage, NotMePage, SessionPage, StopPage},
    enrollment::Status,
    export::{Export, ExportQuery},
    forms::{
        ButtonForm, EnrollCodeForm, PasteForm, ProvisionForm, ResendForm, SelectForm, SignInForm, UnlockForm, UserForm,
        VerifyForm,
    },
    listing::{Listing, Total},
    live::{Live, TasksAgain, TasksNow, Watching},
    message::{MailSummary, MessageQuery, MessageRow},
    operator::{Account, OperatorDetail, OperatorForm, OperatorQuery, OperatorRow, PasswordForm, ResetForm, RoleForm, RoleRow},
    policy::{Change, Policy, PolicyChange, PolicyForm, PolicyLogQuery},
    problem::{Problem, Problems},
    refusal::Thing,
    report::{EnrollmentQuery, EnrollmentReport},
    resend::{UserTask, UserToDelete},
    rights::{BuiltIn, Right, Rights},
    task::{ProvisionChoices, ProvisionResult, Provisioned, Review, TaskDetail, TaskQuery, TaskRow, TaskUserQuery},
    token::{TokenRow, TokenState},
    user::{AuthenticationMethods, ImportReport, Pasted, UserDetail, UserQuery, UserRow, UserTaskRow},
};

/// The secret of the one session there is.
pub const SESSION: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// 22 Nov 2026, 10:00 in Vienna.
pub const NOW: Moment = Moment { at: 1_795_338_000_000, offset: 60 };

/// Knows one operator, `m.keller` with password `correct`.
pub struct Fake;

pub fn nothing<T>() -> Answer<T> {
    Err(Refusal::NotFound(Thing::Page))
}

#[async_trait]
impl Watching for Fake {
    async fn watcher(&self, secret: &str, client: &Client) -> Answer<Option<Actor>> {
        self.operator(secret, client).await
    }
    async fn live(&self, by: &Actor, session: &str) -> Answer<Live> {
        crate::live::live(by, session)
    }
    async fn tasks_again(&self, by: &Actor, asked: &TasksAgain) -> Answer<TasksNow> {
        by.require(Right::ProvisioningManage)?;
        asked.check()?;
        Ok(TasksNow { now: NOW, rows: vec![], users: vec![], new: asked.maybe_new.clone() })
    }
}

#[async_trait]
impl Console for Fake {
    async fn sign_in(&self, form: &SignInForm, _: &Client, _: &str, _: Option<&str>) -> Answer<String> {
        form.check()?;
        if form.user_id == "m.keller" && form.password == "correct" { Ok(SESSION.into()) } else { Err(Refusal::SignInFailed) }
    }
    async fn operator(&self, secret: &str, client: &Client) -> Answer<Option<Actor>> {
        Ok((secret == SESSION).then(|| Actor {
            id: 1,
            user_id: "m.keller".into(),
            name: "Maria Keller".into(),
            rights: Rights::all(),
            address: Some(client.address.clone()),
        }))
    }
    async fn sign_out(&self, _: &str) -> Answer<()> {
        Ok(())
    }
    fn form_key(&self) -> String {
        "key".into()
    }
    async fn empty_form(&self, _: &Actor, _: Right) -> Answer<String> {
        Ok("key".into())
    }
    async fn dashboard(&self, _: &Actor) -> Answer<Dashboard> {
        let figure = |what, total, href: &str| Figure { what, tasks: true, total: Total::Exactly(total), href: href.into() };
        Ok(Dashboard {
            users: Some(1240),
            outstanding: Some(figure(What::Outstanding, 128, "/provisioning-tasks")),
            attention: Some(vec![figure(What::Locked, 9, "/provisioning-tasks?has_locked=1")]),
            last: None,
            mail: None,
            organisation: "Contoso".into(),
            zone: "Europe/Vienna".into(),
        })
    }
    async fn users(&self, _: &Actor, query: &UserQuery) -> Answer<Listing<UserRow>> {
        let selected = query.selection.as_deref().unwrap_or_default();
        let row = |id: i64, user_id: &str, first: &str, last: &str| UserRow {
            id,
            user_id: user_id.into(),
            last_name: last.into(),
            first_name: first.into(),
            email: format!("{user_id}@contoso.example"),
            container: "Default".into(),
            custom1: "Sales".into(),
            enabled: id != 3,
            selected: selected == "all" || selected.split('_').any(|part| part == id.to_string()),
        };
        let rows = vec![
            row(1, "yamada.a", "Aiko", "Yamada"),
            row(2, "obrien.s", "Sinéad", "O’Brien"),
            row(3, "zolc.l", "Łukasz", "Żółć"),
            row(4, "haddad.r", "رنا", "حداد"),
        ];
        let rows: Vec<_> = rows.into_iter().filter(|row| row.user_id.contains(&query.filter.search)).collect();
        let next = query.paging.cursor.is_empty().then(|| "abc".to_owned());
        Ok(Listing { now: NOW, zone: "Europe/Vienna".into(), rows, total: Total::Exactly(1240), previous: None, next })
    }
    async fn user(&self, _: &Actor, id: i64) -> Answer<UserDetail> {
        if id > 4 && id != 7 {
            return Err(Refusal::NotFound(Thing::User));
        }
        let form = UserForm {
            user_id: "yamada.a".into(),
            first_name: "Aiko".into(),
            last_name: "Yamada".into(),
            email: "yamada.a@contoso.example".into(),
            container: "Default".into(),
            version: "3".into(),
            key: "key".into(),
            ..UserForm::default()
        };
        Ok(UserDetail {
            id,
            version: 3,
            form,
            name: "Aiko Yamada".into(),
            enabled: true,
            added: NOW,
            zone: "Europe/Vienna".into(),
            may_manage: true,
            key: "key".into(),
        })
    }
    async fn user_to_edit(&self, by: &Actor, id: i64) -> Answer<UserDetail> {
        self.user(by, id).await
    }
    async fn authentication_methods(&self, _: &Actor, id: i64) -> Answer<AuthenticationMethods> {
        let task = |task, status| UserTaskRow {
            task,
            requester: "m.keller".into(),
            provisioned_to: "yamada.a@contoso.example".into(),
            start: NOW.day(),
            stop: NOW.day().plus(10),
            status,
            kind: AuthenticationType::App,
            mail: None,
            notes: vec![],
        };
        Ok(AuthenticationMethods {
            id,
            user_id: "yamada.a".into(),
            name: "Aiko Yamada".into(),
            tokens: vec![TokenRow {
                serial: "1000004217".into(),
                kind: AuthenticationType::App,
                state: TokenState::Active,
                since: NOW,
            }],
            tasks: if id == 1 { vec![task(10481, Status::Active), task(10466, Status::Expired)] } else { vec![] },
            may_manage: true,
            may_resend: true,
            zone: "Europe/Vienna".into(),
        })
    }
    async fn add_user(&self, _: &Actor, form: &UserForm) -> Answer<i64> {
        form.check()?;
        Ok(7)
    }
    async fn edit_user(&self, _: &Actor, _: i64, form: &UserForm) -> Answer<()> {
        form.check()?;
        Ok(())
    }
    async fn set_user_enabled(&self, _: &Actor, _: i64, _: bool, _: &ButtonForm) -> Answer<()> {
        Ok(())
    }
    async fn user_to_delete(&self, _: &Actor, id: i64) -> Answer<UserToDelete> {
        Ok(UserToDelete { id, user_id: "yamada.a".into(), name: "Aiko Yamada".into(), open: 1, tokens: 2, key: "key".into() })
    }
    async fn delete_user(&self, _: &Actor, _: i64, _: &ButtonForm) -> Answer<()> {
        Ok(())
    }
    async fn user_task(&self, _: &Actor, id: i64, task: i64) -> Answer<UserTask> {
        Ok(crate::fake_resend::user_task(id, task))
    }
    async fn resend(&self, _: &Actor, _: i64, _: i64, form: &ResendForm) -> Answer<()> {
        form.check()?;
        if form.email == "lately@contoso.example" {
            return Err(Refusal::ResentLately { again: NOW, day_is_full: false });
        }
        if form.profile != "yamada.a@contoso.example" {
            return Err(Refusal::Stale);
        }
        Ok(())
    }
    async fn unlock(&self, _: &Actor, _: i64, _: i64, form: &UnlockForm) -> Answer<()> {
        form.check(NOW.day())?;
        Ok(())
    }
    async fn import_users(&self, _: &Actor, file: &[u8], import: &Import) -> Answer<ImportReport> {
        let bad = file.starts_with(b"bad");
        let problems = if bad {
            vec![(3, "email".into(), Problem::NotAnEmail), (9, "user_id".into(), Problem::RepeatedLine { line: 2 })]
        } else {
            vec![]
        };
        Ok(ImportReport {
            dry: bad || import.dry_run,
            added: 200,
            bad: problems.len() as u64,
            problems,
            ..ImportReport::default()
        })
    }
    async fn select_users(&self, _: &Actor, form: &SelectForm) -> Answer<Selected> {
        let picked = if form.act == "all" { vec!["all".to_owned()] } else { form.select.clone() };
        let picked = if form.act == "none" { vec![] } else { picked };
        let selection = Some(picked.join("_")).filter(|selection| !selection.is_empty());
        Ok(Selected { selection, count: picked.len() as i64 })
    }
    async fn selected_users(&self, _: &Actor, selection: &str) -> Answer<i64> {
        Ok(if selection == "all" { 1240 } else { selection.split('_').count() as i64 })
    }
    async fn paste_users(&self, _: &Actor, form: &PasteForm) -> Answer<Pasted> {
        let unknown: Vec<String> = form.user_ids.split_whitespace().filter(|id| id.starts_with('x')).map(str::to_owned).collect();
        Ok(Pasted { selection: "1_2".into(), found: 2, unknown_count: unknown.len() as u64, unknown })
    }
    async fn provision_choices(&self, _: &Actor, _: Option<&str>) -> Answer<ProvisionChoices> {
        nothing()
    }
    async fn review_provision(&self, _: &Actor, _: &ProvisionForm) -> Answer<Review> {
        nothing()
    }
    async fn provision(&self, _: &Actor, _: &ProvisionForm) -> Answer<Provisioned> {
        nothing()
    }
    async fn provision_result(&self, _: &Actor, _: i64) -> Answer<ProvisionResult> {
        nothing()
    }
    async fn tasks(&self, _: &Actor, _: &TaskQuery) -> Answer<Listing<TaskRow>> {
        nothing()
    }
    async fn reported_tasks(&self, _: &Actor, _: &TaskQuery) -> Answer<Listing<TaskRow>> {
        nothing()
    }
    async fn task_to_edit(&self, _: &Actor, _: i64, _: &TaskUserQuery) -> Answer<TaskDetail> {
        nothing()
    }
    async fn task(&self, _: &Actor, _: i64, _: &TaskUserQuery) -> Answer<TaskDetail> {
        nothing()
    }
    async fn enrollments(&self, _: &Actor, _: &EnrollmentQuery) -> Answer<EnrollmentReport> {
        nothing()
    }
    async fn export(&self, by: &Actor, query: &ExportQuery) -> Answer<Export> {
        crate::exports::export(by, query).await
    }
    async fn edit_task(&self, _: &Actor, _: i64, _: &EditTaskForm) -> Answer<TaskEdited> {
        nothing()
    }
    async fn remove_task(&self, _: &Actor, _: i64, _: &RemoveTaskForm) -> Answer<i64> {
        Ok(3)
    }
    async fn messages(&self, _: &Actor, _: &MessageQuery) -> Answer<Listing<MessageRow>> {
        nothing()
    }
    async fn mail_summary(&self, _: &Actor) -> Answer<MailSummary> {
        nothing()
    }
    async fn retry_message(&self, _: &Actor, _: i64, _: &ButtonForm) -> Answer<()> {
        Ok(())
    }
    async fn resume_mail(&self, _: &Actor, _: &ButtonForm) -> Answer<()> {
        Ok(())
    }
    async fn audit(&self, by: &Actor, _: &AuditQuery) -> Answer<Listing<AuditRow>> {
        by.require(Right::AuditView)?;
        let rows = vec![AuditRow {
            id: 9,
            at: NOW,
            operator: "m.keller".into(),
            address: Some("192.0.2.7".into()),
            verb: "user.edit".into(),
            subjects: vec![AuditSubject { kind: SubjectKind::User, id: 1, name: "yamada.a".into() }],
            more_subjects: false,
            changes: vec![AuditChange { field: "Mobile".into(), before: Some("<old>".into()), after: None }],
        }];
        Ok(Listing { now: NOW, zone: "Europe/Vienna".into(), rows, total: Total::Exactly(1), previous: None, next: None })
    }
    async fn activity(&self, by: &Actor, id: i64, _: &ActivityQuery) -> Answer<Activity> {
        let entries = self.audit(by, &AuditQuery::all()).await?;
        Ok(Activity { id, user_id: "yamada.a".into(), name: "Aiko Yamada".into(), entries })
    }
    async fn policy(&self, _: &Actor) -> Answer<PolicyPage> {
        let form = PolicyForm::of(&Policy::default(), 3, "key".into());
        Ok(PolicyPage { form, enrollable: vec![AuthenticationType::App], zones: vec!["Europe/Vienna".into(), "UTC".into()] })
    }
    async fn change_policy(&self, _: &Actor, form: &PolicyForm) -> Answer<()> {
        form.check()?;
        if form.version == "3" { Ok(()) } else { Err(Refusal::Stale) }
    }
    async fn policy_log(&self, _: &Actor, _: &PolicyLogQuery) -> Answer<Listing<PolicyChange>> {
        let change = Change { field: "Attempts".into(), before: "5".into(), after: "7".into() };
        let rows = vec![PolicyChange { id: 1, at: NOW, by: "m.keller".into(), changes: vec![change] }];
        Ok(Listing { now: NOW, zone: "Europe/Vienna".into(), rows, total: Total::Exactly(1), previous: None, next: None })
    }
    async fn operators(&self, _: &Actor, _: &OperatorQuery) -> Answer<Listing<OperatorRow>> {
        let rows = vec![OperatorRow {
            id: 2,
            user_id: "j.fournier".into(),
            name: "Jeanne Fournier".into(),
            email: "j.fournier@contoso.example".into(),
            role: "Help Desk".into(),
            enabled: true,
            signed_in: None,
            may_change: true,
        }];
        Ok(Listing { now: NOW, zone: "Europe/Vienna".into(), rows, total: Total::Exactly(1), previous: None, next: None })
    }
    async fn operator_detail(&self, _: &Actor, id: Option<i64>) -> Answer<OperatorDetail> {
        let form = OperatorForm { user_id: "j.fournier".into(), key: "key".into(), ..OperatorForm::default() };
        Ok(OperatorDetail { id: id.unwrap_or_default(), form, enabled: true, roles: vec!["Help Desk".into()] })
    }
    async fn new_operator(&self, _: &Actor, form: &OperatorForm) -> Answer<i64> {
        form.check_new()?;
        Ok(2)
    }
    async fn edit_operator(&self, _: &Actor, _: i64, form: &OperatorForm) -> Answer<()> {
        form.check_edit()?;
        Ok(())
    }
    async fn set_operator_enabled(&self, _: &Actor, _: i64, _: bool, _: &ButtonForm) -> Answer<()> {
        Err(Refusal::LastOperator)
    }
    async fn reset_password(&self, _: &Actor, _: i64, form: &ResetForm) -> Answer<()> {
        form.check()?;
        Ok(())
    }
    async fn roles(&self, _: &Actor) -> Answer<Vec<RoleRow>> {
        let role = |name: &str, rights, built_in| RoleRow { name: name.into(), rights, built_in, version: 1, operators: 0 };
        Ok(vec![role("Operator", Rights::all(), true), role("Night desk", BuiltIn::HelpDesk.rights(), false)])
    }
    async fn new_role(&self, _: &Actor, form: &RoleForm) -> Answer<()> {
        form.check_new()?;
        Ok(())
    }
    async fn edit_role(&self, _: &Actor, name: &str, form: &RoleForm) -> Answer<()> {
        form.check_edit()?;
        if name == "Night desk" { Ok(()) } else { Err(Refusal::NotFound(Thing::Role)) }
    }
    async fn remove_role(&self, _: &Actor, name: &str, _: &ButtonForm) -> Answer<()> {
        if name == "Night desk" { Ok(()) } else { Err(Refusal::RoleInUse) }
    }
    async fn account(&self, by: &Actor, _: &str) -> Answer<Account> {
        Ok(Account {
            user_id: by.user_id.clone(),
            name: by.name.clone(),
            email: "m.keller@contoso.example".into(),
            role: "Operator".into(),
            rights: by.rights,
            sessions: vec![],
            zone: "Europe/Vienna".into(),
        })
    }
    async fn change_password(&self, _: &Actor, _: &str, form: &PasswordForm) -> Answer<()> {
        form.check()?;
        Err(Problems::one("current_password", Problem::WrongPassword).into())
    }
    async fn end_session(&self, _: &Actor, _: &str, _: &ButtonForm) -> Answer<()> {
        Ok(())
    }
    async fn end_other_sessions(&self, _: &Actor, _: &str, _: &ButtonForm) -> Answer<()> {
        Ok(())
    }
}

#[async_trait]
impl Enrolling for Fake {
    async fn look(&self, _: &str, _: bool) -> Answer<LinkPage> {
        Err(Refusal::NotFound(Thing::Link))
    }
    async fn start(&self, _: &str, _: &Client) -> Answer<String> {
        Err(Refusal::NotFound(Thing::Link))
    }
    async fn start_with_code(&self, _: &EnrollCodeForm, _: &Client) -> Answer<String> {
        Err(Refusal::NoSuchCode)
    }
    async fn session(&self, _: &str) -> Answer<SessionPage> {
        Err(Refusal::EnrollmentOver(model::refusal::EnrollmentOver::NoSession))
    }
    async fn verify(&self, _: &str, _: &VerifyForm, _: &Client) -> Answer<()> {
        Err(Refusal::EnrollmentOver(model::refusal::EnrollmentOver::NoSession))
    }
    async fn ask_for_link(&self, _: &str, _: &Client) -> Answer<Asked> {
        Err(Refusal::NotFound(Thing::Link))
    }
    async fn look_stop(&self, _: &str) -> Answer<StopPage> {
        Err(Refusal::NotFound(Thing::Link))
    }
    async fn stop(&self, _: &str, _: &Client) -> Answer<StopPage> {
        Err(Refusal::NotFound(Thing::Link))
    }
    async fn look_not_me(&self, _: &str) -> Answer<NotMePage> {
        Err(Refusal::NotFound(Thing::Link))
    }
    async fn not_me(&self, _: &str, _: &Client) -> Answer<NotMePage> {
        Err(Refusal::NotFound(Thing::Link))
    }
    async fn host(&self) -> Answer<Host> {
        Ok(Host { organisation: "Contoso".into(), language: "en".into(), zone: "Europe/Vienna".into() })
    }
}
