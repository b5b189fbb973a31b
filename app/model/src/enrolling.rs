//! The port of the user's side: everything that somebody with a link, or a typed code, can ask (spec §4).
//!
//! Who and what come from the link's row, never from the request. A stranger learns nothing.

use crate::{
    Answer,
    actor::Client,
    authentication::AuthenticationType,
    day::Day,
    forms::{EnrollCodeForm, VerifyForm},
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Where the code of a mail is typed on another device.
pub const TYPED_CODE_PATH: &str = "/enroll";

/// Where the steps of an enrollment happen; no secret stands in this address.
pub const SESSION_PATH: &str = "/enroll/session";

/// The path of an enrollment link, for mails.
pub fn link_path(secret: &str) -> String {
    format!("/enroll/{secret}")
}

/// The path of the completion mail's link, where **This was not me** can be pressed.
pub fn not_me_path(secret: &str) -> String {
    format!("/enroll/not-me/{secret}")
}

/// The page of **Stop it**, for a link that went to another address.
pub fn stop_it_path(secret: &str) -> String {
    format!("/enroll/stop/{secret}")
}

/// Everything a user with a link can ask.
#[async_trait]
pub trait Enrolling: Send + Sync {
    /// What the link's page shows. `opened` notes that somebody looked (GET, not HEAD): once, best effort, used in no rule.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound) for every secret that matches no row, however it is malformed.
    async fn look(&self, secret: &str, opened: bool) -> Answer<LinkPage>;

    /// **Start**: opens an enrollment session with a new key and ends an earlier one. Answers the cookie's secret (base64url, 256 bits).
    ///
    /// # Errors
    /// As [`Enrolling::look`]; [`EnrollmentOver`](crate::Refusal::EnrollmentOver) when the link no longer serves.
    async fn start(&self, secret: &str, client: &Client) -> Answer<String>;

    /// The same by UserID and typed code.
    ///
    /// # Errors
    /// [`NoSuchCode`](crate::Refusal::NoSuchCode), one answer for every cause; [`TooOften`](crate::Refusal::TooOften).
    async fn start_with_code(&self, form: &EnrollCodeForm, client: &Client) -> Answer<String>;

    /// What `/enroll/session` shows to the browser that holds the cookie.
    ///
    /// # Errors
    /// [`EnrollmentOver`](crate::Refusal::EnrollmentOver).
    async fn session(&self, cookie: &str) -> Answer<SessionPage>;

    /// **Verify**: one code. Right: token, enrollment, counters, link and notices change in one transaction.
    ///
    /// # Errors
    /// [`Invalid`](crate::Refusal::Invalid) for field `code`; [`EnrollmentOver`](crate::Refusal::EnrollmentOver).
    async fn verify(&self, cookie: &str, form: &VerifyForm, client: &Client) -> Answer<()>;

    /// **Ask for a new link**, on the page of a link that is too old or whose stop date is over.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound); [`TooOften`](crate::Refusal::TooOften).
    async fn ask_for_link(&self, secret: &str, client: &Client) -> Answer<Asked>;

    /// What the page of **This was not me** shows. Changes nothing.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn look_not_me(&self, secret: &str) -> Answer<NotMePage>;

    /// **This was not me**: suspends the token and alerts operators. A second time changes nothing.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn not_me(&self, secret: &str, client: &Client) -> Answer<NotMePage>;

    /// What the page of **Stop it** shows. Changes nothing.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn look_stop(&self, secret: &str) -> Answer<StopPage>;

    /// **Stop it**: kills the link that went to another address and alerts operators. A second time changes nothing.
    ///
    /// # Errors
    /// [`NotFound`](crate::Refusal::NotFound).
    async fn stop(&self, secret: &str, client: &Client) -> Answer<StopPage>;

    /// The organisation's name and language, for pages without a row.
    ///
    /// # Errors
    /// Accidents only.
    async fn host(&self) -> Answer<Host>;
}

/// Whose page it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// The organisation's name.
    pub organisation: String,
    /// The language of the page.
    pub language: String,
    /// The zone of the days.
    pub zone: String,
}

/// The page of a link that matches a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPage {
    /// Whose page it is, in the user's language.
    pub host: Host,
    /// What happened, and what to do.
    pub state: LinkState,
}

/// What a link that matches a row is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkState {
    /// The user may enroll: the only state that names the person.
    Ready {
        /// First and last name, or the UserID.
        name: String,
        /// The authenticator to come.
        kind: AuthenticationType,
        /// The last day.
        stop: Day,
        /// Somebody pressed Start already: the button says so, and pressing it begins anew.
        started: bool,
    },
    /// The stop date is over.
    Expired {
        /// **Ask for a new link** is offered, or was pressed before.
        ask: Ask,
    },
    /// The link is too old though the stop date is not over.
    TooOld {
        /// As for [`LinkState::Expired`].
        ask: Ask,
    },
    /// The attempts are used up.
    Locked,
    /// The operator removed the user, or the user is disabled.
    Canceled,
    /// A newer mail holds a newer link.
    Replaced,
    /// The link was ended, and no newer mail was sent.
    Ended,
    /// The enrollment is completed.
    Used {
        /// **This was not me** is offered: the token is still usable.
        not_me: bool,
    },
}

/// Whether a new link can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Pressing the button sends a new link to the profile's address.
    ForLink,
    /// Pressing the button shows the request to operators.
    ForHelp,
    /// Asked already.
    Asked,
}

/// What asking came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// A new link is on its way to the address that the organisation knows.
    LinkSent,
    /// Operators see the request.
    Requested,
}

/// What `/enroll/session` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPage {
    /// Whose page it is, in the user's language.
    pub host: Host,
    /// First and last name, or the UserID.
    pub name: String,
    /// The step.
    pub step: Step,
}

/// Where an enrollment session stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The authenticator app: scan or type the key, then prove it with a code.
    App {
        /// The QR code of the address, as rows of dark (true) and light modules without the quiet zone.
        qr: Vec<Vec<bool>>,
        /// The key in base32, in groups of four.
        key: String,
        /// The `otpauth://` address that opens an app on this device.
        address: String,
        /// How many digits a code has.
        digits: u8,
        /// Wrong codes left until the enrollment locks.
        attempts_left: u8,
        /// The last day.
        stop: Day,
        /// Minutes that the session still lasts.
        minutes_left: u16,
    },
    /// Enrolled and proven.
    Done {
        /// The token's serial number.
        serial: String,
        /// The authenticator.
        kind: AuthenticationType,
    },
}

/// The page of **This was not me**.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotMePage {
    /// Whose page it is, in the user's language.
    pub host: Host,
    /// The authenticator.
    pub kind: AuthenticationType,
    /// It is suspended now.
    pub suspended: bool,
}

/// The page of **Stop it**.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopPage {
    /// Whose page it is, in the user's language.
    pub host: Host,
    /// What can be stopped.
    pub state: StopState,
}

/// What became of the link that **Stop it** speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopState {
    /// It may still serve: the button is offered.
    Live {
        /// The authenticator to come.
        kind: AuthenticationType,
    },
    /// It no longer serves.
    Stopped,
    /// It was used before anybody stopped it.
    Used,
}
