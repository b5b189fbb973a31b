//! Files as the server hands them out: named after their content, so that a browser may keep each for ever, with a
//! brotli and a gzip copy beside them and a manifest that leads from the plain name to the real one.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The name of the manifest in the site's folder: a JSON object from plain name to file name.
pub const MANIFEST: &str = "manifest.json";
const SEAL: &str = "seal.txt";

/// A file before it is named.
pub struct File {
    /// Its plain name, with folders separated by `/`.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl File {
    /// A file of that name and content.
    pub fn new(name: &str, content: Vec<u8>) -> File {
        File { name: name.to_owned(), content }
    }
}

/// How hard to compress.
#[derive(Clone, Copy)]
pub enum Quality {
    /// For a release: takes seconds.
    Smallest,
    /// For demo and tests.
    Quick,
}

/// SHA-256 over the parts, each with its length before it, in hexadecimal.
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The seal of the site that lies in `folder`, if one does.
pub fn seal_of(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join(SEAL)).ok()
}

/// Writes the site beside `folder` and puts it in place whole; returns a line about the size of what weighs most.
pub fn write(folder: &Path, files: Vec<File>, style: &str, seal: &str, quality: Quality) -> Result<Vec<String>> {
    let work = folder.with_extension(format!("unfinished-{}", std::process::id()));
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    fs::create_dir_all(&work).with_context(|| format!("{} cannot be made", work.display()))?;
    let mut manifest: BTreeMap<String, String> =
        files.iter().map(|file| (file.name.clone(), hashed(&file.name, &file.content))).collect();
    let style = link(style, &manifest);
    manifest.insert("main.css".into(), hashed("main.css", style.as_bytes()));
    let mut lines = Vec::new();
    for file in files.into_iter().chain([File::new("main.css", style.into_bytes())]) {
        let Some(name) = manifest.get(&file.name) else { continue };
        let packed = write_one(&work.join(name), &file.content, quality)?;
        if !file.name.contains('/') && ["js", "wasm", "css"].iter().any(|kind| file.name.ends_with(kind)) {
            let kilo = |bytes: usize| (bytes + 500) / 1000;
            lines.push(format!("{}: {} kB, {} kB in brotli", file.name, kilo(file.content.len()), kilo(packed)));
        }
    }
    fs::write(work.join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
    fs::write(work.join(SEAL), seal)?;
    put_in_place(&work, folder)?;
    Ok(lines)
}

/// `icons.svg` → `icons.1f0c….svg`; the folder part stays.
fn hashed(name: &str, content: &[u8]) -> String {
    let mark = &digest(&[content])[..16];
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let file = match file.rsplit_once('.') {
        Some((stem, kind)) => format!("{stem}.{mark}.{kind}"),
        None => format!("{file}.{mark}"),
    };
    if folder.is_empty() { file } else { format!("{folder}/{file}") }
}

/// Leads `url(icons.svg)` in the styles to the file's real name.
fn link(style: &str, manifest: &BTreeMap<String, String>) -> String {
    let mut linked = style.to_owned();
    for (plain, real) in manifest {
        for quote in ["", "\"", "'"] {
            let (from, to) = (format!("url({quote}{plain}"), format!("url({quote}{real}"));
            linked = linked.replace(&from, &to);
        }
    }
    linked
}

/// Returns the size of the brotli copy, or of the file itself where compressing gains nothing.
fn write_one(path: &Path, content: &[u8], quality: Quality) -> Result<usize> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content).with_context(|| format!("{} cannot be written", path.display()))?;
    let packed = brotli(content, quality)?;
    let mut size = content.len();
    if packed.len() < content.len() {
        size = packed.len();
        fs::write(beside(path, "br"), packed)?;
    }
    let packed = gzip(content, quality)?;
    if packed.len() < content.len() {
        fs::write(beside(path, "gz"), packed)?;
    }
    Ok(size)
}

fn beside(path: &Path, kind: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(kind);
    name.into()
}

fn brotli(content: &[u8], quality: Quality) -> Result<Vec<u8>> {
    let level = match quality {
        Quality::Smallest => 11,
        Quality::Quick => 5,
    };
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, level, 24);
    writer.write_all(content)?;
    drop(writer);
    Ok(packed)
}

fn gzip(content: &[u8], quality: Quality) -> Result<Vec<u8>> {
    let level = match quality {
        Quality::Smallest => flate2::Compression::best(),
        Quality::Quick => flate2::Compression::fast(),
    };
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
    writer.write_all(content)?;
    Ok(writer.finish()?)
}

fn put_in_place(work: &Path, folder: &Path) -> Result<()> {
    let old = folder.with_extension(format!("old-{}", std::process::id()));
    if folder.exists() {
        fs::rename(folder, &old)?;
    }
    fs::rename(work, folder).with_context(|| format!("{} cannot be put in place", folder.display()))?;
    if old.exists() {
        fs::remove_dir_all(&old)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_exactly_when_the_content_does() {
        assert_eq!(hashed("a.css", b"one"), hashed("a.css", b"one"));
        assert_ne!(hashed("a.css", b"one"), hashed("a.css", b"two"));
    }

    #[test]
    fn folder_and_kind_survive_the_naming() {
        let name = hashed("fonts/inter.woff2", b"x");
        assert!(name.starts_with("fonts/inter.") && name.ends_with(".woff2"), "{name}");
    }

    #[test]
    fn parts_that_touch_differently_have_different_digests() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }

    #[test]
    fn styles_are_led_to_the_real_names() {
        let manifest = BTreeMap::from([("icons.svg".to_owned(), "icons.77.svg".to_owned())]);
        let linked = link("a{b:url(\"icons.svg#x\") url(icons.svg)}", &manifest);
        assert_eq!(linked, "a{b:url(\"icons.77.svg#x\") url(icons.77.svg)}");
    }

    #[test]
    fn the_manifest_leads_to_every_file_and_its_compressed_copies() -> Result<()> {
        let base = std::env::temp_dir().join(format!("xtask-site-{}", std::process::id()));
        let folder = base.join("site");
        let script = "let a = 1;\n".repeat(200);
        let files = vec![File::new("provost.js", script.clone().into_bytes())];
        write(&folder, files, "a{}", "seal 1", Quality::Quick)?;
        let manifest: BTreeMap<String, String> = serde_json::from_slice(&fs::read(folder.join(MANIFEST))?)?;
        let name = &manifest["provost.js"];
        assert_eq!(fs::read_to_string(folder.join(name))?, script);
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut fs::read(folder.join(format!("{name}.br")))?.as_slice(), &mut unpacked)?;
        assert_eq!(unpacked, script.as_bytes());
        assert!(folder.join(format!("{name}.gz")).is_file());
        assert_eq!(seal_of(&folder).as_deref(), Some("seal 1"));
        fs::remove_dir_all(&base)?;
        Ok(())
    }
}
