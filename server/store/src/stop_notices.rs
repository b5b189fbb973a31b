//! What is told of a stop date, once for each enrollment, stop date and day: reminders to users before it, an alert to operators after
//! it. Whoever notes it first tells it, in that transaction.

use crate::{Answer, Tx, outbox::link_kinds, tasks::day};
use model::day::Day;

/// An enrollment whose user is to be reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The enrollment.
    pub id: i64,
    /// The task's number.
    pub task: i64,
    /// The stop date.
    pub stop_on: Day,
}

/// The stop dates, first and last included, that one reminder is due for, so many days ahead of them or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stops {
    /// Days before the stop date.
    pub days: u16,
    /// The first stop date.
    pub first: Day,
    /// The last stop date.
    pub last: Day,
}

/// The newest message of an operator's act with a link.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Invitation {
    /// When it was written, in milliseconds.
    pub made_at: i64,
    /// What fills its template, as JSON.
    pub data: String,
}

/// The task and the stop date of an enrollment whose expiry is noted now.
pub type Expired = (i64, Day);

/// The days under which an expiry is noted: the first day on which the stop date is over.
const OVER: i64 = -1;

/// Whom reminder `$1` is for: may still enroll, by a link that lives, has no mail with a link on its way, and was not told of this stop
/// date by this reminder or a nearer one.
macro_rules! remindable {
    () => {
        concat!(
            "e.open and e.locked_at is null and u.live and u.enabled and u.email <> ''
             and exists (select 1 from links l
                          where l.enrollment = e.id and l.generation = e.generation and l.purpose = 'enroll')
             and not exists (select 1 from outbox o where o.enrollment = e.id and o.waiting and o.kind in ",
            link_kinds!(),
            ")
             and not exists (select 1 from stop_notices n
                              where n.enrollment = e.id and n.stop_on = e.stop_on and n.days between 0 and $1)"
        )
    };
}

impl Tx {
    /// Enrollments that a reminder is due for, at most `most`, by stop date and number beyond `after`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reminders_due(&mut self, stops: Stops, after: Option<Due>, most: u32) -> Answer<Vec<Due>> {
        let (stop_on, id) = after.map_or((i64::MIN, 0), |due| (epoch(due.stop_on), due.id));
        let rows = on_db!(
            self,
            all(i64, i64, i64),
            concat!(
                "select e.id, e.task, e.stop_on from enrollments e cross join users u
                  where u.id = e.person and e.stop_on between $2 and $3 and (e.stop_on, e.id) > ($4, $5) and ",
                remindable!(),
                " order by e.stop_on, e.id limit $6"
            ),
            i64::from(stops.days),
            epoch(stops.first),
            epoch(stops.last),
            stop_on,
            id,
            i64::from(most)
        )?;
        Ok(rows.into_iter().map(|(id, task, stop_on)| Due { id, task, stop_on: day(stop_on) }).collect())
    }

    /// Notes a reminder, so many days before the stop date. False when it is not due any more: somebody else noted it, the stop date
    /// moved, or the user can no longer enroll. The task's row must be locked ([`Tx::lock_task`]).
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_reminder(&mut self, due: Due, days: u16, now: i64) -> Answer<bool> {
        let noted = on_db!(self, execute concat!(
            "insert into stop_notices (enrollment, stop_on, days, made_at)
             select e.id, e.stop_on, $1, $4 from enrollments e cross join users u
              where u.id = e.person and e.id = $2 and e.stop_on = $3 and ", remindable!(), "
             on conflict do nothing"),
            i64::from(days), due.id, epoch(due.stop_on), now)?;
        Ok(noted > 0)
    }

    /// The enrollment's newest message of provisioning or resend, unless that was lost.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn last_invitation(&mut self, enrollment: i64) -> Answer<Option<Invitation>> {
        on_db!(self, optional Invitation,
            "select made_at, data from outbox
              where enrollment = $1 and kind in ('enrollment', 'resend') and state not in ('bounced', 'failed', 'canceled')
              order by id desc limit 1", enrollment)
    }

    /// Notes what expired on the stop dates from `from` on and before `today`, at most `most`, and was not noted before; answers task and
    /// stop date of each enrollment.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_expired(&mut self, from: Day, today: Day, most: u32, now: i64) -> Answer<Vec<Expired>> {
        // In one order, so that two nodes at it wait for one another and not in a circle.
        let rows = on_db!(
            self,
            all(i64, i64),
            "insert into stop_notices (enrollment, stop_on, days, made_at)
             select e.id, e.stop_on, $1, $2 from enrollments e
              where e.open and e.locked_at is null and e.stop_on >= $3 and e.stop_on < $4
                and not exists (select 1 from stop_notices n where n.enrollment = e.id and n.stop_on = e.stop_on and n.days = $1)
              order by e.stop_on, e.id limit $5
             on conflict do nothing
             returning (select t.task from enrollments t where t.id = stop_notices.enrollment), stop_on",
            OVER,
            now,
            epoch(from),
            epoch(today),
            i64::from(most)
        )?;
        Ok(rows.into_iter().map(|(task, stop_on)| (task, day(stop_on))).collect())
    }
}

fn epoch(day: Day) -> i64 {
    i64::from(day.epoch())
}
