//! The program as people run it: started, killed, stopped, and asked from the command line.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this whole binary is tests")]

mod cli;
mod house;
mod killed;
mod killed_bulk;
mod sink;
