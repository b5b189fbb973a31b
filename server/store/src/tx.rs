//! A transaction on either database, and the macro that runs one SQL text on both drivers.

use crate::{Answer, live};
use model::live::Changed;
use sqlx::{Database, Postgres, Sqlite, Transaction, pool::PoolConnection};
use std::ops::{Deref, DerefMut};
use tokio::sync::broadcast::Sender;

/// An open transaction. Dropped without [`commit`](Tx::commit) it is rolled back.
///
/// A writer on SQLite has begun with `begin immediate`, so it never fails half way for want of the lock. On PostgreSQL a writer is
/// `read committed`: a guarded update that waited for a row looks at its `WHERE` again, and a lost race shows as zero rows or as a
/// named constraint. A reader sees one snapshot throughout (on PostgreSQL `repeatable read, read only`).
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Open<Sqlite>),
    /// On PostgreSQL.
    Postgres(Open<Postgres>),
}

/// What a transaction holds: the connection, and which tasks it has changed so far.
#[derive(Debug)]
pub struct Open<D: Database> {
    held: Held<D>,
    changed: Changed,
    /// Who is to hear of it in this process.
    tell: Option<Sender<Changed>>,
}

#[derive(Debug)]
enum Held<D: Database> {
    Writer(Transaction<'static, D>),
    Reader(Transaction<'static, D>),
    /// No transaction at all: each statement is one by itself.
    Glance(PoolConnection<D>),
}

impl<D: Database> Held<D> {
    async fn commit(self) -> Answer<()> {
        match self {
            Held::Writer(tx) | Held::Reader(tx) => tx.commit().await?,
            Held::Glance(_) => {}
        }
        Ok(())
    }

    async fn rollback(self) -> Answer<()> {
        match self {
            Held::Writer(tx) => tx.rollback().await?,
            Held::Reader(_) | Held::Glance(_) => {}
        }
        Ok(())
    }
}

impl<D: Database> Open<D> {
    pub(crate) fn writer(tx: Transaction<'static, D>, tell: Option<Sender<Changed>>) -> Open<D> {
        Open { held: Held::Writer(tx), changed: Changed::nothing(), tell }
    }

    pub(crate) fn reader(tx: Transaction<'static, D>) -> Open<D> {
        Open { held: Held::Reader(tx), changed: Changed::nothing(), tell: None }
    }

    pub(crate) fn glance(connection: PoolConnection<D>) -> Open<D> {
        Open { held: Held::Glance(connection), changed: Changed::nothing(), tell: None }
    }
}

impl<D: Database> Deref for Open<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        match &self.held {
            Held::Writer(tx) | Held::Reader(tx) => tx,
            Held::Glance(connection) => connection,
        }
    }
}

impl<D: Database> DerefMut for Open<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match &mut self.held {
            Held::Writer(tx) | Held::Reader(tx) => tx,
            Held::Glance(connection) => connection,
        }
    }
}

impl Tx {
    /// Makes everything done durable and visible, and tells which tasks changed (see [`live`]).
    ///
    /// # Errors
    /// [`Busy`](crate::Error::Busy) when the database is locked or away: then nothing was changed.
    pub async fn commit(self) -> Answer<()> {
        match self {
            Tx::Sqlite(Open { held, changed, tell }) => {
                held.commit().await?;
                live::tell(tell.as_ref(), changed);
            }
            Tx::Postgres(mut open) => {
                let changed = std::mem::replace(&mut open.changed, Changed::nothing());
                live::notify(&mut open, &changed).await?;
                open.held.commit().await?;
            }
        }
        Ok(())
    }

    /// Notes that a task changed as lists show it; `new` when it was made. Whoever writes a task's row, its counters, or what its table of
    /// users shows, says so here.
    pub(crate) fn note_task(&mut self, task: i64, new: bool) {
        match self {
            Tx::Sqlite(open) => open.changed.note(task, new),
            Tx::Postgres(open) => open.changed.note(task, new),
        }
    }

    /// The same for each of these.
    pub(crate) fn note_tasks(&mut self, tasks: Vec<(i64,)>) {
        tasks.into_iter().for_each(|(task,)| self.note_task(task, false));
    }

    /// Undoes everything done. A reader has nothing to undo: nobody waits for its end, which goes with the connection back to the pool.
    ///
    /// # Errors
    /// [`Other`](crate::Error::Other) when the connection is gone; the database has then undone it by itself.
    pub async fn rollback(self) -> Answer<()> {
        match self {
            Tx::Sqlite(open) => open.held.rollback().await,
            Tx::Postgres(open) => open.held.rollback().await,
        }
    }
}

/// Runs one `$1`-style SQL text on whichever database the transaction is of.
///
/// ```text
/// on_db!(tx, execute "update … where id = $1", id)          -> Answer<u64>, the rows changed
/// on_db!(tx, one Row, "select …", id)                       -> Answer<Row>; Row: FromRow, or a tuple
/// on_db!(tx, optional Row, "select … where id = $1", id)    -> Answer<Option<Row>>
/// on_db!(tx, all Row, "select …")                           -> Answer<Vec<Row>>
/// on_db!(tx, bulk "insert into t (a, b)", rows, 2, |values, row| { values.push_bind(row.a).push_bind(row.b) }, "")
///                                                           -> Answer<u64>; many rows a statement, then the tail
/// on_db!(tx, bulk_all Row, "insert …", rows, 2, |values, row| …, "returning id, a")
///                                                           -> Answer<Vec<Row>>, in no order
/// ```
///
/// The text is a literal, or `sqlx::AssertSqlSafe(String)` built from closed lists only; it is evaluated once.
macro_rules! on_db {
    ($tx:expr, execute $sql:expr $(, $arg:expr)* $(,)?) => {
        match &mut *$tx {
            $crate::Tx::Sqlite(tx) => sqlx::query($sql)$(.bind($arg))*.execute(&mut **tx).await.map(|done| done.rows_affected()),
            $crate::Tx::Postgres(tx) => sqlx::query($sql)$(.bind($arg))*.execute(&mut **tx).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::Error::from)
    };
    ($tx:expr, one $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        on_db!(@fetch fetch_one, $tx, $row, $sql $(, $arg)*)
    };
    ($tx:expr, optional $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        on_db!(@fetch fetch_optional, $tx, $row, $sql $(, $arg)*)
    };
    ($tx:expr, all $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        on_db!(@fetch fetch_all, $tx, $row, $sql $(, $arg)*)
    };
    (@fetch $fetch:ident, $tx:expr, $row:ty, $sql:expr $(, $arg:expr)*) => {
        match &mut *$tx {
            $crate::Tx::Sqlite(tx) => sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.$fetch(&mut **tx).await,
            $crate::Tx::Postgres(tx) => sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.$fetch(&mut **tx).await,
        }
        .map_err($crate::Error::from)
    };
    ($tx:expr, bulk $head:expr, $rows:expr, $columns:expr, |$values:ident, $row:ident| $bind:expr, $tail:expr) => {
        match &mut *$tx {
            $crate::Tx::Sqlite(tx) => on_db!(@bulk sqlx::Sqlite, tx, $head, $rows, $columns, |$values, $row| $bind, $tail),
            $crate::Tx::Postgres(tx) => on_db!(@bulk sqlx::Postgres, tx, $head, $rows, $columns, |$values, $row| $bind, $tail),
        }
    };
    ($tx:expr, bulk_all $row_type:ty, $head:expr, $rows:expr, $columns:expr, |$values:ident, $row:ident| $bind:expr, $tail:expr) => {
        match &mut *$tx {
            $crate::Tx::Sqlite(tx) => on_db!(@bulk_all sqlx::Sqlite, $row_type, tx, $head, $rows, $columns, |$values, $row| $bind, $tail),
            $crate::Tx::Postgres(tx) => on_db!(@bulk_all sqlx::Postgres, $row_type, tx, $head, $rows, $columns, |$values, $row| $bind, $tail),
        }
    };
    (@bulk_all $db:ty, $row_type:ty, $tx:ident, $head:expr, $rows:expr, $columns:expr, |$values:ident, $row:ident| $bind:expr, $tail:expr) => {{
        let mut found = Vec::new();
        for chunk in $rows.chunks($crate::tx::rows_per_statement($columns)) {
            let mut query = sqlx::QueryBuilder::<$db>::new($head);
            query.push(" ");
            query.push_values(chunk, |mut $values, $row| { let _ = $bind; });
            query.push(" ");
            query.push($tail);
            found.extend(query.build_query_as::<$row_type>().fetch_all(&mut **$tx).await.map_err($crate::Error::from)?);
        }
        Ok::<Vec<$row_type>, $crate::Error>(found)
    }};
    (@bulk $db:ty, $tx:ident, $head:expr, $rows:expr, $columns:expr, |$values:ident, $row:ident| $bind:expr, $tail:expr) => {{
        let mut changed = 0;
        for chunk in $rows.chunks($crate::tx::rows_per_statement($columns)) {
            let mut query = sqlx::QueryBuilder::<$db>::new($head);
            query.push(" ");
            query.push_values(chunk, |mut $values, $row| { let _ = $bind; });
            query.push(" ");
            query.push($tail);
            changed += query.build().execute(&mut **$tx).await.map_err($crate::Error::from)?.rows_affected();
        }
        Ok::<u64, $crate::Error>(changed)
    }};
}

/// How many rows of so many columns one statement takes: SQLite allows 32,766 values, and beyond some hundred rows nothing is gained.
pub(crate) const fn rows_per_statement(columns: usize) -> usize {
    let most = 8_000 / columns;
    if most < 1 { 1 } else { most }
}
