//! Tells the server's sources where the site lies: `PROVOST_SITE_DIR` when it is set, else the folder beside
//! cargo's profile folders that `cargo xtask` writes. The folder is made when it is missing, so that a plain
//! `cargo check` compiles on a clone where no site has been built yet.

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let release = std::env::var("PROFILE")? == "release";
    let folder = match std::env::var_os("PROVOST_SITE_DIR") {
        Some(named) => PathBuf::from(named),
        None => usual(Path::new(&std::env::var("OUT_DIR")?), release)?,
    };
    std::fs::create_dir_all(&folder)?;
    println!("cargo:rustc-env=PROVOST_SITE_DIR={}", folder.display());
    println!("cargo:rerun-if-env-changed=PROVOST_SITE_DIR");
    println!("cargo:rerun-if-changed=build.rs");
    // Only a release embeds the site; a debug build reads it while it runs and need not be compiled again.
    if release {
        let manifest = folder.join("manifest.json");
        println!("cargo:rerun-if-changed={}", manifest.display());
        if !manifest.is_file() {
            println!("cargo:warning=no site to embed yet: `cargo xtask build --release` builds it first");
        }
    }
    Ok(())
}

/// `target/site` or `target/site-release`, found from `target/<profile>/build/…`; xtask's `House::site` agrees.
fn usual(out: &Path, release: bool) -> Result<PathBuf, Box<dyn Error>> {
    let target = out
        .ancestors()
        .find(|folder| folder.ends_with("build"))
        .and_then(|build| build.parent()?.parent())
        .ok_or("cargo's OUT_DIR does not lie in a target folder")?;
    Ok(target.join(if release { "site-release" } else { "site" }))
}
