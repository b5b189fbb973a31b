//! Cells, and how they are written: as CSV that a spreadsheet reads as text, and as JSON.

use crate::fault::Outcome;
use model::{day::Day, export::Format};
use std::borrow::Cow;

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(String),
    Number(i64),
    Flag(bool),
    Nothing,
}

impl From<Day> for Cell {
    fn from(day: Day) -> Cell {
        Cell::Text(day.iso())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Number(number)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Cell {
        Cell::Flag(flag)
    }
}

/// Writes rows in a format.
pub(super) struct Writer {
    format: Format,
}

/// So that Excel reads UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

impl Writer {
    pub(super) const fn new(format: Format) -> Writer {
        Writer { format }
    }

    /// One part of the file: these rows, with what stands before the first and after the last.
    pub(super) fn part(&self, columns: &[&str], rows: &[Vec<Cell>], first: bool, last: bool) -> Outcome<Vec<u8>> {
        match self.format {
            Format::Csv { bom } => csv_part(columns, rows, first, bom),
            Format::Json => json_part(columns, rows, first, last),
        }
    }
}

fn csv_part(columns: &[&str], rows: &[Vec<Cell>], first: bool, bom: bool) -> Outcome<Vec<u8>> {
    let mut part = if first && bom { BOM.to_vec() } else { Vec::new() };
    if first {
        csv_line(columns.iter().map(|name| Cow::Borrowed(*name)), &mut part);
    }
    for row in rows {
        csv_line(row.iter().map(csv_text), &mut part);
    }
    Ok(part)
}

/// A line as RFC 4180 has it: ended by CRLF, and in quotes what holds a comma, a quote or a break.
fn csv_line<'a>(cells: impl Iterator<Item = Cow<'a, str>>, into: &mut Vec<u8>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            into.push(b',');
        }
        if cell.contains([',', '"', '\r', '\n']) {
            into.push(b'"');
            into.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            into.push(b'"');
        } else {
            into.extend_from_slice(cell.as_bytes());
        }
    }
    into.extend_from_slice(b"\r\n");
}

fn csv_text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => harmless(text),
        Cell::Number(number) => number.to_string().into(),
        Cell::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
        Cell::Nothing => "".into(),
    }
}

/// The text, with a `'` before what a spreadsheet would take for a formula. Plain numbers and phone numbers stay (spec §8).
fn harmless(text: &str) -> Cow<'_, str> {
    let formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || text.starts_with(['\t', '\r', '\n']);
    if formula && !is_number(text) && !is_phone(text) { format!("'{text}").into() } else { text.into() }
}

/// `-12`, `+3.5`, `-1,200.50`: digits with single dots and commas between them.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.split(['.', ',']).all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `+43 1 234-56 (7)`: what [`model::user::mobile`] takes, written with the plus of its country.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
        && model::user::mobile(text).is_ok_and(|number| number == text)
}

fn json_part(columns: &[&str], rows: &[Vec<Cell>], first: bool, last: bool) -> Outcome<Vec<u8>> {
    let mut part = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        part.extend_from_slice(if first && place == 0 { b"[\n{" } else { b",\n{" });
        for (place, (name, cell)) in columns.iter().zip(row).enumerate() {
            if place > 0 {
                part.push(b',');
            }
            serde_json::to_writer(&mut part, name)?;
            part.push(b':');
            match cell {
                Cell::Text(text) => serde_json::to_writer(&mut part, text)?,
                Cell::Number(number) => serde_json::to_writer(&mut part, number)?,
                Cell::Flag(flag) => serde_json::to_writer(&mut part, flag)?,
                Cell::Nothing => part.extend_from_slice(b"null"),
            }
        }
        part.push(b'}');
    }
    if first && rows.is_empty() {
        part.push(b'[');
    }
    if last {
        part.extend_from_slice(b"\n]\n");
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(part: Outcome<Vec<u8>>) -> String {
        String::from_utf8(part.unwrap()).unwrap()
    }

    /// ActiveAdmin GHSA-xhvv-3jww-c487 and others.
    #[test]
    fn a_cell_that_begins_like_a_formula_is_text_and_numbers_survive() {
        for formula in
            ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "+", "-", "--1", "-1-2", "+a1"]
        {
            assert_eq!(harmless(formula), format!("'{formula}"), "{formula:?}");
        }
        for plain in ["", "Anna", "-12", "+3.5", "-1,200.50", "+43 1 234-56 (7)", "+1-555-0199", "a=b", "1-2"] {
            assert_eq!(harmless(plain), plain, "{plain:?}");
        }
    }

    #[test]
    fn csv_is_as_rfc_4180_has_it() {
        let rows = [
            vec![Cell::from("a,b"), Cell::from("say \"x\""), Cell::from("two\nlines")],
            vec![7.into(), true.into(), Cell::Nothing],
        ];
        let whole = text(csv_part(&["one", "two", "three"], &rows, true, false));
        assert_eq!(whole, "one,two,three\r\n\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n7,yes,\r\n");
        assert_eq!(text(csv_part(&["one"], &[], true, true)), "\u{feff}one\r\n");
        assert_eq!(text(csv_part(&["one"], &[vec![1.into()]], false, true)), "1\r\n");
    }

    #[test]
    fn json_is_one_array_whatever_its_parts() {
        let columns = ["name", "rows"];
        let row = |name: &str| vec![Cell::from(name), Cell::Number(1)];
        let first = text(json_part(&columns, &[row("=a\""), row("b")], true, false));
        let last = text(json_part(&columns, &[row("c")], false, true));
        let read: serde_json::Value = serde_json::from_str(&format!("{first}{last}")).unwrap();
        assert_eq!(read.as_array().unwrap().len(), 3);
        assert_eq!(read[0]["name"], "=a\"");
        for empty in [json_part(&columns, &[], true, true), {
            let mut part = json_part(&columns, &[row("a")], true, false).unwrap();
            part.extend(json_part(&columns, &[], false, true).unwrap());
            Ok(part)
        }] {
            assert!(serde_json::from_str::<serde_json::Value>(&text(empty)).unwrap().is_array());
        }
    }
}
