//! The words and the rules of Provost (spec §1–§5): types, statuses, legal moves, forms and refusals.
//!
//! This crate does no I/O, reads no clock and draws no random number, and it compiles for the server and for the browser, so
//! that both hold one opinion.

pub mod actor;
pub mod day;
pub mod form;
pub mod listing;
pub mod problem;
pub mod refusal;
pub mod rights;
pub mod text;

pub use refusal::Refusal;

/// What every use case answers: a value, or a way to say no.
pub type Answer<T> = Result<T, Refusal>;
