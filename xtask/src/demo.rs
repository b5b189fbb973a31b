//! `cargo xtask demo`: build what is missing, then become the server.

use crate::house::House;
use crate::progress::Progress;
use crate::{build, server, site};
use anyhow::{Result, anyhow};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Does not return when all goes well: the server takes this process over, so that Ctrl-C reaches it alone.
pub fn perform(house: &House, listen: Option<&str>, release: bool) -> Result<()> {
    let mut progress = Progress::new(site::STEPS + server::STEPS + 1);
    build::both(house, release, &mut progress)?;
    progress.step("demo", "starting");
    let mut command = Command::new(house.binary(release));
    command.arg("demo").env("PROVOST_SITE_DIR", house.site(release));
    if let Some(address) = listen {
        command.args(["--listen", address]);
    }
    let error = command.exec();
    Err(anyhow!(error).context("the server could not be started"))
}
