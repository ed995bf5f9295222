//! Days and wall-clock times as numbers, so that counting needs no date arithmetic.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::{Offset, TimeZone},
};

use crate::domain::time::Millis;

pub const SECOND: i64 = 1000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// Days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    pub fn of(date: Date) -> Self {
        Self(i64::from((date - jiff::civil::date(1970, 1, 1)).get_days()))
    }

    /// The nearest day that a calendar can name.
    pub fn date(self) -> Date {
        civil(self.0.saturating_mul(DAY)).date()
    }

    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }
}

/// What a clock on the wall shows: a day, and the milliseconds since its 00:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wall {
    /// The day that it shows.
    pub day: Day,
    /// Milliseconds since 00:00; 24:00, the end of a day, is [`DAY`].
    pub clock: i64,
}

impl Wall {
    /// By the offset that the zone has then.
    pub fn at(instant: Millis, zone: &TimeZone) -> Self {
        let shown = timestamp(instant.0);
        let shown = shown.as_millisecond() + i64::from(zone.to_offset(shown).seconds()) * SECOND;
        Self { day: Day(shown.div_euclid(DAY)), clock: shown.rem_euclid(DAY) }
    }

    /// Where a clock is put forward or back, as RFC 5545 reads a time that is missing or comes twice.
    pub fn instant(self, zone: &TimeZone) -> Millis {
        let shown = civil(self.day.0.saturating_mul(DAY).saturating_add(self.clock));
        Millis(zone.to_timestamp(shown).unwrap_or(Timestamp::MAX).as_millisecond())
    }
}

fn civil(ms: i64) -> DateTime {
    Offset::UTC.to_datetime(timestamp(ms))
}

/// The nearest time that a calendar can name.
fn timestamp(ms: i64) -> Timestamp {
    let limit = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(ms).unwrap_or(limit)
}
