//! The words of a JSON text, one after the other. Nothing here is generic.

use super::Unreadable;
use std::borrow::Cow;

type Read<T> = Result<T, Unreadable>;

/// A text and how far it is read.
pub struct Text<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> Text<'a> {
    /// Nothing is read yet.
    pub fn new(json: &'a str) -> Text<'a> {
        Text { json, at: 0 }
    }

    /// The next byte that is not white space, which stays unread.
    #[inline(never)]
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = self.byte()?;
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Reads this byte.
    #[inline(never)]
    pub fn expect(&mut self, byte: u8) -> Read<()> {
        if self.peek() != Some(byte) {
            return Err(Unreadable);
        }
        self.at += 1;
        Ok(())
    }

    /// Reads `true`, `false` or `null`.
    #[inline(never)]
    pub fn word(&mut self, word: &str) -> Read<()> {
        self.peek();
        if !self.json.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(Unreadable);
        }
        self.at += word.len();
        Ok(())
    }

    /// Stands another item before `close`? Reads the comma before it, or `close` itself.
    #[inline(never)]
    pub fn more(&mut self, first: &mut bool, close: u8) -> Read<bool> {
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                return Ok(false);
            }
            Some(b',') if !*first => self.at += 1,
            Some(_) if *first => {}
            _ => return Err(Unreadable),
        }
        *first = false;
        // No comma before the end.
        if self.peek() == Some(close) { Err(Unreadable) } else { Ok(true) }
    }

    /// The digits of a number, with its sign and all else that belongs to it.
    #[inline(never)]
    pub fn number(&mut self) -> Read<&'a str> {
        self.peek();
        let begin = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        self.json.get(begin..self.at).filter(|digits| !digits.is_empty()).ok_or(Unreadable)
    }

    /// A string without its quotes and escapes.
    #[inline(never)]
    pub fn string(&mut self) -> Read<Cow<'a, str>> {
        self.expect(b'"')?;
        let mut whole = String::new();
        loop {
            let begin = self.at;
            let end = loop {
                match self.byte().ok_or(Unreadable)? {
                    b'"' | b'\\' => break self.at,
                    0..0x20 => return Err(Unreadable),
                    _ => self.at += 1,
                }
            };
            let piece = self.json.get(begin..end).ok_or(Unreadable)?;
            let quote = self.byte() == Some(b'"');
            self.at += 1;
            if quote && whole.is_empty() {
                return Ok(Cow::Borrowed(piece));
            }
            whole.push_str(piece);
            if quote {
                return Ok(Cow::Owned(whole));
            }
            whole.push(self.escaped()?);
        }
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Read<char> {
        let byte = self.byte().ok_or(Unreadable)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(Unreadable),
        })
    }

    /// One UTF-16 unit, or two where the first asks for another.
    fn unicode(&mut self) -> Read<char> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or(Unreadable);
        }
        if !self.json.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
            return Err(Unreadable);
        }
        self.at += 2;
        let second = self.unit()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(Unreadable);
        }
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or(Unreadable)
    }

    fn unit(&mut self) -> Read<u32> {
        let digits = self.json.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        self.at += 4;
        u32::from_str_radix(digits.ok_or(Unreadable)?, 16).map_err(|_| Unreadable)
    }

    /// Passes over one value of any shape: a field that this version does not know.
    #[inline(never)]
    pub fn skip(&mut self) -> Read<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek().ok_or(Unreadable)? {
                b'"' => drop(self.string()?),
                b'{' | b'[' => {
                    self.at += 1;
                    depth += 1;
                }
                b'}' | b']' => {
                    self.at += 1;
                    depth = depth.checked_sub(1).ok_or(Unreadable)?;
                }
                b',' | b':' if depth > 0 => self.at += 1,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => drop(self.number()?),
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Nothing more may stand there.
    pub fn end(&mut self) -> Read<()> {
        if self.peek().is_some() { Err(Unreadable) } else { Ok(()) }
    }

    fn byte(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }
}
