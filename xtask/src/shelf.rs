//! Things that are made once and kept in the user's cache. Each is made beside its place and moved there whole, so
//! that an interrupted run leaves nothing half made.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

const UNFINISHED: &str = "unfinished-";

/// Calls `make` with an empty folder and puts that folder at `place`, unless `place` is there already.
pub fn keep(place: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if place.is_dir() {
        return Ok(());
    }
    let shelf = place.parent().context("a place in the cache has a folder around it")?;
    fs::create_dir_all(shelf).with_context(|| format!("{} cannot be made", shelf.display()))?;
    sweep(shelf)?;
    let work = shelf.join(format!("{UNFINISHED}{}", std::process::id()));
    fs::create_dir(&work)?;
    let outcome = make(&work).and_then(|()| Ok(fs::rename(&work, place)?));
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    // Another run may have been first; its work is as good as ours.
    if place.is_dir() { Ok(()) } else { outcome }
}

/// Removes what runs left behind that are no longer alive.
fn sweep(shelf: &Path) -> Result<()> {
    for entry in fs::read_dir(shelf)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED)) else { continue };
        let alive = process != std::process::id().to_string() && Path::new("/proc").join(process).exists();
        if !alive {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn shelf(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("xtask-shelf-{name}-{}", std::process::id()))
    }

    #[test]
    fn what_is_made_is_kept_and_not_made_again() -> Result<()> {
        let shelf = shelf("kept");
        let place = shelf.join("thing");
        keep(&place, |work| Ok(fs::write(work.join("a"), "1")?))?;
        keep(&place, |_| anyhow::bail!("it was made a second time"))?;
        assert_eq!(fs::read_to_string(place.join("a"))?, "1");
        Ok(fs::remove_dir_all(shelf)?)
    }

    #[test]
    fn a_failure_leaves_nothing_behind() -> Result<()> {
        let shelf = shelf("failed");
        let outcome = keep(&shelf.join("thing"), |work| {
            fs::write(work.join("half"), "1")?;
            anyhow::bail!("the disk is full")
        });
        assert!(outcome.is_err());
        assert_eq!(fs::read_dir(&shelf)?.count(), 0);
        Ok(fs::remove_dir_all(shelf)?)
    }

    #[test]
    fn the_remains_of_a_killed_run_are_swept_away() -> Result<()> {
        let shelf = shelf("swept");
        // Process numbers on Linux end at 2^22.
        fs::create_dir_all(shelf.join("unfinished-4194305"))?;
        keep(&shelf.join("thing"), |_| Ok(()))?;
        assert!(!shelf.join("unfinished-4194305").exists());
        Ok(fs::remove_dir_all(shelf)?)
    }
}
