//! One act of Provision until it is durable (goal P4). The figures come from the service's own bench, which this runs on both databases.

use super::{Table, filled};
use crate::house::House;
use crate::postgres::{Care, Cluster};
use crate::progress::Progress;
use crate::run::Runs;
use anyhow::{Context, Result};

/// Runs `cargo bench -p service --bench provision` and reads the rows it prints as JSON; in databases of that many tasks, or in empty ones.
pub fn measure(house: &House, rows: Option<u32>, progress: &mut Progress) -> Result<Table> {
    let cluster = Cluster::or_left_out(progress, Care::Durable);
    let mut cargo = house.cargo();
    cargo.args(["bench", "--quiet", "--package", "service", "--bench", "provision"]);
    let folder = filled::folder(house, "provision")?;
    let mut urls = vec![("PROVOST_BENCH_SQLITE", filled::sqlite(&folder))];
    urls.extend(cluster.as_ref().map(|cluster| ("PROVOST_BENCH_POSTGRES", cluster.address())));
    for (name, url) in urls {
        if let Some(rows) = rows {
            filled::fill(house, rows, &url)?;
        }
        cargo.env(name, url);
    }
    let among = rows.map_or(String::new(), |rows| format!(" among {rows} tasks"));
    let mut table = Table::new(
        &format!(
            "Provision until durable{among}, beside the raw insert of the same rows (P4: ≤ 1.5×; 1 user ≤ 10 ms, 10,000 users ≤ 700 ms)"
        ),
        &["database", "users", "Provision ms", "raw insert ms", "ratio"],
    );
    let said = cargo.answer()?;
    std::fs::remove_dir_all(&folder)?;
    for line in said.lines().filter(|line| line.starts_with('{')) {
        let row: serde_json::Value = serde_json::from_str(line).context("the bench did not print JSON")?;
        let number = |name: &str| row[name].as_f64().unwrap_or_default();
        let (act, raw) = (number("provision_ms"), number("raw_ms"));
        let database = row["database"].as_str().unwrap_or_default().to_owned();
        let users = format!("{:.0}", number("users"));
        table.row([database, users, format!("{act:.1}"), format!("{raw:.1}"), format!("{:.2}", act / raw)]);
    }
    Ok(table)
}
