//! A status, the same everywhere: icon, word, colour.

use crate::parts::icon::Icon;
use leptos::prelude::*;
use model::{
    day::{Day, Moment},
    enrollment::Status,
    message::{MailNote, MailState, MessageKind},
    token::TokenState,
};

/// Where an enrollment stands.
#[component]
pub fn StatusMark(
    /// The status.
    status: Status,
) -> impl IntoView {
    let icon = match status {
        Status::Active => "clock",
        Status::Completed => "check",
        Status::Locked => "lock",
        Status::Expired => "bang",
        Status::Removed => "minus",
    };
    mark(status.code(), icon, status.name())
}

/// Where a message stands.
#[component]
pub fn MailMark(
    /// The state.
    state: MailState,
) -> impl IntoView {
    let (tone, icon) = match state {
        MailState::Queued | MailState::Sending => ("active", "clock"),
        MailState::Uncertain | MailState::Deferred => ("locked", "clock"),
        MailState::Accepted => ("completed", "check"),
        MailState::Bounced | MailState::Failed => ("expired", "bang"),
        MailState::Canceled => ("removed", "minus"),
    };
    mark(tone, icon, state.name())
}

/// Where a token stands.
#[component]
pub fn TokenMark(
    /// The state.
    state: TokenState,
) -> impl IntoView {
    let (tone, icon) = match state {
        TokenState::Active => ("completed", "check"),
        TokenState::Inventory | TokenState::Assigned => ("active", "clock"),
        TokenState::Suspended | TokenState::Locked => ("locked", "lock"),
        TokenState::Lost | TokenState::Faulty => ("expired", "bang"),
        TokenState::Revoked => ("removed", "minus"),
    };
    mark(tone, icon, state.name())
}

/// Where the newest mail with a link stands and since when, and that it was a reminder.
#[component]
pub fn MailNoteMark(
    /// The note.
    mail: MailNote,
) -> impl IntoView {
    let kind = mail.reminder.then(|| format!("{} ", MessageKind::Reminder.name()));
    view! {
        <MailMark state=mail.state />
        " "
        <small class="soft">{kind}<Time at=mail.at /></small>
    }
}

fn mark(tone: &'static str, icon: &'static str, word: &'static str) -> impl IntoView {
    view! {
        <span class=format!("status {tone}")>
            <Icon name=icon />
            {word}
        </span>
    }
}

/// A point in time, in the zone that the page names once.
#[component]
pub fn Time(
    /// When.
    at: Moment,
) -> impl IntoView {
    view! { <time datetime=at.iso()>{at.to_string()}</time> }
}

/// A calendar day, in the zone that the page names once.
#[component]
pub fn On(
    /// The day.
    day: Day,
) -> impl IntoView {
    view! { <time datetime=day.iso()>{day.to_string()}</time> }
}
