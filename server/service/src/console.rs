//! The operators' port, in its two parts: one line for each use case, naming the module it stands in.

use crate::{
    Service, account, audit, dashboard, enrollment, export, live, messages, operators, policy, provision, reports, resend,
    session, task_edit, tasks, users,
};
use async_trait::async_trait;
use model::{
    Answer,
    actor::{Actor, Client},
    audit::{Activity, ActivityQuery, AuditQuery, AuditRow},
    console::{Console, Dashboard, Import, PolicyPage, Selected},
    edit::{EditTaskForm, RemoveTaskForm, TaskEdited},
    export::{Export, ExportQuery},
    forms::{ButtonForm, PasteForm, ProvisionForm, ResendForm, SelectForm, SignInForm, UnlockForm, UserForm},
    listing::Listing,
    live::{Live, TasksAgain, TasksNow, Watching},
    message::{MailSummary, MessageQuery, MessageRow},
    operator::{Account, OperatorDetail, OperatorForm, OperatorQuery, OperatorRow, PasswordForm, ResetForm, RoleForm, RoleRow},
    policy::{PolicyChange, PolicyForm, PolicyLogQuery},
    query::Shelf,
    report::{EnrollmentQuery, EnrollmentReport},
    resend::{UserTask, UserToDelete},
    rights::Right,
    task::{ProvisionChoices, ProvisionResult, Provisioned, Review, TaskDetail, TaskQuery, TaskRow, TaskUserQuery},
    user::{AuthenticationMethods, ImportReport, Pasted, UserDetail, UserQuery, UserRow},
};

#[async_trait]
impl Watching for Service {
    async fn watcher(&self, secret: &str, client: &Client) -> Answer<Option<Actor>> {
        self.answer(session::watcher(self, secret, client).await)
    }

    async fn live(&self, by: &Actor, session: &str) -> Answer<Live> {
        self.answer(live::open(self, by, session).await)
    }

    async fn tasks_again(&self, by: &Actor, asked: &TasksAgain) -> Answer<TasksNow> {
        self.answer(live::again(self, by, asked).await)
    }
}

#[async_trait]
impl Console for Service {
    async fn sign_in(&self, form: &SignInForm, client: &Client, agent: &str, earlier: Option<&str>) -> Answer<String> {
        self.answer(session::sign_in(self, form, client, agent, earlier).await)
    }

    async fn operator(&self, secret: &str, client: &Client) -> Answer<Option<Actor>> {
        self.answer(session::operator(self, secret, client).await)
    }

    async fn sign_out(&self, secret: &str) -> Answer<()> {
        self.answer(session::sign_out(self, secret).await)
    }

    fn form_key(&self) -> String {
        self.new_form_key()
    }

    async fn empty_form(&self, by: &Actor, needs: Right) -> Answer<String> {
        by.require(needs).map(|()| self.new_form_key())
    }

    async fn dashboard(&self, by: &Actor) -> Answer<Dashboard> {
        self.answer(dashboard::read(self, by).await)
    }

    async fn users(&self, by: &Actor, query: &UserQuery) -> Answer<Listing<UserRow>> {
        self.answer(users::list::page(self, by, query).await)
    }

    async fn user(&self, by: &Actor, id: i64) -> Answer<UserDetail> {
        self.answer(users::profile::read(self, by, id).await)
    }

    async fn user_to_edit(&self, by: &Actor, id: i64) -> Answer<UserDetail> {
        self.answer(users::profile::to_edit(self, by, id).await)
    }

    async fn authentication_methods(&self, by: &Actor, id: i64) -> Answer<AuthenticationMethods> {
        self.answer(enrollment::of_user(self, by, id).await)
    }

    async fn add_user(&self, by: &Actor, form: &UserForm) -> Answer<i64> {
        self.answer(users::profile::add(self, by, form).await)
    }

    async fn edit_user(&self, by: &Actor, id: i64, form: &UserForm) -> Answer<()> {
        self.answer(users::profile::edit(self, by, id, form).await)
    }

    async fn set_user_enabled(&self, by: &Actor, id: i64, enabled: bool, form: &ButtonForm) -> Answer<()> {
        self.answer(users::profile::set_enabled(self, by, id, enabled, form).await)
    }

    async fn user_to_delete(&self, by: &Actor, id: i64) -> Answer<UserToDelete> {
        self.answer(users::delete::read(self, by, id).await)
    }

    async fn delete_user(&self, by: &Actor, id: i64, form: &ButtonForm) -> Answer<()> {
        self.answer(users::delete::delete(self, by, id, form).await)
    }

    async fn user_task(&self, by: &Actor, user: i64, task: i64) -> Answer<UserTask> {
        self.answer(resend::read(self, by, user, task).await)
    }

    async fn resend(&self, by: &Actor, user: i64, task: i64, form: &ResendForm) -> Answer<()> {
        self.answer(resend::resend(self, by, user, task, form).await)
    }

    async fn unlock(&self, by: &Actor, user: i64, task: i64, form: &UnlockForm) -> Answer<()> {
        self.answer(resend::unlock(self, by, user, task, form).await)
    }

    async fn import_users(&self, by: &Actor, file: &[u8], import: &Import) -> Answer<ImportReport> {
        self.answer(users::import::import(self, by, file, import).await)
    }

    async fn select_users(&self, by: &Actor, form: &SelectForm) -> Answer<Selected> {
        self.answer(users::select::users(self, by, form).await)
    }

    async fn selected_users(&self, by: &Actor, selection: &str) -> Answer<i64> {
        self.answer(users::select::count(self, by, selection).await)
    }

    async fn paste_users(&self, by: &Actor, form: &PasteForm) -> Answer<Pasted> {
        self.answer(users::select::paste(self, by, form).await)
    }

    async fn provision_choices(&self, by: &Actor, selection: Option<&str>) -> Answer<ProvisionChoices> {
        self.answer(provision::choices(self, by, selection).await)
    }

    async fn review_provision(&self, by: &Actor, form: &ProvisionForm) -> Answer<Review> {
        self.answer(provision::review(self, by, form).await)
    }

    async fn provision(&self, by: &Actor, form: &ProvisionForm) -> Answer<Provisioned> {
        self.answer(provision::provision(self, by, form).await)
    }

    async fn provision_result(&self, by: &Actor, task: i64) -> Answer<ProvisionResult> {
        self.answer(provision::result(self, by, task).await)
    }

    async fn tasks(&self, by: &Actor, query: &TaskQuery) -> Answer<Listing<TaskRow>> {
        self.answer(tasks::page(self, by, Shelf::Management, query).await)
    }

    async fn reported_tasks(&self, by: &Actor, query: &TaskQuery) -> Answer<Listing<TaskRow>> {
        self.answer(tasks::page(self, by, Shelf::Reports, query).await)
    }

    async fn task(&self, by: &Actor, number: i64, users: &TaskUserQuery) -> Answer<TaskDetail> {
        self.answer(tasks::detail(self, by, number, users).await)
    }

    async fn enrollments(&self, by: &Actor, query: &EnrollmentQuery) -> Answer<EnrollmentReport> {
        self.answer(reports::enrollments(self, by, query).await)
    }

    async fn export(&self, by: &Actor, query: &ExportQuery) -> Answer<Export> {
        self.answer(export::begin(self, by, query).await)
    }

    async fn task_to_edit(&self, by: &Actor, number: i64, users: &TaskUserQuery) -> Answer<TaskDetail> {
        self.answer(tasks::to_edit(self, by, number, users).await)
    }

    async fn edit_task(&self, by: &Actor, number: i64, form: &EditTaskForm) -> Answer<TaskEdited> {
        self.answer(task_edit::edit(self, by, number, form).await)
    }

    async fn remove_task(&self, by: &Actor, number: i64, form: &RemoveTaskForm) -> Answer<i64> {
        self.answer(task_edit::remove(self, by, number, form).await)
    }

    async fn messages(&self, by: &Actor, query: &MessageQuery) -> Answer<Listing<MessageRow>> {
        self.answer(messages::page(self, by, query).await)
    }

    async fn mail_summary(&self, by: &Actor) -> Answer<MailSummary> {
        self.answer(messages::summary(self, by).await)
    }

    async fn retry_message(&self, by: &Actor, id: i64, form: &ButtonForm) -> Answer<()> {
        self.answer(messages::retry(self, by, id, form).await)
    }

    async fn resume_mail(&self, by: &Actor, form: &ButtonForm) -> Answer<()> {
        self.answer(messages::resume(self, by, form).await)
    }

    async fn audit(&self, by: &Actor, query: &AuditQuery) -> Answer<Listing<AuditRow>> {
        self.answer(audit::page(self, by, query).await)
    }

    async fn activity(&self, by: &Actor, id: i64, query: &ActivityQuery) -> Answer<Activity> {
        self.answer(audit::activity(self, by, id, query).await)
    }
    async fn policy(&self, by: &Actor) -> Answer<PolicyPage> {
        self.answer(policy::page(self, by).await)
    }

    async fn change_policy(&self, by: &Actor, form: &PolicyForm) -> Answer<()> {
        self.answer(policy::change(self, by, form).await)
    }

    async fn policy_log(&self, by: &Actor, query: &PolicyLogQuery) -> Answer<Listing<PolicyChange>> {
        self.answer(policy::log(self, by, query).await)
    }

    async fn operators(&self, by: &Actor, query: &OperatorQuery) -> Answer<Listing<OperatorRow>> {
        self.answer(operators::list::page(self, by, query).await)
    }

    async fn operator_detail(&self, by: &Actor, id: Option<i64>) -> Answer<OperatorDetail> {
        self.answer(operators::list::detail(self, by, id).await)
    }

    async fn new_operator(&self, by: &Actor, form: &OperatorForm) -> Answer<i64> {
        self.answer(operators::change::add(self, by, form).await)
    }

    async fn edit_operator(&self, by: &Actor, id: i64, form: &OperatorForm) -> Answer<()> {
        self.answer(operators::change::edit(self, by, id, form).await)
    }

    async fn set_operator_enabled(&self, by: &Actor, id: i64, enabled: bool, form: &ButtonForm) -> Answer<()> {
        self.answer(operators::change::set_enabled(self, by, id, enabled, form).await)
    }

    async fn reset_password(&self, by: &Actor, id: i64, form: &ResetForm) -> Answer<()> {
        self.answer(operators::change::reset(self, by, id, form).await)
    }

    async fn roles(&self, by: &Actor) -> Answer<Vec<RoleRow>> {
        self.answer(operators::roles::all(self, by).await)
    }

    async fn new_role(&self, by: &Actor, form: &RoleForm) -> Answer<()> {
        self.answer(operators::roles::add(self, by, form).await)
    }

    async fn edit_role(&self, by: &Actor, name: &str, form: &RoleForm) -> Answer<()> {
        self.answer(operators::roles::edit(self, by, name, form).await)
    }

    async fn remove_role(&self, by: &Actor, name: &str, form: &ButtonForm) -> Answer<()> {
        self.answer(operators::roles::remove(self, by, name, form).await)
    }

    async fn account(&self, by: &Actor, session: &str) -> Answer<Account> {
        self.answer(account::read(self, by, session).await)
    }

    async fn change_password(&self, by: &Actor, session: &str, form: &PasswordForm) -> Answer<()> {
        self.answer(account::change_password(self, by, session, form).await)
    }

    async fn end_session(&self, by: &Actor, name: &str, form: &ButtonForm) -> Answer<()> {
        self.answer(account::end_session(self, by, name, form).await)
    }

    async fn end_other_sessions(&self, by: &Actor, session: &str, form: &ButtonForm) -> Answer<()> {
        self.answer(account::end_other_sessions(self, by, session, form).await)
    }
}
