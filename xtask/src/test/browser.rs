//! `cargo xtask test browser`: the stories of `end2end/`, in a real browser against the real binary.

use super::{closing, leave_out};
use crate::house::{House, has};
use crate::postgres::{Care, Cluster};
use crate::progress::Progress;
use crate::run::{Runs, find};
use crate::{build, server, site, system};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Steps that [`run`] announces.
pub const STEPS: usize = 2 + site::STEPS + server::STEPS;

/// Builds the product and runs Playwright; words in `rest` go to it.
pub fn run(house: &House, rest: &[String], progress: &mut Progress, closing: &mut Vec<String>) -> Result<()> {
    progress.step("packages", "the browser and the Node packages of end2end/");
    if !has("node") || !has("npm") {
        return leave_out(progress, "the tests in a browser; they need Node 20 or newer with npm");
    }
    let folder = house.root.join("end2end");
    install_packages(&folder, progress)?;
    let chromium = chromium(&folder, progress)?;
    npx(&folder).args(["tsc", "--noEmit"]).go().context("the browser tests have type errors")?;
    build::both(house, false, progress)?;
    progress.step("stories", "Playwright, each story with and without JavaScript");
    let cluster = match Cluster::start(progress, Care::None) {
        Ok(cluster) => Some(cluster),
        Err(reason) => {
            leave_out(progress, &format!("the stories on PostgreSQL; {reason:#}"))?;
            None
        }
    };
    let mut playwright = npx(&folder);
    playwright
        .args(["playwright", "test"])
        .args(rest)
        .env("PROVOST_BIN", house.binary(false))
        .env("PROVOST_SITE_DIR", house.site(false));
    if let Some(cluster) = &cluster {
        playwright.env("PROVOST_STORY_POSTGRES", cluster.address());
        playwright.env("PROVOST_STORY_NODES", cluster.second_address());
    }
    if let Some(path) = chromium {
        playwright.env("PROVOST_CHROMIUM", path);
    }
    closing::relay(&mut playwright, "Playwright", closing)
}

fn npx(folder: &Path) -> Command {
    let mut command = Command::new("npx");
    command.arg("--no-install").current_dir(folder);
    command
}

/// `npm ci`, unless what is installed already comes from this lock file.
fn install_packages(folder: &Path, progress: &Progress) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json")).context("end2end/package-lock.json cannot be read")?;
    let memory = folder.join("node_modules/.installed-from");
    if fs::read(&memory).is_ok_and(|remembered| remembered == lock) {
        return Ok(());
    }
    progress.note("npm ci");
    Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(folder)
        .answer()
        .context("the Node packages of end2end/ could not be installed")?;
    fs::write(memory, lock)?;
    Ok(())
}

/// A browser of the machine; Debian's when none is there; `None` for the one Playwright brings.
fn chromium(folder: &Path, progress: &Progress) -> Result<Option<PathBuf>> {
    if let Some(found) = present() {
        return Ok(Some(found));
    }
    if system::can_install() {
        progress.note("installing Chromium");
        if system::install(&["chromium"]).is_ok()
            && let Some(found) = present()
        {
            return Ok(Some(found));
        }
    }
    progress.note("fetching the browser that Playwright brings");
    npx(folder)
        .args(["playwright", "install", "chromium"])
        .answer()
        .context("no Chromium or Chrome was found, and Playwright's own could not be fetched")?;
    Ok(None)
}

fn present() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find_map(find)
}
