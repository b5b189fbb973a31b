//! Reads JSON that our own server wrote: the data that travels with a page, and the answers to calls.
//!
//! `serde_json` compiles its parser anew into every type it reads, and into each the way to read it from a list as well; with fifty
//! types that was a fifth of the browser half. Here the parser ([`text`]) is compiled once, and what stays for each type is the order
//! of its fields. The server writes with `serde_json`.

mod de;
mod text;

use serde::de::DeserializeOwned;
use std::fmt;

/// The text is not JSON, or not of the shape that was asked for. Which of the two does not matter to a reader of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the JSON that was expected")
    }
}

impl std::error::Error for Unreadable {}

impl serde::de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Unreadable {
        Unreadable
    }
}

/// Reads a whole text.
///
/// # Errors
/// [`Unreadable`].
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Unreadable> {
    let mut text = text::Text::new(json);
    let value = T::deserialize(&mut text)?;
    text.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests;
