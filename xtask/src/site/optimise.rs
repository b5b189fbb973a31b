//! `wasm-opt` halves the module that ships. It comes from npm (`binaryen`) into the user's cache; without Node the
//! release is built all the same, only larger.

use crate::house::{House, has};
use crate::progress::Progress;
use crate::run::Runs;
use crate::shelf;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const BINARYEN: &str = "132.0.0";

/// By name: with `--all-features` wasm-opt makes a module that browsers refuse.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The path of `wasm-opt`, installed at the first call; `None`, with a sentence, when Node is missing.
pub fn find(house: &House, progress: &Progress) -> Result<Option<PathBuf>> {
    if !has("node") || !has("npm") {
        progress.note("without Node wasm-opt is left out: the browser half will be about twice as large");
        return Ok(None);
    }
    let home = house.cache.join("npm").join(format!("binaryen-{BINARYEN}"));
    if !home.is_dir() {
        progress.note("installing wasm-opt from npm, once");
    }
    shelf::keep(&home, install)?;
    Ok(Some(home.join("node_modules/binaryen/bin/wasm-opt")))
}

fn install(folder: &Path) -> Result<()> {
    Command::new("npm")
        .args(["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--prefix"])
        .arg(folder)
        .arg(format!("binaryen@{BINARYEN}"))
        .answer()
        .context("npm could not install wasm-opt")?;
    Ok(())
}

/// Returns the module made smaller; `scratch` is a folder that may be written to.
pub fn run(tool: &Path, scratch: &Path, wasm: &[u8]) -> Result<Vec<u8>> {
    let mark = std::process::id();
    let before = scratch.join(format!("wasm-opt-{mark}-in.wasm"));
    let after = scratch.join(format!("wasm-opt-{mark}-out.wasm"));
    fs::write(&before, wasm)?;
    let outcome = Command::new("node").arg(tool).arg("-Oz").args(FEATURES).arg(&before).arg("-o").arg(&after).answer();
    let result = outcome.and_then(|_| Ok(fs::read(&after)?));
    fs::remove_file(&before)?;
    if after.exists() {
        fs::remove_file(&after)?;
    }
    result.context("wasm-opt failed")
}
