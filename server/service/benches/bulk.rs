//! How long acts over many enrollments take: the dry run, from **Next** to its page, and the run, from **Confirm** until every row is done
//! and durable. Each line it prints is JSON. `PROVOST_BENCH_BULK=100` makes it a hundred enrollments instead of ten thousand.
//!
//! One node runs the act and nobody else is at work: what it takes beside others is another question.

#![allow(clippy::print_stdout, reason = "a bench answers on standard output")]
#![allow(missing_docs)]

mod stage;

use model::{
    bulk::{BulkAct, BulkConfirmForm, BulkConsole, BulkForm, BulkQuery, BulkState},
    console::Console,
    forms::SelectForm,
};
use stage::{Bench, Outcome, median, runtime};
use std::time::Instant;
use store::{Db, testing};

/// How many enrollments an act is over.
const ROWS: usize = 10_000;
/// How often each act is measured, on other people each time.
const ROUNDS: usize = 3;
/// In the order in which they are done to the same people.
const ACTS: [BulkAct; 3] = [BulkAct::Resend, BulkAct::StopDate, BulkAct::Remove];

fn main() -> Outcome<()> {
    let rows = match std::env::var("PROVOST_BENCH_BULK") {
        Ok(rows) => rows.parse()?,
        Err(_) => ROWS,
    };
    runtime()?.block_on(async {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("bench.db").display());
        measure("SQLite", Db::open(&url).await?, rows).await?;
        if let Some(scratch) = testing::postgres().await? {
            measure("PostgreSQL", scratch.db.clone(), rows).await?;
            scratch.drop().await?;
        }
        Ok(())
    })
}

async fn measure(database: &str, db: Db, rows: usize) -> Outcome<()> {
    let bench = Bench::new(db, ROUNDS * rows).await?;
    let mut times = ACTS.map(|act| (act, Vec::new(), Vec::new()));
    for round in 0..ROUNDS {
        let (task, _) = bench.provision(round * rows..(round + 1) * rows).await?;
        for (act, dry_runs, runs) in &mut times {
            let (id, dry_run) = plan(&bench, *act, task).await?;
            dry_runs.push(dry_run);
            runs.push(run(&bench, id, rows).await?);
        }
    }
    for (act, dry_runs, runs) in times {
        let (act, dry_run, run) = (act.code(), median(dry_runs), median(runs));
        println!(
            "{{\"database\":\"{database}\",\"act\":\"{act}\",\"enrollments\":{rows},\"dry_run_ms\":{dry_run:.3},\"run_ms\":{run:.3}}}"
        );
    }
    Ok(())
}

/// The dry run of an act over a task, and its milliseconds.
async fn plan(bench: &Bench, act: BulkAct, task: i64) -> Outcome<(i64, f64)> {
    let service = &bench.service;
    let rows = vec![task.to_string()];
    let ticked = SelectForm { shown: rows.clone(), select: rows, act: "keep".to_owned(), ..SelectForm::default() };
    let selection = service.select_tasks(&bench.by, &ticked).await?.selection.ok_or("nothing is selected")?;
    let stop_on = match act {
        BulkAct::StopDate => service.bulk_choice(&bench.by, act, &selection).await?.policy_stop.plus(1).iso(),
        _ => String::new(),
    };
    let key = service.form_key();
    let form = BulkForm { act: act.code().to_owned(), selection, stop_on, key, ..BulkForm::default() };
    let begun = Instant::now();
    let id = service.plan_bulk(&bench.by, &form).await?;
    service.bulk_act(&bench.by, id, BulkQuery::default()).await?;
    Ok((id, begun.elapsed().as_secs_f64() * 1000.0))
}

/// The milliseconds of its run.
async fn run(bench: &Bench, id: i64, rows: usize) -> Outcome<f64> {
    let service = &bench.service;
    let form = BulkConfirmForm { count: rows.to_string(), key: service.form_key() };
    let begun = Instant::now();
    service.confirm_bulk(&bench.by, id, &form).await?;
    while service.run_bulk().await? {}
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    let end = service.bulk_act(&bench.by, id, BulkQuery::default()).await?;
    match (end.act.state, end.done == rows as i64) {
        (BulkState::Done, true) => Ok(took),
        state => Err(format!("not everybody: {state:?}").into()),
    }
}
