//! Where the tasks of an operator or of some days lie: a range of numbers, which costs nothing to compare and narrows a walk.

use crate::{Answer, Tx, dynamic::Values};
use model::{day::Day, report::EnrollmentColumn};

/// The tasks of so many days are looked up, which takes a millisecond or two.
const DAYS: i64 = 400;

/// The first and last task of an operator, and their start dates. A number costs nothing to compare, and the operator's name does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Between {
    tasks: (i64, i64),
    starts: (i64, i64),
}

impl Between {
    /// The test of a row `e`. `seeks` is the column whose index is walked.
    pub(crate) fn condition(self, seeks: Option<EnrollmentColumn>, values: &mut Values) -> String {
        let (first, last) = (values.push(self.tasks.0), values.push(self.tasks.1));
        let task = if seeks == Some(EnrollmentColumn::Task) { "e.task" } else { "e.task + 0" };
        let tasks = format!("{task} >= {first} and {task} <= {last}");
        if seeks != Some(EnrollmentColumn::Start) {
            return tasks;
        }
        // Numbers follow time; start dates do so, too, but for the days by which a new time zone may shift them.
        let (first, last) = (values.push(self.starts.0 - 2), values.push(self.starts.1 + 2));
        format!("{tasks} and e.start_on >= {first} and e.start_on <= {last}")
    }
}

impl Tx {
    /// Where the tasks of that operator lie; from nothing to nothing where there are none.
    pub(crate) async fn tasks_between(&mut self, operator: &str) -> Answer<Between> {
        let first = on_db!(
            self,
            optional(i64, i64),
            "select number, start_on from tasks where operator_key = $1 order by number limit 1",
            operator
        )?;
        let last = on_db!(
            self,
            optional(i64, i64),
            "select number, start_on from tasks where operator_key = $1 order by number desc limit 1",
            operator
        )?;
        let ends = first.zip(last).map(|(first, last)| Between { tasks: (first.0, last.0), starts: (first.1, last.1) });
        Ok(ends.unwrap_or_default())
    }

    /// The first and last task created on those days, in that state; nothing where there are none, or more than [`DAYS`] days with tasks.
    /// The index is asked for the next day, and for the ends of each, rather than read through.
    pub(crate) async fn tasks_of_days(
        &mut self,
        outstanding: bool,
        from: Option<Day>,
        to: Option<Day>,
    ) -> Answer<Option<(i64, i64)>> {
        let of = format!("from tasks where outstanding = {outstanding} and start_on");
        let sql = format!(
            "with recursive days (day, nth) as (
                select (select start_on {of} between $1 and $2 order by start_on limit 1), 1
                union all
                select (select start_on {of} between day + 1 and $2 order by start_on limit 1), nth + 1
                  from days where day is not null and nth <= {DAYS}
             )
             select count(day), min((select number {of} = day order by number limit 1)),
                    max((select number {of} = day order by number desc limit 1))
               from days where day is not null"
        );
        let from = from.map_or(i64::from(i32::MIN), |day| i64::from(day.epoch()));
        let to = to.map_or(i64::from(i32::MAX), |day| i64::from(day.epoch()));
        let (days, first, last) = on_db!(self, one(i64, Option<i64>, Option<i64>), sqlx::AssertSqlSafe(sql), from, to)?;
        Ok(first.zip(last).filter(|_| days <= DAYS))
    }
}
