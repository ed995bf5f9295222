//! The value of a growing column: a place in an order, exact, whatever its type.

use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

/// A whole number, or for times so many ticks of 100 ns since 1970, by the clock that the column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Growth(pub i128);

/// What the growing column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrowingKind {
    Number,
    /// A time without a zone.
    Civil,
    /// `datetime` of SQL Server, which has thirds of a hundredth of a second, and `DATE` of Oracle, which has seconds.
    Coarse,
    Instant,
    Day,
}

/// The finest of any type: SQL Server's `datetime2(7)`.
pub const TICKS_PER_S: i128 = 10_000_000;
const NANOS_PER_TICK: i128 = 100;

impl Growth {
    pub fn of_instant(at: Timestamp) -> Self {
        Self(at.as_nanosecond().div_euclid(NANOS_PER_TICK))
    }

    /// As if the clock showed universal time.
    pub fn of_civil(at: DateTime) -> Option<Self> {
        Offset::UTC.to_timestamp(at).ok().map(Self::of_instant)
    }

    pub fn of_day(day: Date) -> Option<Self> {
        Self::of_civil(day.to_datetime(Time::midnight()))
    }

    /// Digits and a sign; a fraction of nothing but zeros does no harm.
    pub fn of_number(text: &str) -> Option<Self> {
        let whole = match text.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
            Some(_) => return None,
            None => text,
        };
        whole.parse().ok().map(Self)
    }

    /// The civil time of a kind that is a time.
    pub fn civil(self) -> DateTime {
        let nanos = self.0.saturating_mul(NANOS_PER_TICK);
        let at = Timestamp::from_nanosecond(nanos).unwrap_or(if nanos < 0 { Timestamp::MIN } else { Timestamp::MAX });
        Offset::UTC.to_datetime(at)
    }

    pub fn behind(self, by: i128) -> Self {
        Self(self.0.saturating_sub(by))
    }
}

impl GrowingKind {
    pub fn is_time(self) -> bool {
        self != Self::Number
    }

    /// As a task, a command line and the state folder write it.
    pub fn written(self, at: Growth) -> String {
        match self {
            Self::Number => at.0.to_string(),
            Self::Day => at.civil().date().to_string(),
            Self::Instant => format!("{}Z", plain(at.civil())),
            Self::Civil | Self::Coarse => plain(at.civil()),
        }
    }

    /// The same back; instants also without an offset, by the clock of the database.
    pub fn read(self, text: &str, zone: &TimeZone) -> Option<Growth> {
        let text = text.trim();
        if self == Self::Number {
            return Growth::of_number(text);
        }
        if let Ok(at) = text.replacen(' ', "T", 1).parse::<Timestamp>() {
            return match self {
                Self::Instant => Some(Growth::of_instant(at)),
                _ => Growth::of_civil(at.to_zoned(zone.clone()).datetime()),
            };
        }
        let at = civil(text)?;
        match self {
            Self::Instant => at.to_zoned(zone.clone()).ok().map(|at| Growth::of_instant(at.timestamp())),
            _ => Growth::of_civil(at),
        }
    }

    /// The instant of a place in this order; none where it is a number, or a day, which is no instant.
    pub fn instant(self, at: Growth, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Number | Self::Day => None,
            Self::Instant => Offset::UTC.to_timestamp(at.civil()).ok(),
            Self::Civil | Self::Coarse => at.civil().to_zoned(zone.clone()).ok().map(|at| at.timestamp()),
        }
    }

    /// Where a clock stands in this order.
    pub fn now(self, now: Timestamp, zone: &TimeZone) -> Option<Growth> {
        match self {
            Self::Number => None,
            Self::Instant => Some(Growth::of_instant(now)),
            Self::Civil | Self::Coarse | Self::Day => Growth::of_civil(now.to_zoned(zone.clone()).datetime()),
        }
    }
}

/// `2021-03-06 10:00:00.1234567`, with as many decimals as there are.
pub(super) fn plain(at: DateTime) -> String {
    at.to_string().replacen('T', " ", 1)
}

/// `2021-03-06 10:00:00`, `2021-03-06T10:00:00.5`, `2021-03-06`; what stands for "none" is no time.
pub(super) fn civil(text: &str) -> Option<DateTime> {
    match text.len() {
        10 => text.parse::<Date>().ok().map(|day| day.to_datetime(Time::midnight())),
        19.. => text.parse().ok(),
        _ => None,
    }
}

/// Ticks in so many seconds.
pub fn ticks(seconds: u64) -> i128 {
    i128::from(seconds) * TICKS_PER_S
}

/// A day count and what has passed of the day, as SQL Server sends them.
pub(super) fn after(epoch: Date, days: i64, nanos: i64) -> Option<DateTime> {
    let day = epoch.checked_add(Span::new().try_days(days).ok()?).ok()?;
    day.to_datetime(Time::midnight()).checked_add(Span::new().try_nanoseconds(nanos).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_and_read_back_the_same() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        for (kind, text) in [
            (GrowingKind::Number, "-7"),
            (GrowingKind::Number, "170141183460469231731687303715884105727"),
            (GrowingKind::Civil, "2021-03-06 10:00:00"),
            (GrowingKind::Civil, "2021-03-06 10:00:00.1234567"),
            (GrowingKind::Coarse, "2021-03-06 10:00:00.007"),
            (GrowingKind::Instant, "2021-03-06 02:00:00.000001Z"),
            (GrowingKind::Day, "2021-03-06"),
        ] {
            let at = kind.read(text, &zone).unwrap();
            assert_eq!(kind.written(at), text);
        }
        let noon: Timestamp = "2021-03-06T04:00:00Z".parse().unwrap();
        for kind in [GrowingKind::Civil, GrowingKind::Coarse, GrowingKind::Instant] {
            assert_eq!(kind.instant(kind.now(noon, &zone).unwrap(), &zone), Some(noon), "{kind:?}");
        }
        assert_eq!(GrowingKind::Number.instant(Growth(1), &zone), None);
        assert_eq!(GrowingKind::Instant.read("2021-03-06 10:00", &zone), None);
        let instant = GrowingKind::Instant.read("2021-03-06 10:00:00", &zone).unwrap();
        assert_eq!(GrowingKind::Instant.written(instant), "2021-03-06 02:00:00Z", "by the clock of the database");
    }

    #[test]
    fn what_is_no_whole_number_and_no_time_is_none() {
        assert_eq!(Growth::of_number("12.000"), Some(Growth(12)));
        for text in ["12.5", "1e9", "", "abc", "NaN"] {
            assert_eq!(Growth::of_number(text), None, "{text}");
        }
        for text in ["infinity", "0000-00-00 00:00:00", "0044-03-15 BC", "10:00:00", "2021-02-30 00:00:00"] {
            assert_eq!(civil(text), None, "{text}");
        }
    }
}
