//! Self-enrollment, the user's side (spec §4).
//!
//! - `look.rs`: a link's page · `start.rs`: Start, by link or by typed code · `session.rs`: the steps' page · `verify.rs`: one code,
//!   and completion · `ask.rs`: a new link · `renew.rs`: how a new link replaces all earlier ones · `not_me.rs`: This was not me ·
//!   `stop_it.rs`: Stop it · `methods.rs`: what operators see of one user
//!
//! Who and what come from the link's row, never from the request. Every step looks at the row again ([`Standing`]); none trusts the
//! one before.

mod ask;
mod look;
mod methods;
mod not_me;
mod notices;
mod renew;
mod session;
mod start;
mod stop_it;
mod verify;

pub(crate) use ask::ask_for_link;
pub(crate) use look::look;
pub(crate) use methods::{note_of, of_user};
pub(crate) use not_me::{look_not_me, not_me};
pub(crate) use notices::{desk, managers, to_operator, to_user};
pub(crate) use renew::{NewLinkTo, Renew, enough, limits};
pub(crate) use session::session;
pub(crate) use start::{start, start_with_code};
pub(crate) use stop_it::{look_stop, stop};
pub(crate) use verify::verify;

use crate::{
    Service,
    fault::{Fault, Outcome},
    ids,
    zone::Now,
};
use model::{
    Refusal,
    actor::Client,
    enrolling::Host,
    enrollment::Status,
    policy::Policy,
    refusal::{EnrollmentOver, Thing},
};
use store::{
    Tx,
    audit::{Entry, Subject},
    enrollments::Enrollment,
    links::Link,
};

/// Who the audit trail says it was, where nobody signed in.
pub(crate) const BY_LINK: &str = "Link";

/// What an enrollment is good for, to a link or session of one generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The user may enroll.
    Ready,
    /// It is completed.
    Completed,
    /// The user was removed from the task, or is disabled or deleted.
    Canceled,
    /// A newer link replaced this generation.
    Replaced,
    /// This generation was ended, and no newer link was made: the user was disabled, or stopped it.
    Ended,
    /// The attempts are used up.
    Locked,
    /// The stop date is over.
    Expired,
    /// The link's lifetime is over though the stop date is not.
    TooOld,
}

impl Standing {
    /// The first that holds decides. What happened to the enrollment for good comes before what can still change, and a link that was
    /// replaced is told nothing about what came after.
    fn of(enrollment: &Enrollment, generation: i64, now: Now) -> Standing {
        let replaced = generation != enrollment.generation;
        match enrollment.status(now.today()) {
            Status::Removed => Standing::Canceled,
            Status::Completed => Standing::Completed,
            _ if !enrollment.user.usable => Standing::Canceled,
            _ if replaced && enrollment.linked => Standing::Replaced,
            _ if replaced => Standing::Ended,
            Status::Locked => Standing::Locked,
            Status::Expired => Standing::Expired,
            Status::Active if enrollment.link_until.is_some_and(|until| until <= now.at) => Standing::TooOld,
            Status::Active => Standing::Ready,
        }
    }

    /// The same for one link, whose own lifetime may be over while a reminder's still runs.
    fn of_link(enrollment: &Enrollment, link: Link, now: Now) -> Standing {
        match Standing::of(enrollment, link.generation, now) {
            Standing::Ready if link.until.is_some_and(|until| until <= now.at) => Standing::TooOld,
            standing => standing,
        }
    }

    /// Passes when the user may enroll.
    ///
    /// # Errors
    /// Why not.
    fn ready(self) -> Result<(), EnrollmentOver> {
        Err(match self {
            Standing::Ready => return Ok(()),
            Standing::Completed => EnrollmentOver::Completed,
            Standing::Canceled => EnrollmentOver::Canceled,
            Standing::Replaced => EnrollmentOver::Replaced,
            Standing::Ended => EnrollmentOver::Ended,
            Standing::Locked => EnrollmentOver::Locked,
            Standing::Expired => EnrollmentOver::Expired,
            Standing::TooOld => EnrollmentOver::LinkTooOld,
        })
    }
}

fn over(why: EnrollmentOver) -> Fault {
    Fault::Refused(Refusal::EnrollmentOver(why))
}

/// The one answer for every secret that matches no row: unknown, empty, cut short, altered or meant for something else.
fn unknown() -> Fault {
    Fault::Refused(Refusal::NotFound(Thing::Link))
}

/// The link with this secret. The text is hashed as it came: nothing is trimmed, decoded or folded, so that no two texts are one link.
async fn link(tx: &mut Tx, secret: &str) -> Outcome<Link> {
    tx.link(&ids::hash(secret)).await?.ok_or_else(unknown)
}

/// Whose page it is, in the user's language; the organisation's where there is no user.
fn host_of(policy: &Policy, enrollment: Option<&Enrollment>, now: Now) -> Host {
    let own = enrollment.map(|enrollment| enrollment.user.language.as_str()).filter(|language| !language.is_empty());
    Host {
        organisation: policy.organisation.clone(),
        language: own.unwrap_or(&policy.language).to_owned(),
        zone: now.zone_name(),
    }
}

/// First and last name, or the UserID.
fn name_of(enrollment: &Enrollment) -> String {
    let user = &enrollment.user;
    model::user::display_name(&user.first_name, &user.last_name, &user.user_id)
}

/// For pages without a row.
pub(crate) async fn host(service: &Service) -> Outcome<Host> {
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    Ok(host_of(&policy, None, now))
}

/// What a step of enrolling writes into the audit trail.
async fn note(tx: &mut Tx, enrollment: &Enrollment, client: &Client, verb: &str, after: Option<String>, now: Now) -> Outcome<()> {
    let entry =
        Entry { at: now.at, operator: None, operator_name: BY_LINK, address: Some(&client.address), verb, before: None, after };
    let subjects = [Subject::User(enrollment.person), Subject::Task(enrollment.task), Subject::Enrollment(enrollment.id)];
    tx.audit(entry, &subjects).await?;
    Ok(())
}
