//! From exec to the first page, and the memory a server holds at rest (goals P7, P8), on a fresh SQLite database or beside many tasks.

use super::{Table, filled, running::Running, table::median};
use crate::house::House;
use anyhow::Result;
use std::path::Path;
use std::time::Duration;

const ROUNDS: usize = 11;
/// How long a server has had nothing to do when it is at rest.
const REST: Duration = Duration::from_secs(3);

/// Starts the release server some times and takes the middle.
pub fn measure(house: &House, rows: Option<u32>) -> Result<Table> {
    let folder = filled::folder(house, "start")?;
    let database = match rows {
        Some(rows) => {
            filled::fill(house, rows, &filled::sqlite(&folder))?;
            format!("{rows} tasks on SQLite")
        }
        None => "fresh SQLite database".to_owned(),
    };
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    // The first start makes the database; it is not counted.
    for round in 0..=ROUNDS {
        let (time, resident) = start_once(&house.binary(true), &folder)?;
        if round > 0 {
            times.push(time);
            memory.push(resident);
        }
    }
    std::fs::remove_dir_all(&folder)?;
    let mut table =
        Table::new(&format!("One server at rest, {database} (P7: ≤ 30 MB idle, P8: ≤ 100 ms)"), &["figure", "median", "worst"]);
    table.row(["exec to the first 200, ms".to_owned(), format!("{:.1}", median(times.clone())), worst(&times)]);
    table.row([
        "resident memory three seconds after that page, MB".to_owned(),
        format!("{:.1}", median(memory.clone())),
        worst(&memory),
    ]);
    Ok(table)
}

/// Milliseconds until `/login` answered 200, and resident megabytes at rest after it.
fn start_once(binary: &Path, folder: &Path) -> Result<(f64, f64)> {
    let (server, time) = Running::start(binary, folder)?;
    std::thread::sleep(REST);
    Ok((time.as_secs_f64() * 1000.0, server.resident()?))
}

fn worst(figures: &[f64]) -> String {
    format!("{:.1}", figures.iter().copied().fold(0.0, f64::max))
}
