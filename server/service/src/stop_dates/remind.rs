//! Reminders: one more link of the same generation, to the profile's address, so many days before the stop date (spec §4.1, §5).
//!
//! On a day that the policy names, or, should nobody have looked on that day, later, until the next one it names. Whoever was sent a
//! link with the same stop date since that day needs none.

use super::BY_PROVOST;
use crate::{
    Service,
    enrollment::{desk, to_user},
    fault::Outcome,
    links::{MOST_LINKS, Serves},
    mail::letter::{Content, Letter, Link},
    messages,
    provision::link_until,
    zone::Now,
};
use model::{day::Day, policy::Policy};
use serde_json::json;
use std::collections::BTreeMap;
use store::{
    Tx,
    audit::{Entry, Subject},
    enrollments::Enrollment,
    links::NewLink,
    outbox::{NewMessage, TURN_REMINDERS},
    stop_notices::{Due, Stops},
};

/// So many are looked for at a time.
const PAGE: u32 = 2_000;
/// So many in one transaction: on SQLite nobody else writes meanwhile.
const BATCH: usize = 50;

/// Queues every reminder that is due. While no mail can go out none is queued: the nearest one goes out later.
pub(super) async fn remind(service: &Service) -> Outcome<()> {
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let obstacle = messages::obstacle(service, &mut tx).await?;
    tx.rollback().await?;
    if obstacle.is_some() {
        return Ok(());
    }
    let ahead = |days: u16| now.today().plus(i32::from(days));
    for span in policy.reminder_spans() {
        let stops = Stops { days: span.days, first: ahead(span.least), last: ahead(span.days) };
        let mut last = None;
        while let Some(reached) = page(service, stops, last).await? {
            last = Some(reached);
        }
    }
    Ok(())
}

/// Reminds the next ones; answers the last of them, or nothing when there was none.
async fn page(service: &Service, stops: Stops, after: Option<Due>) -> Outcome<Option<Due>> {
    let mut tx = service.db.read().await?;
    let due = tx.reminders_due(stops, after, PAGE).await?;
    tx.rollback().await?;
    for due in due.chunks(BATCH) {
        write(service, due.to_vec()).await?;
    }
    Ok(due.last().copied())
}

async fn write(service: &Service, mut due: Vec<Due>) -> Outcome<()> {
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let mut tasks: Vec<i64> = due.iter().map(|due| due.task).collect();
    tasks.sort_unstable();
    tasks.dedup();
    for task in tasks {
        tx.lock_task(task).await?;
    }
    due.sort_unstable_by_key(|due| due.id);
    let mut batch = Batch { service, policy: &policy, now, links: Vec::new(), messages: Vec::new(), reminded: BTreeMap::new() };
    for due in due {
        batch.one(&mut tx, due).await?;
    }
    batch.finish(&mut tx).await?;
    tx.commit().await?;
    service.nudge();
    Ok(())
}

struct Batch<'a> {
    service: &'a Service,
    policy: &'a Policy,
    now: Now,
    links: Vec<NewLink>,
    messages: Vec<NewMessage>,
    /// By task and stop date.
    reminded: BTreeMap<(i64, Day), Vec<i64>>,
}

impl Batch<'_> {
    /// Reminds one, if that is still due: read and decided again, now that the task's row is held.
    async fn one(&mut self, tx: &mut Tx, due: Due) -> Outcome<()> {
        let Some(days) = self.policy.reminder_due(due.stop_on, self.now.today()) else { return Ok(()) };
        if !tx.note_reminder(due, days, self.now.at).await? {
            return Ok(());
        }
        let Some(enrollment) = tx.enrollment(due.id).await? else { return Ok(()) };
        if self.knows(tx, &enrollment, days).await? {
            return Ok(());
        }
        let until = self.lifetime(tx, &enrollment).await?;
        tx.trim_links(enrollment.id, enrollment.generation, MOST_LINKS - 1).await?;
        tx.note_link_queued(enrollment.id, self.now.at).await?;
        self.message(&enrollment, until)?;
        self.reminded.entry((enrollment.task, enrollment.stop_on)).or_default().push(enrollment.id);
        Ok(())
    }

    /// Was a link with this stop date sent since the reminder's day? Then that was the reminder.
    async fn knows(&self, tx: &mut Tx, enrollment: &Enrollment, days: u16) -> Outcome<bool> {
        let Some(last) = tx.last_invitation(enrollment.id).await? else { return Ok(false) };
        let since = self.now.start_of(enrollment.stop_on.plus(-i32::from(days)));
        let named = serde_json::from_str::<Letter>(&last.data).ok().and_then(|letter| letter.content.stop());
        Ok(last.made_at >= since && named == Some(enrollment.stop_on))
    }

    /// The end of the new link's lifetime. It is fixed at this sending, and never before that of the links it joins, which keep theirs:
    /// a reminder revives no link.
    async fn lifetime(&self, tx: &mut Tx, enrollment: &Enrollment) -> Outcome<Option<i64>> {
        let Some(was) = enrollment.link_until else { return Ok(None) };
        let until = link_until(self.policy, self.now.at);
        if until.is_some_and(|until| until <= was) {
            return Ok(Some(was));
        }
        let extended = tx.extend_links(enrollment.id, enrollment.generation, was, until).await?;
        Ok(if extended { until } else { Some(was) })
    }

    fn message(&mut self, enrollment: &Enrollment, until: Option<i64>) -> Outcome<()> {
        let serves =
            Serves { person: enrollment.person, enrollment: enrollment.id, generation: enrollment.generation, now: self.now.at };
        let (link, secrets) = self.service.enroll_link(serves, self.policy.code_length);
        let content = Content::Reminder(Link {
            user_id: enrollment.user.user_id.clone(),
            kind: enrollment.kind,
            stop: enrollment.stop_on,
            until: self.now.ends_before(until, enrollment.stop_on),
        });
        let desk = desk(self.service, self.policy, self.now);
        let turn = TURN_REMINDERS + self.messages.len() as i64;
        self.messages.push(desk.message(to_user(enrollment, self.policy), content, Some(&secrets), turn)?);
        self.links.push(link);
        Ok(())
    }

    async fn finish(self, tx: &mut Tx) -> Outcome<()> {
        tx.add_links(&self.links).await?;
        tx.add_messages(&self.messages).await?;
        for ((task, stop_on), enrollments) in self.reminded {
            let after = json!({ "stop_on": stop_on.epoch(), "count": enrollments.len() });
            let entry = Entry {
                at: self.now.at,
                operator_name: BY_PROVOST,
                verb: "enrollment.remind",
                after: Some(after.to_string()),
                ..Entry::default()
            };
            // A user's activity finds it through their enrollment.
            let about = enrollments.into_iter().map(Subject::Enrollment);
            let subjects: Vec<Subject> = std::iter::once(Subject::Task(task)).chain(about).collect();
            tx.audit(entry, &subjects).await?;
        }
        Ok(())
    }
}
