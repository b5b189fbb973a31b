//! The use cases, asked through the ports with the rig: the real service, a clock that stands still, seeded ids.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this whole binary is tests")]

mod account;
mod audit;
mod bulk;
mod bulk_meanwhile;
mod consoles;
mod dashboard;
mod enrolling;
mod expired;
mod exports;
mod import;
mod links;
mod live;
mod messages;
mod operators;
mod policy;
mod provisioning;
mod reminders;
mod reports;
mod resend;
mod resend_caps;
mod rights;
mod selections;
mod sign_in;
mod stage;
mod task_edit;
mod tasks;
mod unlock;
mod users;
