//! Every message that can stand under a field.

use crate::day::Day;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is wrong with one field, in one sentence for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// Nothing was typed where something is needed.
    Required,
    /// More characters than the field holds.
    TooLong {
        /// The most characters the field holds.
        most: u32,
    },
    /// Fewer characters than the field needs.
    TooShort {
        /// The fewest characters the field needs.
        least: u32,
    },
    /// A control character or a line break.
    ControlCharacter,
    /// One of `/ \ ? # *` in a UserID.
    UserIdCharacter,
    /// Not one e-mail address.
    NotAnEmail,
    /// Not a phone number.
    NotAPhone,
    /// A UserID that another user has.
    UserIdTaken,
    /// Not a calendar day.
    NotADay,
    /// A day before today.
    PastDay {
        /// Today in the organisation's time zone.
        today: Day,
    },
    /// A day too far ahead.
    DayTooFar {
        /// The last day allowed.
        last: Day,
    },
    /// None of the choices offered.
    NotAChoice,
    /// A language there is no catalogue for.
    UnknownLanguage,
    /// The file's first line is not the header it must be.
    WrongHeader,
    /// The file is not UTF-8 text.
    NotUtf8,
    /// The file holds no line after its header.
    EmptyFile,
    /// The file is too large.
    FileTooLarge {
        /// The most bytes taken.
        most: u64,
    },
    /// The same UserID stands on an earlier line of the file.
    RepeatedLine {
        /// The earlier line's number.
        line: u64,
    },
    /// The line has more or fewer fields than the header.
    WrongFieldCount,
    /// A code of the wrong length or alphabet: nothing was checked and nothing counted.
    NotACode {
        /// How many digits it has.
        digits: u32,
    },
    /// A wrong authenticator code.
    WrongCode {
        /// How many attempts are left.
        left: u32,
    },
    /// The code was right but has been accepted before.
    CodeUsed,
    /// Nobody was selected.
    NobodySelected,
    /// More was selected than one act takes.
    TooMany {
        /// The most it takes.
        most: u64,
    },
    /// So many are removed that the number must be typed.
    CountToType {
        /// How many.
        count: i64,
    },
    /// Nothing was ticked where something must be.
    NothingTicked,
    /// Not a list of domains.
    NotADomain,
    /// Not a list of days.
    NotDays {
        /// The most days before the stop date.
        most: u16,
        /// How many days the list takes.
        count: u8,
    },
    /// An operator's UserID that another has.
    OperatorTaken,
    /// One of `/ \ ? # *` in a role's name.
    RoleCharacter,
    /// A role's name that another has.
    RoleTaken,
    /// Not the password in force.
    WrongPassword,
    /// A resend to another address where the policy allows none.
    ProfileAddressOnly,
    /// A resend to another address of a domain that the policy does not list.
    OtherDomain {
        /// The domains it lists.
        domains: Vec<String>,
    },
    /// Not a number, or not within the bounds.
    OutOfBounds {
        /// The least allowed.
        least: i64,
        /// The most allowed.
        most: i64,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Required => f.write_str("Fill in this field."),
            Problem::TooLong { most } => write!(f, "Use at most {most} characters."),
            Problem::TooShort { least } => write!(f, "Use at least {least} characters."),
            Problem::ControlCharacter => f.write_str("Remove the line break or control character."),
            Problem::UserIdCharacter => f.write_str("A User ID cannot contain / \\ ? # or *."),
            Problem::RoleCharacter => f.write_str("A role's name cannot contain / \\ ? # or *."),
            Problem::NotAnEmail => f.write_str("Enter one e-mail address, such as name@example.org."),
            Problem::NotAPhone => f.write_str("Enter a phone number of digits, spaces and + - ( ) only."),
            Problem::UserIdTaken => f.write_str("Another user has this User ID."),
            Problem::NotADay => f.write_str("Enter a day, such as 2026-12-31."),
            Problem::PastDay { today } => write!(f, "This day is over. Choose {today} or later."),
            Problem::DayTooFar { last } => write!(f, "This day is too far ahead. Choose {last} or earlier."),
            Problem::NotAChoice => f.write_str("Choose one of the options shown."),
            Problem::UnknownLanguage => f.write_str("There are no texts in this language."),
            Problem::WrongHeader => {
                f.write_str("The first line must be: user_id,first_name,last_name,email,mobile,container,language")
            }
            Problem::NotUtf8 => f.write_str("The file is not UTF-8 text. Save it as CSV UTF-8 and try again."),
            Problem::EmptyFile => f.write_str("The file holds no users."),
            Problem::FileTooLarge { most } => write!(f, "The file is larger than {} MB.", most / 1_000_000),
            Problem::RepeatedLine { line } => write!(f, "This User ID stands on line {line} already."),
            Problem::WrongFieldCount => f.write_str("This line has more or fewer fields than the first line."),
            Problem::NotACode { digits } => write!(f, "Enter the {digits} digits that the app shows."),
            Problem::WrongCode { left: 1 } => f.write_str("That code is wrong. 1 attempt left."),
            Problem::WrongCode { left } => write!(f, "That code is wrong. {left} attempts left."),
            Problem::CodeUsed => f.write_str("That code was used already. Wait for the next one."),
            Problem::ProfileAddressOnly => f.write_str("A link goes to the profile's address only."),
            Problem::OtherDomain { domains } => {
                write!(f, "Use the profile's address or one of these domains: {}.", domains.join(", "))
            }
            Problem::NobodySelected => f.write_str("Select at least one user."),
            Problem::TooMany { most } => write!(f, "One act takes at most {most} enrollments. Select fewer."),
            Problem::CountToType { count } => write!(f, "This cannot be reversed. Type {count} to confirm."),
            Problem::NothingTicked => f.write_str("Choose at least one."),
            Problem::NotADomain => f.write_str("Enter domains, such as example.org, with commas between."),
            Problem::NotDays { most, count } => {
                write!(f, "Enter up to {count} different whole numbers from 1 to {most}, with commas between.")
            }
            Problem::OperatorTaken => f.write_str("Another operator has this User ID."),
            Problem::RoleTaken => f.write_str("Another role has this name."),
            Problem::WrongPassword => f.write_str("This is not your current password."),
            Problem::OutOfBounds { least, most } => write!(f, "Enter a whole number from {least} to {most}."),
        }
    }
}

/// The problems of one form, by field name, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems(pub Vec<(String, Problem)>);

impl Problems {
    /// One problem with one field.
    pub fn one(field: &str, problem: Problem) -> Problems {
        Problems(vec![(field.to_owned(), problem)])
    }

    /// The first problem of that field.
    pub fn of(&self, field: &str) -> Option<&Problem> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, problem)| problem)
    }

    /// Keeps a checked value, or notes what is wrong with the field and answers nothing.
    pub fn keep<T>(&mut self, field: &str, checked: Result<T, Problem>) -> Option<T> {
        checked.map_err(|problem| self.0.push((field.to_owned(), problem))).ok()
    }

    /// Was anything wrong?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
