//! The dry run, **Confirm** and **Cancel**. The dry run fixes who the act is about: nobody slips in later.

use super::judge::{enough, judge};
use crate::{
    Service,
    enrollment::{enough as had_enough, limits},
    fault::Outcome,
    forms::Turn,
    messages,
    trail::{Act, note},
    zone::Now,
};
use model::{
    Refusal,
    actor::Actor,
    bulk::{BulkAct, BulkConfirmForm, BulkForm, BulkOrder, BulkState, LeftOut, Outcome as Fate, SelectionOf, some_rows},
    forms::ButtonForm,
    policy::Policy,
    refusal::Thing,
    user::email_key,
};
use serde_json::json;
use std::collections::HashSet;
use store::{
    Tx,
    bulk::{Bulk, NewBulk, Stretch},
    enrollments::Enrollment,
    resends::ResendLimits,
};

/// So many are judged at a time.
const PAGE: i64 = 500;

/// Makes a dry run and answers its row.
pub(crate) async fn plan(service: &Service, by: &Actor, form: &BulkForm) -> Outcome<i64> {
    let act = form.act()?;
    act.require(by)?;
    let mut tx = service.db.write().await?;
    let ticket = match service.begin(&mut tx, by, &form.key, "bulk", form).await? {
        Turn::New(ticket) => ticket,
        Turn::Again(answer) => return Ok(serde_json::from_str(&answer)?),
    };
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let order = form.check(act, now.today())?;
    if act == BulkAct::Resend && messages::obstacle(service, &mut tx).await?.is_some() {
        return Err(Refusal::NoMail.into());
    }
    let of = tx.selection_of(&form.selection, by.id).await?.filter(|of| *of != SelectionOf::Users);
    of.ok_or(Refusal::SelectionGone)?;
    let what = serde_json::to_string(&order)?;
    let (id, rows) = tx.add_bulk(NewBulk { operator: by.id, act, what: &what, now: now.at }, &form.selection).await?;
    some_rows(rows)?;
    let mut dry = Dry { order: &order, policy: &policy, now, addresses: HashSet::new() };
    for first in (1..=rows as i64).step_by(PAGE as usize) {
        dry.page(&mut tx, id, Stretch { first, last: first + PAGE - 1 }).await?;
    }
    ticket.done(&mut tx, &id).await?;
    tx.commit().await?;
    Ok(id)
}

struct Dry<'a> {
    order: &'a BulkOrder,
    policy: &'a Policy,
    now: Now,
    /// Where links of this act go already.
    addresses: HashSet<String>,
}

impl Dry<'_> {
    async fn page(&mut self, tx: &mut Tx, id: i64, stretch: Stretch) -> Outcome<()> {
        let rows = tx.planned_enrollments(id, stretch).await?;
        let mut left = Vec::new();
        let mut sent = Vec::new();
        for (position, row) in rows {
            match judge(self.order, &row, self.now.today()) {
                Some(why) => left.push((position, Some(why))),
                None if *self.order == BulkOrder::Resend => sent.push((position, row)),
                None => {}
            }
        }
        left.extend(self.addressed(tx, &sent).await?);
        Ok(tx.mark_bulk(id, &left).await?)
    }

    /// Whose address has had enough, or gets a link of this act already.
    async fn addressed(&mut self, tx: &mut Tx, rows: &[(i64, Enrollment)]) -> Outcome<Vec<(i64, Option<LeftOut>)>> {
        let asked: Vec<(String, ResendLimits)> =
            rows.iter().map(|(_, row)| (email_key(&row.user.email), limits(self.policy, row, &row.user.email))).collect();
        let answers = tx.would_resend_all(&asked, self.now.today(), self.now.at).await?;
        let mut left = Vec::new();
        for (((position, _), (address, _)), counted) in rows.iter().zip(asked).zip(answers) {
            let why = had_enough(counted, self.now).map(|had| enough(had.again, had.day_is_full));
            let why = why.or_else(|| (!self.addresses.insert(address)).then_some(LeftOut::SameAddress));
            left.extend(why.map(|why| (*position, Some(why))));
        }
        Ok(left)
    }
}

/// Sets a dry run going. One that goes already stays as it is.
pub(crate) async fn confirm(service: &Service, by: &Actor, id: i64, form: &BulkConfirmForm) -> Outcome<()> {
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("bulk.confirm {id}"), form).await? else {
        return Ok(());
    };
    let bulk = own_act(&mut tx, by, id).await?;
    bulk.act.require(by)?;
    let order: BulkOrder = serde_json::from_str(&bulk.what)?;
    let planned = planned(&mut tx, id).await?;
    let now = service.now(&mut tx).await?;
    match bulk.state {
        BulkState::Planned => {}
        BulkState::Canceled => return Err(Refusal::BulkOver.into()),
        BulkState::Running | BulkState::Done | BulkState::Stopped => return Ok(()),
    }
    form.check(bulk.act, planned)?;
    if !tx.confirm_bulk(id, by.id, by.address.as_deref(), now.at).await? {
        return Err(Refusal::Stale.into());
    }
    let after = json!({ "act": bulk.act.name(), "count": planned, "what": told(&order) });
    note(&mut tx, by, Act { at: now.at, verb: "bulk.confirm", before: None, after: Some(after) }, &[]).await?;
    ticket.done(&mut tx, &()).await?;
    tx.commit().await?;
    service.bulk.notify_one();
    Ok(())
}

/// With what an act is done, as the trail tells it.
fn told(order: &BulkOrder) -> String {
    match order {
        BulkOrder::Resend => String::new(),
        BulkOrder::StopDate { to } => to.to_string(),
        BulkOrder::Unlock { reason, stop: None } => reason.clone(),
        BulkOrder::Unlock { reason, stop: Some(stop) } => format!("{reason}; {stop}"),
        BulkOrder::Remove { notify } => if *notify { "Users are told by email" } else { "Users are not told" }.to_owned(),
    }
}

/// Ends an act that is planned or running; what is done stays done.
pub(crate) async fn cancel(service: &Service, by: &Actor, id: i64, form: &ButtonForm) -> Outcome<()> {
    let mut tx = service.db.write().await?;
    let Turn::New(ticket) = service.begin(&mut tx, by, &form.key, &format!("bulk.cancel {id}"), form).await? else {
        return Ok(());
    };
    let bulk = own_act(&mut tx, by, id).await?;
    let now = service.now(&mut tx).await?;
    if tx.cancel_bulk(id, by.id, now.at).await? && bulk.confirmed_at.is_some() {
        let after = json!({ "act": bulk.act.name(), "count": planned(&mut tx, id).await? });
        note(&mut tx, by, Act { at: now.at, verb: "bulk.cancel", before: None, after: Some(after) }, &[]).await?;
    }
    ticket.done(&mut tx, &()).await?;
    Ok(tx.commit().await?)
}

async fn own_act(tx: &mut Tx, by: &Actor, id: i64) -> Outcome<Bulk> {
    Ok(tx.bulk(id, by.id).await?.ok_or(Refusal::NotFound(Thing::Bulk))?)
}

/// How many rows are still to be done.
async fn planned(tx: &mut Tx, id: i64) -> Outcome<i64> {
    let counts = tx.bulk_counts(id).await?;
    Ok(counts.iter().filter(|(fate, ..)| *fate == Fate::Planned).map(|(_, _, count)| count).sum())
}
