//! Edits of a task as a whole, and the end of a user's part in all of theirs. The task's row must be locked ([`Tx::lock_task`]), which keeps
//! its enrollments as they are.

use crate::{Answer, Tx, enrollment_sessions::Ended, task_counters::TaskChange};
use model::{authentication::AuthenticationType, day::Day};

/// The user of an open enrollment, as far as a notice needs them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenUser {
    /// The enrollment.
    pub enrollment: i64,
    /// The user's row.
    pub person: i64,
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

impl Tx {
    /// The users of a task's open enrollments.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_users_of_task(&mut self, task: i64) -> Answer<Vec<OpenUser>> {
        on_db!(self, all OpenUser,
            "select e.id as enrollment, e.person, u.user_id, u.first_name, u.last_name, u.email, u.language,
                    u.live and u.enabled as usable
               from enrollments e join users u on u.id = e.person where e.task = $1 and e.open order by e.id",
            task)
    }

    /// Removes every open enrollment of a task for good, ends their sessions and cancels their mail. The caller counts them in and gives
    /// back what was reserved.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_open_of_task(&mut self, task: i64, by: &str, now: i64) -> Answer<u64> {
        on_db!(self, execute
            "update enrollment_sessions set ended_at = $3, ended_why = $2, secret = null, data = null
              where ended_at is null and enrollment in (select id from enrollments where task = $1 and open)",
            task, Ended::Canceled.code(), now)?;
        let redirected =
            on_db!(self, all(i64,), "select id from enrollments where task = $1 and open and redirected order by id", task)?;
        let removed = on_db!(self, execute
            "update enrollments set removed_at = $3, removed_by = $2 where task = $1 and open", task, by, now)?;
        self.cancel_links_of_closed(task, "The user was removed from the task.", now).await?;
        for (id,) in redirected {
            self.forget_alternate_of_closed(id).await?;
        }
        Ok(removed)
    }

    /// Removes every open enrollment of a user who is being deleted, with its counters, session, waiting mail and reservation. Answers how
    /// many there were.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remove_open_enrollments_of(&mut self, person: i64, by: &str, now: i64) -> Answer<u64> {
        let sql = "select distinct task from enrollments where person = $1 and open order by task";
        for (task,) in on_db!(self, all(i64,), sql, person)? {
            self.lock_task(task).await?;
        }
        let mut ids = self.open_enrollments_of(person).await?;
        ids.sort_unstable();
        let mut removed: Vec<AuthenticationType> = Vec::new();
        for id in ids {
            let Some(enrollment) = self.lock_enrollment(id).await? else { continue };
            if !self.remove_enrollment(id, by, now).await? {
                continue;
            }
            self.end_sessions(id, Ended::Canceled, now).await?;
            self.count_in(enrollment.task, &TaskChange::new().removed(enrollment.counted()), now).await?;
            self.cancel_links_of_enrollment(id, "The user was deleted.", now).await?;
            removed.push(enrollment.kind);
        }
        // Last of all: the row is one for everybody, and whoever held it and waited for a task could wait in a circle.
        for kind in AuthenticationType::ALL {
            let count = removed.iter().filter(|of| **of == kind).count();
            if count > 0 {
                self.reserve(kind, -(count as i64)).await?;
            }
        }
        Ok(removed.len() as u64)
    }

    /// Gives an open enrollment another stop date; a later one answers who asked for it. False when it is no longer open. The caller counts it in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_stop_on(&mut self, enrollment: i64, to: Day) -> Answer<bool> {
        let changed = on_db!(self, execute
            "update enrollments set requested_at = case when stop_on < $2 then null else requested_at end, stop_on = $2
              where id = $1 and open", enrollment, i64::from(to.epoch()))?;
        Ok(changed > 0)
    }

    /// The same for every open enrollment of a task. The caller counts them in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_stop_on_of_task(&mut self, task: i64, to: Day) -> Answer<u64> {
        on_db!(self, execute
            "update enrollments set requested_at = case when stop_on < $2 then null else requested_at end, stop_on = $2
              where task = $1 and open", task, i64::from(to.epoch()))
    }

    /// The users of a task's open enrollments whose links' lifetime is over, at most `most`: row and UserID.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn too_old_links_of_task(&mut self, task: i64, now: i64, most: u32) -> Answer<Vec<(i64, String)>> {
        on_db!(
            self,
            all(i64, String),
            "select u.id, u.user_id from enrollments e join users u on u.id = e.person
              where e.task = $1 and e.open and e.locked_at is null and e.link_until <= $2 order by u.user_key limit $3",
            task,
            now,
            i64::from(most)
        )
    }

    /// How many open enrollments of a task have failed mail.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn failed_mail_of_task(&mut self, task: i64) -> Answer<i64> {
        let (failed,) = on_db!(self, one(i64,), "select mail_failed from tasks where number = $1", task)?;
        Ok(failed)
    }
}
