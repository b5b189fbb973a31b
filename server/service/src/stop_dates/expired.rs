//! The alert on expired enrollments, where the policy wants it: one message to each operator for all that expired since the last look.

use crate::{
    Service,
    enrollment::{desk, managers, to_operator},
    fault::Outcome,
    mail::letter::{Content, Late},
    messages,
};
use model::day::Day;
use std::collections::BTreeMap;
use store::{outbox::NewMessage, stop_notices::Expired};

/// What expired longer ago is no news: whoever switches the alert on is not told of years.
const DAYS_BACK: i32 = 7;
/// So many users in one message; the rest is told by the next look.
const MOST_USERS: u32 = 10_000;
/// So many tasks are listed.
const MOST_LINES: usize = 20;

/// Tells the operators who may manage provisioning, once for each enrollment and stop date.
pub(super) async fn tell(service: &Service) -> Outcome<()> {
    let mut tx = service.db.read().await?;
    let wanted = crate::policy::read(&mut tx).await?.alert_expired && messages::obstacle(service, &mut tx).await?.is_none();
    tx.rollback().await?;
    if !wanted {
        return Ok(());
    }
    let mut tx = service.db.write().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let today = now.today();
    let operators = managers(&mut tx).await?;
    if operators.is_empty() {
        return Ok(());
    }
    let expired = tx.note_expired(today.plus(-DAYS_BACK), today, MOST_USERS, now.at).await?;
    if expired.is_empty() {
        return Ok(());
    }
    let (desk, content) = (desk(service, &policy, now), digest(&expired));
    let mut all: Vec<NewMessage> = Vec::new();
    for operator in operators {
        all.push(desk.message(to_operator(operator, &policy), content.clone(), None, all.len() as i64)?);
    }
    tx.add_messages(&all).await?;
    tx.commit().await?;
    service.nudge();
    Ok(())
}

/// How many by task and stop date, the earliest first.
fn digest(expired: &[Expired]) -> Content {
    let mut counts: BTreeMap<(Day, i64), u32> = BTreeMap::new();
    for (task, stop) in expired {
        *counts.entry((*stop, *task)).or_default() += 1;
    }
    let users = counts.values().sum();
    let more_tasks = u32::try_from(counts.len().saturating_sub(MOST_LINES)).unwrap_or(u32::MAX);
    let late = counts.into_iter().take(MOST_LINES).map(|((stop, task), users)| Late { task, stop, users }).collect();
    Content::Expired { late, more_tasks, users }
}
