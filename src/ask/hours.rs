//! By which working hours somebody wants to count.

use std::collections::BTreeMap;

use super::unclear::Unclear;
use crate::domain::calendar::{Calendar, Hours, HoursError, Schedule};

/// `word` is a name of the calendar, a unit's code, or the hours themselves.
pub fn hours(calendar: &Calendar, word: Option<&str>) -> Result<Schedule, Unclear> {
    let Some(word) = word else { return Ok(calendar.working().schedule().clone()) };
    if word.contains(':') {
        let hours = Hours::parse(word.split(','));
        let wrong = |error: HoursError| Unclear::WrongHours { text: word.to_owned(), said: error.to_string() };
        let hours = hours.map_err(wrong)?;
        return Ok(Schedule::new("--windows", Vec::new(), hours, BTreeMap::new(), &calendar.days));
    }
    let mut schedules = calendar.schedules();
    let is_meant = |schedule: &&Schedule| schedule.name == word || schedule.units.iter().any(|unit| unit == word);
    schedules.find(is_meant).cloned().ok_or_else(|| {
        let names: Vec<&str> = calendar.schedules().map(|schedule| schedule.name.as_str()).collect();
        let calendar = calendar.version.id.to_string();
        Unclear::NoHours { calendar, name: word.to_owned(), known: names.join(", ") }
    })
}
