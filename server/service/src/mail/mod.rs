//! Mail: every message is a row of the outbox, written in the transaction of what it speaks of and sent after its commit.
//!
//! - `letter.rs`: what a message says, and its row · `blocks.rs`, `render.rs`, `plain.rs`, `message.rs`: from the row to its bytes
//! - `transport.rs`, `smtp/`, `folder.rs`, `memory.rs`: the ways out · `failure.rs`, `classify.rs`: where it failed, and what that means
//! - `dispatcher/`: who claims rows and sends them
//!
//! The contract it keeps is published in `docs/mail.md`.

mod blocks;
mod classify;
pub mod dispatcher;
pub mod failure;
pub mod folder;
pub mod letter;
pub mod memory;
pub mod message;
pub mod plain;
mod render;
pub mod smtp;
mod transport;

#[cfg(test)]
mod message_tests;

pub use classify::{Verdict, classify};
pub use dispatcher::Dispatcher;
pub use transport::{Courier, Transport};
