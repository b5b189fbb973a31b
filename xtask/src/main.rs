//! `cargo xtask`: the project's own commands. Each verb has a file; everything they share is below them.

mod args;
mod bench;
mod build;
mod demo;
mod house;
mod lint;
mod postgres;
mod progress;
mod run;
mod server;
mod shelf;
mod site;
mod system;
mod test;
mod wasm;

use anyhow::Result;
use args::Verb;
use house::House;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let verb = match args::parse(&words) {
        Ok(verb) => verb,
        Err(sentence) => {
            eprintln!("{sentence}\n\n{}", args::HELP);
            return ExitCode::from(2);
        }
    };
    match perform(verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(verb: Verb) -> Result<()> {
    if verb == Verb::Help {
        println!("{}", args::HELP);
        return Ok(());
    }
    let house = House::find()?;
    if !matches!(verb, Verb::Site { .. }) {
        system::ensure_make()?;
    }
    match verb {
        Verb::Help => Ok(()),
        Verb::Demo { listen, release } => demo::perform(&house, listen.as_deref(), release),
        Verb::Build { release } => build::perform(&house, release),
        Verb::Test { part, rest } => test::perform(&house, part, &rest),
        Verb::Bench(asked) => bench::perform(&house, &asked),
        Verb::Site { release } => build::site_only(&house, release),
    }
}
