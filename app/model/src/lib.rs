//! The words and the rules of Provost (spec §1–§5): types, statuses, legal moves, forms and refusals.
//!
//! This crate does no I/O, reads no clock and draws no random number, and it compiles for the server and for the browser, so
//! that both hold one opinion. Start reading at [`console`] and [`enrolling`]: the two ports name everything Provost can do.

pub mod actor;
pub mod audit;
pub mod authentication;
pub mod bulk;
pub mod catalogue;
pub mod console;
pub mod dashboard;
pub mod day;
pub mod edit;
pub mod enrolling;
pub mod enrollment;
pub mod export;
pub mod form;
pub mod forms;
pub mod listing;
pub mod live;
pub mod message;
pub mod operator;
pub mod policy;
pub mod problem;
pub mod query;
pub mod refusal;
pub mod report;
pub mod resend;
pub mod rights;
pub mod story;
pub mod task;
pub mod text;
pub mod token;
mod unicode;
pub mod user;

pub use refusal::Refusal;

/// What every use case answers: a value, or a way to say no.
pub type Answer<T> = Result<T, Refusal>;
