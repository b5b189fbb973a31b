//! Every way to say no, with its sentence and its HTTP status. Holds nothing private: what is here may be shown to anyone.

use crate::{day::Moment, edit::Meanwhile, enrollment::Status, problem::Problems, rights::Right};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a use case did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Nobody is signed in, or the session is over.
    SignInFirst,
    /// The one message for every failed sign-in.
    SignInFailed,
    /// The operator lacks a right.
    Forbidden(Right),
    /// There is no such thing.
    NotFound(Thing),
    /// Some fields need another look.
    Invalid(Problems),
    /// The address holds a sort, filter, cursor or parameter that no page of ours makes.
    BadRequest(BadRequest),
    /// Somebody changed it meanwhile.
    Stale,
    /// Another operator edited the task meanwhile: what they did, and the version to name when that is fine.
    EditedMeanwhile {
        /// The version now.
        version: i64,
        /// What was done since, the newest first.
        changes: Vec<Meanwhile>,
    },
    /// The task has no open enrollment left, so there is nothing to edit.
    TaskOver,
    /// The form's key was used with other content.
    KeyReused,
    /// The file or form is larger than the server takes.
    TooLarge,
    /// A limit is used up.
    TooOften {
        /// When it is possible again.
        again: Moment,
    },
    /// A form from another site, or from a browser that does not say where it comes from.
    ForeignForm {
        /// The address of the console, from the configuration.
        open: String,
    },
    /// The selection is gone, or belongs to somebody else.
    SelectionGone,
    /// Provision with nobody left to provision.
    NobodyLeft,
    /// Nothing can be sent: say so before, not after.
    NoMail,
    /// The type cannot be provisioned (policy, or no inventory).
    TypeUnavailable,
    /// A message that is not waiting for a retry.
    NotFailed,
    /// Nobody would be left who may do everything.
    LastOperator,
    /// A built-in role is as it is.
    BuiltInRole,
    /// Somebody has the role.
    RoleInUse,
    /// An act over many enrollments that is over, or was canceled, before it could be confirmed.
    BulkOver,
    /// One's own password is changed where the old one is asked for.
    OwnPassword,
    /// Resend of an enrollment that is not active.
    NotActive(Status),
    /// Unlock of an enrollment that is not locked.
    NotLocked(Status),
    /// Resend, or Unlock, for a user who is disabled.
    UserDisabled,
    /// Cooldown or daily cap of the address that a link was to be resent to.
    ResentLately {
        /// When it is possible again.
        again: Moment,
        /// The day's cap is used up.
        day_is_full: bool,
    },
    /// A link for the operator's own authenticator, to another address than the profile's.
    OwnRedirect,
    /// The enrollment session is over.
    EnrollmentOver(EnrollmentOver),
    /// One answer at `/enroll` for an unknown UserID, a wrong code and nothing open.
    NoSuchCode,
    /// The database is busy or away; nothing was changed.
    Busy,
    /// An accident on our side, logged under this reference.
    Accident {
        /// Eight characters that stand in the log beside the cause.
        reference: String,
    },
}

/// What was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Thing {
    /// A page.
    Page,
    /// A user.
    User,
    /// A provisioning task.
    Task,
    /// A message.
    Message,
    /// An enrollment link.
    Link,
    /// An operator.
    Operator,
    /// A role.
    Role,
    /// An act over many enrollments.
    Bulk,
}

/// What is wrong with an address or a form that no page of ours makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BadRequest {
    /// An unknown sort column or direction.
    Sort,
    /// An unknown filter or a value it does not take.
    Filter,
    /// A cursor that this list did not give out.
    Cursor,
    /// A page size other than 25, 50 or 100.
    PageSize,
    /// The same parameter twice, or one that is not known.
    Parameter,
    /// The body is not a form.
    Body,
}

/// Why an enrollment session cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnrollmentOver {
    /// No session, or its window is over: open the link in the mail again.
    NoSession,
    /// Somebody pressed Start on another device.
    StartedElsewhere,
    /// The attempts are used up.
    Locked,
    /// The stop date is over.
    Expired,
    /// The operator removed the user from the task, or the user is disabled.
    Canceled,
    /// It is completed already.
    Completed,
    /// A newer mail replaced the link.
    Replaced,
    /// The link was ended, and no newer one was sent.
    Ended,
    /// The link's lifetime is over though the stop date is not.
    LinkTooOld,
}

impl Refusal {
    /// The HTTP status that says the same.
    pub const fn status(&self) -> u16 {
        match self {
            Refusal::SignInFirst | Refusal::SignInFailed => 401,
            Refusal::Forbidden(_) | Refusal::ForeignForm { .. } | Refusal::OwnRedirect => 403,
            Refusal::NotFound(_) => 404,
            Refusal::Stale
            | Refusal::EditedMeanwhile { .. }
            | Refusal::TaskOver
            | Refusal::KeyReused
            | Refusal::NotFailed
            | Refusal::LastOperator
            | Refusal::BuiltInRole
            | Refusal::RoleInUse
            | Refusal::BulkOver
            | Refusal::OwnPassword
            | Refusal::NotActive(_)
            | Refusal::NotLocked(_)
            | Refusal::UserDisabled => 409,
            Refusal::SelectionGone | Refusal::EnrollmentOver(_) => 410,
            Refusal::TooLarge => 413,
            Refusal::Invalid(_) | Refusal::NobodyLeft | Refusal::NoMail | Refusal::TypeUnavailable | Refusal::NoSuchCode => 422,
            Refusal::TooOften { .. } | Refusal::ResentLately { .. } => 429,
            Refusal::BadRequest(_) => 400,
            Refusal::Busy => 503,
            Refusal::Accident { .. } => 500,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::SignInFirst => f.write_str("Sign in to go on."),
            Refusal::SignInFailed => f.write_str("The User ID or the password is not right, or this account cannot sign in now."),
            Refusal::Forbidden(right) => write!(f, "Your role does not include the right {}.", right.name()),
            Refusal::NotFound(thing) => match thing {
                Thing::Page => f.write_str("There is no page at this address."),
                Thing::User => f.write_str("There is no such user."),
                Thing::Task => f.write_str("There is no such task."),
                Thing::Message => f.write_str("There is no such message."),
                Thing::Operator => f.write_str("There is no such operator."),
                Thing::Bulk => f.write_str("There is no such act of yours over many enrollments."),
                Thing::Role => f.write_str("There is no such role."),
                Thing::Link => f.write_str("This link does not work. Open the newest mail, or ask your help desk for a new one."),
            },
            Refusal::Invalid(problems) if problems.0.len() == 1 => f.write_str("One field needs another look."),
            Refusal::Invalid(problems) => write!(f, "{} fields need another look.", problems.0.len()),
            Refusal::BadRequest(what) => f.write_str(match what {
                BadRequest::Sort => "This list cannot be sorted like that.",
                BadRequest::Filter => "This list has no such filter.",
                BadRequest::Cursor => "This page of the list is not known. Start from the first page.",
                BadRequest::PageSize => "A page has 25, 50 or 100 rows.",
                BadRequest::Parameter => "The address or form holds a value that is not known, or one value twice.",
                BadRequest::Body => "This is not a form of this console.",
            }),
            Refusal::Stale => f.write_str("Somebody changed this meanwhile. Look at it again before you change it."),
            Refusal::EditedMeanwhile { changes, .. } => {
                f.write_str("Nothing was changed yet: this task was edited meanwhile.")?;
                for change in changes {
                    write!(f, " {} {} on {}.", change.operator, change.what, change.at)?;
                }
                f.write_str(" Send the form again if it is still what you want.")
            }
            Refusal::TaskOver => {
                f.write_str("Nobody in this task can still enroll: everybody is completed or removed. Nothing was changed.")
            }
            Refusal::KeyReused => f.write_str("This form was sent before with other content. Open it again."),
            Refusal::TooLarge => f.write_str("This is larger than the server takes."),
            Refusal::TooOften { again } => write!(f, "Too many attempts. Possible again at {}.", again.clock()),
            Refusal::ForeignForm { open } => write!(f, "This form was not sent from the console. Open {open} and try again."),
            Refusal::SelectionGone => f.write_str("This selection is no longer there. Select again."),
            Refusal::NobodyLeft => f.write_str("No task was created: none of the selected users can be provisioned."),
            Refusal::NoMail => f.write_str("Mail cannot be sent, so nobody would get a link. Set up mail first."),
            Refusal::TypeUnavailable => f.write_str("This authentication type cannot be provisioned."),
            Refusal::LastOperator => {
                f.write_str("The last operator with the role Operator cannot be disabled or given another role.")
            }
            Refusal::BuiltInRole => f.write_str("A built-in role cannot be changed or removed."),
            Refusal::RoleInUse => f.write_str("Operators have this role. Give them another one first."),
            Refusal::BulkOver => f.write_str("This was canceled. Nothing more is done; select and begin again."),
            Refusal::OwnPassword => f.write_str("Change your own password on the page Account."),
            Refusal::NotFailed => f.write_str("Only a failed message can be sent again."),
            Refusal::NotActive(status) => {
                write!(f, "Only active provisioning tasks can be resent. This one is {}.", status.code())
            }
            Refusal::NotLocked(status) => write!(f, "Only a locked enrollment can be unlocked. This one is {}.", status.code()),
            Refusal::UserDisabled => f.write_str("This user is disabled, so no link would work. Enable the user first."),
            Refusal::ResentLately { again, day_is_full: false } => {
                write!(f, "A link was sent to this address a moment ago. Possible again at {} on {}.", again.clock(), again.day())
            }
            Refusal::ResentLately { again, day_is_full: true } => write!(
                f,
                "No more links can be sent to this address today. Possible again at {} on {}.",
                again.clock(),
                again.day()
            ),
            Refusal::OwnRedirect => f.write_str(
                "A link for your own authenticator goes to your profile's address only, without the right operators.manage.",
            ),
            Refusal::EnrollmentOver(why) => f.write_str(match why {
                EnrollmentOver::NoSession => "Your time for this step is over. Open the link in your mail again.",
                EnrollmentOver::StartedElsewhere => {
                    "You started again on another device. Go on there, or open the link in your mail again."
                }
                EnrollmentOver::Locked => "Too many wrong codes. Ask your help desk to unlock your enrollment.",
                EnrollmentOver::Expired => "The time to enroll is over. Ask your help desk for more time.",
                EnrollmentOver::Canceled => "This enrollment was canceled. Ask your help desk if you still need it.",
                EnrollmentOver::Completed => "This enrollment is completed. There is nothing left to do.",
                EnrollmentOver::Replaced => "A newer mail replaced this link. Open the newest mail.",
                EnrollmentOver::Ended => "This link no longer works. Ask your help desk for a new one.",
                EnrollmentOver::LinkTooOld => "This link is too old. Open it again and ask for a new one.",
            }),
            Refusal::NoSuchCode => f.write_str("This User ID and code do not go together, or the code is no longer valid."),
            Refusal::Busy => f.write_str("The server is busy. Nothing was changed; try again in a moment."),
            Refusal::Accident { reference } => {
                write!(f, "Something went wrong on our side. Nothing was changed. Reference {reference}.")
            }
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Problems> for Refusal {
    fn from(problems: Problems) -> Refusal {
        Refusal::Invalid(problems)
    }
}
