//! Lists: what can be asked of one, and what it answers. Columns and filters are closed enums; nothing of a request reaches SQL as text.

use crate::{Answer, Refusal, day::Moment, refusal::BadRequest};
use serde::{Deserialize, Serialize};

/// The direction of a sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest, or newest, first.
    #[default]
    Descending,
}

impl Direction {
    /// The other way round.
    pub const fn flipped(self) -> Direction {
        match self {
            Direction::Ascending => Direction::Descending,
            Direction::Descending => Direction::Ascending,
        }
    }
}

/// A closed list of the columns that a list can be sorted by.
pub trait Column: Copy + PartialEq + Default + 'static {
    /// Every column, in the order of the table.
    const ALL: &'static [Self];

    /// The column's name in the address.
    fn name(self) -> &'static str;

    /// The direction of a first click.
    fn first_direction(self) -> Direction {
        Direction::Ascending
    }
}

/// How a list is sorted. In the address: `sort=stop_on` or `sort=-stop_on`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sort<C> {
    /// By what.
    pub column: C,
    /// Which way.
    pub direction: Direction,
}

impl<C: Column> Sort<C> {
    /// Reads the parameter; empty is the list's default.
    ///
    /// # Errors
    /// [`BadRequest::Sort`] for anything but a known column with or without a minus.
    pub fn parse(text: &str, default: Sort<C>) -> Answer<Sort<C>> {
        if text.is_empty() {
            return Ok(default);
        }
        let (direction, name) = match text.strip_prefix('-') {
            Some(name) => (Direction::Descending, name),
            None => (Direction::Ascending, text),
        };
        let column = C::ALL.iter().copied().find(|column| column.name() == name);
        column.map(|column| Sort { column, direction }).ok_or(Refusal::BadRequest(BadRequest::Sort))
    }

    /// The parameter's value.
    pub fn text(self) -> String {
        match self.direction {
            Direction::Ascending => self.column.name().to_owned(),
            Direction::Descending => format!("-{}", self.column.name()),
        }
    }

    /// The sort after a click on the header of `column`.
    pub fn clicked(self, column: C) -> Sort<C> {
        let direction = if self.column == column { self.direction.flipped() } else { column.first_direction() };
        Sort { column, direction }
    }
}

/// How many rows a page has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PageSize {
    /// 25 rows.
    #[default]
    Small,
    /// 50 rows.
    Middle,
    /// 100 rows.
    Large,
}

impl PageSize {
    /// Every size.
    pub const ALL: [PageSize; 3] = [PageSize::Small, PageSize::Middle, PageSize::Large];

    /// The number of rows.
    pub const fn rows(self) -> u32 {
        match self {
            PageSize::Small => 25,
            PageSize::Middle => 50,
            PageSize::Large => 100,
        }
    }

    /// The parameter's value; nothing for the default.
    pub const fn parameter(self) -> &'static str {
        match self {
            PageSize::Small => "",
            PageSize::Middle => "50",
            PageSize::Large => "100",
        }
    }

    /// Reads the parameter; empty is 25.
    ///
    /// # Errors
    /// [`BadRequest::PageSize`] for anything but 25, 50 and 100.
    pub fn parse(text: &str) -> Answer<PageSize> {
        match text {
            "" | "25" => Ok(PageSize::Small),
            "50" => Ok(PageSize::Middle),
            "100" => Ok(PageSize::Large),
            _ => Err(Refusal::BadRequest(BadRequest::PageSize)),
        }
    }
}

/// What a list is asked for, beside its filter. Stands whole in the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Paging<C> {
    /// The sort.
    pub sort: Sort<C>,
    /// The page's size.
    pub size: PageSize,
    /// A cursor this list gave out (`Listing::older`, `Listing::newer`), sealed by the server; empty for the first page.
    pub cursor: String,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing<T> {
    /// When it was read.
    pub now: Moment,
    /// The name of the zone that days and moments are shown in, such as `Europe/Vienna`.
    pub zone: String,
    /// The rows.
    pub rows: Vec<T>,
    /// How many rows the filter holds.
    pub total: Total,
    /// The cursor of the page before this one; nothing on the first.
    pub previous: Option<String>,
    /// The cursor of the page after this one; nothing on the last.
    pub next: Option<String>,
}

/// A count that is exact to 10,000 (spec §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Total {
    /// Exactly so many.
    Exactly(u32),
    /// More than 10,000.
    Many,
}

impl Total {
    /// The count up to which a total is exact.
    pub const EXACT_TO: u32 = 10_000;

    /// From a count that stops at [`Total::EXACT_TO`] + 1.
    pub fn from_capped(count: i64) -> Total {
        match u32::try_from(count) {
            Ok(count) if count <= Total::EXACT_TO => Total::Exactly(count),
            _ => Total::Many,
        }
    }
}

impl Default for Total {
    fn default() -> Total {
        Total::Exactly(0)
    }
}

/// `1,240` or `10,000+`.
impl std::fmt::Display for Total {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Total::Exactly(count) => f.write_str(&grouped(i64::from(*count))),
            Total::Many => f.write_str("10,000+"),
        }
    }
}

/// A whole number with commas between its thousands.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_total_is_exact_to_ten_thousand() {
        assert_eq!(Total::from_capped(10_000).to_string(), "10,000");
        assert_eq!(Total::from_capped(10_001).to_string(), "10,000+");
    }
}
