//! SQL, and nothing else: one text for SQLite and PostgreSQL.
//!
//! A use case opens one transaction with [`Db::write`] or [`Db::read`], calls methods of [`Tx`], and ends it with [`Tx::commit`].
//! Every write states what it expects in its `WHERE`; zero rows means that somebody was there first. Uniqueness is a named
//! [`Constraint`]. What truly differs between the two databases stands in `dialect.rs`.

#[macro_use]
mod tx;
mod alternate;
pub mod audit;
pub mod audit_list;
mod between;
pub mod bulk;
pub mod candidates;
mod db;
mod dialect;
mod dynamic;
mod enrollment_filter;
pub mod enrollment_list;
pub mod enrollment_sessions;
pub mod enrollments;
mod error;
mod holds;
pub mod idempotency;
pub mod instance;
pub mod inventory;
pub mod keyset;
pub mod links;
pub mod live;
mod migrate;
pub mod new_enrollments;
pub mod operator_list;
pub mod operators;
pub mod outbox;
mod packed;
pub mod resends;
pub mod roles;
pub mod search;
pub mod selections;
mod status;
pub mod stop_notices;
pub mod task_counters;
pub mod task_edit;
mod task_filter;
pub mod task_list;
mod task_source;
pub mod task_users;
pub mod tasks;
pub mod testing;
pub mod throttle;
pub mod tokens;
pub mod user_bulk;
mod user_filter;
pub mod user_list;
pub mod users;

pub use db::Db;
pub use dialect::Constraint;
pub use error::{Answer, Error};
pub use tx::{Open, Tx};
