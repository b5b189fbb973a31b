//! **Ask for a new link** (spec §4.7): when the link is too old, a new one to the profile's address; when the stop date is over, the same
//! once where the policy allows it, else a request that operators see.
//!
//! A link asked for is a resend: it kills all earlier ones, and counts towards cooldown and daily cap of its address.

use super::{Standing, link, look::asking, note, notices, over, unknown};
use crate::{
    Service,
    clock::MINUTE,
    fault::{Fault, Outcome},
    links::Serves,
    mail::letter::{Content, Link as LinkContent},
    provision::{link_until, shown_until},
    zone::Now,
};
use model::{
    Refusal,
    actor::Client,
    day::Day,
    enrolling::{Ask, Asked},
    policy::Policy,
    user::email_key,
};
use store::{
    Tx,
    enrollment_sessions::Ended,
    enrollments::{Enrollment, Renewal},
    links::Purpose,
    resends::{Resend, ResendLimits},
    task_counters::TaskChange,
};

/// A new link, or a request for one.
pub(crate) async fn ask_for_link(service: &Service, secret: &str, client: &Client) -> Outcome<Asked> {
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let link = link(&mut tx, secret).await?;
    if link.purpose != Purpose::Enroll {
        return Err(unknown());
    }
    let enrollment = tx.lock_enrollment(link.enrollment).await?.ok_or_else(unknown)?;
    let ask = Asking { service, client, enrollment: &enrollment, policy: &policy, now };
    let standing = Standing::of(&enrollment, link.generation, now);
    let asked = match (standing, asking(&enrollment, &policy)) {
        (Standing::TooOld, _) => ask.link(&mut tx, enrollment.stop_on).await?,
        (Standing::Expired, Ask::Asked) => return Ok(Asked::Requested),
        (Standing::Expired, Ask::ForLink) => {
            tx.note_requested(enrollment.id, now.at).await?;
            ask.link(&mut tx, now.today().plus(i32::from(policy.days))).await?
        }
        (Standing::Expired, Ask::ForHelp) => ask.help(&mut tx).await?,
        (Standing::Ready, _) => return Err(Fault::Refused(Refusal::Stale)),
        (standing, _) => return Err(standing.ready().map_or_else(over, |()| unknown())),
    };
    tx.commit().await?;
    service.nudge();
    Ok(asked)
}

struct Asking<'a> {
    service: &'a Service,
    client: &'a Client,
    enrollment: &'a Enrollment,
    policy: &'a Policy,
    now: Now,
}

impl Asking<'_> {
    async fn help(&self, tx: &mut Tx) -> Outcome<Asked> {
        if tx.note_requested(self.enrollment.id, self.now.at).await? {
            note(tx, self.enrollment, self.client, "enrollment.request", None, self.now).await?;
        }
        Ok(Asked::Requested)
    }

    /// A new generation and its link, to the profile's address whatever address the old one went to.
    async fn link(&self, tx: &mut Tx, stop_on: Day) -> Outcome<Asked> {
        let (enrollment, now, policy) = (self.enrollment, self.now, self.policy);
        if enrollment.user.email.is_empty() {
            return self.help(tx).await;
        }
        self.count(tx).await?;
        // Before the new message: only what waits for the old generation is canceled.
        tx.cancel_links_of_enrollment(enrollment.id, "A newer message replaced it.", now.at).await?;
        let renewal = Renewal {
            id: enrollment.id,
            generation: enrollment.generation,
            stop_on,
            link_until: link_until(policy, now.at),
            emailed_to: &enrollment.user.email,
            redirected: false,
            now: now.at,
        };
        let generation = tx.renew_enrollment(renewal).await?.ok_or_else(unknown)?;
        tx.end_sessions(enrollment.id, Ended::Canceled, now.at).await?;
        let was = enrollment.counted();
        tx.count_in(enrollment.task, &TaskChange::new().mail_failed(was, false).moved(was, stop_on), now.at).await?;
        self.message(tx, generation, stop_on).await?;
        tx.set_task_emailed_to(enrollment.task, &enrollment.user.email).await?;
        note(tx, enrollment, self.client, "enrollment.ask", None, now).await?;
        Ok(Asked::LinkSent)
    }

    async fn message(&self, tx: &mut Tx, generation: i64, stop: Day) -> Outcome<()> {
        let (enrollment, now, policy) = (self.enrollment, self.now, self.policy);
        let serves = Serves { person: enrollment.person, enrollment: enrollment.id, generation, now: now.at };
        let (link, secrets) = self.service.enroll_link(serves, policy.code_length);
        let content = Content::Resend(LinkContent {
            user_id: enrollment.user.user_id.clone(),
            kind: enrollment.kind,
            stop,
            until: shown_until(policy, now, stop),
        });
        let mut to = notices::to_user(enrollment, policy);
        to.generation = Some(generation);
        let message = notices::desk(self.service, policy, now).message(to, content, Some(&secrets), 0)?;
        tx.add_links(&[link]).await?;
        Ok(tx.add_message(&message).await?)
    }

    /// Cooldown and daily cap of the address.
    async fn count(&self, tx: &mut Tx) -> Outcome<()> {
        let (now, policy) = (self.now, self.policy);
        let limits = ResendLimits {
            cooldown: i64::from(policy.resend_cooldown_minutes) * MINUTE,
            per_day: i64::from(policy.resends_per_day),
        };
        let key = email_key(&self.enrollment.user.email);
        let again = match tx.count_resend(&key, now.today(), now.at, limits).await? {
            Resend::Counted => return Ok(()),
            Resend::TooSoon(again) => again,
            Resend::DayIsFull => now.end_of(now.today()),
        };
        Err(Fault::Refused(Refusal::TooOften { again: now.moment(again) }))
    }
}
