//! The organisation's time zone: which day it is there, and how moments are shown.

use crate::{Service, fault::Outcome};
use chrono::{DateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;
use model::{
    day::{Day, Moment},
    policy::Policy,
};
use store::Tx;

/// The time of a request, read once, and the organisation's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// The zone.
    pub zone: Tz,
}

impl Now {
    /// That time in that zone; a name that is not known counts as UTC.
    pub fn new(at: i64, zone: &str) -> Now {
        Now { at, zone: zone.parse().unwrap_or(Tz::UTC) }
    }

    /// The day it is.
    pub fn today(self) -> Day {
        self.now().day()
    }

    /// The request's own moment.
    pub fn now(self) -> Moment {
        self.moment(self.at)
    }

    /// A stored time as it is shown.
    pub fn moment(self, at: i64) -> Moment {
        let utc = DateTime::from_timestamp_millis(at).unwrap_or_default().naive_utc();
        Moment { at, offset: self.zone.offset_from_utc_datetime(&utc).fix().local_minus_utc() / 60 }
    }

    /// The first millisecond of a day: midnight, or where clocks are set forward at midnight, the first time after it.
    pub fn start_of(self, day: Day) -> i64 {
        let midnight = day.date().and_time(NaiveTime::MIN);
        let found = (0..=12).find_map(|quarters| {
            let local = midnight.checked_add_signed(chrono::TimeDelta::minutes(15 * quarters))?;
            self.zone.from_local_datetime(&local).earliest()
        });
        found.map_or_else(|| midnight.and_utc().timestamp_millis(), |start| start.timestamp_millis())
    }

    /// The first millisecond after a day.
    pub fn end_of(self, day: Day) -> i64 {
        self.start_of(day.plus(1))
    }

    /// The end of a link's lifetime as messages say it: only where it comes before the end of the stop date.
    pub fn ends_before(self, until: Option<i64>, stop_on: Day) -> Option<Moment> {
        until.filter(|until| *until < self.end_of(stop_on)).map(|until| self.moment(until))
    }

    /// The zone's name.
    pub fn zone_name(self) -> String {
        self.zone.name().to_owned()
    }
}

impl Service {
    /// The policy, and the time in its zone. Called once by each use case.
    pub(crate) async fn policy_and_now(&self, tx: &mut Tx) -> Outcome<(Policy, Now)> {
        let policy = crate::policy::read(tx).await?;
        let now = Now::new(self.clock.now(), &policy.time_zone);
        Ok((policy, now))
    }

    /// The time in the organisation's zone. Called once by each use case that does not need the policy.
    pub(crate) async fn now(&self, tx: &mut Tx) -> Outcome<Now> {
        Ok(self.policy_and_now(tx).await?.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn the_day_turns_at_the_organisations_midnight() {
        let before = Now::new(1_795_301_999_999, "Europe/Vienna");
        assert_eq!(before.today(), day("2026-11-21"));
        assert_eq!(Now { at: before.at + 1, ..before }.today(), day("2026-11-22"));
        assert_eq!(before.end_of(day("2026-11-21")), before.at + 1);
    }

    #[test]
    fn days_of_23_and_25_hours_end_where_the_next_begins() {
        let now = Now::new(0, "Europe/Vienna");
        let length = |text: &str| (now.end_of(day(text)) - now.start_of(day(text))) / 3_600_000;
        assert_eq!((length("2026-03-29"), length("2026-10-25"), length("2026-10-26")), (23, 25, 24));
    }

    #[test]
    fn a_day_without_midnight_begins_at_one() {
        let now = Now::new(0, "America/Santiago");
        assert_eq!(now.moment(now.start_of(day("2026-09-06"))).clock(), "01:00");
    }

    #[test]
    fn a_zone_nobody_knows_is_utc() {
        assert_eq!(Now::new(0, "Mars/Olympus").zone_name(), "UTC");
    }
}
