//! One act of Provision until it is durable (goal P4). The figures come from the service's own bench, which this runs on both databases.

use super::Table;
use crate::house::House;
use crate::postgres::{Care, Cluster};
use crate::progress::Progress;
use crate::run::Runs;
use anyhow::{Context, Result};

/// Runs `cargo bench -p service --bench provision` and reads the rows it prints as JSON.
pub fn measure(house: &House, progress: &mut Progress) -> Result<Table> {
    let cluster = match Cluster::start(progress, Care::Durable) {
        Ok(cluster) => Some(cluster),
        Err(reason) => {
            progress.leave_out(&format!("PostgreSQL; {reason:#}"));
            None
        }
    };
    let mut cargo = house.cargo();
    cargo.args(["bench", "--quiet", "--package", "service", "--bench", "provision"]);
    if let Some(cluster) = &cluster {
        cargo.env("PROVOST_TEST_POSTGRES", cluster.address());
    }
    let mut table = Table::new(
        "Provision until durable, beside the raw insert of the same rows (P4: ≤ 1.5×; 1 user ≤ 10 ms, 10,000 users ≤ 700 ms)",
        &["database", "users", "Provision ms", "raw insert ms", "ratio"],
    );
    for line in cargo.answer()?.lines().filter(|line| line.starts_with('{')) {
        let row: serde_json::Value = serde_json::from_str(line).context("the bench did not print JSON")?;
        let number = |name: &str| row[name].as_f64().unwrap_or_default();
        let (act, raw) = (number("provision_ms"), number("raw_ms"));
        let database = row["database"].as_str().unwrap_or_default().to_owned();
        let users = format!("{:.0}", number("users"));
        table.row([database, users, format!("{act:.1}"), format!("{raw:.1}"), format!("{:.2}", act / raw)]);
    }
    Ok(table)
}
