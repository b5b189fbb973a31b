//! Self-enrollment, the user's side (spec §4).

use crate::{
    Service,
    fault::{Fault, Outcome},
};
use model::{
    actor::{Actor, Client},
    enrolling::{Asked, Host, LinkPage, NotMePage, SessionPage},
    forms::{EnrollCodeForm, VerifyForm},
    user::AuthenticationMethods,
};

/// A user's tokens and open enrollments.
pub(crate) async fn of_user(_service: &Service, _by: &Actor, _id: i64) -> Outcome<AuthenticationMethods> {
    Err(Fault::Broken("being built"))
}

/// The link's page.
pub(crate) async fn look(_service: &Service, _secret: &str, _opened: bool) -> Outcome<LinkPage> {
    Err(Fault::Broken("being built"))
}

/// **Start**.
pub(crate) async fn start(_service: &Service, _secret: &str, _client: &Client) -> Outcome<String> {
    Err(Fault::Broken("being built"))
}

/// **Start** by typed code.
pub(crate) async fn start_with_code(_service: &Service, _form: &EnrollCodeForm, _client: &Client) -> Outcome<String> {
    Err(Fault::Broken("being built"))
}

/// The session's page.
pub(crate) async fn session(_service: &Service, _cookie: &str) -> Outcome<SessionPage> {
    Err(Fault::Broken("being built"))
}

/// **Verify**.
pub(crate) async fn verify(_service: &Service, _cookie: &str, _form: &VerifyForm, _client: &Client) -> Outcome<()> {
    Err(Fault::Broken("being built"))
}

/// **Ask for a new link**.
pub(crate) async fn ask_for_link(_service: &Service, _secret: &str, _client: &Client) -> Outcome<Asked> {
    Err(Fault::Broken("being built"))
}

/// The page of **This was not me**.
pub(crate) async fn look_not_me(_service: &Service, _secret: &str) -> Outcome<NotMePage> {
    Err(Fault::Broken("being built"))
}

/// **This was not me**.
pub(crate) async fn not_me(_service: &Service, _secret: &str, _client: &Client) -> Outcome<NotMePage> {
    Err(Fault::Broken("being built"))
}

/// For pages without a row.
pub(crate) async fn host(_service: &Service) -> Outcome<Host> {
    Err(Fault::Broken("being built"))
}
