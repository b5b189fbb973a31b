//! Names the folder that the site is embedded from: `PROVOST_SITE_DIR`, or an empty one, so that a build without a site stands.

use std::{env, fs, path::PathBuf};

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-env-changed=PROVOST_SITE_DIR");
    let given = env::var_os("PROVOST_SITE_DIR").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folder = given.unwrap_or_else(|| PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("no-site"));
    fs::create_dir_all(&folder)?;
    println!("cargo::rustc-env=PROVOST_SITE_DIR={}", folder.display());
    println!("cargo::rerun-if-changed={}", folder.display());
    Ok(())
}
