//! Reads the times of a file: several formats tried in order, in the zone that the mapping names.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::strtime::BrokenDownTime,
    tz::{AmbiguousOffset, Offset, TimeZone},
};

use super::{
    fault::Fault,
    serial::{Epoch, of_serial},
};
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
    Start,
    /// The last second of the day: something happened in the course of it.
    LastSecond,
    /// The next midnight, which the contract reads as "through the day before".
    NextMidnight,
}

/// The same as the mapping says it, for a time and for a due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    Start,
    End,
}

impl Bare {
    pub(super) fn of_time(said: Option<Self>) -> BareDate {
        match said {
            None | Some(Self::Start) => BareDate::Start,
            Some(Self::End) => BareDate::LastSecond,
        }
    }

    pub(super) fn of_due(said: Option<Self>) -> BareDate {
        match said {
            None | Some(Self::End) => BareDate::NextMidnight,
            Some(Self::Start) => BareDate::Start,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Clock {
    pub(super) zone: TimeZone,
    pub(super) formats: Vec<Format>,
    pub(super) ambiguous: Ambiguous,
    pub(super) nonexistent: Nonexistent,
    /// Where a value does not say it itself.
    pub(super) bare: Option<Bare>,
}

#[derive(Clone, Debug)]
pub(super) enum Format {
    Strptime(String),
    /// Milliseconds since 1970.
    UnixMillis,
    /// Days since the epoch of a spreadsheet: what is left of a date whose cell is not formatted as one.
    Serial(Epoch),
}

impl Format {
    /// Checks the format by writing a time with it and reading that again.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        match text {
            "unix_ms" => return Ok(Self::UnixMillis),
            "excel" => return Ok(Self::Serial(Epoch::Of1900)),
            "excel1904" => return Ok(Self::Serial(Epoch::Of1904)),
            _ => {}
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

    /// A civil time as text, where the format can say it.
    fn write(&self, at: DateTime) -> Option<String> {
        match self {
            Self::Strptime(format) => BrokenDownTime::from(at).to_string(format).ok(),
            Self::UnixMillis | Self::Serial(_) => None,
        }
    }

    /// The civil time of a text, and whether it has no time of day.
    pub(super) fn civil(&self, text: &str) -> Option<(DateTime, bool)> {
        match self {
            Self::UnixMillis => None,
            Self::Serial(epoch) => {
                let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                let serial: f64 = is_number.then(|| text.parse().ok())??;
                of_serial(serial, *epoch).map(|at| (at, serial.fract() == 0.0))
            }
            Self::Strptime(format) => {
                let read = BrokenDownTime::parse(format, text).ok()?;
                let date = read.to_date().ok()?;
                match read.hour() {
                    None => Some((date.to_datetime(Time::midnight()), true)),
                    Some(_) => Some((date.to_datetime(read.to_time().ok()?), false)),
                }
            }
        }
    }
}

impl Clock {
    /// For what is no time, where the mapping's own is not known.
    pub(super) fn unread() -> Self {
        let (ambiguous, nonexistent) = (Ambiguous::Earlier, Nonexistent::Reject);
        Self { zone: TimeZone::UTC, formats: Vec::new(), ambiguous, nonexistent, bare: None }
    }

    /// The same, with dates as workbooks have them, whatever formats the mapping lists.
    pub(super) fn with_dates(&self) -> Self {
        let dates = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d"].map(|format| Format::Strptime(format.to_owned()));
        let formats = self.formats.iter().cloned().chain(dates).collect();
        Self { formats, zone: self.zone.clone(), ..*self }
    }

    /// As the first format that fits reads it, before any zone; and whether it has no time of day.
    pub(super) fn civil(&self, text: &str) -> Option<(DateTime, bool)> {
        let english = with_english_halves(text);
        let text = english.as_deref().unwrap_or(text);
        self.formats.iter().find_map(|format| format.civil(text))
    }

    /// A date of a workbook in the first of the mapping's formats that gives it back as it is.
    pub(super) fn written(&self, at: DateTime, is_bare: bool) -> String {
        let mut texts = self.formats.iter().filter_map(|format| format.write(at));
        texts.find(|text| self.civil(text) == Some((at, is_bare))).unwrap_or_else(|| at.to_string())
    }

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
        match format {
            Format::UnixMillis => {
                let instant = Timestamp::from_millisecond(text.parse().ok()?).ok()?;
                return Some(Ok(wire(instant, self.zone.to_offset(instant))));
            }
            Format::Strptime(format) => {
                let read = BrokenDownTime::parse(format, text).ok()?;
                if let Some(instant) = read.timestamp() {
                    return Some(Ok(wire(instant, self.zone.to_offset(instant))));
                }
                if let (Some(offset), Ok(local)) = (read.offset(), read.to_datetime()) {
                    let instant = offset.to_timestamp(local).map(|instant| wire(instant, offset));
                    return Some(instant.map_err(|_| Fault::TimeOutOfRange));
                }
            }
            Format::Serial(_) => {}
        }
        let (local, is_bare) = format.civil(text)?;
        Some(if is_bare { self.of_date(local.date(), bare) } else { self.of_local(local, self.nonexistent) })
    }

    fn of_date(&self, date: Date, bare: BareDate) -> Result<WireTime, Fault> {
        let date = match bare {
            BareDate::Start => date,
            BareDate::LastSecond => return self.of_local(date.at(23, 59, 59, 0), Nonexistent::Later),
            BareDate::NextMidnight => date.tomorrow().map_err(|_| Fault::TimeOutOfRange)?,
        };
        // Where midnight itself is skipped, the day begins at the end of the gap.
        self.of_local(date.to_datetime(Time::midnight()), Nonexistent::Later)
    }

    /// So much later by the clocks of the zone: a day is the same time of the next day.
    pub(super) fn later(&self, from: WireTime, days: i64, ms: i64) -> Option<WireTime> {
        let start = Timestamp::from_millisecond(from.at.0).ok()?.to_zoned(self.zone.clone());
        let end = start.checked_add(jiff::Span::new().days(days).milliseconds(ms)).ok()?.timestamp();
        (0..END_OF_2099_MS).contains(&end.as_millisecond()).then(|| wire(end, self.zone.to_offset(end)))
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
pub(super) fn with_english_halves(text: &str) -> Option<String> {
    (!text.is_ascii() && (text.contains("上午") || text.contains("下午")))
        .then(|| text.replace("上午", "AM").replace("下午", "PM"))
}
