//! Provisioning tasks: what one act of *Provision* creates, and the lists that follow them.

use crate::{
    authentication::AuthenticationType,
    day::{Day, Moment},
    enrollment::{Note, Status},
    listing::{Column, Direction, Listing, Paging, Sort},
    message::MailNote,
    query::ActFilter,
};
use serde::{Deserialize, Serialize};

/// What the list of tasks can be sorted by: every column but Edit and Remove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TaskColumn {
    /// The number, which is the order of creation.
    #[default]
    Task,
    /// The operator's UserID at creation.
    Operator,
    /// The address of the last enrollment or resend message.
    EmailedTo,
    /// The day of creation.
    Start,
    /// The latest stop date among the open enrollments.
    Stop,
    /// Enrollments not removed.
    Count,
    /// Completed ÷ count.
    Progress,
}

impl Column for TaskColumn {
    const ALL: &'static [TaskColumn] = &[
        TaskColumn::Task,
        TaskColumn::Operator,
        TaskColumn::EmailedTo,
        TaskColumn::Start,
        TaskColumn::Stop,
        TaskColumn::Count,
        TaskColumn::Progress,
    ];

    fn name(self) -> &'static str {
        match self {
            TaskColumn::Task => "task",
            TaskColumn::Operator => "operator",
            TaskColumn::EmailedTo => "emailed_to",
            TaskColumn::Start => "start",
            TaskColumn::Stop => "stop",
            TaskColumn::Count => "count",
            TaskColumn::Progress => "progress",
        }
    }

    fn first_direction(self) -> Direction {
        match self {
            TaskColumn::Task | TaskColumn::Start | TaskColumn::Count => Direction::Descending,
            _ => Direction::Ascending,
        }
    }
}

/// The sort of the list of tasks when the address names none: newest first.
pub const TASK_SORT: Sort<TaskColumn> = Sort { column: TaskColumn::Task, direction: Direction::Descending };

/// Which tasks a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TaskState {
    /// Tasks with an open enrollment: the only ones Provisioning Task Management ever shows.
    #[default]
    Outstanding,
    /// No open enrollment left, and somebody completed.
    Completed,
    /// No open enrollment left, and nobody completed.
    Removed,
}

impl TaskState {
    /// Every state.
    pub const ALL: [TaskState; 3] = [TaskState::Outstanding, TaskState::Completed, TaskState::Removed];

    /// The word on screen.
    pub const fn name(self) -> &'static str {
        match self {
            TaskState::Outstanding => "Outstanding",
            TaskState::Completed => "Completed",
            TaskState::Removed => "Removed",
        }
    }

    /// The word in the address.
    pub const fn code(self) -> &'static str {
        match self {
            TaskState::Outstanding => "outstanding",
            TaskState::Completed => "completed",
            TaskState::Removed => "removed",
        }
    }

    /// The state of that word.
    pub fn of_code(code: &str) -> Option<TaskState> {
        TaskState::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A filter on tasks. Everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaskFilter {
    /// Number, operator, address, description, UserID or name of a user inside (spec §3.2).
    pub search: String,
    /// Holds a locked enrollment.
    pub has_locked: bool,
    /// Holds an expired enrollment.
    pub has_expired: bool,
    /// Holds an open enrollment whose mail failed or bounced.
    pub mail_failed: bool,
    /// Who provisioned what, and when.
    pub act: ActFilter,
}

/// What a list of tasks is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaskQuery {
    /// Outstanding for Provisioning Task Management; any for Reports.
    pub state: TaskState,
    /// Which of them.
    pub filter: TaskFilter,
    /// Sort, size and page.
    pub paging: Paging<TaskColumn>,
    /// The selection that stands in the address, if any.
    pub selection: Option<String>,
}

impl TaskQuery {
    /// A query for the first page of the outstanding tasks, newest first.
    pub fn all() -> TaskQuery {
        TaskQuery { paging: Paging { sort: TASK_SORT, ..Paging::default() }, ..TaskQuery::default() }
    }
}

/// One row of a list of tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// The task's number.
    pub number: i64,
    /// The UserID of the operator who created it, or "Rule: …", "API: …".
    pub operator: String,
    /// The address of the last enrollment or resend message; empty when there is none.
    pub emailed_to: String,
    /// The day of creation.
    pub start: Day,
    /// The latest stop date among the open enrollments; among all when none is open.
    pub stop: Day,
    /// The earliest, where the open ones differ.
    pub stop_from: Option<Day>,
    /// The type.
    pub kind: AuthenticationType,
    /// What the operator wrote.
    pub description: String,
    /// The numbers of the bar. `count` = completed + active + locked + expired.
    pub progress: Progress,
    /// Enrollments removed, which no longer count.
    pub removed: i64,
    /// Has an open enrollment.
    pub outstanding: bool,
    /// The version that an edit must name; rises by operators' edits only.
    pub edit_version: i64,
}

/// How far a task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Enrolled and proven.
    pub completed: i64,
    /// May still enroll.
    pub active: i64,
    /// Attempts used up.
    pub locked: i64,
    /// Stop date over.
    pub expired: i64,
}

impl Progress {
    /// Enrollments not removed.
    pub const fn count(self) -> i64 {
        self.completed + self.active + self.locked + self.expired
    }

    /// The numbers by status, in the order of the bar.
    pub const fn parts(self) -> [(Status, i64); 4] {
        [
            (Status::Completed, self.completed),
            (Status::Active, self.active),
            (Status::Locked, self.locked),
            (Status::Expired, self.expired),
        ]
    }
}

/// What the users of one task can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TaskUserColumn {
    /// UserID.
    #[default]
    UserId,
}

impl Column for TaskUserColumn {
    const ALL: &'static [TaskUserColumn] = &[TaskUserColumn::UserId];

    fn name(self) -> &'static str {
        "user_id"
    }
}

/// The sort of a task's users when the address names none.
pub const TASK_USER_SORT: Sort<TaskUserColumn> = Sort { column: TaskUserColumn::UserId, direction: Direction::Ascending };

/// Which users of one task its table holds. In the address under `users.*`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaskUserQuery {
    /// Only this status.
    pub status: Option<Status>,
    /// Only those whose mail failed or bounced.
    pub mail_failed: bool,
    /// UserID, name or e-mail.
    pub search: String,
    /// Sort, size and page.
    pub paging: Paging<TaskUserColumn>,
}

impl TaskUserQuery {
    /// A query for the first page of everybody.
    pub fn all() -> TaskUserQuery {
        TaskUserQuery { paging: Paging { sort: TASK_USER_SORT, ..Paging::default() }, ..TaskUserQuery::default() }
    }
}

/// The expanded task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDetail {
    /// Its row.
    pub row: TaskRow,
    /// Its users.
    pub users: Listing<TaskUserRow>,
    /// May the operator who asks open `/users/{id}`?
    pub may_view_users: bool,
}

/// One user of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskUserRow {
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
    /// The address of this user's last enrollment or resend message.
    pub emailed_to: String,
    /// The status.
    pub status: Status,
    /// The serial number of the enrolled token.
    pub serial: Option<String>,
    /// The last day on which this user may enroll.
    pub stop: Day,
    /// How the newest mail with a link fares.
    pub mail: Option<MailNote>,
    /// Facts beside the status.
    pub notes: Vec<Note>,
}

/// What stands in the way of provisioning one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Obstacle {
    /// The user was deleted since being selected.
    Gone,
    /// No e-mail address.
    NoEmail,
    /// The user is disabled.
    Disabled,
    /// Has a usable token of this type.
    HasType,
    /// Has an open enrollment of this type, an expired one included.
    HasOpen,
    /// No token left in the inventory.
    NoInventory,
}

impl Obstacle {
    /// Every obstacle, the gravest first.
    pub const ALL: [Obstacle; 6] =
        [Obstacle::Gone, Obstacle::NoEmail, Obstacle::Disabled, Obstacle::HasOpen, Obstacle::HasType, Obstacle::NoInventory];

    /// The word in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Obstacle::Gone => "gone",
            Obstacle::NoEmail => "no_email",
            Obstacle::Disabled => "disabled",
            Obstacle::HasType => "has_type",
            Obstacle::HasOpen => "has_open",
            Obstacle::NoInventory => "no_inventory",
        }
    }

    /// The obstacle of that word.
    pub fn of_code(code: &str) -> Option<Obstacle> {
        Obstacle::ALL.into_iter().find(|obstacle| obstacle.code() == code)
    }

    /// Can the operator provision the user all the same?
    pub const fn can_be_overridden(self) -> bool {
        matches!(self, Obstacle::HasType | Obstacle::HasOpen)
    }

    /// The reason, in one sentence about the users it concerns.
    pub const fn sentence(self) -> &'static str {
        match self {
            Obstacle::Gone => "No longer there.",
            Obstacle::NoEmail => "No e-mail address.",
            Obstacle::Disabled => "Disabled.",
            Obstacle::HasType => "Already has an authenticator of this type.",
            Obstacle::HasOpen => "Has an open enrollment of this type.",
            Obstacle::NoInventory => "No token left in the inventory.",
        }
    }
}

/// What can be chosen on `/provision`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionChoices {
    /// How many users the selection holds; nothing when there is no selection yet.
    pub selected: Option<i64>,
    /// The types that the policy allows and that can be enrolled.
    pub kinds: Vec<KindChoice>,
    /// The policy's stop date, which counts when none is given.
    pub default_stop: Day,
    /// Today.
    pub today: Day,
    /// The last stop date allowed.
    pub last_stop: Day,
    /// The zone of the days.
    pub zone: String,
    /// Why mail cannot be sent; nothing when it can.
    pub no_mail: Option<String>,
}

/// One type on `/provision`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindChoice {
    /// The type.
    pub kind: AuthenticationType,
    /// Tokens in state Inventory and open enrollments of this type; nothing where there is no limit.
    pub stock: Option<(i64, i64)>,
    /// Open enrollments of this type, where there is no limit.
    pub reserved: i64,
}

/// What would happen on *Confirm*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// How many users were selected.
    pub selected: i64,
    /// How many would be provisioned.
    pub provisioned: i64,
    /// How many each obstacle concerns, and whether the operator overrode it.
    pub obstacles: Vec<(Obstacle, i64, bool)>,
    /// The users left out or overridden, the first 200.
    pub people: Vec<ReviewRow>,
    /// How many share an address with another selected user: a note, no obstacle.
    pub shared_addresses: i64,
    /// The type.
    pub kind: AuthenticationType,
    /// The description.
    pub description: String,
    /// The stop date.
    pub stop: Day,
    /// The zone of the stop date.
    pub zone: String,
    /// Why mail cannot be sent; nothing when it can.
    pub no_mail: Option<String>,
    /// The idempotency key of *Confirm*.
    pub key: String,
}

/// One user of a review that something stands in the way of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRow {
    /// The user's row.
    pub user: i64,
    /// UserID.
    pub user_id: String,
    /// First and last name, or the UserID.
    pub name: String,
    /// What stands in the way.
    pub obstacle: Obstacle,
    /// The task to extend instead, where there is an open enrollment.
    pub instead: Option<i64>,
}

/// What *Provision* did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provisioned {
    /// The task's number.
    pub task: i64,
    /// How many users it holds.
    pub count: i64,
    /// How many were left out, and why.
    pub left_out: Vec<(Obstacle, i64)>,
    /// The stop date.
    pub stop: Day,
}

/// The result page of *Provision*, read again at any time: how the task's mail fares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionResult {
    /// What was done.
    pub provisioned: Provisioned,
    /// Messages of the task that have left.
    pub sent: i64,
    /// Messages of the task that wait.
    pub waiting: i64,
    /// Messages of the task that failed or came back.
    pub failed: i64,
    /// About when the waiting ones will be out, going by how fast the others went; nothing before any did, or while none waits.
    pub rest_out: Option<Moment>,
    /// When it was read.
    pub now: Moment,
    /// The zone of the days.
    pub zone: String,
}
