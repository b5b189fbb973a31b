//! What can go wrong in the database, sorted by what a use case can do about it.

use crate::dialect::{self, Constraint};

/// What every store method answers.
pub type Answer<T> = Result<T, Error>;

/// Why the database did not do it. A row that is not there is no error: such methods answer `Option`, or the number of rows changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Locked, away, or out of connections; nothing was changed and trying again may help.
    #[error("the database is busy or away: {0}")]
    Busy(#[source] sqlx::Error),
    /// A named constraint holds against it.
    #[error("the constraint {} holds against it", .0.name())]
    Constraint(Constraint),
    /// The database was written by a newer version of Provost.
    #[error("the database is at schema {found}, newer than the {known} this version knows: start the newer version of Provost")]
    Newer {
        /// The schema found.
        found: i64,
        /// The newest schema this version knows.
        known: i64,
    },
    /// The database's address is not one.
    #[error("{0}")]
    Address(String),
    /// A stored value that this version cannot read.
    #[error("{table}.{column} holds a value that cannot be read")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// Anything else: an accident.
    #[error("the database failed: {0}")]
    Other(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        match &error {
            sqlx::Error::Database(database) => match dialect::constraint(database.as_ref()) {
                Some(constraint) => Error::Constraint(constraint),
                None if dialect::is_busy(database.as_ref()) => Error::Busy(error),
                None => Error::Other(error),
            },
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => {
                Error::Busy(error)
            }
            _ => Error::Other(error),
        }
    }
}
