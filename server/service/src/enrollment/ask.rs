//! **Ask for a new link** (spec §4.7): when the link is too old, a new one to the profile's address; when the stop date is over, the same
//! once where the policy allows it, else a request that operators see.
//!
//! A link asked for is a resend: it kills all earlier ones, and counts towards cooldown and daily cap of its address.

use super::{NewLinkTo, Renew, Standing, link, look::asking, note, over, unknown};
use crate::{
    Service,
    fault::{Fault, Outcome},
    zone::Now,
};
use model::{
    Refusal,
    actor::Client,
    day::Day,
    enrolling::{Ask, Asked},
    policy::Policy,
};
use store::{Tx, enrollments::Enrollment, links::Purpose};

/// A new link, or a request for one.
pub(crate) async fn ask_for_link(service: &Service, secret: &str, client: &Client) -> Outcome<Asked> {
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let link = link(&mut tx, secret).await?;
    if link.purpose != Purpose::Enroll {
        return Err(unknown());
    }
    let enrollment = tx.hold_enrollment(link.enrollment).await?.ok_or_else(unknown)?;
    let ask = Asking { service, client, enrollment: &enrollment, policy: &policy, now };
    let standing = Standing::of_link(&enrollment, link, now);
    let asked = match (standing, asking(&enrollment, &policy)) {
        (Standing::TooOld, _) => ask.link(&mut tx, enrollment.stop_on, enrollment.requested_at).await?,
        (Standing::Expired, Ask::Asked) => return Ok(Asked::Requested),
        (Standing::Expired, Ask::ForLink) => {
            // Kept, because the policy allows it once.
            ask.link(&mut tx, now.today().plus(i32::from(policy.days)), Some(now.at)).await?
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
    async fn link(&self, tx: &mut Tx, stop_on: Day, requested_at: Option<i64>) -> Outcome<Asked> {
        let (enrollment, now) = (self.enrollment, self.now);
        let address = &enrollment.user.email;
        if address.is_empty() {
            return self.help(tx).await;
        }
        let renew = Renew { service: self.service, enrollment, policy: self.policy, now };
        if let Some(enough) = renew.count(tx, address).await? {
            return Err(Fault::Refused(Refusal::TooOften { again: enough.again }));
        }
        renew.write(tx, NewLinkTo { address, redirected: false, stop_on, requested_at, turn: 0 }).await?;
        note(tx, enrollment, self.client, "enrollment.ask", None, now).await?;
        Ok(Asked::LinkSent)
    }
}
