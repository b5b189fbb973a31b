//! Time is handed in: one trait, the machine's clock, and one that tests set.

use std::{
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> i64;
}

/// The database's clock: several nodes on one PostgreSQL go by one (spec §7). Between two looks at it time goes on by the machine's
/// monotonic clock, so that nobody who sets the machine's clock moves a lease. On SQLite the database's clock is the machine's own.
#[derive(Debug, Default)]
pub struct System {
    /// What the database's clock said, and when it was asked.
    seen: RwLock<Option<(i64, Instant)>>,
}

impl System {
    /// The machine's clock as it is.
    pub fn new() -> System {
        System::default()
    }

    /// Takes note of what the database's clock says now. On SQLite that is the machine's own and nothing changes.
    ///
    /// # Errors
    /// Those of the database; the correction stays as it was.
    pub async fn follow(&self, db: &store::Db) -> store::Answer<()> {
        if let Some(theirs) = db.clock().await? {
            *self.seen.write().unwrap_or_else(PoisonError::into_inner) = Some((theirs, Instant::now()));
        }
        Ok(())
    }
}

impl Clock for System {
    fn now(&self) -> i64 {
        match *self.seen.read().unwrap_or_else(PoisonError::into_inner) {
            Some((theirs, at)) => theirs.saturating_add(i64::try_from(at.elapsed().as_millis()).unwrap_or(i64::MAX)),
            None => machine(),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn machine() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct Fixed(AtomicI64);

impl Fixed {
    /// A clock at that time.
    pub fn at(millis: i64) -> Fixed {
        Fixed(AtomicI64::new(millis))
    }

    /// Moves it on.
    pub fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }

    /// Sets it.
    pub fn set(&self, millis: i64) {
        self.0.store(millis, Ordering::Relaxed);
    }
}

impl Clock for Fixed {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Milliseconds of a minute.
pub const MINUTE: i64 = 60_000;
/// Milliseconds of an hour.
pub const HOUR: i64 = 60 * MINUTE;
