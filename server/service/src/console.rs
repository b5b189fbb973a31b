//! The operators' port: one line for each use case, naming the module it stands in.

use crate::{Service, audit, dashboard, enrollment, messages, provision, session, task_edit, tasks, users};
use async_trait::async_trait;
use model::{
    Answer,
    actor::{Actor, Client},
    audit::{Activity, ActivityQuery, AuditQuery, AuditRow},
    console::{Console, Dashboard, Import, Selected},
    edit::{EditTaskForm, RemoveTaskForm, TaskEdited},
    forms::{ButtonForm, PasteForm, ProvisionForm, SelectForm, SignInForm, UserForm},
    listing::Listing,
    message::{MailSummary, MessageQuery, MessageRow},
    task::{ProvisionChoices, ProvisionResult, Provisioned, Review, TaskDetail, TaskQuery, TaskRow, TaskUserQuery},
    user::{AuthenticationMethods, ImportReport, Pasted, UserDetail, UserQuery, UserRow},
};

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

    async fn dashboard(&self, by: &Actor) -> Answer<Dashboard> {
        self.answer(dashboard::read(self, by).await)
    }

    async fn users(&self, by: &Actor, query: &UserQuery) -> Answer<Listing<UserRow>> {
        self.answer(users::list::page(self, by, query).await)
    }

    async fn user(&self, by: &Actor, id: i64) -> Answer<UserDetail> {
        self.answer(users::profile::read(self, by, id).await)
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

    async fn import_users(&self, by: &Actor, file: &[u8], import: &Import) -> Answer<ImportReport> {
        self.answer(users::import::import(self, by, file, import).await)
    }

    async fn select_users(&self, by: &Actor, form: &SelectForm) -> Answer<Selected> {
        self.answer(users::select::change(self, by, form).await)
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
        self.answer(tasks::page(self, by, query).await)
    }

    async fn task(&self, by: &Actor, number: i64, users: &TaskUserQuery) -> Answer<TaskDetail> {
        self.answer(tasks::detail(self, by, number, users).await)
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
}
