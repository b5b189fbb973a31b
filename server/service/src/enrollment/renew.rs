//! A new generation and its one link, which kills all earlier ones when the transaction commits: for *Resend* and for **Ask for a new
//! link**. Both count towards cooldown and daily cap of the address.

use super::{notices, unknown};
use crate::{
    Service,
    clock::MINUTE,
    fault::Outcome,
    links::Serves,
    mail::letter::{Content, Link as LinkContent},
    provision::{link_until, shown_until},
    zone::Now,
};
use model::{
    day::{Day, Moment},
    policy::Policy,
    user::email_key,
};
use store::{
    Tx,
    enrollment_sessions::Ended,
    enrollments::{Enrollment, Renewal},
    resends::{Resend, ResendLimits},
    task_counters::TaskChange,
};

/// An enrollment, locked, that gets a new link.
pub(crate) struct Renew<'a> {
    pub(crate) service: &'a Service,
    pub(crate) enrollment: &'a Enrollment,
    pub(crate) policy: &'a Policy,
    pub(crate) now: Now,
}

/// Where the new link goes, and until when it leads anywhere.
pub(crate) struct NewLinkTo<'a> {
    /// The address.
    pub(crate) address: &'a str,
    /// It is not the profile's.
    pub(crate) redirected: bool,
    /// The stop date from now on.
    pub(crate) stop_on: Day,
    /// When the user asked for it, where that is to be kept.
    pub(crate) requested_at: Option<i64>,
    /// Its place inside its act: the lowest goes out first, so that ten thousand do not delay one.
    pub(crate) turn: i64,
}

/// An address has had its share.
pub(crate) struct Enough {
    /// When it may get another link.
    pub(crate) again: Moment,
    /// The day's cap is used up.
    pub(crate) day_is_full: bool,
}

/// Cooldown and daily cap of an address. A mail that failed or bounced has not arrived there, so it makes nobody wait.
pub(crate) fn limits(policy: &Policy, enrollment: &Enrollment, address: &str) -> ResendLimits {
    let lost = enrollment.mail_failed && email_key(&enrollment.emailed_to) == email_key(address);
    ResendLimits {
        cooldown: if lost { 0 } else { i64::from(policy.resend_cooldown_minutes) * MINUTE },
        per_day: i64::from(policy.resends_per_day),
    }
}

/// What the count says, in the organisation's time.
pub(crate) fn enough(counted: Resend, now: Now) -> Option<Enough> {
    let (again, day_is_full) = match counted {
        Resend::Counted => return None,
        Resend::TooSoon(again) => (again, false),
        Resend::DayIsFull => (now.end_of(now.today()), true),
    };
    // Screens show minutes: it is possible when theirs begins.
    Some(Enough { again: now.moment(again).whole_minute(), day_is_full })
}

impl Renew<'_> {
    /// Counts one more link to the address; answers when it has had enough.
    pub(crate) async fn count(&self, tx: &mut Tx, address: &str) -> Outcome<Option<Enough>> {
        let limits = limits(self.policy, self.enrollment, address);
        let counted = tx.count_resend(&email_key(address), self.now.today(), self.now.at, limits).await?;
        Ok(enough(counted, self.now))
    }

    /// Writes generation, link, counters and message; answers the generation.
    pub(crate) async fn write(&self, tx: &mut Tx, to: NewLinkTo<'_>) -> Outcome<i64> {
        let (enrollment, now) = (self.enrollment, self.now);
        // Before the new message: only what waits for the old generation is canceled.
        tx.cancel_links_of_enrollment(enrollment.id, "A newer message replaced it.", now.at).await?;
        tx.forget_alternate(enrollment.id).await?;
        let renewal = Renewal {
            id: enrollment.id,
            generation: enrollment.generation,
            stop_on: to.stop_on,
            link_until: link_until(self.policy, now.at),
            emailed_to: to.address,
            redirected: to.redirected,
            requested_at: to.requested_at,
            now: now.at,
        };
        let generation = tx.renew_enrollment(renewal).await?.ok_or_else(unknown)?;
        tx.end_sessions(enrollment.id, Ended::Canceled, now.at).await?;
        let was = enrollment.counted();
        tx.count_in(enrollment.task, &TaskChange::new().mail_failed(was, false).moved(was, to.stop_on), now.at).await?;
        self.message(tx, generation, &to).await?;
        tx.set_task_emailed_to(enrollment.task, to.address).await?;
        Ok(generation)
    }

    async fn message(&self, tx: &mut Tx, generation: i64, to: &NewLinkTo<'_>) -> Outcome<()> {
        let (enrollment, now, policy) = (self.enrollment, self.now, self.policy);
        let serves = Serves { person: enrollment.person, enrollment: enrollment.id, generation, now: now.at };
        let (link, secrets) = self.service.enroll_link(serves, policy.code_length);
        let content = Content::Resend(LinkContent {
            user_id: enrollment.user.user_id.clone(),
            kind: enrollment.kind,
            stop: to.stop_on,
            until: shown_until(policy, now, to.stop_on),
        });
        let mut recipient = notices::to_user(enrollment, policy);
        recipient.address = to.address.to_owned();
        recipient.generation = Some(generation);
        let message = notices::desk(self.service, policy, now).message(recipient, content, Some(&secrets), to.turn)?;
        tx.add_links(&[link]).await?;
        Ok(tx.add_message(&message).await?)
    }
}
