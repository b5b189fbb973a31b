//! Reports: the enrollments over all tasks, one row for each user and task, whatever became of it.

use crate::{
    authentication::AuthenticationType,
    day::Day,
    enrollment::Status,
    listing::{Column, Direction, Listing, Paging, Sort},
    message::MailState,
    query::ActFilter,
};
use serde::{Deserialize, Serialize};

/// What the list of enrollments can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EnrollmentColumn {
    /// UserID.
    UserId,
    /// The task's number.
    Task,
    /// The day of the task's creation.
    #[default]
    Start,
    /// The last day on which the user may enroll.
    Stop,
}

impl Column for EnrollmentColumn {
    const ALL: &'static [EnrollmentColumn] =
        &[EnrollmentColumn::UserId, EnrollmentColumn::Task, EnrollmentColumn::Start, EnrollmentColumn::Stop];

    fn name(self) -> &'static str {
        match self {
            EnrollmentColumn::UserId => "user_id",
            EnrollmentColumn::Task => "task",
            EnrollmentColumn::Start => "start",
            EnrollmentColumn::Stop => "stop",
        }
    }

    fn first_direction(self) -> Direction {
        match self {
            EnrollmentColumn::Task | EnrollmentColumn::Start => Direction::Descending,
            EnrollmentColumn::UserId | EnrollmentColumn::Stop => Direction::Ascending,
        }
    }
}

/// The sort of the list when the address names none: the newest start date first.
pub const ENROLLMENT_SORT: Sort<EnrollmentColumn> = Sort { column: EnrollmentColumn::Start, direction: Direction::Descending };

/// How the newest link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LinkState {
    /// Somebody or something opened it.
    Opened,
    /// Its lifetime is over though the stop date is not.
    Expired,
    /// Nobody opened it.
    Unopened,
}

impl LinkState {
    /// Every state.
    pub const ALL: [LinkState; 3] = [LinkState::Opened, LinkState::Expired, LinkState::Unopened];

    /// The words on screen.
    pub const fn name(self) -> &'static str {
        match self {
            LinkState::Opened => "Link opened",
            LinkState::Expired => "Link expired",
            LinkState::Unopened => "Link not opened",
        }
    }

    /// The word in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            LinkState::Opened => "opened",
            LinkState::Expired => "expired",
            LinkState::Unopened => "none",
        }
    }

    /// The state of that word.
    pub fn of_code(code: &str) -> Option<LinkState> {
        LinkState::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A filter on enrollments. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EnrollmentFilter {
    /// UserID, name or e-mail of the user.
    pub search: String,
    /// Only this status.
    pub status: Option<Status>,
    /// Only those whose newest mail with a link stands so.
    pub mail: Option<MailState>,
    /// Only those whose link stands so.
    pub link: Option<LinkState>,
    /// Only those who pressed Start, or only those who did not.
    pub started: Option<bool>,
    /// Only those whose last link went to another address than the profile's.
    pub redirected: bool,
    /// Only those who asked for a new link and wait for it.
    pub asked: bool,
    /// Only those completed whose token has had no code accepted since.
    pub never_used: bool,
    /// The user's container.
    pub container: Option<String>,
    /// Who provisioned what, and when; the stop date is the enrollment's.
    pub act: ActFilter,
}

/// What `/reports/enrollments` is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EnrollmentQuery {
    /// Which enrollments.
    pub filter: EnrollmentFilter,
    /// Sort, size and page.
    pub paging: Paging<EnrollmentColumn>,
    /// The selection that stands in the address, if any.
    pub selection: Option<String>,
}

impl EnrollmentQuery {
    /// A query for the first page of all, the newest first.
    pub fn all() -> EnrollmentQuery {
        EnrollmentQuery { paging: Paging { sort: ENROLLMENT_SORT, ..Paging::default() }, ..EnrollmentQuery::default() }
    }
}

/// What `/reports/enrollments` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrollmentReport {
    /// The rows.
    pub enrollments: Listing<EnrollmentRow>,
    /// May the operator who asks open `/users/{id}`?
    pub may_view_users: bool,
    /// May they open tasks that are outstanding?
    pub may_manage: bool,
}

/// One user in one task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrollmentRow {
    /// The enrollment's row.
    pub enrollment: i64,
    /// The user's row.
    pub user: i64,
    /// The user was deleted since, and has no page any more.
    pub deleted: bool,
    /// UserID.
    pub user_id: String,
    /// First and last name, or the UserID.
    pub name: String,
    /// The task's number.
    pub task: i64,
    /// The task has an open enrollment.
    pub outstanding: bool,
    /// The address of this user's last enrollment or resend message; masked where it is to be.
    pub emailed_to: String,
    /// The status.
    pub status: Status,
    /// How the newest mail with a link fares.
    pub mail: Option<MailState>,
    /// The day of the task's creation.
    pub start: Day,
    /// The last day on which the user may enroll.
    pub stop: Day,
    /// The type.
    pub kind: AuthenticationType,
    /// The serial number of the enrolled token.
    pub serial: Option<String>,
    /// The whole row in one sentence, see [`crate::story`].
    pub sentence: String,
}
