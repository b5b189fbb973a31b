//! Acts over many enrollments (spec §3.2): selected, planned by a dry run, confirmed, and done in the background.
//!
//! - `select.rs`: selections of tasks and enrollments · `plan.rs`: the dry run, **Confirm**, **Cancel** · `judge.rs`: who is left out, and
//!   why · `run.rs`: the runner · `batch.rs`: one batch, in one transaction, by the same functions as the act on one enrollment ·
//!   `page.rs`: what operators see

mod batch;
mod console;
mod judge;
mod page;
mod plan;
mod run;
mod select;

use page::{choice, detail, recent};
pub(crate) use page::{in_zone, own};
use plan::{cancel, confirm, plan};
pub use run::run;
use select::{enrollments, marked, tasks, too_old};
