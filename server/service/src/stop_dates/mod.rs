//! What is told of stop dates without anybody pressing a button: reminders to users before, an alert to operators after.
//!
//! Every node looks now and then, and none is special: whoever notes it first in the database tells it, in the same transaction
//! (`store::stop_notices`). Nothing else depends on it: that a stop date is over is seen at use.

mod expired;
mod remind;

use crate::{Service, fault::Outcome};

/// Who the audit trail says it was.
const BY_PROVOST: &str = "Provost";

impl Service {
    /// Queues the reminders that are due, and what operators are to be told of expired enrollments. It may be broken off anywhere and
    /// run any number of times, also at once.
    ///
    /// # Errors
    /// Those of the database: the rest is done by the next one.
    pub async fn tell_of_stop_dates(&self) -> Outcome<()> {
        remind::remind(self).await?;
        expired::tell(self).await
    }
}
