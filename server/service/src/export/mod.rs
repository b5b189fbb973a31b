//! Exports: exactly what is filtered, written while it is read, however much it is.
//!
//! A task of its own reads pages of some hundred rows by key, each in a transaction of its own, and hands each on as one part. So memory
//! stays the same, a slow reader holds no snapshot and keeps no checkpoint waiting, and one who goes away ends it. Rows come in the order
//! in which they were made, which nothing changes: each comes once.

mod cell;
mod rows;

use crate::{
    Service, bulk,
    clock::Clock,
    fault::Outcome,
    tasks,
    trail::{Act, note},
    zone::Now,
};
use async_trait::async_trait;
use cell::Writer;
use model::{
    Answer, Refusal,
    actor::Actor,
    export::{Export, ExportBody, ExportQuery, Exported, Format},
    rights::Right,
};
use rows::Rows;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use store::Db;
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    time::timeout,
};

/// So many rows are read at once.
const ROWS: u32 = 500;
/// So many parts wait for the reader.
const PARTS: usize = 2;
/// A reader who takes nothing for so long has gone away.
const PATIENCE: Duration = Duration::from_secs(60);

/// Begins an export: checks the right, writes it into the trail, and starts writing.
pub(crate) async fn begin(service: &Service, by: &Actor, query: &ExportQuery) -> Outcome<Export> {
    require(by, &query.what)?;
    let mut tx = service.db.write().await?;
    if let Exported::Bulk(id) = query.what {
        bulk::own(&mut tx, by, id).await?;
    }
    let now = service.now(&mut tx).await?;
    let (kind, ending) = match query.format {
        Format::Csv { .. } => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
    };
    let name = format!("{}-{}.{ending}", query.what.name(), now.today().iso());
    let began = json!({ "file": name, "filter": query.what.filter() });
    note(&mut tx, by, Act { at: now.at, verb: "report.export", before: None, after: Some(began) }, &[]).await?;
    tx.commit().await?;
    let (parts, body) = channel(PARTS);
    let reference = service.ids.reference();
    let body = Box::new(Body { parts: body, reference: reference.clone() });
    let work = Work { db: service.db.clone(), clock: service.clock.clone(), by: by.clone(), name: name.clone(), reference };
    tokio::spawn(work.run(Rows::new(query.what.clone(), now), Writer::new(query.format), parts));
    Ok(Export { name, kind, body })
}

/// The right of the list.
fn require(by: &Actor, what: &Exported) -> Answer<()> {
    match what {
        Exported::Tasks(shelf, query) => tasks::require(by, *shelf, query.state),
        Exported::Enrollments(_) => by.require(Right::ReportsView),
        // Its own operator's, and nobody else's.
        Exported::Bulk(_) => Ok(()),
    }
}

/// The parts as they are written. An empty one says that the file is whole: a writer that is gone before broke off.
struct Body {
    parts: Receiver<Answer<Vec<u8>>>,
    reference: String,
}

#[async_trait]
impl ExportBody for Body {
    async fn next(&mut self) -> Option<Answer<Vec<u8>>> {
        match self.parts.recv().await {
            Some(Ok(part)) if part.is_empty() => None,
            Some(part) => Some(part),
            None => Some(Err(Refusal::Accident { reference: self.reference.clone() })),
        }
    }
}

/// Where the parts go.
type Parts = Sender<Answer<Vec<u8>>>;

/// What writing needs of the service.
struct Work {
    db: Db,
    clock: Arc<dyn Clock>,
    by: Actor,
    name: String,
    reference: String,
}

/// How an export ended.
enum End {
    Whole,
    /// The reader went away.
    Left,
}

impl Work {
    /// Writes everything, and into the trail how many rows it came to.
    async fn run(self, mut rows: Rows, writer: Writer, parts: Parts) {
        let mut count: usize = 0;
        let end = self.write(&mut rows, &writer, &parts, &mut count).await;
        let whole = matches!(end, Ok(End::Whole));
        if let Err(error) = self.note_end(count, whole).await {
            tracing::error!(reference = self.reference, %error, "the end of an export could not be written into the trail");
        }
        match end {
            Ok(End::Whole) => drop(parts.send(Ok(Vec::new())).await),
            Ok(End::Left) => {}
            // Without the empty part the reader learns that it broke off.
            Err(fault) => tracing::error!(reference = self.reference, error = %fault, "an export broke off"),
        }
    }

    async fn write(&self, rows: &mut Rows, writer: &Writer, parts: &Parts, count: &mut usize) -> Outcome<End> {
        let columns = rows.columns();
        let mut page = rows.next(&self.db).await?;
        loop {
            let (length, first) = (page.len(), *count == 0);
            let last = length < ROWS as usize;
            let next = async { if last { Ok(None) } else { rows.next(&self.db).await.map(Some) } };
            let sent = async {
                let part = writer.part(columns, &page.cells(), first, last)?;
                Ok(matches!(timeout(PATIENCE, parts.send(Ok(part))).await, Ok(Ok(()))))
            };
            // The next rows are asked for first, so that the database is at work while these are written.
            let (next, sent): (_, Outcome<bool>) = tokio::join!(next, sent);
            if !sent? {
                return Ok(End::Left);
            }
            *count += length;
            match next? {
                Some(next) => page = next,
                None => return Ok(End::Whole),
            }
        }
    }

    async fn note_end(&self, rows: usize, whole: bool) -> Outcome<()> {
        let mut tx = self.db.write().await?;
        let after = json!({ "file": self.name, "rows": rows, "whole": whole });
        let act = Act { at: self.clock.now(), verb: "report.exported", before: None, after: Some(after) };
        note(&mut tx, &self.by, act, &[]).await?;
        Ok(tx.commit().await?)
    }
}

/// What is shown of a time: with the offset of the organisation's zone.
fn moment(now: Now, at: Option<i64>) -> cell::Cell {
    at.map_or(cell::Cell::Nothing, |at| cell::Cell::Text(now.moment(at).iso()))
}
