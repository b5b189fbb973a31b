//! Which tasks the sample has, oldest first.

/// A task of the sample. Users are places in the list of people; what happens to them follows in that order, and the rest waits.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    /// When it was provisioned; 0 for today.
    pub days_ago: i64,
    /// Which operator did it: a place in [`OPERATORS`].
    pub operator: usize,
    /// The first user.
    pub first: usize,
    /// How many users.
    pub count: usize,
    /// What the operator wrote.
    pub description: &'static str,
    /// The stop date, in days after provisioning.
    pub days: i32,
    /// How many enroll.
    pub complete: usize,
    /// How many type wrong codes until they are locked.
    pub lock: usize,
    /// How many are removed.
    pub remove: usize,
    /// How many open their link and start, no more.
    pub start: usize,
    /// How many mails are refused by the relay.
    pub refuse: usize,
}

/// Those who provision, beside the demo's own operator: UserID and name.
pub const OPERATORS: [(&str, &str); 3] = [("hbrandt", "Hanna Brandt"), ("mdubois", "Marc Dubois"), ("kowalska", "Ewa Kowalska")];

const QUIET: Planned = Planned {
    days_ago: 0,
    operator: 0,
    first: 0,
    count: 1,
    description: "",
    days: 10,
    complete: 0,
    lock: 0,
    remove: 0,
    start: 0,
    refuse: 0,
};

/// The tasks, oldest first; no user is in two that are open at the same time.
#[rustfmt::skip]
pub const PLAN: [Planned; 25] = [
    Planned { days_ago: 38, operator: 0, first: 0,   count: 12, description: "Pilot, Vienna office", days: 14, complete: 12, ..QUIET },
    Planned { days_ago: 36, operator: 1, first: 12,  count: 6,  description: "Pilot, Dublin office", days: 14, complete: 5, remove: 1, ..QUIET },
    Planned { days_ago: 33, operator: 0, first: 18,  count: 1,  description: "", complete: 1, ..QUIET },
    Planned { days_ago: 30, operator: 2, first: 19,  count: 9,  description: "Finance", days: 21, complete: 7, lock: 1, ..QUIET },
    Planned { days_ago: 28, operator: 2, first: 28,  count: 3,  description: "Night shift", remove: 3, ..QUIET },
    Planned { days_ago: 26, operator: 0, first: 31,  count: 14, description: "Warehouse, first half", days: 20, complete: 9, start: 2, ..QUIET },
    Planned { days_ago: 24, operator: 1, first: 45,  count: 1,  description: "New phone", complete: 1, ..QUIET },
    Planned { days_ago: 22, operator: 1, first: 46,  count: 8,  description: "Sales", complete: 8, ..QUIET },
    Planned { days_ago: 20, operator: 0, first: 54,  count: 5,  description: "Works council", days: 12, complete: 3, lock: 1, ..QUIET },
    Planned { days_ago: 18, operator: 2, first: 59,  count: 1,  description: "", ..QUIET },
    Planned { days_ago: 16, operator: 0, first: 60,  count: 20, description: "Warehouse, second half", days: 30, complete: 11, lock: 2, remove: 1, start: 2, refuse: 1 },
    Planned { days_ago: 14, operator: 1, first: 80,  count: 4,  description: "Contractors until the end of the year", days: 40, complete: 1, ..QUIET },
    Planned { days_ago: 12, operator: 2, first: 84,  count: 1,  description: "Lost phone", complete: 1, ..QUIET },
    Planned { days_ago: 11, operator: 0, first: 85,  count: 10, description: "Human resources", days: 14, complete: 6, start: 1, ..QUIET },
    Planned { days_ago: 9,  operator: 1, first: 95,  count: 2,  description: "", days: 5, complete: 1, ..QUIET },
    Planned { days_ago: 8,  operator: 2, first: 97,  count: 16, description: "Production, line 1", days: 14, complete: 8, lock: 1, start: 2, refuse: 1, ..QUIET },
    Planned { days_ago: 7,  operator: 0, first: 113, count: 1,  description: "New phone", lock: 1, ..QUIET },
    Planned { days_ago: 6,  operator: 2, first: 114, count: 16, description: "Production, line 2", days: 14, complete: 5, start: 3, ..QUIET },
    Planned { days_ago: 5,  operator: 1, first: 130, count: 3,  description: "Legal", complete: 2, ..QUIET },
    Planned { days_ago: 4,  operator: 0, first: 133, count: 7,  description: "Marketing", days: 7, complete: 3, start: 1, refuse: 1, ..QUIET },
    Planned { days_ago: 3,  operator: 2, first: 140, count: 12, description: "Production, line 3", days: 14, complete: 2, start: 1, remove: 1, ..QUIET },
    Planned { days_ago: 2,  operator: 1, first: 152, count: 1,  description: "", start: 1, ..QUIET },
    Planned { days_ago: 1,  operator: 0, first: 153, count: 18, description: "Service centre", days: 14, complete: 1, start: 2, ..QUIET },
    Planned { days_ago: 0,  operator: 2, first: 171, count: 3,  description: "Board", days: 7, ..QUIET },
    Planned { days_ago: 0,  operator: 1, first: 174, count: 8,  description: "Apprentices", days: 14, ..QUIET },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_fits_the_people_and_its_tasks() {
        for (task, next) in PLAN.iter().zip(PLAN.iter().skip(1)) {
            assert!(next.days_ago <= task.days_ago && next.first == task.first + task.count, "{next:?}");
        }
        for task in PLAN {
            assert!(task.complete + task.lock + task.remove + task.start + task.refuse <= task.count, "{task:?}");
            assert!(task.first + task.count <= 200 && task.operator < OPERATORS.len(), "{task:?}");
        }
    }
}
