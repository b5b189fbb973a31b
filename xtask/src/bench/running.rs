//! A release server that a bench talks to.

use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ends with the bench, however that ends.
pub struct Running {
    server: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Running {
    /// Starts `provost serve` in `folder`, on the database and with the mail there; and how long it took to its first 200.
    pub fn start(binary: &Path, folder: &Path) -> Result<(Running, Duration)> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let begun = Instant::now();
        let server = Command::new(binary)
            .arg("serve")
            .current_dir(folder)
            .env("PROVOST_LISTEN", address.to_string())
            .env("PROVOST_BASE_URL", format!("http://localhost:{}", address.port()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("the server could not be started")?;
        let mut running = Running { server, address };
        while !answers(address) {
            if begun.elapsed() > Duration::from_secs(60) || running.server.try_wait()?.is_some() {
                bail!("the server did not answer");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok((running, begun.elapsed()))
    }

    /// Its resident megabytes (Linux: `VmRSS` of `/proc/<id>/status`).
    pub fn resident(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id()));
        let status = status.context("this bench reads /proc, which Linux has")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1024.0 / 1_000_000.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
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
