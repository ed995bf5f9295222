//! Days begin at midnight of a zone. Where a table counts them in another than its stream's, that is said.

use jiff::{Timestamp, tz::TimeZone};

use super::setup::Setup;
use crate::domain::{kpi::Period, time::Millis};

/// Do their clocks show different times at one of these instants?
pub fn differ(one: &TimeZone, other: &TimeZone, at: &[Millis]) -> bool {
    let offset = |zone: &TimeZone, at: &Millis| Timestamp::from_millisecond(at.0).map(|at| zone.to_offset(at)).ok();
    at.iter().any(|at| offset(one, at) != offset(other, at))
}

/// What to say of a table over the cases of one stream, or of all.
pub fn note(setup: &Setup, stream: Option<&str>, zone: &TimeZone, period: Period) -> Option<String> {
    let asked = |name: &str| stream.is_none_or(|stream| stream == name);
    let others =
        setup.files.iter().filter(|file| asked(&file.name) && differ(&file.timezone, zone, &[period.from, period.to]));
    let named = |zone: &TimeZone| zone.iana_name().unwrap_or("UTC").to_owned();
    let told: Vec<String> = others.map(|file| format!("{} {}", file.name, named(&file.timezone))).collect();
    (!told.is_empty()).then(|| {
        let zone = named(zone);
        let others = told.join(", ");
        format!("注意 note: 本表按 {zone} 分日，与业务流时区不同 the days of this table are {zone}'s, those of the streams are others: {others}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_differ_by_what_their_clocks_show_and_not_by_name() {
        let zone = |name| TimeZone::get(name).unwrap();
        let summer = Millis::parse("2021-07-01T00:00:00Z").unwrap();
        let winter = Millis::parse("2021-01-01T00:00:00Z").unwrap();
        assert!(!differ(&zone("Asia/Shanghai"), &zone("Asia/Taipei"), &[summer, winter]));
        assert!(differ(&zone("Asia/Shanghai"), &zone("America/New_York"), &[summer]));
        assert!(!differ(&zone("Europe/London"), &TimeZone::UTC, &[winter]));
        assert!(differ(&zone("Europe/London"), &TimeZone::UTC, &[winter, summer]));
    }
}
