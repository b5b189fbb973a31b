//! Every Rust file says at its top what it is for, and stays short enough to be read in one go.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

const LONGEST: usize = 450;

/// One sentence for each file that breaks the rule; `folders` are searched with all that is in them.
pub fn check(root: &Path, folders: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in folders {
        walk(&root.join(folder), root, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            if !path.ends_with("target") {
                walk(&path, root, found)?;
            }
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            found.extend(complaint(&name, &fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

fn complaint(name: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    if !text.starts_with("//! ") {
        return Some(format!("{name} does not open with `//!` and a sentence that says what it is for"));
    }
    (lines > LONGEST).then(|| format!("{name} has {lines} lines; the most is {LONGEST}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_does_not_introduce_itself_is_named() {
        assert!(complaint("a.rs", "use std::fs;\n").is_some_and(|sentence| sentence.starts_with("a.rs")));
        assert_eq!(complaint("a.rs", "//! Files.\n"), None);
    }

    #[test]
    fn a_file_too_long_to_read_in_one_go_is_named() {
        let text = |lines: usize| format!("//! Files.\n{}", "\n".repeat(lines - 1));
        assert_eq!(complaint("a.rs", &text(LONGEST)), None);
        assert!(complaint("a.rs", &text(LONGEST + 1)).is_some());
    }
}
