//! A console that answers without a database: enough to see how pages, calls, acts and cookies hang together.

use async_trait::async_trait;
use model::{
    Answer, Refusal,
    actor::{Actor, Client},
    console::{Console, Dashboard, Import, Selected, TaskCounts},
    enrolling::{Asked, Enrolling, Host, LinkPage, NotMePage, SessionPage},
    forms::{ButtonForm, EnrollCodeForm, PasteForm, ProvisionForm, SelectForm, SignInForm, UserForm, VerifyForm},
    listing::Listing,
    message::{MailSummary, MessageQuery, MessageRow},
    refusal::Thing,
    rights::Rights,
    task::{ProvisionChoices, ProvisionResult, Provisioned, Review, TaskDetail, TaskQuery, TaskRow, TaskUserQuery},
    user::{AuthenticationMethods, ImportReport, Pasted, UserDetail, UserQuery, UserRow},
};

/// The secret of the one session there is.
pub const SESSION: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Knows one operator, `m.keller` with password `correct`.
pub struct Fake;

fn nothing<T>() -> Answer<T> {
    Err(Refusal::NotFound(Thing::Page))
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
    async fn dashboard(&self, _: &Actor) -> Answer<Dashboard> {
        let tasks = TaskCounts { outstanding: 128, stopping_soon: 3, locked: 9, expired: 28, mail_failed: 4 };
        Ok(Dashboard {
            users: Some(1240),
            tasks: Some(tasks),
            mail: None,
            organisation: "Contoso".into(),
            zone: "Europe/Vienna".into(),
        })
    }
    async fn users(&self, _: &Actor, _: &UserQuery) -> Answer<Listing<UserRow>> {
        nothing()
    }
    async fn user(&self, _: &Actor, _: i64) -> Answer<UserDetail> {
        nothing()
    }
    async fn authentication_methods(&self, _: &Actor, _: i64) -> Answer<AuthenticationMethods> {
        nothing()
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
    async fn import_users(&self, _: &Actor, _: &[u8], _: &Import) -> Answer<ImportReport> {
        nothing()
    }
    async fn select_users(&self, _: &Actor, _: &SelectForm) -> Answer<Selected> {
        nothing()
    }
    async fn selected_users(&self, _: &Actor, _: &str) -> Answer<i64> {
        Ok(2)
    }
    async fn paste_users(&self, _: &Actor, _: &PasteForm) -> Answer<Pasted> {
        nothing()
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
    async fn task(&self, _: &Actor, _: i64, _: &TaskUserQuery) -> Answer<TaskDetail> {
        nothing()
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
