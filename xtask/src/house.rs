//! Where things lie: the repository, cargo's target folder and the user's cache.

use crate::run::{self, Runs};
use anyhow::{Context, Result, anyhow};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders every command works in.
pub struct House {
    /// The root of the clone.
    pub root: PathBuf,
    /// Cargo's target folder, wherever the user's settings put it.
    pub target: PathBuf,
    /// What outlives a clone: the compiled standard library for the browser and Node tools.
    pub cache: PathBuf,
    cargo: OsString,
}

impl House {
    /// Asks cargo and the environment; fails when there is neither a home nor a cache folder.
    pub fn find() -> Result<House> {
        let manifest =
            std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().context("the crate xtask must lie inside the repository")?.to_owned();
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let cache = cache_folder()?;
        let mut house = House { target: root.join("target"), root, cache, cargo };
        house.target = house.ask_target()?;
        Ok(house)
    }

    /// A cargo that works in the root and sees the environment as a terminal would: `cargo run` adds variables
    /// about the crate `xtask`, which would make build scripts run again each time.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(&self.cargo);
        command.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// The folder that holds the built site; the server's build script goes by the same rule.
    pub fn site(&self, release: bool) -> PathBuf {
        self.target.join(if release { "site-release" } else { "site" })
    }

    /// The server's binary.
    pub fn binary(&self, release: bool) -> PathBuf {
        let profile = if release { "release" } else { "debug" };
        self.target.join(profile).join("provost")
    }

    /// A path as a person wants to read it: relative to the root where it lies inside.
    pub fn short<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    fn ask_target(&self) -> Result<PathBuf> {
        let text = self.cargo().args(["metadata", "--no-deps", "--format-version=1", "--offline"]).answer()?;
        let facts: serde_json::Value = serde_json::from_str(&text)?;
        facts["target_directory"]
            .as_str()
            .map(PathBuf::from)
            .ok_or_else(|| anyhow!("cargo did not say where its target folder is"))
    }
}

fn cache_folder() -> Result<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .context("neither XDG_CACHE_HOME nor HOME is set, so there is no place to keep what is built once")?;
    Ok(base.join("provost"))
}

/// Whether a program of this name can be called.
pub fn has(program: &str) -> bool {
    run::find(program).is_some()
}
