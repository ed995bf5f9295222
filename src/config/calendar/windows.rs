//! The sets of hours of a calendar file.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    days,
    file::{Change, WindowsTable},
};
use crate::{
    config::Problem,
    domain::calendar::{Days, Hours, HoursError, Schedule},
};

/// A set of hours that waits for the days it is to be counted on.
#[derive(Debug)]
pub(super) struct Spec {
    name: String,
    units: Vec<String>,
    hours: Hours,
    changes: BTreeMap<Date, Hours>,
}

impl Spec {
    pub(super) fn schedule(self, days: &Days) -> Schedule {
        Schedule::new(&self.name, self.units, self.hours, self.changes, days)
    }
}

pub(super) fn read(place: &str, tables: &BTreeMap<String, WindowsTable>, problems: &mut Vec<Problem>) -> Vec<Spec> {
    let mut specs = Vec::new();
    for (name, table) in tables {
        let place = format!("{place}, windows.{name}");
        let hours = hours(&format!("{place}.hours"), &table.hours, problems);
        let changes = changes(&format!("{place}.changes"), &table.changes, problems);
        if table.units.iter().any(|unit| unit.trim().is_empty()) {
            problems.push(Problem::new(format!("{place}.units"), "a unit is empty", "write the code of the unit"));
        }
        let units = table.units.clone();
        specs.extend(hours.map(|hours| Spec { name: name.clone(), units, hours, changes }));
    }
    specs
}

fn hours(place: &str, texts: &[String], problems: &mut Vec<Problem>) -> Option<Hours> {
    Hours::parse(texts.iter().map(String::as_str)).map_err(|error| problems.push(fault(place, &error))).ok()
}

/// Each change begins after the one before it, so that a slip in a year is seen.
fn changes(place: &str, changes: &[Change], problems: &mut Vec<Problem>) -> BTreeMap<Date, Hours> {
    let mut found = BTreeMap::new();
    for change in changes {
        let Some(from) = days::date(&change.from) else {
            problems.push(Problem::new(place, format!("from: {:?} is no date", change.from), days::DATE_REMEDY));
            continue;
        };
        let latest = found.last_key_value().map(|(latest, _)| *latest);
        if let Some(latest) = latest.filter(|latest| from <= *latest) {
            let what = format!("from: {from} does not come after {latest}, which stands before it");
            problems.push(Problem::new(place, what, "write the changes in the order of time, one a day"));
        }
        if let Some(hours) = hours(&format!("{place}, from {from}"), &change.hours, problems) {
            found.insert(from, hours);
        }
    }
    found
}

fn fault(place: &str, error: &HoursError) -> Problem {
    let remedy = match error {
        HoursError::NotHours(_) => "write hours and minutes such as 08:00-12:00",
        HoursError::Reversed(_) => {
            "write the earlier time first; hours over midnight are two windows, until 24:00 and from 00:00"
        }
        HoursError::Overlap(..) => "let the second begin when the first has ended",
        HoursError::None => "write at least one, such as 08:00-12:00",
    };
    Problem::new(place, error.to_string(), remedy)
}
