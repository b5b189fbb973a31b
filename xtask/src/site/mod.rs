//! The site: what the browser loads. Compiles the crate `frontend`, binds it to JavaScript, bundles the styles,
//! names every file after its content, compresses each, and writes them with a manifest into one folder.

mod bind;
mod css;
mod optimise;
mod output;

use crate::house::House;
use crate::progress::Progress;
use crate::run::Runs;
use crate::wasm::{TARGET, Toolchain};
use anyhow::{Context, Result};
use output::{File, Quality};
use std::fs;
use std::path::{Path, PathBuf};

/// Steps that [`build`] announces.
pub const STEPS: usize = 3;

/// Builds the site into [`House::site`]; does nothing beyond cargo's own check when nothing has changed.
pub fn build(house: &House, release: bool, progress: &mut Progress) -> Result<()> {
    progress.step("toolchain", "looking for a compiler for the browser");
    let toolchain = Toolchain::ensure(house, progress)?;
    progress.step("browser", "building the half that runs in the browser (minutes the first time, then seconds)");
    let module = compile(house, &toolchain, release)?;
    progress.step("site", "styles, names and compression");
    let wasm = fs::read(&module).with_context(|| format!("{} cannot be read", module.display()))?;
    let sources = Sources::read(house, wasm)?;
    let optimiser = if release { optimise::find(house, progress)? } else { None };
    let seal = sources.seal(release, optimiser.is_some());
    let folder = house.site(release);
    if output::seal_of(&folder).as_deref() == Some(seal.as_str()) {
        progress.note("nothing has changed");
        return Ok(());
    }
    let bound = bind::bind(sources.wasm)?;
    let wasm = match optimiser {
        Some(tool) => optimise::run(&tool, &house.target, &bound.wasm)?,
        None => bound.wasm,
    };
    let mut files = sources.assets;
    files.push(File::new("provost.js", bound.js));
    files.push(File::new("provost.wasm", wasm));
    let style = css::minify(&sources.style);
    let quality = if release { Quality::Smallest } else { Quality::Quick };
    let sizes = output::write(&folder, files, &style, &seal, quality)?;
    for line in sizes {
        progress.note(&line);
    }
    Ok(())
}

fn compile(house: &House, toolchain: &Toolchain, release: bool) -> Result<PathBuf> {
    let profile = if release { "wasm" } else { "wasm-dev" };
    let mut cargo = house.cargo();
    cargo.args(["build", "--package", "frontend", "--lib", "--profile", profile]);
    toolchain.apply(&mut cargo);
    cargo.go()?;
    Ok(house.target.join(TARGET).join(profile).join("frontend.wasm"))
}

/// Everything the site is made from.
struct Sources {
    wasm: Vec<u8>,
    style: String,
    assets: Vec<File>,
}

impl Sources {
    fn read(house: &House, wasm: Vec<u8>) -> Result<Sources> {
        let mut assets = Vec::new();
        let folder = house.root.join("app/assets");
        if folder.is_dir() {
            collect(&folder, &folder, &mut assets)?;
        }
        assets.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Sources { wasm, style: css::bundle(&house.root.join("style/main.css"))?, assets })
    }

    /// A short text that differs whenever the site would.
    fn seal(&self, release: bool, optimised: bool) -> String {
        let recipe = format!("recipe 1, release {release}, optimised {optimised}");
        let mut parts = vec![recipe.as_bytes(), &self.wasm, self.style.as_bytes()];
        for file in &self.assets {
            parts.extend([file.name.as_bytes(), &file.content]);
        }
        output::digest(&parts)
    }
}

fn collect(folder: &Path, base: &Path, files: &mut Vec<File>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, base, files)?;
        } else {
            let name = path.strip_prefix(base)?.to_string_lossy().into_owned();
            files.push(File::new(&name, fs::read(&path)?));
        }
    }
    Ok(())
}
