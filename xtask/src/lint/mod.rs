//! `cargo xtask test lint`: what can be said about the code without running it, the quickest first.

mod arrows;
mod migrations;
mod sources;

use crate::house::House;
use crate::progress::Progress;
use crate::run::Runs;
use anyhow::{Result, bail};

/// Steps that [`run`] announces.
pub const STEPS: usize = 4;

/// Stops at the first step that finds something.
pub fn run(house: &House, progress: &mut Progress) -> Result<()> {
    progress.step("format", "rustfmt");
    house
        .cargo()
        .args(["fmt", "--all", "--check"])
        .go()
        .map_err(|_| anyhow::anyhow!("the sources are not formatted; run: cargo fmt --all"))?;
    progress.step("house rules", "the arrows between crates, the steps of both databases, the shape of files");
    let mut complaints = arrows::check(house)?;
    complaints.extend(migrations::check(&house.root.join("server/store/migrations"))?);
    complaints.extend(sources::check(&house.root, &["app", "frontend", "server", "xtask"])?);
    if !complaints.is_empty() {
        bail!("the house rules are broken:\n  {}", complaints.join("\n  "));
    }
    progress.step("clippy", "the server's half (minutes the first time)");
    clippy(house, &["--workspace", "--exclude", "frontend", "--all-targets"])?;
    // Natively, so that it needs no compiler for browsers; the code is the same.
    progress.step("clippy", "the browser's half (a minute the first time)");
    clippy(house, &["--package", "frontend"])
}

fn clippy(house: &House, choice: &[&str]) -> Result<()> {
    house.cargo().arg("clippy").args(choice).args(["--", "-D", "warnings"]).go()
}
