//! The texts of mails, one group for each message. Placeholders in braces are named beside each text.

use crate::authentication::AuthenticationType;

/// The texts of mails in one language.
#[derive(Debug)]
pub struct MailTexts {
    /// What every mail shares.
    pub common: CommonTexts,
    /// The authentication types inside a sentence.
    pub types: TypeTexts,
    /// The three mails with a link to enroll.
    pub link: LinkTexts,
    /// The user was removed from the task.
    pub removed: RemovedTexts,
    /// The authenticator is enrolled.
    pub completed: CompletedTexts,
    /// A link went to another address.
    pub sent_elsewhere: SentElsewhereTexts,
    /// The profile's address changed.
    pub address_changed: AddressChangedTexts,
    /// A code as an authenticator.
    pub email_code: EmailCodeTexts,
    /// What an operator should know.
    pub alert: AlertTexts,
    /// Users did not enroll in time.
    pub expired: ExpiredTexts,
    /// A test of the mail settings.
    pub test: TestTexts,
}

/// What every mail shares.
#[derive(Debug)]
pub struct CommonTexts {
    /// The first line. `{name}`
    pub greeting: &'static str,
    /// The first line where no name is known.
    pub greeting_without_name: &'static str,
    /// The last line. `{organisation}`
    pub footer: &'static str,
    /// The end of a day. `{day}`, `{zone}`
    pub end_of_day: &'static str,
    /// A moment. `{moment}`, `{zone}`
    pub moment: &'static str,
    /// Above the address of a button. Ends with a colon.
    pub copy_address: &'static str,
    /// The label of a UserID.
    pub user_id: &'static str,
    /// The label of an authentication type.
    pub authenticator: &'static str,
    /// The label of a serial number.
    pub serial_number: &'static str,
    /// The label of an operator.
    pub by: &'static str,
    /// The label of a moment.
    pub at: &'static str,
    /// The label of a task's number.
    pub task: &'static str,
}

/// The authentication types inside a sentence: bare, and with an article.
#[derive(Debug)]
pub struct TypeTexts {
    /// OATH TOTP in an app.
    pub app: (&'static str, &'static str),
    /// WebAuthn.
    pub passkey: (&'static str, &'static str),
    /// OATH by serial number.
    pub hardware: (&'static str, &'static str),
    /// A code by mail.
    pub email: (&'static str, &'static str),
}

impl TypeTexts {
    /// The type bare (`passkey`) and with an article (`a passkey`).
    pub const fn of(&self, kind: AuthenticationType) -> (&'static str, &'static str) {
        match kind {
            AuthenticationType::App => self.app,
            AuthenticationType::Passkey => self.passkey,
            AuthenticationType::Hardware => self.hardware,
            AuthenticationType::EmailCode => self.email,
        }
    }
}

/// The mails with a link to enroll. Each text may hold `{organisation}`, `{type}`, `{a_type}` and `{stop_date}`.
#[derive(Debug)]
pub struct LinkTexts {
    /// The subject of an enrollment message.
    pub enrollment_subject: &'static str,
    /// The subject of a resend.
    pub resend_subject: &'static str,
    /// The subject of a reminder.
    pub reminder_subject: &'static str,
    /// The heading of all three.
    pub title: &'static str,
    /// What an enrollment message is, and who sent it.
    pub enrollment: &'static str,
    /// What a resend is, and who sent it.
    pub resend: &'static str,
    /// What a reminder is, and who sent it.
    pub reminder: &'static str,
    /// What is needed for an authenticator app.
    pub need_app: &'static str,
    /// What is needed for a passkey.
    pub need_passkey: &'static str,
    /// What is needed for a hardware token.
    pub need_hardware: &'static str,
    /// What is needed for codes by mail.
    pub need_email: &'static str,
    /// The button.
    pub button: &'static str,
    /// The label of the stop date.
    pub last_day: &'static str,
    /// The label of the link's own end, where that comes before the stop date.
    pub link_until: &'static str,
    /// Above the typed code.
    pub other_device: &'static str,
    /// Where to type the code. `{address}`
    pub other_device_how: &'static str,
    /// The label of the typed code.
    pub code: &'static str,
    /// Above what to do when the mail was not expected.
    pub not_expected: &'static str,
    /// What to do when the mail was not expected.
    pub not_expected_how: &'static str,
}

/// The user was removed from the task. `{organisation}`, `{type}`, `{a_type}`
#[derive(Debug)]
pub struct RemovedTexts {
    /// The subject.
    pub subject: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What happened.
    pub what: &'static str,
    /// What to do.
    pub how: &'static str,
}

/// The authenticator is enrolled. `{organisation}`, `{type}`, `{a_type}`
#[derive(Debug)]
pub struct CompletedTexts {
    /// The subject.
    pub subject: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What happened.
    pub what: &'static str,
    /// Above what to do when somebody else did it.
    pub not_me: &'static str,
    /// What pressing the button leads to.
    pub not_me_how: &'static str,
    /// The button.
    pub not_me_button: &'static str,
}

/// A link went to another address. `{organisation}`, `{address}`, `{operator}`
#[derive(Debug)]
pub struct SentElsewhereTexts {
    /// The subject.
    pub subject: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What happened.
    pub what: &'static str,
    /// What to do.
    pub how: &'static str,
    /// The button.
    pub button: &'static str,
}

/// The profile's address changed. `{organisation}`, `{operator}`
#[derive(Debug)]
pub struct AddressChangedTexts {
    /// The subject.
    pub subject: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What happened.
    pub what: &'static str,
    /// What to do.
    pub how: &'static str,
}

/// A code as an authenticator. `{organisation}`, `{minutes}`
#[derive(Debug)]
pub struct EmailCodeTexts {
    /// The subject; never the code, which would show on a locked screen.
    pub subject: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What it is for.
    pub what: &'static str,
    /// What to do when nobody asked for it.
    pub how: &'static str,
}

/// What an operator should know. `{organisation}`, `{user_id}`, `{task}`
#[derive(Debug)]
pub struct AlertTexts {
    /// A user pressed *This was not me*: subject and heading, then what happened.
    pub not_me: (&'static str, &'static str),
    /// A user pressed *Stop it*.
    pub stopped: (&'static str, &'static str),
    /// An enrollment locked.
    pub locked: (&'static str, &'static str),
    /// A user asked for a new link.
    pub requested: (&'static str, &'static str),
    /// The button.
    pub button: &'static str,
}

/// Users did not enroll in time; told to operators. Each for one, and for more.
#[derive(Debug)]
pub struct ExpiredTexts {
    /// The subject and heading. `{users}`
    pub title: (&'static str, &'static str),
    /// The users of one task. `{users}`, `{task}`, `{stop_date}`
    pub line: (&'static str, &'static str),
    /// The tasks that are not listed. `{tasks}`
    pub more: (&'static str, &'static str),
    /// What to do.
    pub how: &'static str,
    /// The button, to the task or to the list of tasks.
    pub button: (&'static str, &'static str),
}

/// A test of the mail settings. `{organisation}`, `{operator}`
#[derive(Debug)]
pub struct TestTexts {
    /// The subject.
    pub subject: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What it proves.
    pub what: &'static str,
}
