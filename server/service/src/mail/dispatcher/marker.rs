//! Notes results in groups: one durable commit for many messages, because one for each would cap what can be sent.

use super::Shared;
use model::message::MailState;
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use store::{
    Answer,
    outbox::{Mark, Marked},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};

/// The most results of one commit.
const GROUP: usize = 256;
/// How long results wait for a database that is away, at the end of the process; before that they wait on.
const LAST_TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(500);

/// What became of a claimed message.
pub(super) struct Done {
    /// What is to be noted; nothing where somebody else owns the message.
    pub mark: Option<Mark>,
    /// The settings are wrong: everything waits.
    pub pause: Option<Pause>,
}

/// Why the whole queue pauses.
pub(super) struct Pause {
    pub reason: String,
    pub reply: String,
}

impl Done {
    pub fn mark(mark: Mark) -> Done {
        Done { mark: Some(mark), pause: None }
    }

    pub fn nothing() -> Done {
        Done { mark: None, pause: None }
    }
}

/// A result, and how its worker hears that it is durable.
pub(super) type Noted = (Done, oneshot::Sender<()>);

/// Notes until every worker is gone.
pub(super) async fn work(shared: Arc<Shared>, mut done: mpsc::Receiver<Noted>) {
    let mut arrived = Vec::with_capacity(GROUP);
    while done.recv_many(&mut arrived, GROUP).await > 0 {
        let (group, waiting): (Vec<Done>, Vec<_>) = arrived.drain(..).unzip();
        note_until_it_is(&shared, &group).await;
        shared.in_flight.fetch_sub(group.len(), Ordering::SeqCst);
        for worker in waiting {
            // A worker that is gone waits for nothing.
            let _ = worker.send(());
        }
        shared.room.notify_one();
    }
}

/// Tries until the database takes it. Meanwhile the leases may run out and others take over; then it answers that all is lost.
async fn note_until_it_is(shared: &Shared, group: &[Done]) {
    let mut tries = 0;
    while let Err(error) = note(shared, group).await {
        tries += 1;
        tracing::warn!(%error, "what became of {} messages could not be noted yet", group.len());
        if shared.is_stopping() && tries >= LAST_TRIES {
            return;
        }
        sleep(PAUSE).await;
    }
}

async fn note(shared: &Shared, group: &[Done]) -> Answer<()> {
    let marks = group.iter().filter_map(|done| done.mark.as_ref());
    // Those that fail also count on their task, whose row is locked before the enrollment's; each has a transaction of its own.
    let (alone, mut together): (Vec<&Mark>, Vec<&Mark>) = marks.partition(|mark| mark.state.needs_a_look());
    together.sort_by_key(|mark| (mark.enrollment, mark.id));
    if note_together(shared, &together).await? == Marked::Torn {
        for mark in together {
            note_together(shared, &[mark]).await?;
        }
    }
    for mark in alone {
        note_together(shared, &[mark]).await?;
    }
    match group.iter().find_map(|done| done.pause.as_ref()) {
        Some(pause) => pause_queue(shared, pause).await,
        None => Ok(()),
    }
}

async fn note_together(shared: &Shared, marks: &[&Mark]) -> Answer<Marked> {
    if marks.is_empty() {
        return Ok(Marked::Done);
    }
    let mut tx = shared.parts.db.write().await?;
    let mut noted = Vec::with_capacity(marks.len());
    for mark in marks {
        match tx.mark_message(mark).await? {
            Marked::Done => noted.push(mark.state),
            Marked::Lost => metrics::counter!("provost_mail_lost_leases_total").increment(1),
            Marked::Torn => {
                tx.rollback().await?;
                return Ok(Marked::Torn);
            }
        }
    }
    tx.commit().await?;
    for state in noted {
        metrics::counter!("provost_mail_results_total", "state" => state.code()).increment(1);
        if state == MailState::Failed {
            tracing::warn!("a message failed for good; /communications says why");
        }
    }
    Ok(Marked::Done)
}

async fn pause_queue(shared: &Shared, pause: &Pause) -> Answer<()> {
    let mut tx = shared.parts.db.write().await?;
    let first = tx.pause_mail(&pause.reason, &pause.reply, shared.parts.clock.now()).await?;
    tx.commit().await?;
    if first {
        // Not the reply: it may quote an address. The reason names step and code.
        tracing::error!(reason = pause.reason, "mail is paused: its settings are wrong");
        metrics::counter!("provost_mail_pauses_total").increment(1);
    }
    Ok(())
}
