//! The hours that a unit keeps through the years: one set of hours, changed from certain days on (夏令作息, say).
//!
//! Work is counted from the first day that the calendar covers. Every change keeps what was worked before it, so the
//! work before a day and the day of some work are each found by a search among the changes.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{civil::Day, days::Days, hours::Hours};

#[derive(Clone, Debug)]
struct Season {
    /// Number of the first working day with these hours.
    number: i64,
    /// Milliseconds worked before it.
    before: i64,
    hours: Hours,
}

/// 作息 of one unit or several; a season (夏令作息) changes the windows, not the schedule.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// As the calendar's file calls it, and `--windows` may.
    pub name: String,
    /// Codes of the units that keep these hours.
    pub units: Vec<String>,
    first: Season,
    later: Vec<Season>,
}

impl Schedule {
    /// The name of the hours that every calendar has.
    pub const DEFAULT: &str = "default";

    /// `changes` are the hours from a day on. The numbers of working days are those of `days`.
    pub fn new(name: &str, units: Vec<String>, hours: Hours, changes: BTreeMap<Date, Hours>, days: &Days) -> Self {
        let first = Season { number: 0, before: 0, hours };
        let mut later: Vec<Season> = Vec::with_capacity(changes.len());
        for (from, hours) in changes {
            let number = days.number(Day::of(from));
            let season = later.last().unwrap_or(&first);
            let before = season.before + (number - season.number) * season.hours.length();
            later.push(Season { number, before, hours });
        }
        Self { name: name.to_owned(), units, first, later }
    }

    /// The hours of the working day with this number.
    pub fn hours(&self, number: i64) -> &Hours {
        &self.season(|season| season.number <= number).hours
    }

    /// Milliseconds worked before the working day with this number.
    pub(super) fn worked_before(&self, number: i64) -> i64 {
        let season = self.season(|season| season.number <= number);
        season.before + (number - season.number) * season.hours.length()
    }

    /// Number and clock time of the working day on which so much has first been worked.
    pub fn reached(&self, worked: i64) -> (i64, i64) {
        let season = self.season(|season| season.before < worked);
        // The last millisecond decides: a full day ends at its close, not at the next opening.
        let (last, length) = (worked - season.before - 1, season.hours.length());
        (season.number + last.div_euclid(length), season.hours.reached(last.rem_euclid(length) + 1))
    }

    /// Milliseconds that count as one day of work. One number for all seasons: with more, a later start could have an
    /// earlier due.
    pub fn day_length(&self) -> i64 {
        self.later.iter().map(|season| season.hours.length()).fold(self.first.hours.length(), i64::max)
    }

    /// The last season that has begun.
    fn season(&self, has_begun: impl Fn(&Season) -> bool) -> &Season {
        let begun = self.later.partition_point(has_begun);
        begun.checked_sub(1).and_then(|index| self.later.get(index)).unwrap_or(&self.first)
    }
}
