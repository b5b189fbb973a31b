//! From exec to the first page, and the memory a server holds at rest (goals P7, P8), on a fresh SQLite database.

use super::{Table, table::median};
use crate::house::House;
use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 11;

/// Starts the release server some times and takes the middle.
pub fn measure(house: &House) -> Result<Table> {
    let folder = house.target.join("bench-start");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    // The first start makes the database; it is not counted.
    for round in 0..=ROUNDS {
        let (time, resident) = start_once(&house.binary(true), &folder)?;
        if round > 0 {
            times.push(time);
            memory.push(resident);
        }
    }
    std::fs::remove_dir_all(&folder)?;
    let mut table =
        Table::new("One server at rest, fresh SQLite database (P7: ≤ 30 MB idle, P8: ≤ 100 ms)", &["figure", "median", "worst"]);
    table.row(["exec to the first 200, ms".to_owned(), format!("{:.1}", median(times.clone())), worst(&times)]);
    table.row(["resident memory after that page, MB".to_owned(), format!("{:.1}", median(memory.clone())), worst(&memory)]);
    Ok(table)
}

/// Milliseconds until `/login` answered 200, and resident megabytes after it.
fn start_once(binary: &Path, folder: &Path) -> Result<(f64, f64)> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let started = Instant::now();
    let mut server = Server(
        Command::new(binary)
            .arg("serve")
            .current_dir(folder)
            .env("PROVOST_LISTEN", address.to_string())
            .env("PROVOST_BASE_URL", format!("http://localhost:{}", address.port()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("the server could not be started")?,
    );
    while !answers(address) {
        if started.elapsed() > Duration::from_secs(20) || server.0.try_wait()?.is_some() {
            bail!("the server did not answer");
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let time = started.elapsed().as_secs_f64() * 1000.0;
    Ok((time, resident(server.0.id())?))
}

fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut line = TcpStream::connect(address)?;
        line.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(line, "GET /login HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", address.port())?;
        let mut answer = Vec::new();
        line.read_to_end(&mut answer)?;
        Ok(answer.starts_with(b"HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

/// Resident megabytes of a process (Linux: `VmRSS` of `/proc/<id>/status`).
fn resident(id: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).context("this bench reads /proc, which Linux has")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024.0 / 1_000_000.0)
}

fn worst(figures: &[f64]) -> String {
    format!("{:.1}", figures.iter().copied().fold(0.0, f64::max))
}

/// Ends with the bench, however that ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
