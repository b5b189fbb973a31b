//! As much of HTTP/1.1 (RFC 9112) as a bench needs: one connection, one question after the other, nothing between it and the clock.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// A connection that stays open, with the cookie of its operator.
pub struct Line {
    stream: BufReader<TcpStream>,
    host: String,
    cookie: String,
}

/// What came back.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// `Location`, where there is one.
    pub location: String,
    /// The whole body.
    pub body: Vec<u8>,
    /// Until the first byte of the body.
    pub first: Duration,
    /// Until the last.
    pub all: Duration,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Line {
    /// Connects.
    pub fn open(address: SocketAddr) -> Result<Line> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        Ok(Line { stream: BufReader::new(stream), host: format!("localhost:{}", address.port()), cookie: String::new() })
    }

    /// Connects, and signs in.
    pub fn signed_in(address: SocketAddr, user_id: &str, password: &str) -> Result<Line> {
        let mut line = Line::open(address)?;
        let answer = line.post("/login", &[("user_id", user_id), ("password", password)])?;
        if answer.status != 303 || line.cookie.is_empty() {
            bail!("{user_id} could not sign in: {}", answer.status);
        }
        Ok(line)
    }

    /// A page.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask("GET", path, None, |_| ())
    }

    /// A file, told of each part as it comes.
    pub fn stream(&mut self, path: &str, part: impl FnMut(&[u8])) -> Result<Answer> {
        self.ask("GET", path, None, part)
    }

    /// A form, sent as a browser without script sends it.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.ask("POST", path, Some(body.join("&")), |_| ())
    }

    fn ask(&mut self, method: &str, path: &str, body: Option<String>, part: impl FnMut(&[u8])) -> Result<Answer> {
        let (begun, body) = (Instant::now(), body.unwrap_or_default());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            self.host,
            self.cookie,
            body.len()
        );
        self.stream.get_mut().write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
        let status = self.header()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status line")?;
        let (mut location, mut length, mut chunked) = (String::new(), None, false);
        loop {
            let header = self.header()?;
            let Some((name, value)) = header.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "location" => value.clone_into(&mut location),
                "content-length" => length = Some(value.parse()?),
                "transfer-encoding" => chunked = value == "chunked",
                "set-cookie" => value.split(';').next().unwrap_or_default().clone_into(&mut self.cookie),
                _ => {}
            }
        }
        if chunked || length.is_some_and(|length| length > 0) {
            self.stream.fill_buf()?;
        }
        let first = begun.elapsed();
        let body = self.body(length, chunked, part)?;
        Ok(Answer { status, location, body, first, all: begun.elapsed() })
    }

    fn header(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    fn body(&mut self, length: Option<usize>, chunked: bool, mut part: impl FnMut(&[u8])) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        if !chunked {
            body.resize(length.unwrap_or(0), 0);
            self.stream.read_exact(&mut body)?;
            return Ok(body);
        }
        loop {
            let size = usize::from_str_radix(&self.header()?, 16)?;
            let mut chunk = vec![0; size];
            self.stream.read_exact(&mut chunk)?;
            self.header()?;
            if size == 0 {
                return Ok(body);
            }
            part(&chunk);
            // A file is counted, not kept.
            if body.len() < 1_000_000 {
                body.extend(chunk);
            }
        }
    }
}

/// Percent-encoded for a form (WHATWG URL §5.2).
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_as_a_browser_writes_it() {
        assert_eq!(encoded("a b&ż\n"), "a%20b%26%C5%BC%0A");
    }
}
