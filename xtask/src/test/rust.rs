//! `cargo xtask test rust`: every Rust test, the store's on both databases.

use super::{closing, leave_out};
use crate::house::House;
use crate::postgres::{Care, Cluster};
use crate::progress::Progress;
use anyhow::Result;

/// How many steps [`run`] announces: the tests of xtask itself run only when no choice of crates is handed over.
pub fn steps(rest: &[String]) -> usize {
    if rest.is_empty() { 3 } else { 2 }
}

/// Runs `cargo test`; words in `rest` go to it in place of the choice of crates.
pub fn run(house: &House, rest: &[String], progress: &mut Progress, closing: &mut Vec<String>) -> Result<()> {
    progress.step("postgres", "a database server for these tests alone");
    let cluster = match Cluster::start(progress, Care::None) {
        Ok(cluster) => Some(cluster),
        Err(reason) => {
            leave_out(progress, &format!("the tests on PostgreSQL; {reason:#}"))?;
            None
        }
    };
    let mut cargo = house.cargo();
    cargo.args(["test", "--no-fail-fast"]);
    if let Some(cluster) = &cluster {
        cargo.env("PROVOST_TEST_POSTGRES", cluster.address());
    }
    if rest.is_empty() {
        progress.step("own tools", "the tests of xtask itself");
        closing::relay(house.cargo().args(["test", "--package", "xtask"]), "cargo test", closing)?;
        // The browser half would switch `app` to `hydrate`; xtask would change the features of shared crates.
        cargo.args(["--workspace", "--exclude", "frontend", "--exclude", "xtask"]);
    } else {
        cargo.args(rest);
    }
    progress.step("rust", "building and running the tests (minutes the first time)");
    closing::relay(&mut cargo, "cargo test", closing)
}
