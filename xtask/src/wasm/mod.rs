//! Which compiler builds the browser half. rustup's own when it has the target or can fetch it; else Debian's
//! `rustc-web` with a standard library built once into the user's cache (see `docs/decisions/0001`).

mod debian;

use crate::house::House;
use crate::progress::Progress;
use crate::run::Runs;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The target triple of the browser half.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The flags every build of this project uses; the same as `.cargo/config.toml`, which cargo ignores as soon as
/// other flags are handed to it.
const FLAGS: [&str; 2] = ["--cfg", "erase_components"];

/// A way to compile for [`TARGET`].
#[derive(Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The compiler that also builds the server.
    Ours,
    /// Debian's compiler with a standard library of our own making.
    Debian {
        /// Holds `lib/rustlib/wasm32-unknown-unknown`.
        sysroot: PathBuf,
        /// rustup's `rust-lld`.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Finds or makes one. `PROVOST_WASM_TOOLCHAIN=debian` goes straight to Debian's, to try that way on a
    /// machine that has both.
    pub fn ensure(house: &House, progress: &Progress) -> Result<Toolchain> {
        let forced = std::env::var("PROVOST_WASM_TOOLCHAIN").is_ok_and(|way| way == "debian");
        if !forced {
            if has_target()? {
                return Ok(Toolchain::Ours);
            }
            // A sysroot in the cache is the memory of an earlier run in which rustup could not help.
            if let Some(found) = debian::cached(house)? {
                return Ok(found);
            }
            if fetch_target(progress) {
                return Ok(Toolchain::Ours);
            }
        }
        debian::ensure(house, progress)
    }

    /// Makes a cargo command build for the browser with this toolchain.
    pub fn apply(&self, cargo: &mut Command) {
        cargo.args(["--target", TARGET]);
        if let Toolchain::Debian { sysroot, linker } = self {
            let sysroot = format!("--sysroot={}", sysroot.display());
            let flags: Vec<&str> = FLAGS.into_iter().chain([sysroot.as_str()]).collect();
            cargo
                .env("RUSTC", debian::RUSTC)
                .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }
}

fn has_target() -> Result<bool> {
    Ok(sysroot_of("rustc")?.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn fetch_target(progress: &Progress) -> bool {
    if !crate::house::has("rustup") {
        return false;
    }
    progress.note("asking rustup for the browser's standard library (at most 60 s)");
    let asked = Command::new("rustup").args(["target", "add", TARGET]).within(Duration::from_secs(60));
    match asked {
        Ok(()) => has_target().unwrap_or(false),
        Err(_) => {
            progress.note("rustup could not get it; trying Debian's compiler instead");
            false
        }
    }
}

fn sysroot_of(rustc: impl AsRef<Path>) -> Result<PathBuf> {
    let text = Command::new(rustc.as_ref())
        .args(["--print", "sysroot"])
        .answer()
        .context("the Rust compiler did not say where it lives")?;
    Ok(PathBuf::from(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debians_compiler_gets_the_flags_of_every_other_build() {
        let settings = include_str!("../../../.cargo/config.toml");
        let line = format!("rustflags = {FLAGS:?}");
        assert!(settings.contains(&line), "{line} is not in .cargo/config.toml");
    }

    #[test]
    fn a_sysroot_with_a_space_in_its_path_stays_one_flag() {
        let toolchain = Toolchain::Debian { sysroot: "/home/a b/cache".into(), linker: "/lld".into() };
        let mut cargo = Command::new("cargo");
        toolchain.apply(&mut cargo);
        let flags = cargo
            .get_envs()
            .find(|(name, _)| *name == "CARGO_ENCODED_RUSTFLAGS")
            .and_then(|(_, value)| value)
            .map(|value| value.to_string_lossy().into_owned());
        let wanted = "--cfg\x1ferase_components\x1f--sysroot=/home/a b/cache";
        assert_eq!(flags.as_deref(), Some(wanted));
    }
}
