//! *Retry* of a failed message: a new message that says the same, with one more link of the same generation where it carried one
//! (spec §4.1). It goes to the profile's address of now, because a wrong address is what most mail fails for.

use crate::{
    Service,
    fault::{Fault, Outcome},
    forms::Turn,
    links::{MOST_LINKS, Serves},
    mail::letter::{Content, Desk, Letter, Link, Recipient, Secrets, Sender},
    trail,
    zone::Now,
};
use model::{
    Refusal, actor::Actor, forms::ButtonForm, message::MessageKind, policy::Policy, refusal::Thing, rights::Right,
    user::display_name,
};
use store::{
    Tx,
    audit::Subject,
    enrollments::Enrollment,
    links::NewLink,
    outbox::{NewMessage, Present, RetryOf},
};

/// Sends a failed message again.
pub(crate) async fn retry(service: &Service, by: &Actor, id: i64, form: &ButtonForm) -> Outcome<()> {
    by.require(Right::ProvisioningResend)?;
    let mut tx = service.db.write().await?;
    let about = format!("/communications/{id}/retry");
    let ticket = match service.begin(&mut tx, by, &form.key, &about, form).await? {
        Turn::New(ticket) => ticket,
        Turn::Again(_) => return Ok(()),
    };
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let failed = locked(&mut tx, id, now).await?;
    if !failed.may_retry() {
        return Err(Fault::Refused(Refusal::NotFailed));
    }
    Retry { service, policy: &policy, now, failed: &failed }.write(&mut tx).await?;
    let act = trail::Act { at: now.at, verb: "message.retry", before: None, after: None };
    trail::note(&mut tx, by, act, &subjects(&failed)).await?;
    ticket.done(&mut tx, &()).await?;
    tx.commit().await?;
    service.nudge();
    Ok(())
}

/// The failed message as it stands once nobody else changes its task and enrollment.
async fn locked(tx: &mut Tx, id: i64, now: Now) -> Outcome<RetryOf> {
    let present = Present { now: now.at, today: now.today() };
    let found = tx.message_to_retry(id, present).await?.ok_or(Refusal::NotFound(Thing::Message))?;
    if let Some(enrollment) = found.enrollment {
        tx.hold_enrollment(enrollment).await?;
    }
    Ok(tx.message_to_retry(id, present).await?.ok_or(Refusal::NotFound(Thing::Message))?)
}

fn subjects(failed: &RetryOf) -> Vec<Subject> {
    let of = [failed.task.map(Subject::Task), failed.enrollment.map(Subject::Enrollment), failed.person.map(Subject::User)];
    std::iter::once(Subject::Message(failed.id)).chain(of.into_iter().flatten()).collect()
}

struct Retry<'a> {
    service: &'a Service,
    policy: &'a Policy,
    now: Now,
    failed: &'a RetryOf,
}

impl Retry<'_> {
    async fn write(&self, tx: &mut Tx) -> Outcome<()> {
        let (failed, kind) = (self.failed, self.failed.kind()?);
        let enrollment = match failed.enrollment {
            Some(id) => tx.enrollment(id).await?,
            None => None,
        };
        let letter: Letter = serde_json::from_str(&failed.data)?;
        let (link, secrets) = self.link(kind, enrollment.as_ref());
        let content = renewed(letter.content, enrollment.as_ref(), self.now);
        let message = self.message(kind, letter.name, content, enrollment.as_ref(), secrets.as_ref())?;
        if let (true, Some(enrollment)) = (kind.carries_link(), &enrollment) {
            tx.trim_links(enrollment.id, enrollment.generation, MOST_LINKS - 1).await?;
            // A reminder never changes it (spec §3.2).
            if kind != MessageKind::Reminder {
                tx.note_emailed_to(enrollment.id, &message.to).await?;
                tx.set_task_emailed_to(enrollment.task, &message.to).await?;
            }
        }
        tx.add_links(link.as_slice()).await?;
        Ok(tx.add_message(&message).await?)
    }

    /// A link of the same purpose and generation as the lost one, which nobody can read any more.
    fn link(&self, kind: MessageKind, enrollment: Option<&Enrollment>) -> (Option<NewLink>, Option<Secrets>) {
        let Some(enrollment) = enrollment else { return (None, None) };
        let serves =
            Serves { person: enrollment.person, enrollment: enrollment.id, generation: enrollment.generation, now: self.now.at };
        let (link, secrets) = match kind {
            kind if kind.carries_link() => self.service.enroll_link(serves, self.policy.code_length),
            MessageKind::Completed => self.service.not_me_link(serves),
            MessageKind::SentElsewhere => self.service.stop_it_link(serves),
            _ => return (None, None),
        };
        (Some(link), Some(secrets))
    }

    fn message(
        &self,
        kind: MessageKind,
        name: String,
        content: Content,
        enrollment: Option<&Enrollment>,
        secrets: Option<&Secrets>,
    ) -> Outcome<NewMessage> {
        let failed = self.failed;
        let desk = Desk {
            sender: Sender::new(self.policy, &self.service.base_url),
            keys: &self.service.keys,
            ids: &*self.service.ids,
            now: self.now.at,
        };
        // A warning goes where it was to go: to the address that is, or was, the profile's. Who changed the profile since may be whom it
        // warns of.
        let warns = matches!(kind, MessageKind::AddressChanged | MessageKind::SentElsewhere);
        let user = enrollment.filter(|_| failed.person.is_some() && !warns).map(|found| &found.user);
        let to = Recipient {
            address: user.map_or_else(|| failed.to.clone(), |user| user.email.clone()),
            name: user.map_or(name, |user| display_name(&user.first_name, &user.last_name, &user.user_id)),
            language: failed.language.clone(),
            person: failed.person,
            task: failed.task,
            enrollment: failed.enrollment,
            generation: enrollment.filter(|_| failed.generation.is_some()).map(|found| found.generation),
        };
        let message = desk.message(to, content, secrets, 0)?;
        Ok(NewMessage { retry_of: Some(failed.id), ..message })
    }
}

/// What a message with a link says follows the enrollment: its stop date may have moved since.
fn renewed(content: Content, enrollment: Option<&Enrollment>, now: Now) -> Content {
    let Some(enrollment) = enrollment else { return content };
    let follow = |mut link: Link| {
        link.stop = enrollment.stop_on;
        link.user_id.clone_from(&enrollment.user.user_id);
        link.until = now.ends_before(enrollment.link_until, enrollment.stop_on);
        link
    };
    match content {
        Content::Enrollment(link) => Content::Enrollment(follow(link)),
        Content::Resend(link) => Content::Resend(follow(link)),
        Content::Reminder(link) => Content::Reminder(follow(link)),
        other => other,
    }
}
