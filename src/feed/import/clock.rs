//! Reads the times of a file: several formats tried in order, in the zone that the mapping names.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::strtime::BrokenDownTime,
    tz::{AmbiguousOffset, Offset, TimeZone},
};

use super::fault::Fault;
use crate::{domain::time::Millis, feed::contract::WireTime};

/// What a time in the hour that comes twice means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ambiguous {
    Earlier,
    Later,
}

/// What becomes of a time in the hour that was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nonexistent {
    Reject,
    /// Moved on by the length of the gap: 02:30 becomes 03:30.
    Later,
}

/// What a date without a time of day means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BareDate {
    StartsDay,
    /// The next midnight, which the contract reads as "through the day before".
    EndsDay,
}

#[derive(Clone, Debug)]
pub(super) struct Clock {
    pub(super) zone: TimeZone,
    pub(super) formats: Vec<Format>,
    pub(super) ambiguous: Ambiguous,
    pub(super) nonexistent: Nonexistent,
}

#[derive(Clone, Debug)]
pub(super) enum Format {
    Strptime(String),
    /// Milliseconds since 1970.
    UnixMillis,
}

impl Format {
    /// Checks the format by writing a time with it and reading that again.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        if text == "unix_ms" {
            return Ok(Self::UnixMillis);
        }
        let utc = DateTime::constant(2021, 3, 6, 14, 5, 9, 0).to_zoned(TimeZone::UTC);
        let written = utc
            .and_then(|time| BrokenDownTime::from(&time).to_string(text))
            .map_err(|error| format!("is not a time format: {error}"))?;
        let read = BrokenDownTime::parse(text, &written).map_err(|error| format!("cannot be read back: {error}"))?;
        if read.timestamp().is_none() {
            read.to_datetime().map_err(|error| format!("does not give a date: {error}"))?;
        }
        Ok(Self::Strptime(text.to_owned()))
    }
}

impl Clock {
    pub(super) fn read(&self, text: &str, bare: BareDate) -> Result<WireTime, Fault> {
        let english = with_english_halves(text);
        let text = english.as_deref().unwrap_or(text);
        let found =
            self.formats.iter().find_map(|format| self.try_format(format, text, bare)).ok_or(Fault::NotATime)?;
        let found = found?;
        if (0..END_OF_2099_MS).contains(&found.at.0) { Ok(found) } else { Err(Fault::TimeOutOfRange) }
    }

    /// None when the text does not have this format.
    fn try_format(&self, format: &Format, text: &str, bare: BareDate) -> Option<Result<WireTime, Fault>> {
        let format = match format {
            Format::Strptime(format) => format,
            Format::UnixMillis => {
                let instant = Timestamp::from_millisecond(text.parse().ok()?).ok()?;
                return Some(Ok(wire(instant, self.zone.to_offset(instant))));
            }
        };
        let read = BrokenDownTime::parse(format, text).ok()?;
        if let Some(instant) = read.timestamp() {
            return Some(Ok(wire(instant, self.zone.to_offset(instant))));
        }
        let date = read.to_date().ok()?;
        if read.hour().is_none() {
            return Some(self.of_date(date, bare));
        }
        let local = date.to_datetime(read.to_time().ok()?);
        Some(match read.offset() {
            Some(offset) => {
                offset.to_timestamp(local).map(|instant| wire(instant, offset)).map_err(|_| Fault::TimeOutOfRange)
            }
            None => self.of_local(local, self.nonexistent),
        })
    }

    fn of_date(&self, date: Date, bare: BareDate) -> Result<WireTime, Fault> {
        let date = match bare {
            BareDate::StartsDay => date,
            BareDate::EndsDay => date.tomorrow().map_err(|_| Fault::TimeOutOfRange)?,
        };
        // Where midnight itself is skipped, the day begins at the end of the gap.
        self.of_local(date.to_datetime(Time::midnight()), Nonexistent::Later)
    }

    fn of_local(&self, local: DateTime, nonexistent: Nonexistent) -> Result<WireTime, Fault> {
        let offset = match (self.zone.to_ambiguous_timestamp(local).offset(), nonexistent, self.ambiguous) {
            (AmbiguousOffset::Unambiguous { offset }, _, _) => offset,
            (AmbiguousOffset::Fold { before, .. }, _, Ambiguous::Earlier) => before,
            (AmbiguousOffset::Fold { after, .. }, _, Ambiguous::Later) => after,
            (AmbiguousOffset::Gap { .. }, Nonexistent::Reject, _) => return Err(Fault::TimeSkipped),
            // With the offset that held before the gap, the instant lies as far behind the gap as the text lies in it.
            (AmbiguousOffset::Gap { before, .. }, Nonexistent::Later, _) => before,
        };
        let instant = offset.to_timestamp(local).map_err(|_| Fault::TimeOutOfRange)?;
        Ok(wire(instant, self.zone.to_offset(instant)))
    }
}

/// 2100-01-01T00:00:00Z; a year beyond it, or before 1970, is a slip or a stand-in for "none".
const END_OF_2099_MS: i64 = 4_102_444_800_000;

fn wire(instant: Timestamp, offset: Offset) -> WireTime {
    WireTime::new(Millis(instant.as_millisecond()), offset.seconds())
}

/// Chinese exports write 上午 and 下午 where `%p` expects AM and PM.
fn with_english_halves(text: &str) -> Option<String> {
    (!text.is_ascii() && (text.contains("上午") || text.contains("下午")))
        .then(|| text.replace("上午", "AM").replace("下午", "PM"))
}
