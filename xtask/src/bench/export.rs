//! The export of every enrollment as CSV (goal P12), beside `sqlite3 -csv` with the same joins.

use super::{Table, filled::Filled};
use crate::house::House;
use anyhow::{Context, Result, ensure};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The same rows, plainly.
const PLAIN: &str =
    "select u.user_id, u.first_name, u.last_name, e.task, t.operator_name, e.emailed_to, e.stop_on, e.start_on, e.type,
    e.serial, e.mail_state, e.locked_at, e.completed_at, e.removed_at, e.link_opened_at, e.started_at
    from enrollments e join tasks t on t.number = e.task join users u on u.id = e.person order by e.start_on desc, e.id desc";

/// Exports the enrollments of `rows` tasks.
pub fn measure(house: &House, rows: u32) -> Result<Table> {
    let mut filled = Filled::new(house, "export", rows, 1)?;
    let line = filled.lines.first_mut().context("nobody is signed in")?;
    // The first page of the list warms what any operator's day warms.
    line.get("/reports/enrollments")?;
    let before = filled.server.resident()?;
    let (mut most, mut lines, mut bytes, mut last) = (before, 0usize, 0usize, Instant::now());
    let server = &filled.server;
    let answer = line.stream("/reports/enrollments/export?format=csv", |part| {
        lines += part.iter().filter(|byte| **byte == b'\n').count();
        bytes += part.len();
        if last.elapsed().as_millis() > 20 {
            last = Instant::now();
            most = server.resident().map_or(most, |now| now.max(most));
        }
    })?;
    ensure!(answer.status == 200, "the export answered {}", answer.status);
    let begun = Instant::now();
    let mut plain = Command::new("sqlite3");
    plain.args(["-csv", "-readonly"]).arg(filled.folder.join("provost.db")).arg(PLAIN).stdout(Stdio::null());
    let plain = plain.status().is_ok_and(|status| status.success()).then(|| begun.elapsed().as_secs_f64());
    let seconds = answer.all.as_secs_f64();
    let mut table = Table::new(
        "Every enrollment as CSV, over HTTP, SQLite (P12: first byte ≤ 50 ms, ≤ 16 MB more memory, ≤ 2 × sqlite3 -csv)",
        &["tasks", "rows", "MB", "first byte ms", "all s", "more memory MB", "sqlite3 -csv s", "ratio"],
    );
    table.row([
        rows.to_string(),
        lines.saturating_sub(1).to_string(),
        format!("{:.0}", bytes as f64 / 1_000_000.0),
        format!("{:.1}", answer.first.as_secs_f64() * 1000.0),
        format!("{seconds:.1}"),
        format!("{:.1}", most - before),
        plain.map_or("not installed".to_owned(), |plain| format!("{plain:.1}")),
        plain.map_or(String::new(), |plain| format!("{:.2}", seconds / plain)),
    ]);
    Ok(table)
}
