//! Communications: the outbox as operators see it. Never a link, never a code.

mod retry;

pub(crate) use retry::retry;

use crate::{Service, clock::MINUTE, cursor::Scope, fault::Outcome, forms::Turn, trail, zone::Now};
use model::{
    actor::Actor,
    forms::ButtonForm,
    listing::{Direction, Listing, Total},
    message::{MailNote, MailState, MailSummary, MessageKind, MessageQuery, MessageRow},
    rights::Right,
};
use serde_json::json;
use store::{
    Tx,
    audit::Subject,
    keyset::{Key, Page, Place},
    outbox::{MessageRecord, NewestMail, Present},
};

/// A page of messages.
pub(crate) async fn page(service: &Service, by: &Actor, query: &MessageQuery) -> Outcome<Listing<MessageRow>> {
    by.require(Right::MessagesManage)?;
    let scope = Scope::new("/communications", &(&query.filter, query.paging.sort));
    let from = service.open_cursor(&scope, &query.paging.cursor)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let page = walk(&mut tx, query, from, now).await?;
    let total = tx.count_messages(&query.filter, Total::EXACT_TO + 1).await?;
    tx.rollback().await?;
    let rows = page.rows.into_iter().map(|record| row(&record, now).map(|row| (record.id, row)));
    let page = Page { rows: rows.collect::<store::Answer<Vec<_>>>()?, before: page.before, after: page.after };
    let place = |(id, _): &(i64, MessageRow)| (Key::Int(*id), *id);
    Ok(service.listing(&scope, now, page, Total::from_capped(total), place, |(_, row)| row))
}

/// The rows of a page: messages are numbered in the order in which they were written.
async fn walk(tx: &mut Tx, query: &MessageQuery, from: Option<Place>, now: Now) -> Outcome<Page<MessageRecord>> {
    let size = query.paging.size.rows();
    let back = from.as_ref().is_some_and(|place| place.back);
    let direction: Direction = query.paging.sort.direction;
    let direction = if back { direction.flipped() } else { direction };
    let present = Present { now: now.at, today: now.today() };
    let mut rows = tx.messages(&query.filter, direction, from.as_ref().map(|place| place.id), size + 1, present).await?;
    let more = rows.len() > size as usize;
    rows.truncate(size as usize);
    if back {
        rows.reverse();
    }
    let (before, after) = if back { (more, true) } else { (from.is_some(), more) };
    Ok(Page { rows, before, after })
}

fn row(record: &MessageRecord, now: Now) -> store::Answer<MessageRow> {
    let state = record.state()?;
    let waits = matches!(state, MailState::Queued | MailState::Deferred | MailState::Uncertain) && record.due_at > now.at;
    Ok(MessageRow {
        id: record.id,
        kind: record.kind()?,
        to: record.to.clone(),
        user: record.person.zip(record.user_id.clone()),
        task: record.task,
        state,
        reason: record.reason.clone(),
        reply: record.reply.clone(),
        tries: record.tries,
        made: now.moment(record.made_at),
        next_try: waits.then(|| now.moment(record.due_at)),
        may_retry: record.may_retry(),
    })
}

/// How the newest mail with a link fares, as rows of people show it.
pub(crate) fn mail_note(mail: NewestMail, now: Now) -> MailNote {
    MailNote {
        state: mail.state,
        at: now.moment(mail.at),
        reason: mail.reason,
        message: mail.message,
        reminder: mail.kind == MessageKind::Reminder,
    }
}

/// How the mail is going.
pub(crate) async fn summary(service: &Service, by: &Actor) -> Outcome<MailSummary> {
    by.require(Right::MessagesManage)?;
    let mut tx = service.db.read().await?;
    let now = service.now(&mut tx).await?;
    let summary = summary_in(service, &mut tx, now).await?;
    tx.rollback().await?;
    Ok(summary)
}

/// How the mail is going, inside a transaction that reads more.
pub(crate) async fn summary_in(service: &Service, tx: &mut Tx, now: Now) -> Outcome<MailSummary> {
    let states = tx.message_states(now.start_of(now.today())).await?;
    let (last_minute, trouble) = tx.mail_pace(now.at - MINUTE).await?;
    let paused = tx.mail_pause().await?.map(|pause| pause.reason);
    let moves = states.waiting > 0 && last_minute > 0 && paused.is_none();
    Ok(MailSummary {
        waiting: states.waiting,
        accepted_today: Total::from_capped(states.accepted),
        last_minute,
        rest_out: moves.then(|| now.moment(now.at + states.waiting.saturating_mul(MINUTE) / last_minute)),
        trouble,
        failed: states.failed,
        paused,
        transport: service.outlet.name.clone(),
    })
}

/// Why a message written now would not go out; nothing when it would. Provision says so before, not after (spec §6).
pub(crate) async fn obstacle(service: &Service, tx: &mut Tx) -> Outcome<Option<String>> {
    if service.outlet.obstacle.is_some() {
        return Ok(service.outlet.obstacle.clone());
    }
    Ok(tx.mail_pause().await?.map(|pause| format!("Mail is paused. {}", pause.reason)))
}

/// Lets a paused queue go on.
pub(crate) async fn resume(service: &Service, by: &Actor, form: &ButtonForm) -> Outcome<()> {
    by.require(Right::MessagesManage)?;
    let mut tx = service.db.write().await?;
    let ticket = match service.begin(&mut tx, by, &form.key, "mail resume", form).await? {
        Turn::New(ticket) => ticket,
        Turn::Again(_) => return Ok(()),
    };
    let before = tx.mail_pause().await?.map(|pause| json!({ "paused": pause.reason }));
    if tx.resume_mail().await? {
        let act = trail::Act { at: service.clock.now(), verb: "mail.resume", before, after: Some(json!({ "paused": null })) };
        trail::note(&mut tx, by, act, &[Subject::Instance]).await?;
        tx.wake_mail().await?;
    }
    ticket.done(&mut tx, &()).await?;
    tx.commit().await?;
    service.nudge();
    Ok(())
}
