//! Calling other programs, with sentences when they fail.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The ways a command is called here.
pub trait Runs {
    /// Runs with the terminal as its output; an exit code other than 0 is an error.
    fn go(&mut self) -> Result<()>;
    /// Runs silently and returns what it printed; when it fails, the error carries its last lines.
    fn answer(&mut self) -> Result<String>;
    /// Runs silently and stops it when the time is over; the error carries its last lines.
    fn within(&mut self, limit: Duration) -> Result<()>;
}

impl Runs for Command {
    fn go(&mut self) -> Result<()> {
        let name = describe(self);
        let status = self.status().with_context(|| format!("`{name}` could not be started"))?;
        if !status.success() {
            bail!("`{name}` failed ({status})");
        }
        Ok(())
    }

    fn answer(&mut self) -> Result<String> {
        let name = describe(self);
        let output = self.stdin(Stdio::null()).output().with_context(|| format!("`{name}` could not be started"))?;
        if !output.status.success() {
            let said = [output.stdout, output.stderr].concat();
            bail!("`{name}` failed ({}):\n{}", output.status, tail(&said));
        }
        String::from_utf8(output.stdout).with_context(|| format!("`{name}` did not answer with text"))
    }

    fn within(&mut self, limit: Duration) -> Result<()> {
        let name = describe(self);
        let mut child = self
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("`{name}` could not be started"))?;
        let started = Instant::now();
        while started.elapsed() < limit {
            if let Some(status) = child.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                bail!("`{name}` failed ({status})");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        child.kill()?;
        child.wait()?;
        bail!("`{name}` did not finish within {} s", limit.as_secs());
    }
}

/// The first file of this name on `PATH` that can be executed.
pub fn find(program: &str) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| std::fs::metadata(file).is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0))
}

/// The command as a person would type it, cut after its first few words.
fn describe(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()];
    words.extend(command.get_args().take(6).map(|word| word.to_string_lossy().into_owned()));
    if command.get_args().len() > 6 {
        words.push("…".into());
    }
    words.join(" ")
}

fn tail(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_takes_too_long_is_stopped_and_named() {
        let outcome = Command::new("sleep").arg("60").within(Duration::from_millis(1));
        assert!(outcome.is_err_and(|error| error.to_string().contains("sleep 60")));
    }

    #[test]
    fn a_failing_programs_last_words_are_in_the_error() {
        let outcome = Command::new("sh").args(["-c", "echo the disk is full >&2; exit 3"]).answer();
        assert!(outcome.is_err_and(|error| error.to_string().contains("the disk is full")));
    }

    #[test]
    fn a_program_that_does_not_exist_is_not_found() {
        assert_eq!(find("no-such-program-anywhere"), None);
        assert!(find("sh").is_some());
    }
}
