//! `cargo xtask bench`: what Provost is measured by. Each bench prints a table, and the same as JSON with `--json`.

mod bulk;
mod export;
mod filled;
mod http;
mod list;
mod provision;
mod running;
mod serve;
mod size;
mod start;
mod table;

use crate::args::{Asked, Bench};
use crate::house::House;
use crate::progress::Progress;
use crate::{build, server, site};
use anyhow::Result;
use table::Table;

/// Runs one bench, or all, on a release build.
pub fn perform(house: &House, asked: &Asked) -> Result<()> {
    let &Asked { which, rows, outstanding, json } = asked;
    let wanted = |bench| which.is_none_or(|one| one == bench);
    let mut progress = Progress::new(site::STEPS + server::STEPS + 7);
    let on_binary = [Bench::Size, Bench::Start, Bench::Serve, Bench::Export];
    if on_binary.into_iter().any(wanted) {
        build::both(house, true, &mut progress)?;
    }
    let mut tables = Vec::new();
    if wanted(Bench::Size) {
        progress.step("size", "what a first visit loads");
        tables.push(size::measure(house)?);
    }
    if wanted(Bench::Start) {
        progress.step("start", "from exec to the first page, and memory at rest");
        tables.push(start::measure(house, rows)?);
    }
    if wanted(Bench::Provision) {
        progress.step("provision", "one act of Provision beside the raw insert of the same rows, on both databases");
        tables.push(provision::measure(house, rows, &mut progress)?);
    }
    if wanted(Bench::List) {
        progress.step("list", "pages of Provisioning Task Management, on both databases");
        let shape = rows.map(|rows| (rows, outstanding.unwrap_or(rows).min(rows)));
        tables.extend(list::measure(house, shape, &mut progress)?);
    }
    if wanted(Bench::Bulk) {
        progress.step("bulk", "acts over ten thousand enrollments, on both databases");
        tables.push(bulk::measure(house, &mut progress)?);
    }
    let many = rows.unwrap_or(100_000);
    if wanted(Bench::Serve) {
        progress.step("serve", "fifty operators at work while mail drains");
        tables.push(serve::measure(house, many)?);
    }
    if wanted(Bench::Export) {
        progress.step("export", "every enrollment as CSV");
        tables.push(export::measure(house, many)?);
    }
    for table in &tables {
        table.print(json);
    }
    Ok(())
}
