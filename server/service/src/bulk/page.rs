//! What operators see of acts over many: their own only.

use crate::{Service, fault::Outcome, messages, zone::Now};
use model::{
    Refusal,
    actor::Actor,
    bulk::{
        BulkAct, BulkActs, BulkChoice, BulkDetail, BulkOrder, BulkQuery, BulkRow, BulkState, BulkSummary, LeftOut,
        Outcome as Fate, SelectionOf,
    },
    listing::Direction,
    refusal::Thing,
    user::display_name,
};
use store::{
    Tx,
    bulk::{Bulk, BulkItem},
};

/// So many rows on a page.
const ROWS: u32 = 50;
/// So many acts in the list.
const RECENT: u32 = 50;

/// What the form of an act begins with.
pub(crate) async fn choice(service: &Service, by: &Actor, act: BulkAct, selection: &str) -> Outcome<BulkChoice> {
    act.require(by)?;
    let mut tx = service.db.read().await?;
    let (policy, now) = service.policy_and_now(&mut tx).await?;
    let of = tx.selection_of(selection, by.id).await?.filter(|of| *of != SelectionOf::Users).ok_or(Refusal::SelectionGone)?;
    let count = tx.selected_count(selection, by.id, of).await?.ok_or(Refusal::SelectionGone)?;
    tx.rollback().await?;
    let policy_stop = now.today().plus(i32::from(policy.days));
    Ok(BulkChoice { act, selection: selection.to_owned(), of, count, policy_stop, key: service.new_form_key() })
}

/// One act with a page of its rows.
pub(crate) async fn detail(service: &Service, by: &Actor, id: i64, query: BulkQuery) -> Outcome<BulkDetail> {
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let bulk = tx.bulk(id, by.id).await?.ok_or(Refusal::NotFound(Thing::Bulk))?;
    let counts = tx.bulk_counts(id).await?;
    let mut rows = tx.bulk_items(id, query.only, (query.from, Direction::Ascending), ROWS + 1).await?;
    let previous = before(&mut tx, id, query).await?;
    let runs = bulk.state == BulkState::Running && bulk.act == BulkAct::Resend;
    let waits_for_mail = runs && messages::obstacle(service, &mut tx).await?.is_some();
    let too_old = too_old(&mut tx, &bulk, now).await?;
    tx.rollback().await?;
    let next = rows.get(ROWS as usize).map(|row| row.position);
    rows.truncate(ROWS as usize);
    let of = |fate: Fate| counts.iter().filter(move |(of, ..)| *of == fate);
    let sum = |fate: Fate| of(fate).map(|(_, _, count)| count).sum();
    Ok(BulkDetail {
        act: summary(&bulk, now)?,
        why: bulk.why,
        planned: sum(Fate::Planned),
        done: sum(Fate::Done),
        left_out: reasons(of(Fate::LeftOut).filter_map(|(_, reason, count)| Some(((*reason)?, *count))), now),
        too_old,
        waits_for_mail,
        rows: rows.into_iter().map(|item| row(item, now)).collect(),
        query,
        previous,
        next,
        zone: now.zone_name(),
        key: service.new_form_key(),
    })
}

/// How many have, or will have, a new stop date and a link whose lifetime is over. While the act runs it is not asked again and again.
async fn too_old(tx: &mut Tx, bulk: &Bulk, now: Now) -> Outcome<i64> {
    let outcome = match (bulk.act, bulk.state) {
        (BulkAct::StopDate, BulkState::Planned) => Fate::Planned,
        (BulkAct::StopDate, BulkState::Done | BulkState::Canceled | BulkState::Stopped) => Fate::Done,
        _ => return Ok(0),
    };
    Ok(tx.too_old_links_of_bulk(bulk.id, outcome, now.at).await?)
}

/// Where the page before begins; nothing on the first.
async fn before(tx: &mut Tx, id: i64, query: BulkQuery) -> Outcome<Option<i64>> {
    if query.from <= 1 {
        return Ok(None);
    }
    let rows = tx.bulk_items(id, query.only, (query.from - 1, Direction::Descending), ROWS).await?;
    Ok(rows.last().map(|row| row.position))
}

/// The operator's own acts, the newest first.
pub(crate) async fn recent(service: &Service, by: &Actor) -> Outcome<BulkActs> {
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let acts = tx.bulks_of(by.id, RECENT).await?;
    tx.rollback().await?;
    let acts = acts.iter().map(|bulk| summary(bulk, now)).collect::<Outcome<_>>()?;
    Ok(BulkActs { acts, zone: now.zone_name() })
}

/// Passes when the act is the operator's.
pub(crate) async fn own(tx: &mut Tx, by: &Actor, id: i64) -> Outcome<()> {
    tx.bulk(id, by.id).await?.map(drop).ok_or(Refusal::NotFound(Thing::Bulk).into())
}

/// Each reason once. Of those that end by waiting, with the moment at which all of them have.
fn reasons(counted: impl Iterator<Item = (LeftOut, i64)>, now: Now) -> Vec<(LeftOut, i64)> {
    let mut reasons: Vec<(LeftOut, i64)> = Vec::new();
    for (why, count) in counted {
        let alike = |other: LeftOut| why.again().map_or(other == why, |again| other.until(again) == why);
        match reasons.iter_mut().find(|(other, _)| alike(*other)) {
            Some((other, counted)) => {
                *counted += count;
                if why.again().map(|again| again.at) > other.again().map(|again| again.at) {
                    *other = why;
                }
            }
            None => reasons.push((why, count)),
        }
    }
    reasons.into_iter().map(|(why, count)| (in_zone(why, now), count)).collect()
}

/// A stored reason with its moment in the organisation's zone.
pub(crate) fn in_zone(why: LeftOut, now: Now) -> LeftOut {
    why.again().map_or(why, |again| why.until(now.moment(again.at)))
}

fn summary(bulk: &Bulk, now: Now) -> Outcome<BulkSummary> {
    let order: BulkOrder = serde_json::from_str(&bulk.what)?;
    Ok(BulkSummary { id: bulk.id, order, state: bulk.state, made: now.moment(bulk.made_at) })
}

fn row(item: BulkItem, now: Now) -> BulkRow {
    BulkRow {
        position: item.position,
        user: item.person,
        deleted: item.deleted,
        name: display_name(&item.first_name, &item.last_name, &item.user_id),
        user_id: item.user_id,
        task: item.task,
        outcome: item.outcome,
        reason: item.reason.map(|why| in_zone(why, now)),
    }
}
