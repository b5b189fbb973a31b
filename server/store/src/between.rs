//! Where the tasks of an operator lie: a range of numbers, which costs nothing to compare, where the operator's name does.

use crate::{Answer, Tx, dynamic::Values};
use model::report::EnrollmentColumn;

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
}
