//! The act: one transaction for one user or ten thousand.
//!
//! Order inside: the form's key, the task, its enrollments, the inventory, links, messages, the audit trail, the answer. A user who got
//! an open enrollment of the type since the review is left out by the index and told of, like everybody whom something stands in
//! the way of.

use super::sorting::{self, Sorted};
use crate::{
    Service,
    fault::{Fault, Outcome},
    forms::Turn,
    links::Serves,
    mail::letter::{Content, Desk, Link, Recipient, Sender},
    messages,
    zone::Now,
};
use model::{
    Refusal,
    actor::Actor,
    forms::{ProvisionForm, ProvisionOrder},
    policy::{LinkLifetime, Policy},
    rights::Right,
    task::{Obstacle, Provisioned},
    user::display_name,
};
use std::collections::HashMap;
use store::{
    Tx,
    audit::{Entry, Subject},
    candidates::Candidate,
    links::NewLink,
    new_enrollments::{NewEnrollment, NewEnrollments},
    outbox::NewMessage,
    task_counters::TaskChange,
    tasks::NewTask,
};

/// The verb under which the act stands in the audit trail, with a [`Provisioned`] as what is there after.
pub(super) const VERB: &str = "task.provision";

/// The act.
pub(crate) async fn provision(service: &Service, by: &Actor, form: &ProvisionForm) -> Outcome<Provisioned> {
    by.require(Right::ProvisioningCreate)?;
    let mut tx = service.db.write().await?;
    let ticket = match service.begin(&mut tx, by, &form.key, "provision", form).await? {
        Turn::New(ticket) => ticket,
        Turn::Again(answer) => return Ok(serde_json::from_str(&answer)?),
    };
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let order = form.check(now.today(), &policy)?;
    if messages::obstacle(service, &mut tx).await?.is_some() {
        return Err(Fault::Refused(Refusal::NoMail));
    }
    tx.hold_candidates(&order.selection).await?;
    let sorted = sorting::sort(&mut tx, by, &order).await?;
    let act = Act { service, by, order: &order, policy: &policy, now };
    let provisioned = act.write(&mut tx, &sorted).await?;
    ticket.done(&mut tx, &provisioned).await?;
    tx.commit().await?;
    service.nudge();
    Ok(provisioned)
}

struct Act<'a> {
    service: &'a Service,
    by: &'a Actor,
    order: &'a ProvisionOrder,
    policy: &'a Policy,
    now: Now,
}

impl Act<'_> {
    async fn write(&self, tx: &mut Tx, sorted: &Sorted) -> Outcome<Provisioned> {
        if sorted.chosen.is_empty() {
            return Err(Fault::Refused(Refusal::NobodyLeft));
        }
        let task = self.task(tx, sorted).await?;
        let written = self.enrollments(tx, task, sorted).await?;
        let Some((_, last)) = written.last() else { return Err(Fault::Refused(Refusal::NobodyLeft)) };
        let change = TaskChange::new().added(written.len() as i64, self.order.stop);
        tx.count_in(task, &change, self.now.at).await?;
        tx.set_task_emailed_to(task, &last.email).await?;
        if !tx.reserve(self.order.kind, written.len() as i64).await? {
            // Somebody took the last tokens since they were counted above; nothing is written, and the next try says so.
            return Err(Fault::Refused(Refusal::Busy));
        }
        self.messages(tx, task, &written).await?;
        let provisioned =
            Provisioned { task, count: written.len() as i64, left_out: left_out(sorted, written.len()), stop: self.order.stop };
        self.audit(tx, &provisioned).await?;
        Ok(provisioned)
    }

    async fn task(&self, tx: &mut Tx, sorted: &Sorted) -> Outcome<i64> {
        let task = NewTask {
            origin: "operator",
            operator: Some(self.by.id),
            operator_name: &self.by.user_id,
            kind: self.order.kind,
            description: &self.order.description,
            container: sorted.container(),
            made_at: self.now.at,
            start_on: self.now.today(),
            stop_on: self.order.stop,
        };
        Ok(tx.add_task(&task).await?)
    }

    /// Writes the enrollments; answers those written, in list order.
    async fn enrollments<'c>(&self, tx: &mut Tx, task: i64, sorted: &'c Sorted) -> Outcome<Vec<(i64, &'c Candidate)>> {
        let new = |(position, candidate): (usize, &'c Candidate)| NewEnrollment {
            person: candidate.user,
            position: position as i64,
            over: candidate.open_task.is_some(),
            emailed_to: &candidate.email,
        };
        let mut rows: Vec<NewEnrollment<'_>> = sorted.chosen.iter().enumerate().map(new).collect();
        // By user, so that two acts on the same people wait for one another in one order.
        rows.sort_unstable_by_key(|row| row.person);
        let all = NewEnrollments {
            task,
            kind: self.order.kind,
            stop_on: self.order.stop,
            link_until: link_until(self.policy, self.now.at),
            now: self.now.at,
        };
        let written = tx.add_enrollments(all, &rows).await?;
        let by_user: HashMap<i64, &Candidate> = sorted.chosen.iter().map(|candidate| (candidate.user, candidate)).collect();
        Ok(written.into_iter().filter_map(|(id, person)| Some((id, *by_user.get(&person)?))).collect())
    }

    async fn messages(&self, tx: &mut Tx, task: i64, written: &[(i64, &Candidate)]) -> Outcome<()> {
        let desk = Desk {
            sender: Sender::new(self.policy, &self.service.base_url),
            keys: &self.service.keys,
            ids: &*self.service.ids,
            now: self.now.at,
        };
        let mut links: Vec<NewLink> = Vec::with_capacity(written.len());
        let mut messages: Vec<NewMessage> = Vec::with_capacity(written.len());
        for (turn, (enrollment, candidate)) in (0..).zip(written) {
            let serves = Serves { person: candidate.user, enrollment: *enrollment, generation: 1, now: self.now.at };
            let (link, secrets) = self.service.enroll_link(serves, self.policy.code_length);
            let content = Content::Enrollment(self.link_content(candidate));
            messages.push(desk.message(self.recipient(task, *enrollment, candidate), content, Some(&secrets), turn)?);
            links.push(link);
        }
        tx.add_links(&links).await?;
        Ok(tx.add_messages(&messages).await?)
    }

    fn link_content(&self, candidate: &Candidate) -> Link {
        Link {
            user_id: candidate.user_id.clone(),
            kind: self.order.kind,
            stop: self.order.stop,
            until: shown_until(self.policy, self.now, self.order.stop),
        }
    }

    fn recipient(&self, task: i64, enrollment: i64, candidate: &Candidate) -> Recipient {
        let language = if candidate.language.is_empty() { &self.policy.language } else { &candidate.language };
        Recipient {
            address: candidate.email.clone(),
            name: display_name(&candidate.first_name, &candidate.last_name, &candidate.user_id),
            language: language.clone(),
            person: Some(candidate.user),
            task: Some(task),
            enrollment: Some(enrollment),
            generation: Some(1),
        }
    }

    /// One entry about the task. A user's activity finds it through their enrollment, so that ten thousand users are not ten thousand
    /// rows more.
    async fn audit(&self, tx: &mut Tx, provisioned: &Provisioned) -> Outcome<()> {
        let entry = Entry {
            at: self.now.at,
            operator: Some(self.by.id),
            operator_name: &self.by.user_id,
            address: self.by.address.as_deref(),
            verb: VERB,
            before: None,
            after: Some(serde_json::to_string(provisioned)?),
        };
        tx.audit(entry, &[Subject::Task(provisioned.task)]).await?;
        Ok(())
    }
}

/// Everybody who was left out, those included who got an open enrollment while this ran.
fn left_out(sorted: &Sorted, written: usize) -> Vec<(Obstacle, i64)> {
    let meanwhile = (sorted.chosen.len() - written) as i64;
    let mut reasons = sorted.reasons();
    if meanwhile > 0 {
        match reasons.iter_mut().find(|(obstacle, _)| *obstacle == Obstacle::HasOpen) {
            Some((_, count)) => *count += meanwhile,
            None => reasons.push((Obstacle::HasOpen, meanwhile)),
        }
    }
    reasons
}

/// The end of the lifetime of links made at `now`; nothing: the stop date alone.
pub(crate) fn link_until(policy: &Policy, now: i64) -> Option<i64> {
    match policy.link_lifetime {
        LinkLifetime::UntilStopDate => None,
        LinkLifetime::Hours(hours) => Some(now + i64::from(hours) * crate::clock::HOUR),
    }
}

/// The same for a message: only where it ends before the stop date does.
pub(crate) fn shown_until(policy: &Policy, now: Now, stop: model::day::Day) -> Option<model::day::Moment> {
    now.ends_before(link_until(policy, now.at), stop)
}
