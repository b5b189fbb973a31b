//! The machine under us: are we root, and can Debian packages be installed.

use crate::house::has;
use crate::run::Runs;
use anyhow::{Context, Result, bail};
use std::os::unix::fs::MetadataExt;
use std::process::Command;

/// Whether this process runs as root.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|facts| facts.uid() == 0)
}

/// The server's allocator is built with `make`, which some machines with a C compiler lack: installed where that is possible.
pub fn ensure_make() -> Result<()> {
    if has("make") {
        return Ok(());
    }
    println!("installing make, which the server's allocator is built with");
    install(&["make"])
}

/// Whether [`install`] has a chance: apt is there, and root or a sudo that asks no password.
pub fn can_install() -> bool {
    has("apt-get") && (is_root() || (has("sudo") && Command::new("sudo").args(["-n", "true"]).answer().is_ok()))
}

/// Installs Debian packages; asks for fresh package lists only when the ones at hand do not know them.
pub fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if !can_install() {
        bail!("`{names}` cannot be installed without root; ask for: apt-get install {names}");
    }
    if !known(packages) {
        apt(&["update", "-qq"]).answer().context("Debian's package lists could not be renewed")?;
    }
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(packages);
    // A list that is too old names files that are gone: renew it once and try again.
    if apt(&words).answer().is_err() {
        apt(&["update", "-qq"]).answer()?;
        apt(&words).answer().with_context(|| format!("the Debian packages `{names}` could not be installed"))?;
    }
    Ok(())
}

fn known(packages: &[&str]) -> bool {
    packages.iter().all(|name| Command::new("apt-cache").args(["show", "--no-all-versions", name]).answer().is_ok())
}

fn apt(words: &[&str]) -> Command {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
