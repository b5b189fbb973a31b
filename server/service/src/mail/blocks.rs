//! What each message shows, block by block, in the reader's language. Both its text and its HTML are made of the same blocks.

use super::{
    letter::{Alert, Content, Late, Letter, Link, Secrets},
    plain::{harmless, one_line, user_id},
};
use crate::typed_code;
use model::{
    authentication::AuthenticationType,
    catalogue::{self, fill, mail::MailTexts},
    day::Moment,
    enrolling::{TYPED_CODE_PATH, link_path, not_me_path, stop_it_path},
};
use serde::Serialize;

/// A message before its layout: every text whole, nothing escaped.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// The language of the texts.
    pub language: &'static str,
    /// The subject, on one line.
    pub subject: String,
    /// The organisation, for the top.
    pub organisation: String,
    /// The heading.
    pub title: String,
    /// What stands under it.
    pub blocks: Vec<Block>,
    /// The last line.
    pub footer: String,
}

/// A part of a message.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Block {
    /// A paragraph.
    Text {
        /// The sentences.
        text: String,
    },
    /// A small heading.
    Heading {
        /// The words.
        text: String,
    },
    /// A link: a button, and its address as text.
    Button {
        /// The words on it.
        label: String,
        /// The address.
        address: String,
        /// Above the address as text.
        copy: &'static str,
    },
    /// Something to be typed.
    Code {
        /// What it is.
        label: &'static str,
        /// What to type.
        value: String,
    },
    /// Labels and values.
    Facts {
        /// The lines.
        rows: Vec<(&'static str, String)>,
    },
}

fn text(text: String) -> Block {
    Block::Text { text }
}

/// Lays the message out. Links hold their secret only as a whole address, codes only as text.
pub fn page(letter: &Letter, secrets: &Secrets, language: &str) -> Page {
    let catalogue = catalogue::of(language);
    let writer = Writer { texts: &catalogue.mail, letter, secrets };
    let (subject, title, blocks) = writer.content();
    let organisation = harmless(&letter.sender.organisation);
    let greeting = match harmless(&letter.name) {
        name if name.is_empty() => catalogue.mail.common.greeting_without_name.to_owned(),
        name => fill(catalogue.mail.common.greeting, &[("name", &name)]),
    };
    Page {
        language: catalogue.code,
        subject: one_line(&subject),
        title,
        blocks: std::iter::once(text(greeting)).chain(blocks).collect(),
        footer: fill(catalogue.mail.common.footer, &[("organisation", &organisation)]),
        organisation,
    }
}

struct Writer<'a> {
    texts: &'a MailTexts,
    letter: &'a Letter,
    secrets: &'a Secrets,
}

/// Subject, heading and blocks.
type Parts = (String, String, Vec<Block>);

impl Writer<'_> {
    fn content(&self) -> Parts {
        match &self.letter.content {
            Content::Enrollment(link) => self.link(link, self.texts.link.enrollment_subject, self.texts.link.enrollment),
            Content::Resend(link) => self.link(link, self.texts.link.resend_subject, self.texts.link.resend),
            Content::Reminder(link) => self.link(link, self.texts.link.reminder_subject, self.texts.link.reminder),
            Content::Removed { kind } => self.removed(*kind),
            Content::Completed { kind, serial, at } => self.completed(*kind, serial, *at),
            Content::SentElsewhere { address, operator, at } => self.sent_elsewhere(address, operator, *at),
            Content::AddressChanged { operator, at } => self.address_changed(operator, *at),
            Content::EmailCode { minutes } => self.email_code(*minutes),
            Content::Alert { what, user_id, task } => self.alert(*what, user_id, *task),
            Content::Expired { late, more_tasks, users } => self.expired(late, *more_tasks, *users),
            Content::Test { operator, at } => self.test(operator, *at),
        }
    }

    /// Fills a sentence of the body; the organisation is always known.
    fn say(&self, template: &str, values: &[(&str, &str)]) -> String {
        let organisation = harmless(&self.letter.sender.organisation);
        fill(template, &[values, &[("organisation", &organisation)]].concat())
    }

    /// Fills a subject, where no program makes links.
    fn subject(&self, template: &str, values: &[(&str, &str)]) -> String {
        fill(template, &[values, &[("organisation", &self.letter.sender.organisation)]].concat())
    }

    fn address(&self, path: fn(&str) -> String) -> String {
        format!("{}{}", self.letter.sender.base_url, path(self.secrets.link.as_deref().unwrap_or_default()))
    }

    fn button(&self, label: &str, address: String) -> Block {
        Block::Button { label: label.to_owned(), address, copy: self.texts.common.copy_address }
    }

    fn moment(&self, at: Moment) -> String {
        fill(self.texts.common.moment, &[("moment", &at.to_string()), ("zone", &self.letter.sender.zone)])
    }

    fn link(&self, link: &Link, subject: &str, what: &str) -> Parts {
        let texts = &self.texts.link;
        let (bare, with_article) = self.texts.types.of(link.kind);
        let stop = link.stop.to_string();
        let values = [("type", bare), ("a_type", with_article), ("stop_date", stop.as_str())];
        let need = match link.kind {
            AuthenticationType::App => texts.need_app,
            AuthenticationType::Passkey => texts.need_passkey,
            AuthenticationType::Hardware => texts.need_hardware,
            AuthenticationType::EmailCode => texts.need_email,
        };
        let end = fill(self.texts.common.end_of_day, &[("day", &link.stop.long()), ("zone", &self.letter.sender.zone)]);
        let mut facts = vec![(texts.last_day, end)];
        facts.extend(link.until.map(|until| (texts.link_until, self.moment(until))));
        let mut blocks = vec![
            text(self.say(what, &values)),
            text(self.say(need, &values)),
            self.button(texts.button, self.address(link_path)),
            Block::Facts { rows: facts },
        ];
        blocks.extend(self.other_device(link));
        blocks.push(Block::Heading { text: texts.not_expected.to_owned() });
        blocks.push(text(self.say(texts.not_expected_how, &values)));
        (self.subject(subject, &values), self.say(texts.title, &values), blocks)
    }

    fn other_device(&self, link: &Link) -> Vec<Block> {
        let Some(code) = &self.secrets.code else { return Vec::new() };
        let texts = &self.texts.link;
        let where_to = format!("{}{}", self.letter.sender.base_url, TYPED_CODE_PATH);
        let mut blocks = vec![
            Block::Heading { text: texts.other_device.to_owned() },
            text(self.say(texts.other_device_how, &[("address", &where_to)])),
        ];
        blocks.extend(user_id(&link.user_id).map(|id| Block::Code { label: self.texts.common.user_id, value: id.to_owned() }));
        blocks.push(Block::Code { label: texts.code, value: typed_code::shown(code) });
        blocks
    }

    fn removed(&self, kind: AuthenticationType) -> Parts {
        let texts = &self.texts.removed;
        let (bare, with_article) = self.texts.types.of(kind);
        let values = [("type", bare), ("a_type", with_article)];
        let blocks = vec![text(self.say(texts.what, &values)), text(self.say(texts.how, &values))];
        (self.subject(texts.subject, &values), self.say(texts.title, &values), blocks)
    }

    fn completed(&self, kind: AuthenticationType, serial: &str, at: Moment) -> Parts {
        let texts = &self.texts.completed;
        let (bare, with_article) = self.texts.types.of(kind);
        let values = [("type", bare), ("a_type", with_article)];
        let common = &self.texts.common;
        let mut blocks = vec![
            text(self.say(texts.what, &values)),
            Block::Facts { rows: vec![(common.serial_number, harmless(serial)), (common.at, self.moment(at))] },
        ];
        if self.secrets.link.is_some() {
            blocks.push(Block::Heading { text: texts.not_me.to_owned() });
            blocks.push(text(self.say(texts.not_me_how, &values)));
            blocks.push(self.button(texts.not_me_button, self.address(not_me_path)));
        }
        (self.subject(texts.subject, &values), self.say(texts.title, &values), blocks)
    }

    fn sent_elsewhere(&self, address: &str, operator: &str, at: Moment) -> Parts {
        let texts = &self.texts.sent_elsewhere;
        let (address, operator) = (harmless(address), harmless(operator));
        let values = [("address", address.as_str()), ("operator", operator.as_str())];
        let blocks = vec![
            text(self.say(texts.what, &values)),
            Block::Facts { rows: vec![(self.texts.common.at, self.moment(at))] },
            text(self.say(texts.how, &values)),
            self.button(texts.button, self.address(stop_it_path)),
        ];
        (self.subject(texts.subject, &values), self.say(texts.title, &values), blocks)
    }

    fn address_changed(&self, operator: &str, at: Moment) -> Parts {
        let texts = &self.texts.address_changed;
        let operator = harmless(operator);
        let values = [("operator", operator.as_str())];
        let blocks = vec![
            text(self.say(texts.what, &values)),
            Block::Facts { rows: vec![(self.texts.common.at, self.moment(at))] },
            text(self.say(texts.how, &values)),
        ];
        (self.subject(texts.subject, &values), self.say(texts.title, &values), blocks)
    }

    fn email_code(&self, minutes: u16) -> Parts {
        let texts = &self.texts.email_code;
        let minutes = minutes.to_string();
        let values = [("minutes", minutes.as_str())];
        let code = self.secrets.code.clone().unwrap_or_default();
        let blocks = vec![
            text(self.say(texts.what, &values)),
            Block::Code { label: self.texts.link.code, value: code },
            text(self.say(texts.how, &values)),
        ];
        (self.subject(texts.subject, &values), self.say(texts.title, &values), blocks)
    }

    fn alert(&self, what: Alert, user: &str, task: i64) -> Parts {
        let texts = &self.texts.alert;
        let (title, happened) = match what {
            Alert::NotMe => texts.not_me,
            Alert::Stopped => texts.stopped,
            Alert::Locked => texts.locked,
            Alert::Requested => texts.requested,
        };
        let (user, number) = (harmless(user), task.to_string());
        let values = [("user_id", user.as_str()), ("task", number.as_str())];
        let address = format!("{}/provisioning-tasks/{task}", self.letter.sender.base_url);
        let blocks = vec![text(self.say(happened, &values)), self.button(texts.button, address)];
        let title = self.say(title, &values);
        (format!("{}: {title}", self.letter.sender.organisation), title, blocks)
    }

    fn expired(&self, late: &[Late], more_tasks: u32, users: u32) -> Parts {
        let texts = &self.texts.expired;
        let line = |late: &Late| {
            let (users, task, stop) = (late.users.to_string(), late.task.to_string(), late.stop.to_string());
            let values = [("users", users.as_str()), ("task", task.as_str()), ("stop_date", stop.as_str())];
            text(self.say(one_or_more(texts.line, late.users), &values))
        };
        let mut blocks: Vec<Block> = late.iter().map(line).collect();
        if more_tasks > 0 {
            blocks.push(text(self.say(one_or_more(texts.more, more_tasks), &[("tasks", &more_tasks.to_string())])));
        }
        let (label, path) = match late {
            [only] if more_tasks == 0 => (texts.button.0, format!("/provisioning-tasks/{}", only.task)),
            _ => (texts.button.1, "/provisioning-tasks?has_expired=1".to_owned()),
        };
        blocks.push(text(self.say(texts.how, &[])));
        blocks.push(self.button(label, format!("{}{path}", self.letter.sender.base_url)));
        let title = self.say(one_or_more(texts.title, users), &[("users", &users.to_string())]);
        (format!("{}: {title}", self.letter.sender.organisation), title, blocks)
    }

    fn test(&self, operator: &str, at: Moment) -> Parts {
        let texts = &self.texts.test;
        let operator = harmless(operator);
        let values = [("operator", operator.as_str())];
        let blocks =
            vec![text(self.say(texts.what, &values)), Block::Facts { rows: vec![(self.texts.common.at, self.moment(at))] }];
        (self.subject(texts.subject, &values), self.say(texts.title, &values), blocks)
    }
}

/// The text for one, or for more.
const fn one_or_more(texts: (&'static str, &'static str), count: u32) -> &'static str {
    if count == 1 { texts.0 } else { texts.1 }
}
