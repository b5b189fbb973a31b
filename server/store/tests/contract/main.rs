//! The contract of the store: each test is written once and runs on SQLite in memory, on SQLite in a file, and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this whole binary is tests")]

mod harness;

mod audit_lists;
mod bulk;
mod counters;
mod enrolling;
mod enrollment_lists;
mod fixtures;
mod foundation;
mod instance;
mod limits;
mod live;
mod operators;
mod outbox;
mod stop_notices;
mod task_edit;
mod task_filters;
mod task_lists;
mod users;
