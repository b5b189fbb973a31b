//! A PostgreSQL server that exists for one run: on a socket in a temporary folder, without care for durability,
//! stopped and removed when the run ends, however it ends.
//!
//! It lies in the system's temporary folder and not under `target`: PostgreSQL refuses to run as root, so it runs
//! as a user who may not be able to walk into the clone, and a socket's path may hold only about 100 bytes.

use crate::progress::Progress;
use crate::run::{Runs, find};
use crate::system;
use anyhow::{Context, Result, bail};
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// On a socket only; the tests open many connections.
const SETTINGS: &str = "-c listen_addresses='' -c max_connections=300 -c log_min_messages=fatal";

/// Durability costs time, and tests in a throw-away cluster have no use for it.
const CARELESS: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";

/// How much the server cares for its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Not at all, for tests.
    None,
    /// As PostgreSQL comes: what is committed is on the disk, for benches.
    Durable,
}

/// Waits until its input ends, which happens when xtask ends in whatever way, Ctrl-C and `kill -9` included; then
/// stops the server and removes the folder. In a process group of its own, so that Ctrl-C does not reach it.
const KEEPER: &str = r#"read -r _; "$@" stop -D "$PGDATA" -m immediate; cd /; rm -rf "$FOLDER""#;

/// A running server; dropping it stops and removes it.
pub struct Cluster {
    folder: PathBuf,
    keeper: Child,
}

impl Cluster {
    /// Starts one, installing PostgreSQL first when it is missing and can be installed.
    pub fn start(progress: &Progress, care: Care) -> Result<Cluster> {
        let programs = match programs() {
            Some(found) => found,
            None => {
                progress.note("installing PostgreSQL");
                system::install(&["postgresql"])?;
                programs().context("PostgreSQL was installed but its programs cannot be found")?
            }
        };
        let owner = owner()?;
        let folder = make_folder(owner.as_deref())?;
        let keeper = keep(&folder, &programs, owner.as_deref())?;
        let cluster = Cluster { folder, keeper };
        cluster.bring_up(&programs, owner.as_deref(), care)?;
        progress.note(&format!("PostgreSQL listens in {}", cluster.folder.display()));
        Ok(cluster)
    }

    /// The same for a bench, which does without it and says so.
    pub fn or_left_out(progress: &mut Progress, care: Care) -> Option<Cluster> {
        Cluster::start(progress, care).map_err(|reason| progress.leave_out(&format!("PostgreSQL; {reason:#}"))).ok()
    }

    /// The address tests connect to: database `postgres` as its superuser.
    pub fn address(&self) -> String {
        format!("postgres:///postgres?host={}&port=5432&user=postgres", self.folder.display())
    }

    /// The address of another empty database, which every cluster comes with. Only where no database is made from it.
    pub fn second_address(&self) -> String {
        self.address().replacen("/postgres?", "/template1?", 1)
    }

    fn bring_up(&self, programs: &Path, owner: Option<&str>, care: Care) -> Result<()> {
        let data = self.folder.join("data");
        let mut initdb = as_owner(&programs.join("initdb"), owner, &self.folder);
        initdb.args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "-D"]).arg(&data);
        initdb.answer().context("the throw-away database could not be made")?;
        let care = if care == Care::None { CARELESS } else { "" };
        let options = format!("{SETTINGS} {care} -c unix_socket_directories='{}'", self.folder.display());
        let mut start = as_owner(&programs.join("pg_ctl"), owner, &self.folder);
        start
            .args(["start", "--wait", "--silent", "-D"])
            .arg(&data)
            .arg("-l")
            .arg(self.folder.join("log"))
            .args(["-o", &options])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let status = start.status()?;
        if !status.success() {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            bail!("the throw-away PostgreSQL did not start:\n{log}");
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // The keeper does its work whether or not anyone waits; a failure here has nobody left to tell.
        let _ = self.keeper.wait();
    }
}

fn keep(folder: &Path, programs: &Path, owner: Option<&str>) -> Result<Child> {
    let stop = as_owner(&programs.join("pg_ctl"), owner, folder);
    let mut keeper = Command::new("sh");
    keeper
        .args(["-c", KEEPER, "keeper"])
        .arg(stop.get_program())
        .args(stop.get_args())
        .env("PGDATA", folder.join("data"))
        .env("FOLDER", folder)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    keeper.spawn().context("the shell that cleans up after PostgreSQL could not be started")
}

/// The folder with `initdb` and `pg_ctl`: on `PATH`, or where Debian keeps them, the newest first.
fn programs() -> Option<PathBuf> {
    let complete = |folder: &Path| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file();
    let on_path = find("initdb").and_then(|file| Some(file.parent()?.to_owned()));
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    debian.sort();
    let newest_first = debian.into_iter().rev().map(|(_, folder)| folder);
    on_path.into_iter().chain(newest_first).find(|folder| complete(folder))
}

/// Who the server runs as: ourselves, or, as root, a user without rights.
fn owner() -> Result<Option<String>> {
    if !system::is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if Command::new("id").arg(name).answer().is_ok() {
            return Ok(Some(name.to_owned()));
        }
    }
    bail!("PostgreSQL refuses to run as root and there is no user `postgres` or `nobody` to run it as")
}

fn make_folder(owner: Option<&str>) -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("provost-pg-{}", std::process::id()));
    if folder.exists() {
        // Left by a process of the same number that the machine did not let finish.
        fs::remove_dir_all(&folder)?;
    }
    fs::DirBuilder::new().mode(0o700).create(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    if let Some(name) = owner {
        Command::new("chown").arg(name).arg(&folder).answer()?;
    }
    Ok(folder)
}

fn as_owner(program: &Path, owner: Option<&str>, folder: &Path) -> Command {
    let mut command = match owner {
        None => Command::new(program),
        Some(name) => {
            let mut command = Command::new("runuser");
            command.args(["-u", name, "--"]).arg(program);
            command
        }
    };
    command.current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_gone_when_the_run_is_over() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("provost-keeper-{}", std::process::id()));
        fs::create_dir_all(folder.join("data"))?;
        let keeper = keep(&folder, Path::new("/no/programs/here"), None)?;
        drop(Cluster { folder: folder.clone(), keeper });
        assert!(!folder.exists());
        Ok(())
    }
}
