//! The server's binary.

use crate::house::House;
use crate::progress::Progress;
use crate::run::Runs;
use anyhow::Result;

/// Steps that [`build`] announces.
pub const STEPS: usize = 1;

/// Builds `provost`; a release holds the site that [`crate::site::build`] made just before.
pub fn build(house: &House, release: bool, progress: &mut Progress) -> Result<()> {
    progress.step("server", "building the half that runs on the machine (minutes the first time, then seconds)");
    let mut cargo = house.cargo();
    cargo.args(["build", "--package", "server", "--bin", "provost"]);
    if release {
        cargo.arg("--release");
    }
    cargo.go()
}
