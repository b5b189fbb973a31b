//! Calendar days and moments, without a clock and without a time zone database: both travel with the data.

use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A calendar day in the organisation's time zone, such as a stop date. Stored as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(i32);

const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day");
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn iso(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

impl Day {
    /// The day that many days after 1970-01-01.
    pub const fn from_epoch(days: i32) -> Day {
        Day(days)
    }

    /// Days since 1970-01-01.
    pub const fn epoch(self) -> i32 {
        self.0
    }

    /// Reads `2026-12-31`; anything else, and days outside 1970–9999, is nothing.
    pub fn parse(text: &str) -> Option<Day> {
        // By hand, here and below: chrono reads the pattern at run time, and what it needs for that weighs in the browser.
        let written = |(place, byte): (usize, u8)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        if text.len() != 10 || !text.bytes().enumerate().all(written) {
            return None;
        }
        let (year, month, day) = (text.get(..4)?.parse().ok()?, text.get(5..7)?.parse().ok()?, text.get(8..)?.parse().ok()?);
        NaiveDate::from_ymd_opt(year, month, day).filter(|_| year >= 1970).map(Day::from)
    }

    /// The day `days` later.
    pub const fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// The day in ISO form, as inputs and addresses hold it: `2026-12-31`.
    pub fn iso(self) -> String {
        iso(self.date())
    }

    /// The day with its name, as mails say it: `Thursday 31 Dec 2026`.
    pub fn long(self) -> String {
        format!("{} {self}", DAYS[self.date().weekday().num_days_from_monday() as usize])
    }

    /// The calendar date.
    pub fn date(self) -> NaiveDate {
        let span = Days::new(u64::from(self.0.unsigned_abs()));
        let date = if self.0 < 0 { EPOCH.checked_sub_days(span) } else { EPOCH.checked_add_days(span) };
        date.unwrap_or(NaiveDate::MAX)
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Day {
        Day(i32::try_from((date - EPOCH).num_days()).unwrap_or(i32::MAX))
    }
}

/// `31 Dec 2026`, the form of every list.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        write!(f, "{:02} {} {}", date.day(), MONTHS[date.month0() as usize], date.year())
    }
}

/// A point in time together with the offset of the organisation's time zone at that time, so that a page shows it without a clock
/// or a zone database of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Minutes east of UTC in the organisation's zone at that time.
    pub offset: i32,
}

impl Moment {
    /// The first whole minute that is not before it: when a clock shows that minute, it has come.
    #[must_use]
    pub const fn whole_minute(self) -> Moment {
        Moment { at: self.minute().saturating_mul(60_000), ..self }
    }

    /// That minute, counted from 1970-01-01T00:00Z.
    pub const fn minute(self) -> i64 {
        self.at.div_euclid(60_000) + if self.at.rem_euclid(60_000) > 0 { 1 } else { 0 }
    }

    /// The beginning of a minute, in UTC.
    pub const fn of_minute(minute: i64) -> Moment {
        Moment { at: minute.saturating_mul(60_000), offset: 0 }
    }

    fn local(self) -> chrono::NaiveDateTime {
        let millis = self.at.saturating_add(i64::from(self.offset) * 60_000);
        DateTime::from_timestamp_millis(millis).unwrap_or_default().naive_utc()
    }

    /// The calendar day in the organisation's zone.
    pub fn day(self) -> Day {
        Day::from(self.local().date())
    }

    /// Hours and minutes, as `09:05`.
    pub fn clock(self) -> String {
        let time = self.local().time();
        format!("{:02}:{:02}", time.hour(), time.minute())
    }

    /// The machine-readable form for `<time datetime>`: `2026-12-31T09:05:00+01:00`.
    pub fn iso(self) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let (minutes, local) = (self.offset.unsigned_abs(), self.local());
        let (day, clock, second) = (iso(local.date()), self.clock(), local.second());
        format!("{day}T{clock}:{second:02}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// `31 Dec 2026 09:05`, in the organisation's zone.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.day(), self.clock())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_only_in_iso_form() {
        assert_eq!(Day::parse("2026-12-31").map(Day::iso).as_deref(), Some("2026-12-31"));
        for bad in [
            "",
            "2026-12-32",
            "31.12.2026",
            "2026-1-1",
            "2026-02-29",
            "1969-12-31",
            " 2026-12-31",
            "+026-12-31",
            "2026/12/31",
            "2026-é2-31",
        ] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_moment_shows_the_day_of_its_zone() {
        let moment = Moment { at: 1_798_757_400_000, offset: 60 };
        assert_eq!(moment.iso(), "2026-12-31T23:50:00+01:00");
        assert_eq!(moment.day().long(), "Thursday 31 Dec 2026");
        assert_eq!(moment.to_string(), "31 Dec 2026 23:50");
        assert_eq!(Moment { offset: 120, ..moment }.day().iso(), "2027-01-01");
    }
}
