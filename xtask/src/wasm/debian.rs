//! Debian's `rustc-web` as the browser half's compiler. Debian ships the sources of the standard library but not
//! its build for browsers, so that build is made here, once for each version of the compiler. Nothing under
//! `/usr` is changed.

use super::{TARGET, Toolchain, sysroot_of};
use crate::house::House;
use crate::progress::Progress;
use crate::run::Runs;
use crate::{shelf, system};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian puts its compiler.
pub const RUSTC: &str = "/usr/bin/rustc";

const PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];

/// A toolchain made by an earlier run, if it fits the compiler that is installed now.
pub fn cached(house: &House) -> Result<Option<Toolchain>> {
    if !Path::new(RUSTC).is_file() {
        return Ok(None);
    }
    let sysroot = sysroot_folder(house)?;
    if sysroot.is_dir() {
        let linker = linker()?;
        return Ok(Some(Toolchain::Debian { sysroot, linker }));
    }
    Ok(None)
}

/// Installs the compiler and builds the standard library, each only where it is missing.
pub fn ensure(house: &House, progress: &Progress) -> Result<Toolchain> {
    if let Some(found) = cached(house)? {
        return Ok(found);
    }
    if !Path::new(RUSTC).is_file() || sources().is_err() {
        progress.note("installing Debian's compiler for browsers (rustc-web, rust-web-src)");
        system::install(&PACKAGES)
            .context("the browser half needs `rustup target add wasm32-unknown-unknown`, which failed, or Debian's packages")?;
    }
    progress.note("building the browser's standard library, once (about 1 minute)");
    build_sysroot(house)?;
    cached(house)?.context("the standard library was built but cannot be found")
}

/// Keyed by the compiler's version: after an upgrade of the package the old build no longer fits.
fn sysroot_folder(house: &House) -> Result<PathBuf> {
    let version = Command::new(RUSTC).arg("--version").answer()?;
    Ok(house.cache.join("sysroot").join(folder_name(&version)))
}

fn folder_name(version: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '.';
    version.split(|letter: char| !plain(letter)).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

fn sources() -> Result<PathBuf> {
    let text = Command::new(RUSTC).arg("--version").answer()?;
    let version = text.split_whitespace().nth(1).context("Debian's rustc did not tell its version")?;
    let library = PathBuf::from(format!("/usr/src/rustc-{version}/library"));
    if !library.join("sysroot/Cargo.toml").is_file() {
        bail!("the sources of Debian's rustc {version} are not installed (package rust-web-src)");
    }
    Ok(library)
}

fn build_sysroot(house: &House) -> Result<()> {
    let library = sources()?;
    shelf::keep(&sysroot_folder(house)?, |work| {
        let target = work.join("target");
        compile(house, &library, &target)?;
        collect(&target, work)?;
        Ok(fs::remove_dir_all(target)?)
    })
}

/// Builds the crate `sysroot` as the Rust project does for its own releases. The sources are vendored, so nothing
/// is fetched; `avoid-dev-deps` because Debian leaves out what only their tests need.
fn compile(house: &House, library: &Path, target: &Path) -> Result<()> {
    let vendored = format!("source.vendored-sources.directory={:?}", library.join("vendor"));
    house
        .cargo()
        .current_dir(library)
        .args(["build", "--release", "--offline", "--locked", "-p", "sysroot"])
        .args(["-Zavoid-dev-deps", "--target", TARGET])
        .args(["--no-default-features", "--features", "panic-unwind,compiler-builtins-mem"])
        .args(["--config", "source.crates-io.replace-with=\"vendored-sources\""])
        .args(["--config", &vendored])
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", "-Zforce-unstable-if-unmarked\x1f-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", target)
        .answer()
        .map(drop)
}

/// Copies the libraries into the folder layout that `rustc --sysroot` expects.
fn collect(target: &Path, sysroot: &Path) -> Result<()> {
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    let mut count = 0;
    for entry in fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|kind| kind == "rlib") {
            fs::copy(entry.path(), libraries.join(entry.file_name()))?;
            count += 1;
        }
    }
    if count == 0 {
        bail!("building the browser's standard library left no libraries behind");
    }
    Ok(())
}

/// rustup brings the linker that browsers' modules need; Debian's `rustc-web` does not.
fn linker() -> Result<PathBuf> {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let linker = sysroot_of("rustc")?.join("lib/rustlib").join(platform).join("bin/rust-lld");
    if linker.is_file() {
        return Ok(linker);
    }
    crate::run::find("wasm-ld")
        .context("no linker for browser modules was found: install Rust with rustup, or Debian's package `lld`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_versions_of_the_compiler_never_share_a_folder() {
        let old = folder_name("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)\n");
        let new = folder_name("rustc 1.96.1 (ac68faa20 2026-05-25) (built from a source tarball)\n");
        assert_ne!(old, new);
        assert_eq!(old, "rustc-1.96.0-ac68faa20-2026-05-25-built-from-a-source-tarball");
    }
}
