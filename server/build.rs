//! Names the folder that the site is taken from: `PROVOST_SITE_DIR`, or where `cargo xtask site` puts it. A debug build reads it when
//! it starts, a release embeds it. One that is not there yet is made empty, so that a build without a site stands.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn main() -> std::io::Result<()> {
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let given = env::var_os("PROVOST_SITE_DIR").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    // target/<profile>/build/<package>/out
    let target = out.ancestors().nth(4).unwrap_or(Path::new("target"));
    let folder = given.unwrap_or_else(|| target.join(if release { "site-release" } else { "site" }));
    fs::create_dir_all(&folder)?;
    println!("cargo::rerun-if-env-changed=PROVOST_SITE_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    if release {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    println!("cargo::rustc-env=PROVOST_SITE_DIR={}", folder.display());
    Ok(())
}
