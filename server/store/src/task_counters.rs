//! The counters on a task's row and its buckets by stop day, kept in the transaction of every change (architecture, "Lists").
//!
//! An act notes in a [`TaskChange`] what becomes of each enrollment, and ends with one [`Tx::count_in`]. Expired is never stored: it
//! is what the buckets before today hold, and a task has some where its earliest stop date of those not locked is over.

use crate::{Answer, Tx, tasks::day};
use model::day::Day;
use std::collections::BTreeMap;

/// How an open enrollment is counted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its stop date.
    pub stop_on: Day,
    /// It is locked.
    pub locked: bool,
    /// Its last mail failed or bounced.
    pub mail_failed: bool,
}

/// The open enrollments of a task that share a stop date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The stop date.
    pub on: Day,
    /// How many are open.
    pub open: i64,
    /// How many of them are locked.
    pub locked: i64,
}

/// What changes in one task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskChange {
    added: i64,
    completed: i64,
    removed: i64,
    mail_failed: i64,
    /// Open and locked, by stop day.
    stops: BTreeMap<i32, (i64, i64)>,
    edited: bool,
}

impl TaskChange {
    /// Nothing yet.
    pub fn new() -> TaskChange {
        TaskChange::default()
    }

    /// So many enrollments come with this stop date.
    pub fn added(mut self, count: i64, stop_on: Day) -> TaskChange {
        self.added += count;
        self.stop(stop_on, count, 0);
        self
    }

    /// An open enrollment is completed.
    pub fn completed(mut self, was: Counted) -> TaskChange {
        self.completed += 1;
        self.closed(was);
        self
    }

    /// An open enrollment is removed.
    pub fn removed(mut self, was: Counted) -> TaskChange {
        self.removed += 1;
        self.closed(was);
        self
    }

    /// An open enrollment is locked, or unlocked, from how it was counted before.
    pub fn locked(mut self, was: Counted, now_locked: bool) -> TaskChange {
        self.stop(was.stop_on, 0, i64::from(now_locked) - i64::from(was.locked));
        self
    }

    /// An open enrollment gets another stop date.
    pub fn moved(mut self, was: Counted, to: Day) -> TaskChange {
        let locked = i64::from(was.locked);
        self.stop(was.stop_on, -1, -locked);
        self.stop(to, 1, locked);
        self
    }

    /// Every open enrollment of the task is removed; `mail_failed` of them had failed mail.
    pub fn all_removed(mut self, stops: &[Stop], mail_failed: i64) -> TaskChange {
        for stop in stops {
            self.removed += stop.open;
            self.stop(stop.on, -stop.open, -stop.locked);
        }
        self.mail_failed -= mail_failed;
        self
    }

    /// Every open enrollment of the task gets another stop date.
    pub fn all_moved(mut self, stops: &[Stop], to: Day) -> TaskChange {
        for stop in stops {
            self.stop(stop.on, -stop.open, -stop.locked);
            self.stop(to, stop.open, stop.locked);
        }
        self
    }

    /// The last mail of an open enrollment turns out failed, or no longer so.
    pub fn mail_failed(mut self, was: Counted, failed: bool) -> TaskChange {
        self.mail_failed += i64::from(failed) - i64::from(was.mail_failed);
        self
    }

    /// An operator edited the task: whoever edits the version before is told. A resend or an unlock is none of it, so that a help desk at
    /// work makes nobody's form stale.
    pub fn by_operator(mut self) -> TaskChange {
        self.edited = true;
        self
    }

    fn closed(&mut self, was: Counted) {
        self.mail_failed -= i64::from(was.mail_failed);
        self.stop(was.stop_on, -1, -i64::from(was.locked));
    }

    fn stop(&mut self, on: Day, open: i64, locked: i64) {
        let bucket = self.stops.entry(on.epoch()).or_default();
        *bucket = (bucket.0 + open, bucket.1 + locked);
    }
}

impl Tx {
    /// The stop dates of a task's open enrollments, the earliest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn task_stops(&mut self, task: i64) -> Answer<Vec<Stop>> {
        let rows = on_db!(
            self,
            all(i64, i64, i64),
            "select stop_on, open, locked from task_stops where task = $1 and open > 0 order by stop_on",
            task
        )?;
        Ok(rows.into_iter().map(|(on, open, locked)| Stop { on: day(on), open, locked }).collect())
    }

    /// Brings the task's counters and buckets up to what `change` says. The task's row must be locked ([`Tx::lock_task`]) or new.
    ///
    /// # Errors
    /// Those of the database; a counter that would not add up breaks a check of the table.
    pub async fn count_in(&mut self, task: i64, change: &TaskChange, now: i64) -> Answer<()> {
        for (&stop_on, &(open, locked)) in change.stops.iter().filter(|(_, counts)| **counts != (0, 0)) {
            self.count_stop(task, i64::from(stop_on), open, locked).await?;
        }
        on_db!(self, execute "delete from task_stops where task = $1 and open = 0", task)?;
        let open: i64 = change.stops.values().map(|(open, _)| open).sum();
        let locked: i64 = change.stops.values().map(|(_, locked)| locked).sum();
        on_db!(self, execute
            "update tasks set
                count = count + $2, open = open + $3, completed = completed + $4, removed = removed + $5, locked = locked + $6,
                mail_failed = mail_failed + $7, edit_version = edit_version + $8,
                progress = case when count + $2 = 0 then 0 else (completed + $4) * 1000000 / (count + $2) end,
                min_stop_on = coalesce((select min(stop_on) from task_stops where task = $1),
                                       (select min(stop_on) from enrollments where task = $1), min_stop_on),
                min_unlocked_stop_on = (select min(stop_on) from task_stops where task = $1 and task_stops.open > task_stops.locked),
                max_stop_on = coalesce((select max(stop_on) from task_stops where task = $1),
                                       (select max(stop_on) from enrollments where task = $1), max_stop_on),
                ended_at = case when open + $3 > 0 then null else coalesce(ended_at, $9) end
              where number = $1",
            task, change.added - change.removed, open, change.completed, change.removed, locked, change.mail_failed,
            i64::from(change.edited), now)?;
        self.note_task(task, false);
        Ok(())
    }

    async fn count_stop(&mut self, task: i64, stop_on: i64, open: i64, locked: i64) -> Answer<()> {
        let there = on_db!(self, execute
            "update task_stops set open = open + $3, locked = locked + $4 where task = $1 and stop_on = $2",
            task, stop_on, open, locked)?;
        if there == 0 {
            on_db!(self, execute "insert into task_stops (task, stop_on, open, locked) values ($1, $2, $3, $4)",
                task, stop_on, open, locked)?;
        }
        Ok(())
    }

    /// What the counters of a task say that its enrollments do not, in words; empty when all agrees. For tests and `doctor`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn miscounted(&mut self, task: i64) -> Answer<Vec<String>> {
        let kept = on_db!(self, one Counts,
            "select count, open, completed, locked, removed, mail_failed, min_stop_on, min_unlocked_stop_on, max_stop_on, progress
               from tasks where number = $1", task)?;
        let found = on_db!(self, one Counts,
            "select count(case when removed_at is null then 1 end) as count, count(case when open then 1 end) as open,
                    count(case when removed_at is null and completed_at is not null then 1 end) as completed,
                    count(case when open and locked_at is not null then 1 end) as locked,
                    count(case when removed_at is not null then 1 end) as removed,
                    count(case when open and mail_state in ('bounced', 'failed') then 1 end) as mail_failed,
                    coalesce(min(case when open then stop_on end), min(stop_on), 0) as min_stop_on,
                    min(case when open and locked_at is null then stop_on end) as min_unlocked_stop_on,
                    coalesce(max(case when open then stop_on end), max(stop_on), 0) as max_stop_on,
                    coalesce(count(case when removed_at is null and completed_at is not null then 1 end) * 1000000
                        / nullif(count(case when removed_at is null then 1 end), 0), 0) as progress
               from enrollments where task = $1", task)?;
        let mut wrong = Vec::new();
        if kept != found {
            wrong.push(format!("task {task} says {kept:?}, its enrollments {found:?}"));
        }
        let kept = on_db!(
            self,
            all(i64, i64, i64),
            "select stop_on, open, locked from task_stops where task = $1 order by stop_on",
            task
        )?;
        let found = on_db!(
            self,
            all(i64, i64, i64),
            "select stop_on, count(*), count(locked_at) from enrollments where task = $1 and open group by stop_on order by stop_on",
            task
        )?;
        if kept != found {
            wrong.push(format!("task {task} has the buckets {kept:?}, its enrollments {found:?}"));
        }
        Ok(wrong)
    }
}

#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
struct Counts {
    count: i64,
    open: i64,
    completed: i64,
    locked: i64,
    removed: i64,
    mail_failed: i64,
    min_stop_on: i64,
    min_unlocked_stop_on: Option<i64>,
    max_stop_on: i64,
    progress: i64,
}
