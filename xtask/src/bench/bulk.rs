//! Acts over ten thousand enrollments: the dry run, and the run. The figures come from the service's own bench, which this runs on both
//! databases.

use super::Table;
use crate::house::House;
use crate::postgres::{Care, Cluster};
use crate::progress::Progress;
use crate::run::Runs;
use anyhow::{Context, Result};

/// Runs `cargo bench -p service --bench bulk` and reads the rows it prints as JSON.
pub fn measure(house: &House, progress: &mut Progress) -> Result<Table> {
    let mut cargo = house.cargo();
    cargo.args(["bench", "--quiet", "--package", "service", "--bench", "bulk"]);
    cargo.env_remove("PROVOST_TEST_POSTGRES").env_remove("CI");
    let cluster = Cluster::or_left_out(progress, Care::Durable);
    if let Some(cluster) = &cluster {
        cargo.env("PROVOST_TEST_POSTGRES", cluster.address());
    }
    let mut table = Table::new(
        "Acts over 10,000 enrollments, in seconds: the dry run, and the run until every row is done and durable",
        &["database", "act", "enrollments", "dry run", "run"],
    );
    for line in cargo.answer()?.lines().filter(|line| line.starts_with('{')) {
        let row: serde_json::Value = serde_json::from_str(line).context("the bench did not print JSON")?;
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let seconds = |name: &str| format!("{:.2}", row[name].as_f64().unwrap_or_default() / 1000.0);
        table.row([text("database"), text("act"), row["enrollments"].to_string(), seconds("dry_run_ms"), seconds("run_ms")]);
    }
    Ok(table)
}
