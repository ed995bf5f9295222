//! Times and zones as people write them.

use jiff::{civil::DateTime, tz::TimeZone};

use super::unclear::{Unclear, nearest};
use crate::domain::time::Millis;

/// The zone must have a name, because ClickHouse is told it.
pub fn zone(name: &str) -> Result<TimeZone, Unclear> {
    let found = TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some());
    found.ok_or_else(|| {
        let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
        // There are too many to list.
        Unclear::NoZone { name: name.to_owned(), nearest: nearest(name, known.iter().map(String::as_str)) }
    })
}

/// A date is its beginning, and a time without an offset is the zone's. `parameter` is how it is called.
pub fn instant(parameter: &str, text: &str, zone: &TimeZone) -> Result<Millis, Unclear> {
    if let Some(at) = Millis::parse(text) {
        return Ok(at);
    }
    let local = text.parse::<DateTime>().ok().filter(|_| !text.contains(['[', 'Z', 'z']));
    let at = local.and_then(|local| local.to_zoned(zone.clone()).ok());
    let not_time = || Unclear::NotTime { parameter: parameter.to_owned(), text: text.to_owned() };
    at.map(|at| Millis(at.timestamp().as_millisecond())).ok_or_else(not_time)
}
