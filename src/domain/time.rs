//! Instants as UTC milliseconds, and dues.
//! An instant is never a civil date here; zones matter only where a person writes or reads a time.

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// Reads RFC 3339, for example `2021-03-06T10:00:00+08:00`. Finer than a millisecond is cut off.
    pub fn parse(text: &str) -> Option<Self> {
        // Jiff also takes civil times with a bracketed zone; the contract does not.
        if !has_offset(text) {
            return None;
        }
        text.parse::<Timestamp>().ok().map(|instant| Self(instant.as_millisecond())).or_else(|| beyond(text))
    }

    /// RFC 3339 in the given zone, with the zone's offset; milliseconds only where there are any.
    pub fn rfc3339(self, zone: &TimeZone) -> String {
        let Ok(instant) = Timestamp::from_millisecond(self.0) else { return self.0.to_string() };
        let zoned = instant.to_zoned(zone.clone());
        let format = if self.0 % 1000 == 0 { "%Y-%m-%dT%H:%M:%S%:z" } else { "%Y-%m-%dT%H:%M:%S%.3f%:z" };
        zoned.strftime(format).to_string()
    }

    /// By the clock of the zone.
    pub fn year(self, zone: &TimeZone) -> i16 {
        Timestamp::from_millisecond(self.0).map_or(0, |instant| instant.to_zoned(zone.clone()).year())
    }

    /// By the clock of the zone. Where no calendar reaches, the first day of 1970.
    pub fn date(self, zone: &TimeZone) -> Date {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date()
    }

    /// Milliseconds later, or before where they are negative; at the ends of what can be said it stays there.
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Is this 00:00:00 in the given zone?
    pub fn is_midnight(self, zone: &TimeZone) -> bool {
        Timestamp::from_millisecond(self.0)
            .is_ok_and(|instant| instant.to_zoned(zone.clone()).time() == jiff::civil::Time::midnight())
    }
}

impl fmt::Debug for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339(&TimeZone::UTC))
    }
}

/// The last day of the year 9999, with which some say "never": a time as it should be written, which jiff cannot hold.
fn beyond(text: &str) -> Option<Millis> {
    const LAST_DAY: i64 = 253_402_214_400_000;
    if !text.starts_with("9999-12-3") {
        return None;
    }
    let earlier: Timestamp = format!("9998-{}", &text[5..]).parse().ok()?;
    const YEAR_MS: i64 = 365 * 86_400_000;
    Some(Millis(earlier.as_millisecond() + YEAR_MS)).filter(|at| at.0 >= LAST_DAY - 86_400_000)
}

/// `…T…` and then `Z` or `±hh:mm` at the end.
fn has_offset(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(last) = bytes.last() else { return false };
    if bytes.len() < 20 || !matches!(bytes[10], b'T' | b't' | b' ') {
        return false;
    }
    matches!(last, b'Z' | b'z') || matches!(bytes[bytes.len() - 6], b'+' | b'-')
}

/// The time by which something must be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Due {
    /// The instant; not on time itself where the due is exclusive.
    pub at: Millis,
    /// A due at local midnight means "through the day before": the instant itself is already late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_exclusive: bool,
}

impl Due {
    /// The last instant that is still on time.
    pub fn on_time_until(self) -> Millis {
        if self.is_exclusive { self.at.plus(-1) } else { self.at }
    }

    /// 按时: done by then, to the millisecond.
    pub fn is_met_at(self, done: Millis) -> bool {
        done <= self.on_time_until()
    }

    /// The due after a pause that began at `paused` and ended at `resumed`: what was left then is still left.
    /// A pause that begins after the due cures nothing.
    /// By the clock on the wall; whether it is a midnight then, is asked in the zone.
    pub fn after_pause(self, paused: Millis, resumed: Millis, zone: &TimeZone) -> Self {
        if !self.is_met_at(paused) {
            return self;
        }
        let at = self.at.plus(resumed.since(paused).max(0));
        Self { at, is_exclusive: at.is_midnight(zone) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    #[test]
    fn an_instant_needs_an_offset() {
        assert_eq!(Millis::parse("1970-01-01T08:00:01+08:00"), Some(Millis(1000)));
        assert_eq!(Millis::parse("1970-01-01T00:00:01Z"), Some(Millis(1000)));
        for text in [
            "",
            "2021-03-06",
            "2021-03-06T10:00:00",
            "2021-13-06T10:00:00Z",
            "yesterday",
            "2021-03-06T10:00:00[Asia/Shanghai]",
        ] {
            assert_eq!(Millis::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_end_of_all_years_is_a_time() {
        assert_eq!(Millis::parse("9999-12-31T23:59:59+08:00"), Some(Millis(253_402_271_999_000)));
        assert_eq!(Millis::parse("9999-12-31T23:59:59Z"), Some(Millis(253_402_300_799_000)));
        assert_eq!(Millis::parse("9999-12-30T00:00:00Z"), Some(Millis(253_402_128_000_000)));
        assert_eq!(Millis::parse("9999-12-32T00:00:00Z"), None);
        assert_eq!(Millis::parse("9999-12-31"), None);
    }

    #[test]
    fn midnight_is_that_of_the_zone() {
        let is_midnight = |text| Millis::parse(text).unwrap().is_midnight(&shanghai());
        assert!(is_midnight("2021-03-03T00:00:00+08:00") && is_midnight("2021-03-02T16:00:00Z"));
        assert!(!is_midnight("2021-03-03T00:00:00Z") && !is_midnight("2021-03-03T00:00:00.001+08:00"));
    }

    #[test]
    fn a_date_is_that_of_the_zone() {
        let at = Millis::parse("2021-03-02T16:00:00Z").unwrap();
        assert_eq!(at.date(&shanghai()), jiff::civil::date(2021, 3, 3));
        assert_eq!(at.plus(-1).date(&shanghai()), jiff::civil::date(2021, 3, 2));
        assert_eq!(Millis(i64::MAX).date(&TimeZone::UTC), jiff::civil::date(1970, 1, 1));
    }

    #[test]
    fn the_instant_of_an_exclusive_due_is_late() {
        let due = |is_exclusive| Due { at: Millis(100), is_exclusive };
        assert!(due(true).is_met_at(Millis(99)) && !due(true).is_met_at(Millis(100)));
        assert!(due(false).is_met_at(Millis(100)) && !due(false).is_met_at(Millis(101)));
    }

    #[test]
    fn a_pause_after_the_due_cures_nothing() {
        let due = Due { at: Millis(100), is_exclusive: false };
        assert_eq!(due.after_pause(Millis(50), Millis(80), &TimeZone::UTC).at, Millis(130));
        assert_eq!(due.after_pause(Millis(101), Millis(200), &TimeZone::UTC).at, Millis(100));
    }

    #[test]
    fn midnight_is_asked_of_the_moved_due() {
        const HOUR: i64 = 3_600_000;
        let due = |hour: i64, is_exclusive| Due { at: Millis(hour * HOUR), is_exclusive };
        let moved = |from: Due, by: i64| from.after_pause(Millis(0), Millis(by * HOUR), &TimeZone::UTC);
        assert_eq!(moved(due(24, true), 5), due(29, false));
        assert_eq!(moved(due(17, false), 7), due(24, true));
    }

    #[test]
    fn times_are_written_in_the_zone_asked_for() {
        assert_eq!(Millis(1000).rfc3339(&shanghai()), "1970-01-01T08:00:01+08:00");
        assert_eq!(Millis(1001).rfc3339(&TimeZone::UTC), "1970-01-01T00:00:01.001+00:00");
    }
}
