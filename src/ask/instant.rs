//! Times and zones as people write them.

use jiff::{civil::DateTime, tz::TimeZone};

use super::unclear::{Unclear, ZONES_BEGIN, perhaps};
use crate::domain::time::Millis;

/// The zone must have a name, because ClickHouse is told it.
pub fn zone(name: &str) -> Result<TimeZone, Unclear> {
    let found = TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some());
    found.ok_or_else(|| {
        let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
        let maybe = perhaps(name, known.iter().map(String::as_str));
        Unclear(format!("there is no time zone `{name}`{maybe}{ZONES_BEGIN}"))
    })
}

/// A date is its beginning, and a time without an offset is the zone's. `option` is how the parameter is called.
pub fn instant(option: &str, text: &str, zone: &TimeZone) -> Result<Millis, Unclear> {
    if let Some(at) = Millis::parse(text) {
        return Ok(at);
    }
    let local = text.parse::<DateTime>().ok().filter(|_| !text.contains(['[', 'Z', 'z']));
    let at = local.and_then(|local| local.to_zoned(zone.clone()).ok());
    at.map(|at| Millis(at.timestamp().as_millisecond())).ok_or_else(|| {
        let what =
            "is neither a date (2021-01-01) nor a time (2021-01-01T08:00, or with an offset 2021-01-01T08:00:00+08:00)";
        Unclear(format!("{option} `{text}` {what}"))
    })
}
