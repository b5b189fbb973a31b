//! Provisioning tasks: writing one, and reading one.

use crate::{
    Answer, Error, Tx, dialect,
    search::{SearchText, Searched},
};
use model::{
    authentication::AuthenticationType,
    day::Day,
    text::{search_key, user_key},
};

/// A task to be written, still without enrollments.
#[derive(Clone, Debug)]
pub struct NewTask<'a> {
    /// `operator`, `rule`, `request` or `api`.
    pub origin: &'static str,
    /// The operator's row.
    pub operator: Option<i64>,
    /// The operator's UserID, or "Rule: …", "API: …".
    pub operator_name: &'a str,
    /// The type.
    pub kind: AuthenticationType,
    /// What the operator wrote.
    pub description: &'a str,
    /// The container of all its users, or none.
    pub container: Option<&'a str>,
    /// When, in milliseconds.
    pub made_at: i64,
    /// The same as a day of the organisation's zone.
    pub start_on: Day,
    /// The stop date of all its enrollments.
    pub stop_on: Day,
}

/// What acts need to know of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskHead {
    /// The number.
    pub number: i64,
    /// The operator's row.
    pub operator: Option<i64>,
    /// The type.
    pub kind: AuthenticationType,
    /// Has an open enrollment.
    pub outstanding: bool,
    /// Enrollments not removed.
    pub count: i64,
    /// The latest stop date.
    pub stop_on: Day,
    /// The version that an operator's edit must name.
    pub edit_version: i64,
}

/// How the links of a task fare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct TaskMail {
    /// Messages that have left.
    pub sent: i64,
    /// Messages that wait.
    pub waiting: i64,
    /// Messages that failed or came back.
    pub failed: i64,
    /// When the first was written, in milliseconds; 0 when there is none.
    pub began: i64,
    /// When the last that has left did, in milliseconds; 0 before any did.
    pub last_sent: i64,
}

impl Tx {
    /// Writes a task that counts nobody yet, and answers its number; [`Tx::count_in`] follows in the same transaction.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_task(&mut self, task: &NewTask<'_>) -> Answer<i64> {
        let (number,) = on_db!(
            self,
            one(i64,),
            "insert into tasks (origin, operator, operator_name, operator_key, type, description, description_key, container,
                                made_at, start_on, count, open, min_stop_on, max_stop_on)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, $11) returning number",
            task.origin,
            task.operator,
            task.operator_name,
            user_key(task.operator_name),
            task.kind.code(),
            task.description,
            search_key(task.description),
            task.container,
            task.made_at,
            i64::from(task.start_on.epoch()),
            i64::from(task.stop_on.epoch())
        )?;
        self.note_task(number, true);
        Ok(number)
    }

    /// Takes the task's row for this transaction. First in the order of locks: task, enrollments by id, token, outbox. False when
    /// there is no such task.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn lock_task(&mut self, number: i64) -> Answer<bool> {
        let sql = format!("select number from tasks where number = $1{}", dialect::for_update(self));
        Ok(on_db!(self, optional(i64,), sqlx::AssertSqlSafe(sql), number)?.is_some())
    }

    /// The address that the task was last emailed to, also for the search; set in the transaction that queues the message.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_task_emailed_to(&mut self, number: i64, address: &str) -> Answer<()> {
        let row = on_db!(
            self,
            optional(String, String),
            "update tasks set emailed_to = $2, emailed_to_key = $3 where number = $1 returning operator_name, description",
            number,
            address,
            search_key(address)
        )?;
        if let Some((operator, description)) = row {
            let text = SearchText::new(number, [number.to_string().as_str(), &operator, address, &description]);
            self.replace_search(Searched::Tasks, &text).await?;
            self.note_task(number, false);
        }
        Ok(())
    }

    /// What acts need to know of a task.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn task_head(&mut self, number: i64) -> Answer<Option<TaskHead>> {
        let row = on_db!(
            self,
            optional(Option<i64>, String, bool, i64, i64, i64),
            "select operator, type, outstanding, count, max_stop_on, edit_version from tasks where number = $1",
            number
        )?;
        let Some((operator, kind, outstanding, count, stop_on, edit_version)) = row else { return Ok(None) };
        let kind = kind_of(&kind, "tasks")?;
        Ok(Some(TaskHead { number, operator, kind, outstanding, count, stop_on: day(stop_on), edit_version }))
    }

    /// How the links of a task fare.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn task_mail(&mut self, number: i64) -> Answer<TaskMail> {
        on_db!(self, one TaskMail, concat!(
            "select count(case when state = 'accepted' then 1 end) as sent, count(case when waiting then 1 end) as waiting,
                    count(case when state in ('failed', 'bounced') then 1 end) as failed,
                    coalesce(min(made_at), 0) as began,
                    coalesce(max(case when state = 'accepted' then ended_at end), 0) as last_sent
               from outbox where task = $1 and kind in ", crate::outbox::link_kinds!()), number)
    }
}

/// The type of a stored word.
pub(crate) fn kind_of(code: &str, table: &'static str) -> Answer<AuthenticationType> {
    AuthenticationType::of_code(code).ok_or(Error::Unreadable { table, column: "type" })
}

/// The day of a stored number.
pub(crate) fn day(stored: i64) -> Day {
    Day::from_epoch(i32::try_from(stored).unwrap_or(i32::MAX))
}
