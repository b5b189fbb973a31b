//! Pages of Provisioning Task Management (goals P1 and P2). The figures come from the server's own bench, which proves every answer right
//! before it measures.

use super::Table;
use crate::house::House;
use crate::run::Runs;
use anyhow::{Context, Result};
use serde_json::Value;

/// How many tasks, when nobody says.
const ROWS: [u32; 2] = [10_000, 100_000];

/// Runs `cargo bench -p server --bench list` for each number of tasks and reads the rows it prints as JSON.
pub fn measure(house: &House, rows: Option<u32>) -> Result<Table> {
    let mut table = Table::new(
        "A page of Provisioning Task Management on SQLite, in milliseconds: the use case's answer, and the whole HTML page",
        &["tasks", "what", "page", "answer p50", "p95", "p99", "HTML p50", "HTML p95", "HTML p99"],
    );
    for count in rows.map_or(ROWS.to_vec(), |rows| vec![rows]) {
        let mut cargo = house.cargo();
        cargo.args(["bench", "--quiet", "--package", "server", "--bench", "list"]);
        cargo.env("PROVOST_BENCH_ROWS", count.to_string());
        for line in cargo.answer()?.lines().filter(|line| line.starts_with('{')) {
            let row: Value = serde_json::from_str(line).context("the bench did not print JSON")?;
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let figure = |of: &str, place: usize| format!("{:.2}", row[of][place].as_f64().unwrap_or_default());
            let [a50, a95, a99] = [0, 1, 2].map(|place| figure("answer_ms", place));
            let [p50, p95, p99] = [0, 1, 2].map(|place| figure("page_ms", place));
            table.row([count.to_string(), text("group"), text("name"), a50, a95, a99, p50, p95, p99]);
        }
    }
    Ok(table)
}
