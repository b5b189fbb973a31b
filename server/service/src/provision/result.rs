//! The result page of an act, read again at any time.

use super::act::VERB;
use crate::{
    Service,
    fault::{Fault, Outcome},
    zone::Now,
};
use model::{Refusal, actor::Actor, day::Moment, refusal::Thing, rights::Right, task::ProvisionResult};
use store::{audit::Subject, tasks::TaskMail};

/// The result page. A task that this operator neither created nor may manage is not there for them.
pub(crate) async fn result(service: &Service, by: &Actor, task: i64) -> Outcome<ProvisionResult> {
    if !by.rights.has(Right::ProvisioningManage) {
        by.require(Right::ProvisioningCreate)?;
    }
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let not_found = || Fault::Refused(Refusal::NotFound(Thing::Task));
    let head = tx.task_head(task).await?.ok_or_else(not_found)?;
    if head.operator != Some(by.id) && !by.rights.has(Right::ProvisioningManage) {
        return Err(not_found());
    }
    let entry = tx.first_audit_of(Subject::Task(task), VERB).await?.ok_or_else(not_found)?;
    let provisioned = serde_json::from_str(&entry.after.unwrap_or_default())?;
    let mail = tx.task_mail(task).await?;
    Ok(ProvisionResult {
        provisioned,
        sent: mail.sent,
        waiting: mail.waiting,
        failed: mail.failed,
        rest_out: rest_out(mail, now),
        now: now.now(),
        zone: now.zone_name(),
    })
}

/// About when the waiting ones will be out, going by how fast the others went.
fn rest_out(mail: TaskMail, now: Now) -> Option<Moment> {
    if mail.sent == 0 || mail.waiting == 0 {
        return None;
    }
    let for_one = (mail.last_sent - mail.began).max(0) / mail.sent;
    Some(now.moment(now.at + for_one.saturating_mul(mail.waiting)))
}
