//! `cargo xtask build` and `cargo xtask site`.

use crate::house::House;
use crate::progress::{Progress, spoken};
use crate::{server, site};
use anyhow::Result;

/// Builds site and server and says where the binary lies.
pub fn perform(house: &House, release: bool) -> Result<()> {
    let mut progress = Progress::new(site::STEPS + server::STEPS);
    both(house, release, &mut progress)?;
    let binary = house.binary(release);
    println!("built {} in {}", house.short(&binary), total(progress));
    Ok(())
}

/// Builds the site, then the server that shows or embeds it.
pub fn both(house: &House, release: bool, progress: &mut Progress) -> Result<()> {
    site::build(house, release, progress)?;
    server::build(house, release, progress)
}

/// Builds the site alone.
pub fn site_only(house: &House, release: bool) -> Result<()> {
    let mut progress = Progress::new(site::STEPS);
    site::build(house, release, &mut progress)?;
    let folder = house.site(release);
    println!("built {} in {}", house.short(&folder), total(progress));
    Ok(())
}

fn total(progress: Progress) -> String {
    spoken(progress.finish().0.iter().map(|(_, time)| *time).sum())
}
