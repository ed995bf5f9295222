//! Which days are worked: Monday to Friday, except where a notice names the day.
//!
//! Working days are numbered: 0 is the first on or after the first covered day, and those before it are negative. Inside the covered years the
//! numbers come from a sorted list, outside from the week alone, so both directions cost O(log n) at most.

use std::collections::BTreeMap;

use super::{civil::Day, error::CalendarError};

/// What a notice makes of a day, whatever day of the week it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// 调休上班: worked, though it is a Saturday or Sunday.
    Work,
    /// 放假.
    Off,
}

/// What a notice says of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDay {
    /// Worked or off.
    pub kind: DayKind,
    /// 节日 or the reason, as the list calls it: 春节.
    pub name: String,
}

/// The days of one calendar. What is outside the covered years goes by the week alone, which is why dues there are provisional.
#[derive(Clone, Debug)]
pub struct Days {
    first: Day,
    last: Day,
    listed: BTreeMap<Day, ListedDay>,
    /// The working days from `first` to `last`, ascending.
    worked: Vec<Day>,
}

impl Days {
    /// `first` and `last` are the days between which the notices are known to be complete.
    pub fn new(first: Day, last: Day, listed: BTreeMap<Day, ListedDay>) -> Result<Self, CalendarError> {
        if last < first {
            return Err(CalendarError::CoverReversed { from: first.date(), until: last.date() });
        }
        if let Some(day) = listed.keys().find(|day| **day < first || **day > last) {
            return Err(CalendarError::NotCovered(day.date()));
        }
        let is_worked = |day: &Day| match listed.get(day) {
            Some(stated) => stated.kind == DayKind::Work,
            None => is_weekday(*day),
        };
        let worked = (first.0..=last.0).map(Day).filter(is_worked).collect();
        Ok(Self { first, last, listed, worked })
    }

    /// The first day that a notice covers.
    pub fn first(&self) -> Day {
        self.first
    }

    /// The last day that a notice covers.
    pub fn last(&self) -> Day {
        self.last
    }

    /// Is it known of the day, and not presumed, whether it is worked? Else a due that rests on it is provisional (暂定).
    pub fn covers(&self, day: Day) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// By the notices, or outside of them by the week.
    pub fn is_workday(&self, day: Day) -> bool {
        self.listed.get(&day).map_or_else(|| is_weekday(day), |stated| stated.kind == DayKind::Work)
    }

    /// The days that a notice names, from `from` to `until`, both included.
    pub fn listed(&self, from: Day, until: Day) -> impl Iterator<Item = (Day, &ListedDay)> {
        self.listed.range(from..).take_while(move |(day, _)| **day <= until).map(|(day, stated)| (*day, stated))
    }

    /// The number of the first working day on or after `day`.
    pub fn number(&self, day: Day) -> i64 {
        if day < self.first {
            weekdays_before(day) - weekdays_before(self.first)
        } else if day > self.last {
            self.worked.len() as i64 + weekdays_before(day) - weekdays_before(self.last.plus(1))
        } else {
            self.worked.partition_point(|worked| *worked < day) as i64
        }
    }

    /// The working day with this number.
    pub fn workday(&self, number: i64) -> Day {
        let beyond = number - self.worked.len() as i64;
        match usize::try_from(number).ok().and_then(|index| self.worked.get(index)) {
            Some(day) => *day,
            None if number < 0 => weekday(weekdays_before(self.first) + number),
            None => weekday(weekdays_before(self.last.plus(1)) + beyond),
        }
    }

    /// The `n`-th working day after `day`, which itself does not count; 0 is `day` or the next working day.
    pub fn nth_workday(&self, day: Day, n: i64) -> Day {
        if n <= 0 { self.workday(self.number(day)) } else { self.workday(self.number(day.plus(1)) + n - 1) }
    }
}

/// 1970-01-05.
const MONDAY: i64 = 4;

fn is_weekday(day: Day) -> bool {
    (day.0 - MONDAY).rem_euclid(7) < 5
}

/// Mondays to Fridays since `MONDAY` and before `day`.
fn weekdays_before(day: Day) -> i64 {
    let days = day.0 - MONDAY;
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

/// The inverse, for days that are weekdays.
fn weekday(before: i64) -> Day {
    Day(before.div_euclid(5) * 7 + before.rem_euclid(5) + MONDAY)
}
