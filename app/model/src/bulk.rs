//! Acts over many enrollments (spec §3.2): resend, new stop date, unlock, remove. A dry run says what will happen to how many and why
//! some are left out; confirmed, it runs in the background.

mod console;
mod left_out;
mod page;

pub use console::BulkConsole;
pub use left_out::LeftOut;
pub use page::{BulkActs, BulkChoice, BulkDetail, BulkQuery, BulkRow, BulkSummary, Marked};

use crate::{
    Answer, Refusal,
    actor::Actor,
    day::Day,
    edit::new_stop_date,
    form,
    forms::{reason, stop_date},
    problem::{Problem, Problems},
    refusal::BadRequest,
    rights::Right,
};
use serde::{Deserialize, Serialize};

/// The most enrollments of one act.
pub const MOST_ROWS: u64 = 100_000;

/// What the rows of a selection are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SelectionOf {
    /// Users.
    Users,
    /// Provisioning tasks: an act is on their open enrollments.
    Tasks,
    /// Enrollments.
    Enrollments,
}

impl SelectionOf {
    /// As it is stored.
    pub const fn code(self) -> &'static str {
        match self {
            SelectionOf::Users => "users",
            SelectionOf::Tasks => "tasks",
            SelectionOf::Enrollments => "enrollments",
        }
    }

    /// What has that code.
    pub fn of_code(code: &str) -> Option<SelectionOf> {
        [SelectionOf::Users, SelectionOf::Tasks, SelectionOf::Enrollments].into_iter().find(|of| of.code() == code)
    }
}

/// What can be done with many enrollments at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkAct {
    /// A new link to everybody's profile.
    Resend,
    /// A new stop date.
    StopDate,
    /// Attempts 0, and perhaps a new stop date.
    Unlock,
    /// Nobody can enroll any more.
    Remove,
}

impl BulkAct {
    /// Every act, in the order of the bar.
    pub const ALL: [BulkAct; 4] = [BulkAct::Resend, BulkAct::StopDate, BulkAct::Unlock, BulkAct::Remove];

    /// As it stands in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            BulkAct::Resend => "resend",
            BulkAct::StopDate => "stop_date",
            BulkAct::Unlock => "unlock",
            BulkAct::Remove => "remove",
        }
    }

    /// The act of that code.
    pub fn of_code(code: &str) -> Option<BulkAct> {
        BulkAct::ALL.into_iter().find(|act| act.code() == code)
    }

    /// The button.
    pub const fn name(self) -> &'static str {
        match self {
            BulkAct::Resend => "Resend",
            BulkAct::StopDate => "New Stop Date",
            BulkAct::Unlock => "Unlock",
            BulkAct::Remove => "Remove",
        }
    }

    /// What becomes of an enrollment that it is done to.
    pub const fn done(self) -> &'static str {
        match self {
            BulkAct::Resend => "A new link was queued",
            BulkAct::StopDate => "New stop date set",
            BulkAct::Unlock => "Unlocked",
            BulkAct::Remove => "Removed",
        }
    }

    /// The rights it takes, as the act on one enrollment does.
    pub const fn rights(self) -> &'static [Right] {
        match self {
            BulkAct::Resend => &[Right::UsersView, Right::ProvisioningResend],
            BulkAct::StopDate | BulkAct::Remove => &[Right::ProvisioningManage],
            BulkAct::Unlock => &[Right::UsersView, Right::ProvisioningManage],
        }
    }

    /// Passes when the operator may do it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] with the right that is missing.
    pub fn require(self, by: &Actor) -> Answer<()> {
        self.rights().iter().try_for_each(|right| by.require(*right))
    }

    /// The acts this operator may do.
    pub fn all_of(by: &Actor) -> Vec<BulkAct> {
        BulkAct::ALL.into_iter().filter(|act| act.require(by).is_ok()).collect()
    }
}

/// What is to be done to every enrollment of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkOrder {
    /// A new link to the profile's address.
    Resend,
    /// A new stop date.
    StopDate {
        /// The day.
        to: Day,
    },
    /// Unlock.
    Unlock {
        /// Why.
        reason: String,
        /// The new stop date, where there is one.
        stop: Option<Day>,
    },
    /// Remove.
    Remove {
        /// Tell the users.
        notify: bool,
    },
}

impl BulkOrder {
    /// The act.
    pub const fn act(&self) -> BulkAct {
        match self {
            BulkOrder::Resend => BulkAct::Resend,
            BulkOrder::StopDate { .. } => BulkAct::StopDate,
            BulkOrder::Unlock { .. } => BulkAct::Unlock,
            BulkOrder::Remove { .. } => BulkAct::Remove,
        }
    }
}

form! {
    /// `/bulk/new`: what is to be done with a selection.
    pub struct BulkForm {
        /// The act's code.
        pub act: String,
        /// The selection.
        pub selection: String,
        /// The new stop date; for Unlock it may be empty.
        pub stop_on: String,
        /// Why, for Unlock.
        pub reason: String,
        /// `yes`: tell removed users by e-mail.
        pub notify: String,
        /// The idempotency key.
        pub key: String,
    }
}

form! {
    /// `/bulk/{id}/confirm`.
    pub struct BulkConfirmForm {
        /// How many are removed, typed where they are many.
        pub count: String,
        /// The idempotency key.
        pub key: String,
    }
}

impl BulkForm {
    /// The act that is asked for.
    ///
    /// # Errors
    /// [`BadRequest::Parameter`] for one there is not.
    pub fn act(&self) -> Answer<BulkAct> {
        BulkAct::of_code(&self.act).ok_or(Refusal::BadRequest(BadRequest::Parameter))
    }

    /// What is to be done, on the day `today`; the same checks as of the act on one enrollment.
    ///
    /// # Errors
    /// Every field's problem at once.
    pub fn check(&self, act: BulkAct, today: Day) -> Result<BulkOrder, Problems> {
        let mut problems = Problems::default();
        let order = match act {
            BulkAct::Resend => Some(BulkOrder::Resend),
            BulkAct::StopDate => {
                problems.keep("stop_on", new_stop_date(&self.stop_on, today)).map(|to| BulkOrder::StopDate { to })
            }
            BulkAct::Unlock => {
                let why = problems.keep("reason", reason(&self.reason));
                let stop = match self.stop_on.trim() {
                    "" => Ok(None),
                    text => stop_date(text, today).map(Some),
                };
                let stop = problems.keep("stop_on", stop);
                why.zip(stop).map(|(reason, stop)| BulkOrder::Unlock { reason, stop })
            }
            BulkAct::Remove => Some(BulkOrder::Remove { notify: self.notify == "yes" }),
        };
        order.ok_or(problems)
    }
}

impl BulkConfirmForm {
    /// Passes when the number that must be typed is, for an act that will be done to `count` enrollments.
    ///
    /// # Errors
    /// The field's problem.
    pub fn check(&self, act: BulkAct, count: i64) -> Result<(), Problems> {
        match act {
            BulkAct::Remove => crate::edit::typed_count(&self.count, count).map_err(|problem| Problems::one("count", problem)),
            _ => Ok(()),
        }
    }
}

/// How far an act is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkState {
    /// The dry run was made; nothing happened yet.
    Planned,
    /// It is being done.
    Running,
    /// Every row is done or left out.
    Done,
    /// The operator ended it.
    Canceled,
    /// It could not go on.
    Stopped,
}

impl BulkState {
    const ALL: [BulkState; 5] =
        [BulkState::Planned, BulkState::Running, BulkState::Done, BulkState::Canceled, BulkState::Stopped];

    /// As it is stored.
    pub const fn code(self) -> &'static str {
        match self {
            BulkState::Planned => "planned",
            BulkState::Running => "running",
            BulkState::Done => "done",
            BulkState::Canceled => "canceled",
            BulkState::Stopped => "stopped",
        }
    }

    /// The state of that code.
    pub fn of_code(code: &str) -> Option<BulkState> {
        BulkState::ALL.into_iter().find(|state| state.code() == code)
    }

    /// As screens say it.
    pub const fn name(self) -> &'static str {
        match self {
            BulkState::Planned => "Not confirmed yet",
            BulkState::Running => "Running",
            BulkState::Done => "Done",
            BulkState::Canceled => "Canceled",
            BulkState::Stopped => "Stopped",
        }
    }
}

/// What becomes of one enrollment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Still to be done.
    Planned,
    /// Done.
    Done,
    /// Left as it was, for a reason.
    LeftOut,
}

impl Outcome {
    const ALL: [Outcome; 3] = [Outcome::Planned, Outcome::Done, Outcome::LeftOut];

    /// As it is stored and stands in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Outcome::Planned => "planned",
            Outcome::Done => "done",
            Outcome::LeftOut => "left_out",
        }
    }

    /// The outcome of that code.
    pub fn of_code(code: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// Passes when an act is on somebody, and not on too many.
///
/// # Errors
/// The problem of the field `selection`.
pub fn some_rows(rows: u64) -> Result<(), Problems> {
    match rows {
        0 => Err(Problems::one("selection", Problem::NobodySelected)),
        rows if rows > MOST_ROWS => Err(Problems::one("selection", Problem::TooMany { most: MOST_ROWS })),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        assert!(BulkState::ALL.into_iter().all(|state| BulkState::of_code(state.code()) == Some(state)));
        assert!(BulkAct::ALL.into_iter().all(|act| BulkAct::of_code(act.code()) == Some(act)));
    }

    #[test]
    fn each_act_asks_for_what_it_asks_of_one() {
        let today = Day::from_epoch(20_779);
        let empty = BulkForm::default();
        assert_eq!(empty.check(BulkAct::Resend, today), Ok(BulkOrder::Resend));
        assert_eq!(empty.check(BulkAct::StopDate, today), Err(Problems::one("stop_on", Problem::Required)));
        assert_eq!(empty.check(BulkAct::Unlock, today), Err(Problems::one("reason", Problem::Required)));
        assert_eq!(empty.check(BulkAct::Remove, today), Ok(BulkOrder::Remove { notify: false }));
        let past = BulkForm { stop_on: "2026-11-21".into(), reason: "x".into(), ..empty };
        for act in [BulkAct::StopDate, BulkAct::Unlock] {
            assert_eq!(past.check(act, today), Err(Problems::one("stop_on", Problem::PastDay { today })));
        }
    }

    #[test]
    fn more_than_fifty_are_removed_only_where_the_count_is_typed() {
        let form = |count: &str| BulkConfirmForm { count: count.into(), key: String::new() };
        assert!(form("").check(BulkAct::Remove, 50).is_ok());
        assert_eq!(form("50").check(BulkAct::Remove, 51), Err(Problems::one("count", Problem::CountToType { count: 51 })));
        assert!(form("1,051").check(BulkAct::Remove, 1051).is_ok() && form("").check(BulkAct::Resend, 1051).is_ok());
    }
}
