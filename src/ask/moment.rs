//! A time as a person writes it: with an offset, with a zone, or as the clocks of the calendar's zone show it.

use std::str::FromStr;

use jiff::{Timestamp, Zoned, civil::DateTime, tz::TimeZone};

use super::unclear::Unclear;
use crate::domain::time::Millis;

/// Not an instant yet where only the clock on the wall was written: the zone that decides is the calendar's, which is not known where words
/// are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// Written with its offset (`2021-03-01T10:00:00+08:00`): no zone moves it.
    Instant(Millis),
    /// Written as a clock shows it (`2021-03-01 10:00`).
    Local(DateTime),
}

impl Moment {
    /// Where a clock is put forward or back, as RFC 5545 reads a time that is missing or comes twice.
    pub fn instant(self, zone: &TimeZone) -> Millis {
        match self {
            Self::Instant(at) => at,
            Self::Local(shown) => Millis(zone.to_timestamp(shown).unwrap_or(Timestamp::MAX).as_millisecond()),
        }
    }
}

impl FromStr for Moment {
    type Err = Unclear;

    /// Jiff takes more than is meant, and drops an offset after a local time: so the form is looked at first.
    fn from_str(text: &str) -> Result<Self, Unclear> {
        let instant = |at: Timestamp| Self::Instant(Millis(at.as_millisecond()));
        let clock = text.get(11..).filter(|_| has_date_and_clock(text)).unwrap_or_default();
        let found = if clock.is_empty() {
            None
        } else if text.ends_with(']') {
            text.parse::<Zoned>().ok().map(|zoned| instant(zoned.timestamp()))
        } else if clock.contains(['Z', 'z', '+', '-']) {
            text.parse::<Timestamp>().ok().map(instant)
        } else {
            text.parse().ok().map(Self::Local)
        };
        found.ok_or_else(|| Unclear::NotMoment { text: text.to_owned() })
    }
}

/// `2021-03-01 10:00` or `2021-03-01T10:00`, and perhaps more.
fn has_date_and_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has = |place: usize, any: &[u8]| bytes.get(place).is_some_and(|byte| any.contains(byte));
    bytes.len() >= 16 && has(4, b"-") && has(7, b"-") && has(10, b"Tt ") && has(13, b":")
}
