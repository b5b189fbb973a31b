//! Who is left out of an act over many, and why: one opinion for the dry run and for every batch, and that of the act on one enrollment.

use crate::resend::resendable;
use model::{
    Refusal,
    bulk::{BulkOrder, LeftOut},
    day::{Day, Moment},
    enrollment::Status,
};
use store::enrollments::Enrollment;

/// Why an enrollment that stands as it does is left as it is; nothing where the act is done to it. What its address may still get is
/// another matter: see [`enough`].
pub(super) fn judge(order: &BulkOrder, row: &Enrollment, today: Day) -> Option<LeftOut> {
    let status = row.status(today);
    match order {
        BulkOrder::Resend => match resendable(row, today) {
            Err(Refusal::NotActive(status)) => Some(LeftOut::NotActive(status)),
            Err(_) => Some(LeftOut::Disabled),
            Ok(()) => row.user.email.is_empty().then_some(LeftOut::NoEmail),
        },
        BulkOrder::StopDate { .. } | BulkOrder::Remove { .. } => (!row.is_open()).then_some(LeftOut::Over(status)),
        BulkOrder::Unlock { .. } => (status != Status::Locked).then_some(LeftOut::NotLocked(status)),
    }
}

/// Why an address gets no more links, which has had enough.
pub(super) const fn enough(again: Moment, day_is_full: bool) -> LeftOut {
    if day_is_full { LeftOut::DayIsFull { again } } else { LeftOut::SentLately { again } }
}
