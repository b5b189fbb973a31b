//! THE PORT: everything an operator can ask, and the product's table of contents.
//!
//! The server hands pages and forms one `Arc<dyn Console>`; `service` implements it. Each method checks the right it names,
//! reads the clock once, and changes things in one transaction. A refusal changes nothing.

pub use crate::dashboard::{Dashboard, Figure, What};
use crate::{
    Answer,
    actor::{Actor, Client},
    audit::{Activity, ActivityQuery, AuditQuery, AuditRow},
    authentication::AuthenticationType,
    bulk::BulkConsole,
    edit::{EditTaskForm, RemoveTaskForm, TaskEdited},
    export::{Export, ExportQuery},
    forms::{ButtonForm, PasteForm, ProvisionForm, ResendForm, SelectForm, SignInForm, UnlockForm, UserForm},
    listing::Listing,
    live::Watching,
    message::{MailSummary, MessageQuery, MessageRow},
    operator::{Account, OperatorDetail, OperatorForm, OperatorQuery, OperatorRow, PasswordForm, ResetForm, RoleForm, RoleRow},
    policy::{PolicyChange, PolicyForm, PolicyLogQuery},
    report::{EnrollmentQuery, EnrollmentReport},
    resend::{UserTask, UserToDelete},
    rights::Right,
    task::{ProvisionChoices, ProvisionResult, Provisioned, Review, TaskDetail, TaskQuery, TaskRow, TaskUserQuery},
    user::{AuthenticationMethods, ImportReport, OnExisting, Pasted, UserDetail, UserQuery, UserRow},
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Everything an operator can ask.
#[async_trait]
pub trait Console: Watching + BulkConsole {
    // ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// Signs an operator in and answers the new session's secret for the cookie (base64url, 256 bits). `earlier` is the secret
    /// the browser still held; that session ends.
    ///
    /// # Errors
    /// [`SignInFailed`](crate::Refusal::SignInFailed), the same for every cause; [`TooOften`](crate::Refusal::TooOften).
    async fn sign_in(&self, form: &SignInForm, client: &Client, agent: &str, earlier: Option<&str>) -> Answer<String>;

    /// The operator whose session has this secret, or nobody: unknown, idle for 30 minutes, older than 12 hours, disabled.
    ///
    /// # Errors
    /// Accidents only.
    async fn operator(&self, secret: &str, client: &Client) -> Answer<Option<Actor>>;

    /// Ends the session for good.
    ///
    /// # Errors
    /// Accidents only.
    async fn sign_out(&self, secret: &str) -> Answer<()>;

    /// A new idempotency key for a form.
    fn form_key(&self) -> String;

    /// The same for a page that shows nothing but an empty form, and the right that its act needs.
    ///
    /// # Errors
    /// [`Forbidden`](crate::Refusal::Forbidden).
    async fn empty_form(&self, by: &Actor, needs: Right) -> Answer<String>;

    // ── Dashboard ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The counts of `/`, as far as the operator's rights allow each.
    ///
    /// # Errors
    /// Accidents only.
    async fn dashboard(&self, by: &Actor) -> Answer<Dashboard>;

    // ── Users ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// A page of users. Right `users.view`.
    ///
    /// # Errors
    /// [`BadRequest`](crate::Refusal::BadRequest) for a forged cursor.
    async fn users(&self, by: &Actor, query: &UserQuery) -> Answer<Listing<UserRow>>;

    /// One user. Right `users.view`.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn user(&self, by: &Actor, id: i64) -> Answer<UserDetail>;

    /// A user whose profile is to be changed. Right `users.manage`.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn user_to_edit(&self, by: &Actor, id: i64) -> Answer<UserDetail>;

    /// A user's tokens and open enrollments. Right `users.view`.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn authentication_methods(&self, by: &Actor, id: i64) -> Answer<AuthenticationMethods>;

    /// Adds a user and answers their row. Right `users.manage`.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid), a taken UserID included; [`KeyReused`](crate::Refusal::KeyReused).
    async fn add_user(&self, by: &Actor, form: &UserForm) -> Answer<i64>;

    /// Changes a user's profile. Right `users.manage`. A changed address takes part of what waits for the old one: queued links
    /// go to the address of the version that owns them.
    ///
    /// # Errors
    /// As [`Console::add_user`]; [`Stale`](crate::Refusal::Stale) when somebody changed the user meanwhile.
    async fn edit_user(&self, by: &Actor, id: i64, form: &UserForm) -> Answer<()>;

    /// Enables or disables a user. Right `users.manage`. Disabling refuses the user's links at once and cancels queued mail.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn set_user_enabled(&self, by: &Actor, id: i64, enabled: bool, form: &ButtonForm) -> Answer<()>;

    /// What deleting the user would do. Right `users.manage`.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn user_to_delete(&self, by: &Actor, id: i64) -> Answer<UserToDelete>;

    /// Deletes a user: open enrollments are removed, tokens revoked, links refused, waiting mail canceled. What is completed stays for
    /// reporting, and the UserID is free again. Right `users.manage`.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn delete_user(&self, by: &Actor, id: i64, form: &ButtonForm) -> Answer<()>;

    // ── A user's provisioning tasks ──────────────────────────────────────────────────────────────────────────────────────

    /// One user's enrollment in one task. Right `users.view`, and `provisioning.resend` or `provisioning.manage`.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn user_task(&self, by: &Actor, user: i64, task: i64) -> Answer<UserTask>;

    /// Sends a new link that kills all earlier ones. Right `provisioning.resend`; to another address than the profile's also
    /// `provisioning.redirect` and a reason, and the profile's address is told.
    ///
    /// # Errors
    /// [`NotActive`](crate::Refusal::NotActive), [`ResentLately`](crate::Refusal::ResentLately),
    /// [`OwnRedirect`](crate::Refusal::OwnRedirect), [`UserDisabled`](crate::Refusal::UserDisabled), [`NoMail`](crate::Refusal::NoMail);
    /// [`Stale`](crate::Refusal::Stale) when the profile's address changed meanwhile.
    async fn resend(&self, by: &Actor, user: i64, task: i64, form: &ResendForm) -> Answer<()>;

    /// Unlocks an enrollment: attempts 0, the same link, perhaps a new stop date. Right `provisioning.manage`.
    ///
    /// # Errors
    /// [`NotLocked`](crate::Refusal::NotLocked).
    async fn unlock(&self, by: &Actor, user: i64, task: i64, form: &UnlockForm) -> Answer<()>;

    /// Imports a CSV file: checks everything first, then writes all of it in one short transaction, or nothing. Right `users.manage`.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid) for field `file` when it is not such a file; bad lines are in the report.
    async fn import_users(&self, by: &Actor, file: &[u8], import: &Import) -> Answer<ImportReport>;

    /// Changes the selection that stands in the address and answers its id and where to go. Right `users.view`.
    ///
    /// # Errors
    /// [`SelectionGone`](crate::Refusal::SelectionGone).
    async fn select_users(&self, by: &Actor, form: &SelectForm) -> Answer<Selected>;

    /// How many users a selection of this operator holds.
    ///
    /// # Errors
    /// [`SelectionGone`](crate::Refusal::SelectionGone).
    async fn selected_users(&self, by: &Actor, selection: &str) -> Answer<i64>;

    /// Selects the users with the pasted UserIDs. Right `users.view`.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid) when nothing was pasted or nobody has any of the UserIDs.
    async fn paste_users(&self, by: &Actor, form: &PasteForm) -> Answer<Pasted>;

    // ── Provision ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// What can be chosen. Right `provisioning.create`.
    ///
    /// # Errors
    /// [`SelectionGone`](crate::Refusal::SelectionGone).
    async fn provision_choices(&self, by: &Actor, selection: Option<&str>) -> Answer<ProvisionChoices>;

    /// What would happen. Right `provisioning.create`. Changes nothing.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid), [`SelectionGone`](crate::Refusal::SelectionGone).
    async fn review_provision(&self, by: &Actor, form: &ProvisionForm) -> Answer<Review>;

    /// Opens one task for everybody in the selection whom nothing stands in the way of. Right `provisioning.create`. A repeat with
    /// the same key and content answers the same task.
    ///
    /// # Errors
    /// As [`Console::review_provision`]; [`NobodyLeft`](crate::Refusal::NobodyLeft), [`NoMail`](crate::Refusal::NoMail),
    /// [`KeyReused`](crate::Refusal::KeyReused).
    async fn provision(&self, by: &Actor, form: &ProvisionForm) -> Answer<Provisioned>;

    /// The result page of a task that this operator created, or may manage.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn provision_result(&self, by: &Actor, task: i64) -> Answer<ProvisionResult>;

    // ── Provisioning tasks ───────────────────────────────────────────────────────────────────────────────────────────────

    /// A page of the outstanding tasks. Right `provisioning.manage`.
    ///
    /// # Errors
    /// [`BadRequest`](crate::Refusal::BadRequest) for a forged cursor, and for tasks of another state.
    async fn tasks(&self, by: &Actor, query: &TaskQuery) -> Answer<Listing<TaskRow>>;

    /// A page of Reports: tasks of any state. Right `reports.view`.
    ///
    /// # Errors
    /// [`BadRequest`](crate::Refusal::BadRequest) for a forged cursor.
    async fn reported_tasks(&self, by: &Actor, query: &TaskQuery) -> Answer<Listing<TaskRow>>;

    /// One task with its users. Right `provisioning.manage`, or `reports.view` for one that is no longer outstanding.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn task(&self, by: &Actor, number: i64, users: &TaskUserQuery) -> Answer<TaskDetail>;

    /// A page of the enrollments over all tasks. Right `reports.view`.
    ///
    /// # Errors
    /// [`BadRequest`](crate::Refusal::BadRequest) for a forged cursor.
    async fn enrollments(&self, by: &Actor, query: &EnrollmentQuery) -> Answer<EnrollmentReport>;

    /// Begins to write a list into a file, and says so in the audit trail; how many rows it came to follows there at its end. The right
    /// of the list.
    ///
    /// # Errors
    /// Those of the list.
    async fn export(&self, by: &Actor, query: &ExportQuery) -> Answer<Export>;

    /// A task to be edited or removed, with its users. Right `provisioning.manage`, whatever its state.
    ///
    /// # Errors
    /// As [`Console::task`].
    async fn task_to_edit(&self, by: &Actor, number: i64, users: &TaskUserQuery) -> Answer<TaskDetail>;

    /// Removes users from a task, or gives them a new stop date (spec §3.3). Right `provisioning.manage`. Rows that were completed or
    /// removed meanwhile are left as they are and reported.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid), [`NotFound`](crate::Refusal::NotFound), [`TaskOver`](crate::Refusal::TaskOver);
    /// [`EditedMeanwhile`](crate::Refusal::EditedMeanwhile) when another operator edited the task since it was looked at.
    async fn edit_task(&self, by: &Actor, number: i64, form: &EditTaskForm) -> Answer<TaskEdited>;

    /// Removes every open enrollment of a task, which takes it off the list, and answers how many. Right `provisioning.manage`.
    ///
    /// # Errors
    /// As [`Console::edit_task`].
    async fn remove_task(&self, by: &Actor, number: i64, form: &RemoveTaskForm) -> Answer<i64>;

    // ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// A page of messages, never a link. Right `messages.manage`.
    ///
    /// # Errors
    /// [`BadRequest`](crate::Refusal::BadRequest) for a forged cursor.
    async fn messages(&self, by: &Actor, query: &MessageQuery) -> Answer<Listing<MessageRow>>;

    /// How the mail is going. Right `messages.manage`.
    ///
    /// # Errors
    /// Accidents only.
    async fn mail_summary(&self, by: &Actor) -> Answer<MailSummary>;

    /// Sends a failed message again, with a new link of the same generation where it carries one. Right `provisioning.resend`.
    ///
    /// # Errors
    /// [`NotFailed`](crate::Refusal::NotFailed), [`NotFound`](crate::Refusal::NotFound).
    async fn retry_message(&self, by: &Actor, id: i64, form: &ButtonForm) -> Answer<()>;

    /// Lets a paused queue go on, after the mail settings were mended. Right `messages.manage`.
    ///
    /// # Errors
    /// Accidents only.
    async fn resume_mail(&self, by: &Actor, form: &ButtonForm) -> Answer<()>;

    // ── Audit ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// A page of the audit trail. Right `audit.view`.
    ///
    /// # Errors
    /// [`BadRequest`](crate::Refusal::BadRequest) for a forged cursor.
    async fn audit(&self, by: &Actor, query: &AuditQuery) -> Answer<Listing<AuditRow>>;

    /// What happened to a user. Right `users.view`; without `audit.view` no client's address is shown, and an address that is not in
    /// the profile is masked.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound); [`BadRequest`](crate::Refusal::BadRequest) for a forged cursor.
    async fn activity(&self, by: &Actor, id: i64, query: &ActivityQuery) -> Answer<Activity>;
    // ── Self-enrollment policy ───────────────────────────────────────────────────────────────────────────────────────────

    /// The policy in force and what can be chosen. Right `policy.manage`.
    ///
    /// # Errors
    /// Accidents only.
    async fn policy(&self, by: &Actor) -> Answer<PolicyPage>;

    /// Changes the policy. Right `policy.manage`. What is fixed at sending stays as it is for links that are out.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid), a time zone there is not included; [`Stale`](crate::Refusal::Stale) when somebody
    /// changed it meanwhile; [`KeyReused`](crate::Refusal::KeyReused).
    async fn change_policy(&self, by: &Actor, form: &PolicyForm) -> Answer<()>;

    /// A page of the policy's change log. Right `policy.manage`.
    ///
    /// # Errors
    /// [`BadRequest`](crate::Refusal::BadRequest) for a forged cursor.
    async fn policy_log(&self, by: &Actor, query: &PolicyLogQuery) -> Answer<Listing<PolicyChange>>;

    // ── Operators and roles: right `operators.manage`; nobody grants a right they lack, nor changes an operator who may more ──

    /// A page of operators.
    ///
    /// # Errors
    /// [`BadRequest`](crate::Refusal::BadRequest) for a forged cursor.
    async fn operators(&self, by: &Actor, query: &OperatorQuery) -> Answer<Listing<OperatorRow>>;

    /// One operator to be changed, or what a new one can be given.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn operator_detail(&self, by: &Actor, id: Option<i64>) -> Answer<OperatorDetail>;

    /// Adds an operator and answers their row.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid), a taken UserID included; [`Forbidden`](crate::Refusal::Forbidden) for a role with a
    /// right that `by` lacks.
    async fn new_operator(&self, by: &Actor, form: &OperatorForm) -> Answer<i64>;

    /// Changes an operator's profile and role.
    ///
    /// # Errors
    /// As [`Console::new_operator`]; [`Stale`](crate::Refusal::Stale), [`LastOperator`](crate::Refusal::LastOperator).
    async fn edit_operator(&self, by: &Actor, id: i64, form: &OperatorForm) -> Answer<()>;

    /// Enables or disables an operator. Disabling ends their sessions at once.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound), [`LastOperator`](crate::Refusal::LastOperator).
    async fn set_operator_enabled(&self, by: &Actor, id: i64, enabled: bool, form: &ButtonForm) -> Answer<()>;

    /// Gives an operator another password; their sessions end at once and their limits are full again.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound), [`Invalid`](crate::Refusal::Invalid).
    async fn reset_password(&self, by: &Actor, id: i64, form: &ResetForm) -> Answer<()>;

    /// Every role, the built-in ones first.
    ///
    /// # Errors
    /// Accidents only.
    async fn roles(&self, by: &Actor) -> Answer<Vec<RoleRow>>;

    /// Adds a role.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid), a taken name included; [`Forbidden`](crate::Refusal::Forbidden) for a right that `by`
    /// lacks.
    async fn new_role(&self, by: &Actor, form: &RoleForm) -> Answer<()>;

    /// Changes a role's rights.
    ///
    /// # Errors
    /// As [`Console::new_role`]; [`BuiltInRole`](crate::Refusal::BuiltInRole), [`NotFound`](crate::Refusal::NotFound),
    /// [`Stale`](crate::Refusal::Stale).
    async fn edit_role(&self, by: &Actor, name: &str, form: &RoleForm) -> Answer<()>;

    /// Removes a role that nobody has.
    ///
    /// # Errors
    /// [`BuiltInRole`](crate::Refusal::BuiltInRole), [`RoleInUse`](crate::Refusal::RoleInUse),
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn remove_role(&self, by: &Actor, name: &str, form: &ButtonForm) -> Answer<()>;

    // ── One's own account ────────────────────────────────────────────────────────────────────────────────────────────────

    /// One's own profile and sessions; `session` is the secret of the one that asks.
    ///
    /// # Errors
    /// Accidents only.
    async fn account(&self, by: &Actor, session: &str) -> Answer<Account>;

    /// Changes one's own password and ends one's other sessions. Wrong current passwords are limited as sign-in is.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid), [`TooOften`](crate::Refusal::TooOften).
    async fn change_password(&self, by: &Actor, session: &str, form: &PasswordForm) -> Answer<()>;

    /// Ends one of one's own sessions; one that is over already is no error.
    ///
    /// # Errors
    /// Accidents only.
    async fn end_session(&self, by: &Actor, name: &str, form: &ButtonForm) -> Answer<()>;

    /// Ends one's own sessions but the one that asks.
    ///
    /// # Errors
    /// Accidents only.
    async fn end_other_sessions(&self, by: &Actor, session: &str, form: &ButtonForm) -> Answer<()>;
}

/// What `/policy/self-enrollment` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPage {
    /// The policy in force.
    pub form: PolicyForm,
    /// The types that this version can enroll; the others are never offered, allowed or not.
    pub enrollable: Vec<AuthenticationType>,
    /// The time zones there are.
    pub zones: Vec<String>,
}

/// How an import is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// What to do with UserIDs that exist.
    pub on_existing: OnExisting,
    /// Only say what would happen.
    pub dry_run: bool,
    /// Leave bad lines out instead of refusing the file.
    pub skip_bad: bool,
    /// The form's key: the same file sent twice with it is imported once. Empty on the command line, where nothing is sent twice.
    pub key: String,
}

/// What changing a selection came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selected {
    /// The selection's id, for the address; nothing when it is empty.
    pub selection: Option<String>,
    /// How many users it holds.
    pub count: i64,
}
