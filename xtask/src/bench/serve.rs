//! Fifty operators at work (goals P6 and P7): four fifths of what they ask for are pages of the list, 15 in 100 a task or a user, and 5 in
//! 100 change something; while the mail of ten thousand users drains.

use super::{Table, filled::Filled, filled::key_of, http::Line, table::percentile};
use crate::house::House;
use anyhow::{Result, ensure};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const OPERATORS: usize = 50;
const PEOPLE: usize = 10_000;
const WHILE: Duration = Duration::from_secs(20);
const LISTS: [&str; 8] = [
    "",
    "?sort=stop",
    "?sort=-progress",
    "?sort=emailed_to",
    "?has_locked=1",
    "?operator=r.rare",
    "?search=yamada",
    "?sort=-count&size=50",
];

/// What was asked, and how long each took in milliseconds.
#[derive(Default)]
struct Asked {
    list: Vec<f64>,
    detail: Vec<f64>,
    change: Vec<f64>,
    failed: usize,
}

/// Runs it on a database of `rows` tasks.
pub fn measure(house: &House, rows: u32) -> Result<Table> {
    let mut filled = Filled::new(house, "serve", rows, OPERATORS)?;
    let idle = filled.server.resident()?;
    // As many users as there are, a fifth of the tasks.
    let people = PEOPLE.min(rows as usize / 5);
    if let Some(line) = filled.lines.first_mut() {
        provision(line, people)?;
    }
    let before = sent(&filled);
    let (over, begun) = (Arc::new(AtomicBool::new(false)), Instant::now());
    let workers: Vec<_> = std::mem::take(&mut filled.lines)
        .into_iter()
        .enumerate()
        .map(|(number, line)| {
            let over = over.clone();
            std::thread::spawn(move || work(line, number, rows, &over))
        })
        .collect();
    std::thread::sleep(WHILE);
    over.store(true, Ordering::Relaxed);
    let mut all = Asked::default();
    for worker in workers {
        let one = worker.join().map_err(|_| anyhow::anyhow!("a worker broke off"))??;
        all.list.extend(one.list);
        all.detail.extend(one.detail);
        all.change.extend(one.change);
        all.failed += one.failed;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let mut table = Table::new(
        &format!(
            "{OPERATORS} operators on {rows} tasks, SQLite, client and server on the same cores (P6: ≥ 2,000/s, p99 ≤ 50 ms; P7: ≤ 60 MB)"
        ),
        &["what", "requests/s", "p50 ms", "p95 ms", "p99 ms"],
    );
    for (name, figures) in [("list pages", all.list), ("a task or a user", all.detail), ("changes", all.change)] {
        let at = |part| format!("{:.1}", percentile(&figures, part));
        table.row([name.to_owned(), format!("{:.0}", figures.len() as f64 / seconds), at(50), at(95), at(99)]);
    }
    let notes = [
        format!("failed: {}", all.failed),
        format!("mails sent meanwhile: {} of {}", sent(&filled) - before, people - before),
        format!("resident MB: {idle:.0} once signed in, {:.0} after the load", filled.server.resident()?),
    ];
    for note in notes {
        table.row([note, String::new(), String::new(), String::new(), String::new()]);
    }
    Ok(table)
}

/// One operator until it is over.
fn work(mut line: Line, number: usize, rows: u32, over: &AtomicBool) -> Result<Asked> {
    let mut asked = Asked::default();
    let mut turn = number * 7;
    while !over.load(Ordering::Relaxed) {
        turn += 1;
        let answer = match turn % 20 {
            0 => change(&mut line, &mut asked, &format!("new{number}x{turn}"))?,
            1..=3 => {
                let row = (turn * 7919) % rows as usize + 1;
                let path =
                    if turn.is_multiple_of(2) { format!("/users/{}", row / 5 + 1) } else { format!("/provisioning-tasks/{row}") };
                let answer = line.get(&path)?;
                asked.detail.push(millis(answer.all));
                answer.status
            }
            _ => {
                let answer = line.get(&format!("/provisioning-tasks{}", LISTS[turn % LISTS.len()]))?;
                asked.list.push(millis(answer.all));
                answer.status
            }
        };
        asked.failed += usize::from(answer >= 400);
    }
    Ok(asked)
}

/// Adds a user: the form, and the form sent.
fn change(line: &mut Line, asked: &mut Asked, user_id: &str) -> Result<u16> {
    let form = line.get("/users/new")?;
    let key = key_of(&form.text())?;
    let email = format!("{user_id}@contoso.example");
    let fields = [("user_id", user_id), ("last_name", "Bench"), ("email", &*email), ("key", &*key)];
    let answer = line.post("/users/new", &fields)?;
    asked.change.push(millis(answer.all));
    Ok(answer.status)
}

/// Pastes that many users and provisions an authenticator app to them, those overridden who have an open enrollment.
fn provision(line: &mut Line, people: usize) -> Result<()> {
    let key = key_of(&line.get("/users/paste")?.text())?;
    let user_ids: Vec<String> = (1..=people).map(|number| format!("p{number}")).collect();
    let pasted = line.post("/users/paste", &[("user_ids", &user_ids.join("\n")), ("key", &key)])?;
    let selection =
        pasted.location.split("selection=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default().to_owned();
    ensure!(!selection.is_empty(), "nothing was selected: {} {}", pasted.status, pasted.location);
    let choices = format!("selection={selection}&kind=app&over=has_open&over=has_type");
    let key = key_of(&line.get(&format!("/provision/review?{choices}"))?.text())?;
    let over = [("over", "has_open"), ("over", "has_type")];
    let fields = [("selection", &*selection), ("kind", "app"), ("key", &*key)];
    let done = line.post("/provision/review", &[fields.as_slice(), over.as_slice()].concat())?;
    ensure!(done.status == 303, "Provision answered {}", done.status);
    Ok(())
}

/// How many mails are out, from the folder they go to.
fn sent(filled: &Filled) -> usize {
    std::fs::read_dir(filled.folder.join("mail")).map_or(0, Iterator::count)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
