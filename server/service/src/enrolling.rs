//! The users' port: one line for each use case, all in `enrollment`.

use crate::{Service, enrollment};
use async_trait::async_trait;
use model::{
    Answer,
    actor::Client,
    enrolling::{Asked, Enrolling, Host, LinkPage, NotMePage, SessionPage, StopPage},
    forms::{EnrollCodeForm, VerifyForm},
};

#[async_trait]
impl Enrolling for Service {
    async fn look(&self, secret: &str, opened: bool) -> Answer<LinkPage> {
        self.answer(enrollment::look(self, secret, opened).await)
    }

    async fn start(&self, secret: &str, client: &Client) -> Answer<String> {
        self.answer(enrollment::start(self, secret, client).await)
    }

    async fn start_with_code(&self, form: &EnrollCodeForm, client: &Client) -> Answer<String> {
        self.answer(enrollment::start_with_code(self, form, client).await)
    }

    async fn session(&self, cookie: &str) -> Answer<SessionPage> {
        self.answer(enrollment::session(self, cookie).await)
    }

    async fn verify(&self, cookie: &str, form: &VerifyForm, client: &Client) -> Answer<()> {
        self.answer(enrollment::verify(self, cookie, form, client).await)
    }

    async fn ask_for_link(&self, secret: &str, client: &Client) -> Answer<Asked> {
        self.answer(enrollment::ask_for_link(self, secret, client).await)
    }

    async fn look_not_me(&self, secret: &str) -> Answer<NotMePage> {
        self.answer(enrollment::look_not_me(self, secret).await)
    }

    async fn not_me(&self, secret: &str, client: &Client) -> Answer<NotMePage> {
        self.answer(enrollment::not_me(self, secret, client).await)
    }

    async fn look_stop(&self, secret: &str) -> Answer<StopPage> {
        self.answer(enrollment::look_stop(self, secret).await)
    }

    async fn stop(&self, secret: &str, client: &Client) -> Answer<StopPage> {
        self.answer(enrollment::stop(self, secret, client).await)
    }

    async fn host(&self) -> Answer<Host> {
        self.answer(enrollment::host(self).await)
    }
}
