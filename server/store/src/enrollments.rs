//! Enrollments: one user's row inside a task. Every change states in its `WHERE` what it expects.

use crate::{
    Answer, Tx,
    task_counters::Counted,
    tasks::{day, kind_of},
};
use model::{
    authentication::AuthenticationType,
    day::Day,
    enrollment::{Facts, Status},
};

/// One user's row inside a task, with what the steps of enrolling need of the user and the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// The row.
    pub id: i64,
    /// The task's number.
    pub task: i64,
    /// The user's row.
    pub person: i64,
    /// The type.
    pub kind: AuthenticationType,
    /// The generation whose links live.
    pub generation: i64,
    /// Wrong codes so far.
    pub attempts: i64,
    /// The last day.
    pub stop_on: Day,
    /// The end of the links' lifetime in milliseconds; nothing: the stop date alone.
    pub link_until: Option<i64>,
    /// When it was locked.
    pub locked_at: Option<i64>,
    /// When it was completed.
    pub completed_at: Option<i64>,
    /// When it was removed.
    pub removed_at: Option<i64>,
    /// When the link was first opened.
    pub link_opened_at: Option<i64>,
    /// When Start was last pressed.
    pub started_at: Option<i64>,
    /// When the user asked for a new link.
    pub requested_at: Option<i64>,
    /// The serial number of the enrolled token.
    pub serial: Option<String>,
    /// The enrolled token.
    pub token: Option<i64>,
    /// The enrolled token is usable.
    pub token_active: bool,
    /// Its last mail with a link failed or bounced.
    pub mail_failed: bool,
    /// The address that mail went to.
    pub emailed_to: String,
    /// That was another one than the profile's.
    pub redirected: bool,
    /// There is a link of its generation: an earlier one was replaced, and not just ended.
    pub linked: bool,
    /// The user, as far as enrolling asks.
    pub user: EnrollingUser,
}

/// The user of an enrollment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrollingUser {
    /// UserID.
    pub user_id: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// The profile's address.
    pub email: String,
    /// Language code; empty for the organisation's.
    pub language: String,
    /// Neither disabled nor deleted.
    pub usable: bool,
}

impl Enrollment {
    /// The status on the day `today`.
    pub fn status(&self, today: Day) -> Status {
        let facts = Facts {
            removed: self.removed_at.is_some(),
            completed: self.completed_at.is_some(),
            locked: self.locked_at.is_some(),
            stop_on: self.stop_on,
        };
        facts.status(today)
    }

    /// How it is counted while it is open.
    pub fn counted(&self) -> Counted {
        Counted { stop_on: self.stop_on, locked: self.locked_at.is_some(), mail_failed: self.mail_failed }
    }

    /// Neither completed nor removed.
    pub fn is_open(&self) -> bool {
        self.completed_at.is_none() && self.removed_at.is_none()
    }
}

/// A new generation of links for an open enrollment.
#[derive(Clone, Copy, Debug)]
pub struct Renewal<'a> {
    /// The enrollment.
    pub id: i64,
    /// The generation it has.
    pub generation: i64,
    /// The stop date from now on.
    pub stop_on: Day,
    /// The end of the links' lifetime; nothing: the stop date alone.
    pub link_until: Option<i64>,
    /// The address its message goes to.
    pub emailed_to: &'a str,
    /// That is not the profile's address.
    pub redirected: bool,
    /// When the user asked for it, where that is to be kept; nothing: no request waits any more.
    pub requested_at: Option<i64>,
    /// Now, in milliseconds.
    pub now: i64,
}

/// Everything an [`Enrollment`] is read from; a `where` on `e` follows.
macro_rules! select_enrollments {
    () => {
        "select e.id, e.task, e.person, e.type as kind, e.generation, e.attempts, e.stop_on, e.link_until, e.locked_at,
                    e.completed_at, e.removed_at, e.link_opened_at, e.started_at, e.requested_at, e.serial, e.token,
                    coalesce(k.state = 'active', false) as token_active,
                    coalesce(e.mail_state in ('bounced', 'failed'), false) as mail_failed, e.emailed_to, e.redirected,
                    exists (select 1 from links l where l.enrollment = e.id and l.generation = e.generation
                               and l.purpose = 'enroll') as linked,
                    u.user_id, u.first_name, u.last_name, u.email, u.language, u.live and u.enabled as usable
               from enrollments e join users u on u.id = e.person left join tokens k on k.id = e.token"
    };
}
pub(crate) use select_enrollments;

impl Tx {
    /// An enrollment.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enrollment(&mut self, id: i64) -> Answer<Option<Enrollment>> {
        let row = on_db!(self, optional EnrollmentRow,
            concat!(select_enrollments!(), " where e.id = $1"), id)?;
        row.map(EnrollmentRow::read).transpose()
    }

    /// Completes an enrollment: the one conditional update that spends its link. False when it is no longer open, is locked, its
    /// stop date is over, or a newer link replaced this generation.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn complete_enrollment(&mut self, spent: Spent<'_>) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update enrollments set completed_at = $6, token = $4, serial = $5
              where id = $1 and generation = $2 and open and locked_at is null and stop_on >= $3",
            spent.id, spent.generation, i64::from(spent.today.epoch()), spent.token, spent.serial, spent.now)?;
        if changed > 0 {
            self.forget_alternate_of_closed(spent.id).await?;
        }
        Ok(changed > 0)
    }

    /// Counts one wrong code, which locks when it makes `limit`. Answers the attempts so far and whether it is locked now; nothing
    /// when the enrollment cannot be tried any more.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_wrong_code(&mut self, try_: Wrong) -> Answer<Option<(i64, bool)>> {
        let row = on_db!(
            self,
            optional(i64, Option<i64>),
            "update enrollments set attempts = attempts + 1, locked_at = case when attempts + 1 >= $4 then $5 end
              where id = $1 and generation = $2 and open and locked_at is null and stop_on >= $3
              returning attempts, locked_at",
            try_.id,
            try_.generation,
            i64::from(try_.today.epoch()),
            try_.limit,
            try_.now
        )?;
        Ok(row.map(|(attempts, locked_at)| (attempts, locked_at.is_some())))
    }

    /// Notes where its last message with a link goes.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_emailed_to(&mut self, id: i64, address: &str) -> Answer<()> {
        self.forget_alternate(id).await?;
        on_db!(self, execute "update enrollments set emailed_to = $2, redirected = false where id = $1 and open", id, address)?;
        Ok(())
    }

    /// Notes that the link was opened, once.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_link_opened(&mut self, id: i64, now: i64) -> Answer<()> {
        let sql = "update enrollments set link_opened_at = $2 where id = $1 and link_opened_at is null returning task";
        let tasks = on_db!(self, all(i64,), sql, id, now)?;
        self.note_tasks(tasks);
        Ok(())
    }

    /// Notes that Start was pressed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_started(&mut self, id: i64, now: i64) -> Answer<()> {
        let sql = "update enrollments set started_at = $2 where id = $1 and open returning task";
        let tasks = on_db!(self, all(i64,), sql, id, now)?;
        self.note_tasks(tasks);
        Ok(())
    }

    /// Notes that the user asked for a new link. False when they had asked before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_requested(&mut self, id: i64, now: i64) -> Answer<bool> {
        let sql = "update enrollments set requested_at = $2 where id = $1 and open and requested_at is null returning task";
        let tasks = on_db!(self, all(i64,), sql, id, now)?;
        let first = !tasks.is_empty();
        self.note_tasks(tasks);
        Ok(first)
    }

    /// Raises the generation of an open enrollment, which kills every earlier link when the transaction commits. Answers the new
    /// generation; nothing when it is no longer open or somebody else renewed it. The caller counts it in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn renew_enrollment(&mut self, renewal: Renewal<'_>) -> Answer<Option<i64>> {
        let row =
            on_db!(self, optional(i64,),
            "update enrollments set generation = generation + 1, stop_on = $3, link_until = $4, emailed_to = $5, redirected = $6,
                    requested_at = $8, mail_state = 'queued', mail_at = $7, mail_reason = null
              where id = $1 and generation = $2 and open returning generation",
            renewal.id, renewal.generation, i64::from(renewal.stop_on.epoch()), renewal.link_until, renewal.emailed_to,
            renewal.redirected, renewal.now, renewal.requested_at)?;
        Ok(row.map(|(generation,)| generation))
    }

    /// Ends the links of a generation without a newer one: the user stopped it. False when it is no longer open, or that generation is
    /// over already. The caller ends its session, cancels its mail and counts it in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn stop_links(&mut self, id: i64, generation: i64, reason: &str, now: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update enrollments set generation = generation + 1, mail_state = 'canceled', mail_at = $4, mail_reason = $3
              where id = $1 and generation = $2 and open", id, generation, reason, now)?;
        Ok(changed > 0)
    }

    /// Unlocks an enrollment: attempts 0, the same links, this stop date. False when it is not locked, or no longer open. The caller
    /// counts it in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unlock_enrollment(&mut self, id: i64, stop_on: Day) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update enrollments set attempts = 0, locked_at = null,
                    requested_at = case when stop_on < $2 then null else requested_at end, stop_on = $2
              where id = $1 and open and locked_at is not null", id, i64::from(stop_on.epoch()))?;
        Ok(changed > 0)
    }

    /// Removes an enrollment for good. False when it is no longer open. The caller counts it in, gives back what was reserved, ends its
    /// session and cancels its mail.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_enrollment(&mut self, id: i64, by: &str, now: i64) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update enrollments set removed_at = $3, removed_by = $2 where id = $1 and open", id, by, now)?;
        if changed > 0 {
            self.forget_alternate_of_closed(id).await?;
        }
        Ok(changed > 0)
    }

    /// The enrollment of a user in a task, open or not.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enrollment_of(&mut self, person: i64, task: i64) -> Answer<Option<i64>> {
        let row = on_db!(self, optional(i64,), "select id from enrollments where task = $2 and person = $1", person, task)?;
        Ok(row.map(|(id,)| id))
    }

    /// The open enrollments of a user, by task and id: the order in which they may be locked.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_enrollments_of(&mut self, person: i64) -> Answer<Vec<i64>> {
        let rows = on_db!(self, all(i64,), "select id from enrollments where person = $1 and open order by task, id", person)?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}

/// What completes an enrollment.
#[derive(Clone, Copy, Debug)]
pub struct Spent<'a> {
    /// The enrollment.
    pub id: i64,
    /// The generation of the link that began it.
    pub generation: i64,
    /// Today.
    pub today: Day,
    /// The new token.
    pub token: i64,
    /// Its serial number.
    pub serial: &'a str,
    /// Now, in milliseconds.
    pub now: i64,
}

/// A wrong code.
#[derive(Clone, Copy, Debug)]
pub struct Wrong {
    /// The enrollment.
    pub id: i64,
    /// The generation of the link that began it.
    pub generation: i64,
    /// Today.
    pub today: Day,
    /// How many wrong codes lock.
    pub limit: i64,
    /// Now, in milliseconds.
    pub now: i64,
}

/// A row as it is selected.
#[derive(sqlx::FromRow)]
pub(crate) struct EnrollmentRow {
    id: i64,
    task: i64,
    person: i64,
    kind: String,
    generation: i64,
    attempts: i64,
    stop_on: i64,
    link_until: Option<i64>,
    locked_at: Option<i64>,
    completed_at: Option<i64>,
    removed_at: Option<i64>,
    link_opened_at: Option<i64>,
    started_at: Option<i64>,
    requested_at: Option<i64>,
    serial: Option<String>,
    token: Option<i64>,
    token_active: bool,
    mail_failed: bool,
    emailed_to: String,
    redirected: bool,
    linked: bool,
    user_id: String,
    first_name: String,
    last_name: String,
    email: String,
    language: String,
    usable: bool,
}

impl EnrollmentRow {
    pub(crate) fn read(self) -> Answer<Enrollment> {
        Ok(Enrollment {
            id: self.id,
            task: self.task,
            person: self.person,
            kind: kind_of(&self.kind, "enrollments")?,
            generation: self.generation,
            attempts: self.attempts,
            stop_on: day(self.stop_on),
            link_until: self.link_until,
            locked_at: self.locked_at,
            completed_at: self.completed_at,
            removed_at: self.removed_at,
            link_opened_at: self.link_opened_at,
            started_at: self.started_at,
            requested_at: self.requested_at,
            serial: self.serial,
            token: self.token,
            token_active: self.token_active,
            mail_failed: self.mail_failed,
            emailed_to: self.emailed_to,
            redirected: self.redirected,
            linked: self.linked,
            user: EnrollingUser {
                user_id: self.user_id,
                first_name: self.first_name,
                last_name: self.last_name,
                email: self.email,
                language: self.language,
                usable: self.usable,
            },
        })
    }
}
