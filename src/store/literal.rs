//! How values are written where ClickHouse reads them: a text into a query, an instant as a parameter.

use jiff::{Timestamp, tz::TimeZone};

use crate::domain::time::Millis;

/// What `DateTime64` can hold: the years 1900 to 2299.
const EARLIEST_MS: i64 = -2_208_988_800_000;
const LATEST_MS: i64 = 10_413_763_199_999;

/// A string literal of ClickHouse. Braces are escaped as well: a text that looks like a placeholder must not be filled in.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\x27").replace('{', "\\x7B"))
}

/// In the zone of the columns, because a view takes its parameter by the wall clock. Nothing lies beyond what a column
/// can hold, so that a period without end ends there.
pub fn instant(at: Millis) -> String {
    // Shanghai has kept no other offset since 1991.
    let shanghai = TimeZone::fixed(jiff::tz::offset(8));
    let at = at.0.clamp(EARLIEST_MS, LATEST_MS);
    let timestamp = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    timestamp.to_zoned(shanghai).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_written_by_the_clock_of_shanghai_and_kept_within_what_a_column_holds() {
        let noon = Millis::parse("2021-03-06T12:00:00.001Z").unwrap();
        assert_eq!(instant(noon), "2021-03-06 20:00:00.001");
        assert_eq!(instant(Millis(i64::MAX)), "2299-12-31 23:59:59.999");
        assert_eq!(instant(Millis(i64::MIN)), "1900-01-01 08:00:00.000");
    }
}
