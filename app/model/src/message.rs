//! Messages: one row each, written with the change it speaks of, sent after the commit (spec §6).

use crate::{
    day::Moment,
    listing::{Column, Direction, Paging, Sort, Total},
};
use serde::{Deserialize, Serialize};

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MessageKind {
    /// The first link.
    Enrollment,
    /// A new link that replaces all earlier ones.
    Resend,
    /// One more link before the stop date.
    Reminder,
    /// The operator removed the user from the task.
    RemovedFromTask,
    /// The authenticator is enrolled.
    Completed,
    /// A link went to another address.
    SentElsewhere,
    /// The profile's address changed.
    AddressChanged,
    /// A code as an authenticator.
    EmailCode,
    /// Something an operator should know.
    Alert,
    /// A test of the mail settings.
    Test,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [MessageKind; 10] = [
        MessageKind::Enrollment,
        MessageKind::Resend,
        MessageKind::Reminder,
        MessageKind::RemovedFromTask,
        MessageKind::Completed,
        MessageKind::SentElsewhere,
        MessageKind::AddressChanged,
        MessageKind::EmailCode,
        MessageKind::Alert,
        MessageKind::Test,
    ];

    /// The words on screen.
    pub const fn name(self) -> &'static str {
        match self {
            MessageKind::Enrollment => "Enrollment",
            MessageKind::Resend => "Resend",
            MessageKind::Reminder => "Reminder",
            MessageKind::RemovedFromTask => "Removed from task",
            MessageKind::Completed => "Completed",
            MessageKind::SentElsewhere => "Sent to another address",
            MessageKind::AddressChanged => "Address changed",
            MessageKind::EmailCode => "E-mail code",
            MessageKind::Alert => "Alert",
            MessageKind::Test => "Test",
        }
    }

    /// The word in the database and in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            MessageKind::Enrollment => "enrollment",
            MessageKind::Resend => "resend",
            MessageKind::Reminder => "reminder",
            MessageKind::RemovedFromTask => "removed",
            MessageKind::Completed => "completed",
            MessageKind::SentElsewhere => "sent_elsewhere",
            MessageKind::AddressChanged => "address_changed",
            MessageKind::EmailCode => "email_code",
            MessageKind::Alert => "alert",
            MessageKind::Test => "test",
        }
    }

    /// The kind of that word.
    pub fn of_code(code: &str) -> Option<MessageKind> {
        MessageKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Does the message carry an enrollment link?
    pub const fn carries_link(self) -> bool {
        matches!(self, MessageKind::Enrollment | MessageKind::Resend | MessageKind::Reminder)
    }
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MailState {
    /// Waits for its turn.
    Queued,
    /// A node is handing it to the relay.
    Sending,
    /// The line broke after the last byte: it may have arrived; the same message goes out again.
    Uncertain,
    /// The relay could not take it now; it is tried again.
    Deferred,
    /// The relay took it.
    Accepted,
    /// It came back.
    Bounced,
    /// It will not be tried again.
    Failed,
    /// What it spoke of is no longer so.
    Canceled,
}

impl MailState {
    /// Every state.
    pub const ALL: [MailState; 8] = [
        MailState::Queued,
        MailState::Sending,
        MailState::Uncertain,
        MailState::Deferred,
        MailState::Accepted,
        MailState::Bounced,
        MailState::Failed,
        MailState::Canceled,
    ];

    /// The word on screen.
    pub const fn name(self) -> &'static str {
        match self {
            MailState::Queued => "Queued",
            MailState::Sending => "Sending",
            MailState::Uncertain => "Uncertain",
            MailState::Deferred => "Deferred",
            MailState::Accepted => "Accepted",
            MailState::Bounced => "Bounced",
            MailState::Failed => "Failed",
            MailState::Canceled => "Canceled",
        }
    }

    /// The word in the database and in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            MailState::Queued => "queued",
            MailState::Sending => "sending",
            MailState::Uncertain => "uncertain",
            MailState::Deferred => "deferred",
            MailState::Accepted => "accepted",
            MailState::Bounced => "bounced",
            MailState::Failed => "failed",
            MailState::Canceled => "canceled",
        }
    }

    /// The state of that word.
    pub fn of_code(code: &str) -> Option<MailState> {
        MailState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Nothing more will happen to it by itself.
    pub const fn is_final(self) -> bool {
        matches!(self, MailState::Accepted | MailState::Bounced | MailState::Failed | MailState::Canceled)
    }

    /// Somebody has to look at it.
    pub const fn needs_a_look(self) -> bool {
        matches!(self, MailState::Bounced | MailState::Failed)
    }
}

/// The mail's state as rows of people show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailNote {
    /// The state of the newest message with a link.
    pub state: MailState,
    /// Since when.
    pub at: Moment,
    /// Why, where it failed, bounced or waits; one sentence.
    pub reason: String,
    /// The message.
    pub message: i64,
    /// It is a reminder, which went to the profile's address wherever the link before it went.
    pub reminder: bool,
}

/// What the list of messages can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MessageColumn {
    /// When it was written.
    #[default]
    Made,
}

impl Column for MessageColumn {
    const ALL: &'static [MessageColumn] = &[MessageColumn::Made];

    fn name(self) -> &'static str {
        "made"
    }

    fn first_direction(self) -> Direction {
        Direction::Descending
    }
}

/// The sort of the list of messages when the address names none: newest first.
pub const MESSAGE_SORT: Sort<MessageColumn> = Sort { column: MessageColumn::Made, direction: Direction::Descending };

/// Which messages the list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MessageFilter {
    /// Only in this state.
    pub state: Option<MailState>,
    /// Only of this kind.
    pub kind: Option<MessageKind>,
    /// Only of this task.
    pub task: Option<i64>,
}

/// What `/communications` is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MessageQuery {
    /// Which messages.
    pub filter: MessageFilter,
    /// Sort, size and page.
    pub paging: Paging<MessageColumn>,
}

impl MessageQuery {
    /// A query for the newest messages.
    pub fn all() -> MessageQuery {
        MessageQuery { paging: Paging { sort: MESSAGE_SORT, ..Paging::default() }, ..MessageQuery::default() }
    }
}

/// One row of `/communications`. Holds no link and no code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// The message's row.
    pub id: i64,
    /// What it is for.
    pub kind: MessageKind,
    /// The address it goes to.
    pub to: String,
    /// The user it speaks to, where there is one: row and UserID.
    pub user: Option<(i64, String)>,
    /// The task it speaks of.
    pub task: Option<i64>,
    /// Where it stands.
    pub state: MailState,
    /// Why; one sentence, or nothing.
    pub reason: String,
    /// The relay's last reply, or nothing.
    pub reply: String,
    /// How often it was tried.
    pub tries: i64,
    /// When it was written.
    pub made: Moment,
    /// When it is tried again, where it waits.
    pub next_try: Option<Moment>,
    /// *Retry* is offered.
    pub may_retry: bool,
}

/// How the mail is going, above the list and on the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSummary {
    /// Waiting to go out.
    pub waiting: i64,
    /// Taken by the relay today.
    pub accepted_today: Total,
    /// Taken by the relay within the last minute.
    pub last_minute: i64,
    /// About when all that waits will be out, going by the last minute; nothing while none waits, none went out, or all is paused.
    pub rest_out: Option<Moment>,
    /// Why the message put off last was put off; nothing where none was.
    pub trouble: Option<String>,
    /// Failed or bounced, and not sent again.
    pub failed: i64,
    /// Why the whole queue is paused; nothing while it runs.
    pub paused: Option<String>,
    /// Where mail goes, in words: `the folder mail` or `smtp.example.org`.
    pub transport: String,
}
