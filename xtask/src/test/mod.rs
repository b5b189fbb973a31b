//! `cargo xtask test`: everything that tells whether the product works, what fails fastest first.

mod browser;
mod closing;
mod rust;

use crate::args::Part;
use crate::house::House;
use crate::lint;
use crate::progress::{Progress, spoken};
use anyhow::Result;

/// Runs one part, or all of them when none is named; `rest` goes to the part's own runner.
pub fn perform(house: &House, part: Option<Part>, rest: &[String]) -> Result<()> {
    let parts: Vec<Part> = part.map_or_else(|| vec![Part::Lint, Part::Rust, Part::Browser], |one| vec![one]);
    let mut progress = Progress::new(parts.iter().map(|part| steps(*part, rest)).sum());
    let mut closing = Vec::new();
    let mut outcome = Ok(());
    for part in &parts {
        outcome = run(house, *part, rest, &mut progress, &mut closing);
        if outcome.is_err() {
            break;
        }
    }
    conclude(progress, &closing);
    outcome
}

fn steps(part: Part, rest: &[String]) -> usize {
    match part {
        Part::Lint => lint::STEPS,
        Part::Rust => rust::steps(rest),
        Part::Browser => browser::STEPS,
    }
}

fn run(house: &House, part: Part, rest: &[String], progress: &mut Progress, closing: &mut Vec<String>) -> Result<()> {
    match part {
        Part::Lint => lint::run(house, progress),
        Part::Rust => rust::run(house, rest, progress, closing),
        Part::Browser => browser::run(house, rest, progress, closing),
    }
}

/// The time each step took, what was left out, and the closing lines of the runners, which were held back while
/// they ran so that they stand together here.
fn conclude(progress: Progress, closing: &[String]) {
    let (steps, left_out) = progress.finish();
    println!("\nTime");
    for (topic, time) in &steps {
        println!("  {topic:<12} {:>12}", spoken(*time));
    }
    println!("  {:<12} {:>12}", "in all", spoken(steps.iter().map(|(_, time)| *time).sum()));
    for sentence in left_out {
        println!("Left out: {sentence}");
    }
    println!();
    for line in closing {
        println!("{line}");
    }
}

/// What to do when the machine cannot run a part: on a person's machine it is left out and said so at the end; in
/// continuous integration (`CI=true`) it fails, because nobody reads notices there.
fn leave_out(progress: &mut Progress, sentence: &str) -> Result<()> {
    if std::env::var("CI").is_ok_and(|value| value == "true" || value == "1") {
        anyhow::bail!("{sentence} (with CI=true nothing may be left out)");
    }
    progress.leave_out(sentence);
    Ok(())
}
