//! What a message says, and how it becomes a row of the outbox.
//!
//! A row fixes everything its bytes depend on: the sender, the address of the console, the values and the version of the template. The
//! texts of [`model::catalogue`] and the layout of `render.rs` are that version: a release that changes either raises [`TEMPLATE`] and
//! keeps the old ones for rows that wait (a snapshot test reminds you).
//!
//! To add a message: a variant of [`Content`], its texts in the catalogue, its blocks in `blocks.rs`.

use crate::{
    ids::Ids,
    keys::{Keys, Place, Purpose, Unsealable},
};
use model::{
    authentication::AuthenticationType,
    day::{Day, Moment},
    message::MessageKind,
    policy::Policy,
};
use serde::{Deserialize, Serialize};
use store::outbox::{LANE_CODES, LANE_REST, NewMessage};

/// The version of texts and layout that new rows are written for.
pub const TEMPLATE: i64 = 1;

/// How long a notice is tried, in milliseconds; for a link the stop date decides.
const NOTICE_LIVES: i64 = 5 * 24 * 60 * 60 * 1000;

/// Who sends, and where links lead. The same for every message of one act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// The organisation.
    pub organisation: String,
    /// The name in the From; empty for the organisation's.
    pub name: String,
    /// The address in the From.
    pub address: String,
    /// The address of the console, without a slash at the end: never from a request.
    pub base_url: String,
    /// The zone of days and moments.
    pub zone: String,
}

impl Sender {
    /// The sender that the policy names.
    pub fn new(policy: &Policy, base_url: &str) -> Sender {
        Sender {
            organisation: policy.organisation.clone(),
            name: policy.sender_name.clone(),
            address: policy.sender_address.clone(),
            base_url: base_url.trim_end_matches('/').to_owned(),
            zone: policy.time_zone.clone(),
        }
    }
}

/// What a message says. Holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// The first link.
    Enrollment(Link),
    /// A new link that replaces all earlier ones.
    Resend(Link),
    /// One more link before the stop date.
    Reminder(Link),
    /// The operator removed the user from the task.
    Removed {
        /// The authenticator that was to be.
        kind: AuthenticationType,
    },
    /// The authenticator is enrolled. Its secret is the link of *This was not me*.
    Completed {
        /// The authenticator.
        kind: AuthenticationType,
        /// Its serial number.
        serial: String,
        /// When.
        at: Moment,
    },
    /// A link went to another address. Its secret is the link of *Stop it*.
    SentElsewhere {
        /// The other address, masked.
        address: String,
        /// Who sent it there.
        operator: String,
        /// When.
        at: Moment,
    },
    /// The profile's address changed; this goes to the old one.
    AddressChanged {
        /// Who changed it.
        operator: String,
        /// When.
        at: Moment,
    },
    /// A code as an authenticator. Its secret is the code.
    EmailCode {
        /// How long it works.
        minutes: u16,
    },
    /// What an operator should know.
    Alert {
        /// What happened.
        what: Alert,
        /// The user's UserID.
        user_id: String,
        /// The task.
        task: i64,
    },
    /// Users did not enroll in time: what operators should know of one day or more.
    Expired {
        /// How many, by task and stop date.
        late: Vec<Late>,
        /// Tasks that are not listed.
        more_tasks: u32,
        /// All users together.
        users: u32,
    },
    /// A test of the mail settings.
    Test {
        /// Who sent it.
        operator: String,
        /// When.
        at: Moment,
    },
}

/// What a message with a link says beside the link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The UserID to be typed with the code.
    pub user_id: String,
    /// The authenticator to come.
    pub kind: AuthenticationType,
    /// The last day.
    pub stop: Day,
    /// When the link ends, where that is before the end of the stop date.
    pub until: Option<Moment>,
}

/// The users of one task who did not enroll by a stop date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// The task's number.
    pub task: i64,
    /// The stop date.
    pub stop: Day,
    /// How many.
    pub users: u32,
}

/// What an operator is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alert {
    /// A user pressed *This was not me*.
    NotMe,
    /// A user pressed *Stop it*.
    Stopped,
    /// An enrollment locked.
    Locked,
    /// A user asked for a new link.
    Requested,
}

impl Content {
    /// The kind of the row.
    pub const fn kind(&self) -> MessageKind {
        match self {
            Content::Enrollment(_) => MessageKind::Enrollment,
            Content::Resend(_) => MessageKind::Resend,
            Content::Reminder(_) => MessageKind::Reminder,
            Content::Removed { .. } => MessageKind::RemovedFromTask,
            Content::Completed { .. } => MessageKind::Completed,
            Content::SentElsewhere { .. } => MessageKind::SentElsewhere,
            Content::AddressChanged { .. } => MessageKind::AddressChanged,
            Content::EmailCode { .. } => MessageKind::EmailCode,
            Content::Alert { .. } | Content::Expired { .. } => MessageKind::Alert,
            Content::Test { .. } => MessageKind::Test,
        }
    }

    /// The last day that the message names, where it carries a link.
    pub const fn stop(&self) -> Option<Day> {
        match self {
            Content::Enrollment(link) | Content::Resend(link) | Content::Reminder(link) => Some(link.stop),
            _ => None,
        }
    }

    fn give_up_at(&self, made_at: i64) -> Option<i64> {
        match self {
            Content::Enrollment(_) | Content::Resend(_) | Content::Reminder(_) => None,
            Content::EmailCode { minutes } => Some(made_at + i64::from(*minutes) * 60_000),
            _ => Some(made_at + NOTICE_LIVES),
        }
    }
}

/// What nobody but the reader may see: sealed in the row and wiped when it reaches a final state.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// The secret at the end of the link's address.
    pub link: Option<String>,
    /// The code, as it is stored: without dashes.
    pub code: Option<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// To whom a message goes, and what it is about.
#[derive(Clone, Debug, Default)]
pub struct Recipient {
    /// The address.
    pub address: String,
    /// First and last name; empty where none is known.
    pub name: String,
    /// The language of the texts.
    pub language: String,
    /// The user's row; nothing for operators.
    pub person: Option<i64>,
    /// The task.
    pub task: Option<i64>,
    /// The enrollment.
    pub enrollment: Option<i64>,
    /// The enrollment's generation.
    pub generation: Option<i64>,
}

/// What fills a message's template: the row's `data`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Who sends.
    pub sender: Sender,
    /// First and last name of the reader.
    pub name: String,
    /// What it says.
    pub content: Content,
}

/// Writes messages of one act: knows the sender, the key and the time.
pub struct Desk<'a> {
    /// Who sends.
    pub sender: Sender,
    /// Seals what is secret.
    pub keys: &'a Keys,
    /// Names the messages.
    pub ids: &'a dyn Ids,
    /// When, in milliseconds.
    pub now: i64,
}

impl Desk<'_> {
    /// The row of one message. `turn` is its position inside its act, from 0.
    ///
    /// # Errors
    /// When its values cannot be written as JSON.
    pub fn message(
        &self,
        to: Recipient,
        content: Content,
        secrets: Option<&Secrets>,
        turn: i64,
    ) -> Result<NewMessage, serde_json::Error> {
        let message_id = format!("{}@{}", self.ids.key(), domain(&self.sender.base_url));
        let place = place(&message_id, to.generation);
        let secret = secrets.map(serde_json::to_vec).transpose()?;
        let secret = secret.map(|plain| self.keys.seal(Purpose::Outbox, place, &plain, self.ids));
        let lane = if matches!(content, Content::EmailCode { .. }) { LANE_CODES } else { LANE_REST };
        let (kind, give_up_at) = (content.kind(), content.give_up_at(self.now));
        let letter = Letter { sender: self.sender.clone(), name: to.name, content };
        Ok(NewMessage {
            message_id,
            kind,
            task: to.task,
            enrollment: to.enrollment,
            person: to.person,
            to: to.address,
            language: to.language,
            template: TEMPLATE,
            data: serde_json::to_string(&letter)?,
            secret,
            generation: to.generation,
            lane,
            turn,
            give_up_at,
            retry_of: None,
            made_at: self.now,
        })
    }
}

/// Opens what was sealed for that message.
///
/// # Errors
/// [`Unsealable`] for anything altered, moved, or sealed with another key.
pub fn unseal(keys: &Keys, message_id: &str, generation: Option<i64>, sealed: Option<&[u8]>) -> Result<Secrets, Unsealable> {
    let Some(sealed) = sealed else { return Ok(Secrets::default()) };
    let plain = keys.open_sealed(Purpose::Outbox, place(message_id, generation), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Unsealable)
}

fn place(message_id: &str, generation: Option<i64>) -> Place<'_> {
    Place { table: "outbox", row: message_id, generation: generation.unwrap_or(0) }
}

/// The host of the console's address, for the right side of Message-IDs (RFC 5322 §3.6.4).
pub fn domain(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default();
    let ok = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    if ok { host } else { "provost.invalid" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_ids_end_in_the_consoles_host() {
        assert_eq!(domain("https://provost.example.org:8443/x"), "provost.example.org");
        assert_eq!(domain("http://localhost:3000"), "localhost");
        assert_eq!(domain("http://[::1]:3000"), "provost.invalid");
        assert_eq!(domain("http://x\r\ny"), "provost.invalid");
    }
}
