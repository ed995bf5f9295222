//! The calendar: a file with its version, its cover and its hours, and the lists of days that it names.
//!
//! Every fault of all its files is found at once.

mod days;
mod file;
#[cfg(test)]
mod tests;
mod windows;

use std::path::{Path, PathBuf};

use jiff::{civil::Date, tz::TimeZone};

pub(super) use self::days::{DATE_REMEDY, date as date_of};
use self::{days::Notices, file::CalendarFile};
use super::{ConfigError, Problem, problem, read, rules};
use crate::domain::calendar::{Calendar, CalendarError, Days, Version, civil::Day};

const BUILT_IN: &str = include_str!("../../../config/calendar/calendar.toml");
const BUILT_IN_DAYS: &str = include_str!("../../../config/calendar/state-council.csv");

/// The calendar of a file, or the built-in one.
pub fn load(path: Option<&Path>) -> Result<Calendar, ConfigError> {
    match path {
        Some(path) => from_text(&path.display().to_string(), &read(path)?, path.parent()),
        None => from_text("built-in calendar.toml", BUILT_IN, None),
    }
}

/// The files that `text` names are beside it, in `folder`.
fn from_text(place: &str, text: &str, folder: Option<&Path>) -> Result<Calendar, ConfigError> {
    let file = file::parse(place, text)?;
    let mut problems = Vec::new();
    let cover = cover(place, &file, &mut problems);
    let version = version(place, &file, &mut problems);
    let zone = zone(place, &file.timezone, &mut problems);
    let (days_place, days_text) = days_file(&file, folder)?;
    let mut notices = Notices::default();
    let known = problems.len();
    notices.read(&days_place, &days_text, cover, &mut problems);
    if let (Some(cover), true) = (cover, problems.len() == known) {
        problems.extend(notices.missing_years(place, cover));
    }
    if let Some(path) = beside(&file.local, folder) {
        notices.read(&path.display().to_string(), &read(&path)?, cover, &mut problems);
    }
    let specs = windows::read(place, &file.windows, &mut problems);
    problem::none_of(problems)?;

    let refused = |error: CalendarError| ConfigError::Invalid(vec![contradiction(place, &error)]);
    // Without a problem each of them is there.
    let (Some((first, last)), Some(version), Some(zone)) = (cover, version, zone) else {
        return Err(ConfigError::Invalid(vec![Problem::new(place, "is not complete", file::REMEDY)]));
    };
    let days = Days::new(Day::of(first), Day::of(last), notices.into_listed()).map_err(refused)?;
    let schedules = specs.into_iter().map(|spec| spec.schedule(&days)).collect();
    Calendar::new(version, zone, days, schedules).map_err(refused)
}

fn days_file(file: &CalendarFile, folder: Option<&Path>) -> Result<(String, String), ConfigError> {
    match beside(&file.days, folder) {
        Some(path) => Ok((path.display().to_string(), read(&path)?)),
        None => Ok(("built-in state-council.csv".to_owned(), BUILT_IN_DAYS.to_owned())),
    }
}

fn beside(name: &str, folder: Option<&Path>) -> Option<PathBuf> {
    (!name.is_empty()).then(|| folder.unwrap_or(Path::new("")).join(name))
}

fn cover(place: &str, file: &CalendarFile, problems: &mut Vec<Problem>) -> Option<(Date, Date)> {
    let from = date(place, "covers_from", &file.covers_from, problems);
    let until = date(place, "covers_until", &file.covers_until, problems);
    let (from, until) = (from?, until?);
    if until < from {
        let what = format!("{until} is before covers_from, {from}");
        problems.push(Problem::new(format!("{place}, covers_until"), what, "exchange the two"));
        return None;
    }
    Some((from, until))
}

fn version(place: &str, file: &CalendarFile, problems: &mut Vec<Problem>) -> Option<Version> {
    if file.id.is_empty() || file.id.len() > 64 || file.id.contains(|c: char| c.is_control() || c.is_whitespace()) {
        let what = format!("{:?} cannot be an id", file.id);
        problems.push(Problem::new(format!("{place}, id"), what, "write up to 64 characters without blanks"));
    }
    let published = date(place, "published", &file.published, problems)?;
    Some(Version { id: file.id.as_str().into(), published, source: file.source.clone() })
}

fn zone(place: &str, name: &str, problems: &mut Vec<Problem>) -> Option<TimeZone> {
    if rules::is_zone(name) {
        return TimeZone::get(name).ok();
    }
    let what = format!("there is no time zone {name:?}");
    problems.push(Problem::new(format!("{place}, timezone"), what, "write an IANA name such as Asia/Shanghai"));
    None
}

fn date(place: &str, key: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Date> {
    let found = days::date(text);
    if found.is_none() {
        let place = format!("{place}, {key}");
        problems.push(Problem::new(place, format!("{text:?} is no date"), DATE_REMEDY));
    }
    found
}

fn contradiction(place: &str, error: &CalendarError) -> Problem {
    let remedy = match error {
        CalendarError::CoverReversed { .. } => "exchange covers_from and covers_until",
        CalendarError::NotCovered(_) => "widen covers_from and covers_until, or leave the day out",
        CalendarError::NoDefault => "write [windows.default] with the hours of all units that have none of their own",
        CalendarError::NameTwice(_) => "give each a name of its own",
        CalendarError::UnitTwice { .. } => "leave the unit in one of them",
    };
    Problem::new(place, error.to_string(), remedy)
}
