//! Reads a runner's output as it comes: shows it at once, but holds back the lines that say how many passed, for
//! the summary at the end.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Runs the command, shows its output and collects its closing lines. They are collected also when it fails.
pub fn relay(command: &mut Command, name: &str, held: &mut Vec<String>) -> Result<()> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("{name} could not be started"))?;
    let stdout = child.stdout.take().context("a piped output is always there")?;
    for line in BufReader::new(stdout).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        match is_closing(&line) {
            true if says_nothing(&line) => {}
            true => held.push(line),
            false => println!("{line}"),
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{name} failed");
    }
    Ok(())
}

/// cargo test's `test result: ok. 3 passed; …`, and `3 passed, 0 failed` alone on a line.
fn is_closing(line: &str) -> bool {
    line.starts_with("test result: ") || is_sum(line)
}

fn is_sum(line: &str) -> bool {
    let counted = |text: &str, word: &str| {
        text.strip_suffix(word).is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    line.split_once(", ").is_some_and(|(passed, failed)| counted(passed, " passed") && counted(failed, " failed"))
}

/// A crate without a single test prints a line all the same.
fn says_nothing(line: &str) -> bool {
    line.starts_with("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_both_runners_are_known() {
        assert!(is_closing("test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s"));
        assert!(is_closing("test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out"));
        assert!(is_closing("12 passed, 0 failed"));
    }

    #[test]
    fn other_lines_pass_through() {
        assert!(!is_closing("test a_name_that_says_12_passed ... ok"));
        assert!(!is_closing("all 12 passed, 0 failed today"));
        assert!(!is_closing("  12 passed (3.2s)"));
    }

    #[test]
    fn the_output_of_a_failing_runner_is_kept() {
        let mut held = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", "echo '2 passed, 1 failed'; exit 1"]);
        assert!(relay(&mut command, "the runner", &mut held).is_err());
        assert_eq!(held, ["2 passed, 1 failed"]);
    }
}
