//! By which working hours somebody wants to count.

use std::collections::BTreeMap;

use super::unclear::Unclear;
use crate::domain::calendar::{Calendar, Hours, Schedule};

/// `word` is a name of the calendar, a unit's code, or the hours themselves.
pub fn hours(calendar: &Calendar, word: Option<&str>) -> Result<Schedule, Unclear> {
    let Some(word) = word else { return Ok(calendar.working().schedule().clone()) };
    if word.contains(':') {
        let hours = Hours::parse(word.split(','));
        let hours = hours.map_err(|error| Unclear(format!("--windows: {error}; write 08:00-12:00,14:00-18:00")))?;
        return Ok(Schedule::new("--windows", Vec::new(), hours, BTreeMap::new(), &calendar.days));
    }
    let mut schedules = calendar.schedules();
    let is_meant = |schedule: &&Schedule| schedule.name == word || schedule.units.iter().any(|unit| unit == word);
    schedules.find(is_meant).cloned().ok_or_else(|| {
        let names: Vec<&str> = calendar.schedules().map(|schedule| schedule.name.as_str()).collect();
        let id = &calendar.version.id;
        Unclear(format!("--windows: {id} has no hours `{word}` and no unit of that code; it has {}", names.join(", ")))
    })
}
