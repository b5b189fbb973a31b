//! A server on a database of many tasks, and operators who are signed in.

use super::{http::Line, running::Running};
use crate::house::House;
use crate::run::Runs;
use anyhow::{Context, Result, ensure};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PASSWORD: &str = "correct horse battery";

/// The server, its folder, and its operators.
pub struct Filled {
    /// The server.
    pub server: Running,
    /// One open line for each operator.
    pub lines: Vec<Line>,
    /// Where database and mail are.
    pub folder: PathBuf,
}

impl Filled {
    /// Makes that many tasks and operators in a folder of their own, and starts the server there.
    pub fn new(house: &House, name: &str, rows: u32, operators: usize) -> Result<Filled> {
        let folder = folder(house, name)?;
        let ids: Vec<String> = (0..operators).map(|number| format!("bench{number}")).collect();
        let binary = house.binary(true);
        for id in &ids {
            let mut command = Command::new(&binary);
            command.args(["operator", "add", "--user-id", id, "--role", "Operator", "--email", "bench@contoso.example"]);
            command.arg("--password-stdin").current_dir(&folder).stdin(Stdio::piped());
            let mut adding =
                command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("the release binary does not run")?;
            adding.stdin.take().context("no standard input")?.write_all(PASSWORD.as_bytes())?;
            ensure!(adding.wait()?.success(), "operator {id} could not be added");
        }
        fill(house, rows, &sqlite(&folder))?;
        let (server, _) = Running::start(&binary, &folder)?;
        let lines = ids.iter().map(|id| Line::signed_in(server.address, id, PASSWORD)).collect::<Result<_>>()?;
        Ok(Filled { server, lines, folder })
    }
}

impl Drop for Filled {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The address of the database `provost serve` makes in a folder.
pub fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("provost.db").display())
}

/// Makes that many tasks, with 2.4 enrollments each and a fifth as many users, in a database that has none.
pub fn fill(house: &House, rows: u32, url: &str) -> Result<()> {
    let mut cargo = house.cargo();
    cargo.args(["bench", "--quiet", "--package", "server", "--bench", "list"]);
    cargo.env("PROVOST_BENCH_ROWS", rows.to_string()).env("PROVOST_BENCH_FILL", url);
    cargo.answer().map(drop)
}

/// An empty folder for a bench.
pub fn folder(house: &House, name: &str) -> Result<PathBuf> {
    let folder = house.target.join(format!("bench-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The value of the hidden field `key` of a page's form.
pub fn key_of(page: &str) -> Result<String> {
    let (_, rest) = page.split_once("name=\"key\"").context("the page has no form with a key")?;
    let (_, rest) = rest.split_once("value=\"").context("the key has no value")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}
