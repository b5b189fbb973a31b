//! Pages of Provisioning Task Management (goals P1 and P3), on both databases. The figures come from the server's own bench, which proves
//! every answer right before it measures.

use super::{
    Table,
    table::{median, percentile},
};
use crate::house::House;
use crate::postgres::{Care, Cluster};
use crate::progress::{Progress, spoken};
use crate::run::Runs;
use anyhow::{Context, Result};
use serde_json::Value;
use std::time::Instant;

/// How many tasks, and how many of them outstanding, when nobody says.
const SHAPES: [(u32, u32); 5] =
    [(10_000, 10_000), (100_000, 100_000), (1_000_000, 1_000_000), (1_000_000, 200_000), (1_000_000, 1_000)];
/// Each kind of question, with what the middle and the 99th of a hundred may take in milliseconds.
const GOALS: [(&str, f64, f64); 5] = [
    ("sort", 2.0, 10.0),
    ("filter", 2.0, 10.0),
    ("pair", f64::INFINITY, 30.0),
    ("search", f64::INFINITY, 20.0),
    ("dashboard", f64::INFINITY, f64::INFINITY),
];

/// One page, as it was measured: the middle, the 95th and the 99th of a hundred, in milliseconds.
struct Measured {
    database: String,
    tasks: u64,
    outstanding: u64,
    group: String,
    name: String,
    rows: String,
    answer: [f64; 3],
    json: [f64; 3],
    html: [f64; 3],
    bare: [f64; 3],
}

/// Runs `cargo bench -p server --bench list` for each shape on each database; answers all pages, and what they come to.
pub fn measure(house: &House, shape: Option<(u32, u32)>, progress: &mut Progress) -> Result<Vec<Table>> {
    let mut all = Vec::new();
    for (tasks, outstanding) in shape.map_or(SHAPES.to_vec(), |shape| vec![shape]) {
        all.extend(run(house, (tasks, outstanding), None, progress)?);
        // A cluster of its own for each, so that nothing is left behind on the disk.
        if let Some(cluster) = Cluster::or_left_out(progress, Care::Durable) {
            all.extend(run(house, (tasks, outstanding), Some(&cluster), progress)?);
        }
    }
    Ok(vec![pages(&all), misses(&all), summary(&all)])
}

fn run(house: &House, shape: (u32, u32), cluster: Option<&Cluster>, progress: &Progress) -> Result<Vec<Measured>> {
    let (begun, database) = (Instant::now(), cluster.map_or("SQLite", |_| "PostgreSQL"));
    progress.note(&format!("{} tasks, {} outstanding, on {database}", shape.0, shape.1));
    let mut cargo = house.cargo();
    cargo.args(["bench", "--quiet", "--package", "server", "--bench", "list"]);
    cargo.env("PROVOST_BENCH_ROWS", shape.0.to_string()).env("PROVOST_BENCH_OUTSTANDING", shape.1.to_string());
    cargo.env_remove("PROVOST_TEST_POSTGRES").env_remove("CI");
    if let Some(cluster) = cluster {
        cargo.env("PROVOST_TEST_POSTGRES", cluster.address());
    }
    let said = cargo.answer()?;
    let measured = said.lines().filter(|line| line.starts_with('{')).map(read).collect();
    progress.note(&format!("made, proven and measured in {}", spoken(begun.elapsed())));
    measured
}

fn read(line: &str) -> Result<Measured> {
    let row: Value = serde_json::from_str(line).context("the bench did not print JSON")?;
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let figures = |name: &str| [0, 1, 2].map(|place| row[name][place].as_f64().unwrap_or(f64::NAN));
    let count = |name: &str| row[name].as_u64().unwrap_or_default();
    Ok(Measured {
        database: text("database"),
        tasks: count("tasks"),
        outstanding: count("outstanding"),
        group: text("group"),
        name: text("name"),
        rows: text("rows"),
        answer: figures("answer_ms"),
        json: figures("json_ms"),
        html: figures("html_ms"),
        bare: figures("bare_ms"),
    })
}

/// A figure as tables show it; one that there is not is a dash.
fn ms(figure: f64) -> String {
    if figure.is_finite() { format!("{figure:.2}") } else { "–".to_owned() }
}

/// Every page.
fn pages(all: &[Measured]) -> Table {
    let mut table = Table::new(
        "A page of Provisioning Task Management, p50 / p95 / p99 in milliseconds: the use case's answer, its server function as JSON, \
         the whole HTML page, and a bare axum handler of the same statements",
        &["database", "tasks", "outstanding", "what", "page", "rows", "answer", "JSON", "HTML", "bare"],
    );
    for page in all {
        table.row([
            page.database.clone(),
            page.tasks.to_string(),
            page.outstanding.to_string(),
            page.group.clone(),
            page.name.clone(),
            page.rows.clone(),
            page.answer.map(ms).join(" / "),
            page.json.map(ms).join(" / "),
            page.html.map(ms).join(" / "),
            page.bare.map(ms).join(" / "),
        ]);
    }
    table
}

/// The pages that miss their goal, as JSON.
fn misses(all: &[Measured]) -> Table {
    let mut table = Table::new(
        "Pages that miss their goal, as JSON in milliseconds (P1: p50 ≤ 2, p99 ≤ 10, pairs of filters p99 ≤ 30; P3: searches p99 ≤ 20)",
        &["database", "tasks", "outstanding", "what", "page", "rows", "p50", "p95", "p99"],
    );
    for page in all.iter().filter(|page| misses_goal(page)) {
        let [p50, p95, p99] = page.json.map(ms);
        let counts = [page.tasks.to_string(), page.outstanding.to_string()];
        let [tasks, outstanding] = counts;
        let words = (page.database.clone(), page.group.clone(), page.name.clone(), page.rows.clone());
        table.row([words.0, tasks, outstanding, words.1, words.2, words.3, p50, p95, p99]);
    }
    table
}

fn misses_goal(page: &Measured) -> bool {
    GOALS.iter().any(|(group, p50, p99)| page.group == *group && (page.json[0] > *p50 || page.json[2] > *p99))
}

/// What the pages of each kind come to, and how they grow from the smallest shape.
fn summary(all: &[Measured]) -> Table {
    let mut table = Table::new(
        "The same in short, in milliseconds: of each kind the middle p50 of all its pages, and the worst; how many times the bare handler \
         (P1: ≤ 3), and how many times the same page at the fewest tasks (P1: ≤ 1.3), in the middle",
        &[
            "database",
            "tasks",
            "outstanding",
            "what",
            "pages",
            "JSON p50",
            "worst p50",
            "worst p99",
            "HTML p50",
            "worst p99",
            "JSON ÷ bare",
            "÷ fewest tasks",
            "miss",
        ],
    );
    let mut shapes: Vec<(&str, u64, u64)> = Vec::new();
    for page in all {
        let shape = (page.database.as_str(), page.tasks, page.outstanding);
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }
    let first = |database: &str| shapes.iter().find(|shape| shape.0 == database).copied();
    for shape in &shapes {
        for (group, ..) in GOALS {
            let of = |shape: (&str, u64, u64)| -> Vec<&Measured> {
                let is =
                    |page: &&Measured| page.group == group && (page.database.as_str(), page.tasks, page.outstanding) == shape;
                all.iter().filter(is).collect()
            };
            let pages = of(*shape);
            let smallest = first(shape.0).map(of).unwrap_or_default();
            table.row(short(*shape, group, &pages, &smallest));
        }
    }
    table
}

fn short(shape: (&str, u64, u64), group: &str, pages: &[&Measured], smallest: &[&Measured]) -> [String; 13] {
    let column = |of: fn(&Measured) -> f64| pages.iter().map(|page| of(page)).collect::<Vec<f64>>();
    let middle = |figures: Vec<f64>| ms(median(figures));
    let worst = |figures: Vec<f64>| ms(percentile(&figures, 100));
    let grown = pages.iter().filter_map(|page| {
        let before = smallest.iter().find(|before| before.name == page.name)?;
        Some(page.json[0] / before.json[0])
    });
    [
        shape.0.to_owned(),
        shape.1.to_string(),
        shape.2.to_string(),
        group.to_owned(),
        pages.len().to_string(),
        middle(column(|page| page.json[0])),
        worst(column(|page| page.json[0])),
        worst(column(|page| page.json[2])),
        middle(column(|page| page.html[0])),
        worst(column(|page| page.html[2])),
        middle(column(|page| page.json[0] / page.bare[0])),
        middle(grown.collect()),
        pages.iter().filter(|page| misses_goal(page)).count().to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(group: &str, tasks: u64, json: [f64; 3]) -> Measured {
        let line = serde_json::json!({
            "database": "SQLite", "tasks": tasks, "outstanding": tasks, "group": group, "name": "one", "rows": "1",
            "answer_ms": json, "json_ms": json, "html_ms": json, "bare_ms": [0.5, 0.5, 0.5],
        });
        read(&line.to_string()).expect("a line as the bench prints it")
    }

    #[test]
    fn a_page_misses_by_its_own_goal() {
        assert!(misses_goal(&page("filter", 10, [2.1, 3.0, 4.0])));
        assert!(misses_goal(&page("sort", 10, [1.0, 3.0, 10.1])));
        assert!(!misses_goal(&page("pair", 10, [9.0, 20.0, 29.0])));
        assert!(misses_goal(&page("search", 10, [9.0, 20.0, 29.0])));
    }

    #[test]
    fn the_short_table_tells_growth_and_the_bare_handler() {
        let all = [page("sort", 10, [1.0, 1.0, 1.0]), page("sort", 1_000, [1.5, 2.0, 3.0])];
        let row = &summary(&all).rows[5];
        assert_eq!(row[..8], ["SQLite", "1000", "1000", "sort", "1", "1.50", "1.50", "3.00"]);
        assert_eq!(row[10..], ["3.00", "1.50", "0"]);
    }
}
