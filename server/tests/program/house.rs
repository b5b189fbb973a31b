//! A folder with a database, and the program run on it.

use server::{
    config::{Flags, Settings},
    node::Node,
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};
use tempfile::TempDir;

/// A folder of its own for one test.
pub struct House {
    folder: TempDir,
    database: String,
}

impl House {
    /// With a SQLite database in it.
    pub fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("provost.db").display());
        House { folder, database }
    }

    /// With a database elsewhere.
    pub fn on(database: &str) -> House {
        House { database: database.to_owned(), ..House::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same database, opened in the test.
    pub async fn node(&self) -> Node {
        let text = |name: &str| Some(self.path(name).display().to_string());
        let flags = Flags {
            database_url: Some(self.database.clone()),
            secret_key_file: text("provost.key"),
            mail_dir: text("mail"),
            ..Flags::default()
        };
        Node::open(&Settings::load(&flags).unwrap()).await.unwrap()
    }

    /// The program with these words, in this folder, without any setting from outside.
    pub fn program(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provost"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PROVOST_DATABASE_URL", &self.database)
            .stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end, with something on its standard input.
    pub fn run(&self, words: &[&str], input: &str) -> Output {
        let mut child = self.program(words).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Starts `serve` on a free port and waits until it serves.
    pub fn serve(&self, settings: &[(&str, &str)]) -> Server {
        let mut command = self.program(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.envs(settings.iter().copied()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains(" serving ") {
            assert!(log.read_line(&mut said).unwrap() > 0, "the server did not start: {said}");
        }
        let rest = std::thread::spawn(move || {
            let mut rest = String::new();
            log.read_to_string(&mut rest).map(|_| rest)
        });
        Server { child, rest: Some(rest), said }
    }
}

/// A running server.
pub struct Server {
    child: Child,
    rest: Option<std::thread::JoinHandle<std::io::Result<String>>>,
    said: String,
}

impl Server {
    /// SIGKILL: nothing is finished, nothing is noted.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, without waiting.
    pub fn ask_to_stop(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end and answers whether it was a good one, and the whole log.
    pub fn ended(mut self) -> (bool, String) {
        let good = self.child.wait().unwrap().success();
        let rest = self.rest.take().unwrap().join().unwrap().unwrap();
        (good, format!("{}{rest}", self.said))
    }
}
