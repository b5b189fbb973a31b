//! **Resend**: a new link that kills all earlier ones, to the profile's address or, with a right of its own, a reason and a warning to
//! the profile's address, to another.

use super::locked;
use crate::{
    Service,
    acting::Acting,
    enrollment::{NewLinkTo, Renew, desk, to_user},
    fault::Outcome,
    forms::Turn,
    links::Serves,
    mail::letter::{Content, Recipient},
    messages,
    trail::{Act, note},
};
use model::{
    Answer, Refusal,
    actor::Actor,
    day::Day,
    enrollment::Status,
    forms::{ResendForm, ResendOrder},
    problem::Problems,
    resend::{alternate, user_task_path},
    rights::Right,
    text::user_key,
    user::{email_key, masked},
};
use serde_json::json;
use store::{Tx, audit::Subject, enrollments::Enrollment};

/// Sends a new link.
pub(crate) async fn resend(service: &Service, by: &Actor, user: i64, task: i64, form: &ResendForm) -> Outcome<()> {
    by.require(Right::UsersView)?;
    by.require(Right::ProvisioningResend)?;
    let elsewhere = form.elsewhere();
    if elsewhere.is_some() {
        by.require(Right::ProvisioningRedirect)?;
    }
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &user_task_path(user, task), form).await? else {
        return Ok(());
    };
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    // Nobody is asked for a reason who may not send a link there at all.
    if let Some(address) = &elsewhere {
        alternate(address, &policy.alternate_addresses).map_err(|problem| Problems::one("email", problem))?;
    }
    let order = form.check()?;
    let enrollment = locked(&mut tx, user, task).await?;
    let acting = Acting { service, by, policy: &policy, now };
    let resending = Resending { acting, enrollment: &enrollment, order: &order, turn: 0 };
    resending.allowed(form)?;
    if messages::obstacle(service, &mut tx).await?.is_some() {
        return Err(Refusal::NoMail.into());
    }
    resending.send(&mut tx).await?;
    ticket.done(&mut tx, &()).await?;
    tx.commit().await?;
    service.nudge();
    Ok(())
}

/// Whether a link may be sent again at all, for an enrollment that stands as it does.
///
/// # Errors
/// Why not: [`Refusal::NotActive`], [`Refusal::UserDisabled`].
pub(crate) fn resendable(enrollment: &Enrollment, today: Day) -> Answer<()> {
    let status = enrollment.status(today);
    if status != Status::Active {
        return Err(Refusal::NotActive(status));
    }
    if enrollment.user.usable { Ok(()) } else { Err(Refusal::UserDisabled) }
}

/// One resend, of this act or of an act over many.
pub(crate) struct Resending<'a> {
    pub(crate) acting: Acting<'a>,
    /// Locked, with its user held.
    pub(crate) enrollment: &'a Enrollment,
    pub(crate) order: &'a ResendOrder,
    /// Its place inside the act: the lowest goes out first.
    pub(crate) turn: i64,
}

impl Resending<'_> {
    /// Whether this operator may send a link there, for an enrollment that stands as it does.
    fn allowed(&self, form: &ResendForm) -> Outcome<()> {
        let user = &self.enrollment.user;
        resendable(self.enrollment, self.acting.now.today())?;
        // What the operator took for the profile's address is not it any more.
        if email_key(&form.profile) != email_key(&user.email) {
            return Err(Refusal::Stale.into());
        }
        if self.order.redirect.is_some() {
            let own = user_key(&self.acting.by.user_id) == user_key(&user.user_id);
            if own && !self.acting.by.rights.has(Right::OperatorsManage) {
                return Err(Refusal::OwnRedirect.into());
            }
        }
        Ok(())
    }

    /// Sends it.
    ///
    /// # Errors
    /// [`Refusal::ResentLately`], before anything is written.
    pub(crate) async fn send(&self, tx: &mut Tx) -> Outcome<()> {
        let (enrollment, now) = (self.enrollment, self.acting.now);
        let redirected = self.order.redirect.is_some();
        // As it is written in the profile, however it was typed.
        let address = if redirected { &self.order.email } else { &enrollment.user.email };
        let renew = Renew { service: self.acting.service, enrollment, policy: self.acting.policy, now };
        if let Some(enough) = renew.count(tx, address).await? {
            return Err(Refusal::ResentLately { again: enough.again, day_is_full: enough.day_is_full }.into());
        }
        let stop_on = enrollment.stop_on.max(now.today().plus(i32::from(self.acting.policy.days)));
        let to = NewLinkTo { address, redirected, stop_on, requested_at: None, turn: self.turn };
        let generation = renew.write(tx, to).await?;
        self.warn(tx, generation, address, redirected).await?;
        let before = json!({ "emailed_to": enrollment.emailed_to, "stop_on": enrollment.stop_on.iso() });
        let mut after = json!({ "emailed_to": address, "stop_on": stop_on.iso() });
        if let (Some(reason), Some(after)) = (&self.order.redirect, after.as_object_mut()) {
            after.insert("reason".to_owned(), json!(reason));
        }
        let verb = if redirected { "enrollment.redirect" } else { "enrollment.resend" };
        let subjects = [Subject::User(enrollment.person), Subject::Task(enrollment.task), Subject::Enrollment(enrollment.id)];
        note(tx, self.acting.by, Act { at: now.at, verb, before: Some(before), after: Some(after) }, &subjects).await
    }

    /// Tells the profile's address of a link that went elsewhere; and, for as long as a changed address is new, the one before of any.
    /// Each gets a link to stop it.
    async fn warn(&self, tx: &mut Tx, generation: i64, address: &str, redirected: bool) -> Outcome<()> {
        let (enrollment, now) = (self.enrollment, self.acting.now);
        let before = tx.lately_changed_address(enrollment.person, now.at).await?;
        let mut told = vec![email_key(address), String::new()];
        let profile = redirected.then(|| enrollment.user.email.clone());
        for warned in profile.into_iter().chain(before) {
            let key = email_key(&warned);
            if told.contains(&key) {
                continue;
            }
            told.push(key);
            let serves = Serves { person: enrollment.person, enrollment: enrollment.id, generation, now: now.at };
            let (link, secrets) = self.acting.service.stop_it_link(serves);
            let content =
                Content::SentElsewhere { address: masked(address), operator: self.acting.by.user_id.clone(), at: now.now() };
            let to = Recipient { address: warned, generation: Some(generation), ..to_user(enrollment, self.acting.policy) };
            let message = desk(self.acting.service, self.acting.policy, now).message(
                to,
                content,
                Some(&secrets),
                self.turn + told.len() as i64,
            )?;
            tx.add_links(&[link]).await?;
            tx.add_message(&message).await?;
        }
        Ok(())
    }
}
