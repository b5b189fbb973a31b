//! What a first visit loads (goal P9): the files of the release site as they cross the wire.

use super::Table;
use crate::house::House;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// The files a page loads, by their logical names.
const LOADED: [&str; 5] = ["provost.wasm", "provost.js", "main.css", "icons.svg", "favicon.svg"];

/// Reads the manifest of the release site and weighs each file.
pub fn measure(house: &House) -> Result<Table> {
    let folder = house.site(true);
    let text = fs::read_to_string(folder.join("manifest.json")).context("the release site has no manifest")?;
    let manifest: serde_json::Value = serde_json::from_str(&text)?;
    let mut table =
        Table::new("What a first visit loads (P9: wasm + JS ≤ 150 kB, all ≤ 250 kB)", &["file", "plain kB", "brotli kB"]);
    let (mut plain, mut packed, mut code) = (0, 0, 0);
    for name in LOADED {
        let Some(file) = manifest[name].as_str() else { continue };
        let (whole, small) = weigh(&folder.join(file))?;
        plain += whole;
        packed += small;
        code += if name.starts_with("provost.") { small } else { 0 };
        table.row([name.to_owned(), kilo(whole), kilo(small)]);
    }
    table.row(["wasm + JS".to_owned(), String::new(), kilo(code)]);
    table.row(["all".to_owned(), kilo(plain), kilo(packed)]);
    Ok(table)
}

/// The size of a file, and of what is sent in its place to a browser that knows brotli.
fn weigh(file: &Path) -> Result<(u64, u64)> {
    let whole = fs::metadata(file).with_context(|| format!("{} is missing", file.display()))?.len();
    let mut packed = file.as_os_str().to_owned();
    packed.push(".br");
    Ok((whole, fs::metadata(packed).map_or(whole, |facts| facts.len())))
}

fn kilo(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1000.0)
}
