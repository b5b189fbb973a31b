//! Writing the enrollments of a new task, one or ten thousand.

use crate::{Answer, Tx, dynamic::Values, packed::packed};
use model::{authentication::AuthenticationType, day::Day};

/// An enrollment to be written.
#[derive(Clone, Debug)]
pub struct NewEnrollment<'a> {
    /// The user's row.
    pub person: i64,
    /// The place in the task's list.
    pub position: i64,
    /// The operator wants it although the user has an open enrollment of this type.
    pub over: bool,
    /// The address its message goes to.
    pub emailed_to: &'a str,
}

/// What all enrollments of one act have in common.
#[derive(Clone, Copy, Debug)]
pub struct NewEnrollments {
    /// The task's number.
    pub task: i64,
    /// The type.
    pub kind: AuthenticationType,
    /// The stop date.
    pub stop_on: Day,
    /// The end of the links' lifetime; nothing: the stop date alone.
    pub link_until: Option<i64>,
    /// Now, in milliseconds.
    pub now: i64,
}

packed! {
    struct Written {
        id: i64,
        person: i64,
    }
}

impl Tx {
    /// Writes the enrollments of a new task and answers `(id, person)` of those written. A user who got an open enrollment of this
    /// type meanwhile is left out: the partial unique index decides, whoever else is at it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_enrollments(&mut self, all: NewEnrollments, rows: &[NewEnrollment<'_>]) -> Answer<Vec<(i64, i64)>> {
        let (kind, stop_on) = (all.kind.code(), i64::from(all.stop_on.epoch()));
        on_db!(self, bulk
            "insert into enrollments (task, person, position, type, stop_on, link_until, override, emailed_to, mail_state, mail_at, start_on, user_key)",
            rows, 12, |values, row| values.push_bind(all.task).push_bind(row.person).push_bind(row.position).push_bind(kind)
                .push_bind(stop_on).push_bind(all.link_until).push_bind(row.over).push_bind(row.emailed_to)
                .push_bind("queued").push_bind(all.now)
                .push("(select t.start_on from tasks t where t.number = ").push_bind_unseparated(all.task).push_unseparated(")")
                .push("(select u.user_key from users u where u.id = ").push_bind_unseparated(row.person).push_unseparated(")"),
            "on conflict do nothing")?;
        let mut values = Values::default();
        let task = values.push(all.task);
        let sql = format!("select id, person from enrollments where task = {task} order by position");
        let written: Vec<Written> = self.packed(sql, &values).await?;
        Ok(written.into_iter().map(|row| (row.id, row.person)).collect())
    }
}
