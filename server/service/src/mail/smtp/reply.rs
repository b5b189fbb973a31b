//! Reading one answer of a relay (RFC 5321 §4.2), within bounds.

use crate::mail::failure::{Cause, Reply};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// The longest line that is read, in bytes; RFC 5321 §4.5.3.1.5 promises 512 with its end.
const LONGEST_LINE: u64 = 2_048;
/// The most lines that one answer may have.
const MOST_LINES: usize = 128;
/// The most characters of an answer that are kept.
const MOST_TEXT: usize = 500;

/// One answer, its lines apart: the first of EHLO's is a greeting, the others are what the relay offers.
#[derive(Debug)]
pub(super) struct Lines {
    pub code: u16,
    pub lines: Vec<String>,
}

impl Lines {
    /// The answer as it is kept and shown.
    pub fn reply(&self) -> Reply {
        let text: String = self.lines.join(" ").chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_TEXT).collect();
        Reply { code: self.code, text: text.trim().to_owned() }
    }
}

/// Reads one answer.
pub(super) async fn read(stream: &mut (impl AsyncBufRead + Unpin)) -> Result<Lines, Cause> {
    let mut found: Option<Lines> = None;
    loop {
        let line = read_line(stream).await?;
        let (code, more, text) = parse(&line).ok_or(Cause::Garbage)?;
        let lines = found.get_or_insert_with(|| Lines { code, lines: Vec::new() });
        if lines.code != code || lines.lines.len() == MOST_LINES {
            return Err(Cause::Garbage);
        }
        lines.lines.push(text.to_owned());
        if !more {
            return found.ok_or(Cause::Garbage);
        }
    }
}

async fn read_line(stream: &mut (impl AsyncBufRead + Unpin)) -> Result<String, Cause> {
    let mut line = Vec::new();
    let read = stream.take(LONGEST_LINE).read_until(b'\n', &mut line).await.map_err(super::broken)?;
    match line.last() {
        Some(b'\n') => Ok(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()),
        _ if read as u64 == LONGEST_LINE => Err(Cause::Garbage),
        _ => Err(Cause::Broken("the relay closed the line".to_owned())),
    }
}

/// The code, whether more lines follow, and the text of a line such as `250-SIZE 1000`.
fn parse(line: &str) -> Option<(u16, bool, &str)> {
    let (digits, rest) = line.split_at_checked(3)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let code = digits.parse().ok().filter(|code| (200..600).contains(code))?;
    match rest.chars().next() {
        None => Some((code, false, "")),
        Some(' ') => Some((code, false, &rest[1..])),
        Some('-') => Some((code, true, &rest[1..])),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn read_all(bytes: &[u8]) -> Result<Lines, Cause> {
        read(&mut &*bytes).await
    }

    #[tokio::test]
    async fn an_answer_of_several_lines_is_one_answer() {
        let lines = read_all(b"250-relay.example\r\n250-SIZE 1000\r\n250 HELP\r\n").await.unwrap();
        assert_eq!((lines.code, lines.lines.len()), (250, 3));
        assert_eq!(lines.reply().to_string(), "250 relay.example SIZE 1000 HELP");
    }

    #[tokio::test]
    async fn what_is_not_an_answer_is_garbage() {
        for bytes in
            [&b"HTTP/1.1 400 Bad Request\r\n"[..], b"250-a\r\n550 b\r\n", b"25\r\n", b"2500 x\r\n", b"199 x\r\n", b"\r\n"]
        {
            assert_eq!(read_all(bytes).await.unwrap_err(), Cause::Garbage, "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(read_all(&[b'2'; 5_000]).await.unwrap_err(), Cause::Garbage);
        assert_eq!(read_all(&b"250-x\r\n".repeat(1_000)).await.unwrap_err(), Cause::Garbage);
    }

    #[tokio::test]
    async fn a_line_that_ends_early_is_broken() {
        assert!(matches!(read_all(b"250 ok").await.unwrap_err(), Cause::Broken(_)));
    }

    #[tokio::test]
    async fn control_characters_of_an_answer_are_not_kept() {
        let lines = read_all(b"550 no\x1b[31m\x00 such user\r\n").await.unwrap();
        assert!(!lines.reply().text.chars().any(char::is_control));
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            if let Ok(lines) = runtime.block_on(read_all(&bytes)) {
                prop_assert!((200..600).contains(&lines.code));
                prop_assert!(lines.reply().text.chars().count() <= MOST_TEXT);
            }
        }
    }
}
