//! English: mails.

use super::mail::{
    AddressChangedTexts, AlertTexts, CommonTexts, CompletedTexts, EmailCodeTexts, ExpiredTexts, LinkTexts, MailTexts,
    RemovedTexts, SentElsewhereTexts, TestTexts, TypeTexts,
};

/// The English texts of mails. A released text is part of a template version: see `service::mail::letter`.
pub const MAIL: MailTexts = MailTexts {
    common: CommonTexts {
        greeting: "Hello {name},",
        greeting_without_name: "Hello,",
        footer: "This message was sent automatically by {organisation}. Replies to it are not read.",
        end_of_day: "{day}, until the end of the day ({zone})",
        moment: "{moment} ({zone})",
        copy_address: "If the button does not work, copy this address into your browser:",
        user_id: "User ID",
        authenticator: "Authenticator",
        serial_number: "Serial number",
        by: "By",
        at: "When",
        task: "Task",
    },
    types: TypeTexts {
        app: ("authenticator app", "an authenticator app"),
        passkey: ("passkey", "a passkey"),
        hardware: ("hardware token", "a hardware token"),
        email: ("e-mail code", "codes by e-mail"),
    },
    link: LinkTexts {
        enrollment_subject: "{organisation}: enroll your {type} by {stop_date}",
        resend_subject: "{organisation}: your new link to enroll by {stop_date}",
        reminder_subject: "{organisation}: reminder to enroll your {type} by {stop_date}",
        title: "Enroll your {type}",
        enrollment: "{organisation} asks you to enroll {a_type}, which you will use to sign in. You do it yourself with the link below; it takes about two minutes.",
        resend: "{organisation} sends you a new link to enroll {a_type}. It replaces the links of earlier messages: those no longer work.",
        reminder: "You have not enrolled {a_type} yet, and {organisation} asks you to do so while there is time. It takes about two minutes.",
        need_app: "You need an authenticator app on your phone. Any app that shows six-digit codes will do.",
        need_passkey: "You need a phone, a computer or a security key that can keep passkeys.",
        need_hardware: "You need the hardware token that you were given; its serial number is printed on it.",
        need_email: "You need to be able to read messages sent to this address.",
        button: "Start enrollment",
        last_day: "Enroll by",
        link_until: "The link works until",
        other_device: "On another device",
        other_device_how: "Open {address} there and type your User ID and this code:",
        code: "Enrollment code",
        not_expected: "You did not expect this?",
        not_expected_how: "Then do nothing, forward this message to nobody, and tell the help desk of {organisation}. As long as the link and the code are not used, nothing changes.",
    },
    removed: RemovedTexts {
        subject: "{organisation}: your enrollment was canceled",
        title: "Your enrollment was canceled",
        what: "{organisation} canceled your enrollment of {a_type}. The link and the code in earlier messages no longer work.",
        how: "You need not do anything. If you think that this is a mistake, ask the help desk of {organisation}.",
    },
    completed: CompletedTexts {
        subject: "{organisation}: your {type} is enrolled",
        title: "Your {type} is enrolled",
        what: "Your {type} is enrolled and was tried out successfully. You can sign in with it from now on.",
        not_me: "Was this not you?",
        not_me_how: "Open the page below and press the button there: the {type} is then suspended at once, and the operators of {organisation} are told.",
        not_me_button: "This was not me",
    },
    sent_elsewhere: SentElsewhereTexts {
        subject: "{organisation}: a link for you was sent to another address",
        title: "A link for you was sent elsewhere",
        what: "A link for you was sent to {address} by {operator}. Whoever reads mail there can enroll an authenticator in your name.",
        how: "If you asked for this, there is nothing to do. If not, open the page below and press the button there: the link dies at once, and the operators of {organisation} are told.",
        button: "Stop it",
    },
    address_changed: AddressChangedTexts {
        subject: "{organisation}: your e-mail address was changed",
        title: "Your e-mail address was changed",
        what: "{operator} changed the e-mail address that {organisation} keeps for you. Messages about your authenticators no longer come to this one.",
        how: "If you asked for this, there is nothing to do. If not, tell the help desk of {organisation} at once.",
    },
    email_code: EmailCodeTexts {
        subject: "{organisation}: your sign-in code",
        title: "Your code",
        what: "Type this code where you are signing in. It works once, and for {minutes} minutes.",
        how: "If you are not signing in right now, somebody else knows your password: tell the help desk of {organisation}, and give this code to nobody.",
    },
    alert: AlertTexts {
        not_me: (
            "{user_id} says that somebody else enrolled",
            "The user pressed This was not me after the enrollment in task {task}. The token is suspended.",
        ),
        stopped: (
            "{user_id} stopped a redirected link",
            "The user did not ask for the link of task {task} to be sent to another address. The link is dead.",
        ),
        locked: ("{user_id} is locked", "The user typed too many wrong codes while enrolling in task {task}."),
        requested: (
            "{user_id} asks for a new link",
            "The user's link of task {task} no longer works, and a new one is asked for.",
        ),
        button: "Open the task",
    },
    expired: ExpiredTexts {
        title: ("1 user did not enroll in time", "{users} users did not enroll in time"),
        line: (
            "1 user in task {task} did not enroll by {stop_date}.",
            "{users} users in task {task} did not enroll by {stop_date}.",
        ),
        more: ("There are more in 1 other task.", "There are more in {tasks} other tasks."),
        how: "With a new stop date they still can.",
        button: ("Open the task", "Open the tasks with expired users"),
    },
    test: TestTexts {
        subject: "{organisation}: test message",
        title: "Mail works",
        what: "{operator} sent this message to try the mail settings of Provost. That you read it means that they work.",
    },
};
