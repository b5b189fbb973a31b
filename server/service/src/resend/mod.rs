//! One user's provisioning task: its page, Resend and Unlock (spec §3.4).

mod act;
mod page;
mod unlock;

pub(crate) use act::{Resending, resend, resendable};
pub(crate) use page::read;
pub(crate) use unlock::{unlock, unlock_one};

use crate::fault::Outcome;
use model::{Refusal, refusal::Thing};
use store::{Tx, enrollments::Enrollment};

/// The enrollment of that user in that task, with its user held and its task locked. Both come from the address.
async fn locked(tx: &mut Tx, user: i64, task: i64) -> Outcome<Enrollment> {
    tx.user(user).await?.ok_or(Refusal::NotFound(Thing::User))?;
    let id = tx.enrollment_of(user, task).await?.ok_or(Refusal::NotFound(Thing::Task))?;
    Ok(tx.hold_enrollment(id).await?.ok_or(Refusal::NotFound(Thing::Task))?)
}
