//! Working time, walked day by day: docs/calendar.md over the shipped list of days and the shipped hours.

use std::collections::HashMap;

use super::instant::{DAY, HOUR, MINUTE, clock, day, midnight, number};

pub struct Calendar {
    /// What a notice names; every other day follows the week.
    named: HashMap<i64, bool>,
    /// Beginning and end of each window, after midnight.
    windows: Vec<(i64, i64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Minute,
    WorkHour,
    WorkDay,
    NaturalDay,
}

/// A number of a unit; days under the convention END_OF_DAY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub n: i64,
    pub unit: Unit,
}

impl Calendar {
    pub fn shipped() -> Self {
        let days = include_str!("../../config/calendar/state-council.csv");
        let mut named = HashMap::new();
        for line in days.lines().skip(1).filter(|line| !line.is_empty()) {
            let part = |from: usize, to: usize| line[from..to].parse::<i64>().expect("digits");
            let is_worked = line[11..].starts_with("work,");
            assert!(is_worked || line[11..].starts_with("off,"), "{line}");
            named.insert(number(part(0, 4), part(5, 7), part(8, 10)), is_worked);
        }
        let file: toml::Value =
            include_str!("../../config/calendar/calendar.toml").parse::<toml::Table>().expect("toml").into();
        let hours = file["windows"]["default"]["hours"].as_array().expect("hours");
        let windows = hours.iter().map(|hours| {
            let hours = hours.as_str().expect("text");
            let at = |from: usize| {
                let part = |from: usize| hours[from..from + 2].parse::<i64>().expect("digits");
                part(from) * HOUR + part(from + 3) * MINUTE
            };
            (at(0), at(6))
        });
        Self { named, windows: windows.collect() }
    }

    pub fn is_worked(&self, day: i64) -> bool {
        // 1970-01-01 was a Thursday.
        self.named.get(&day).copied().unwrap_or((day + 3).rem_euclid(7) < 5)
    }

    pub fn due(&self, start: i64, limit: Limit) -> i64 {
        match limit.unit {
            Unit::Minute => start + limit.n * MINUTE,
            Unit::WorkHour => self.after_work(start, limit.n * HOUR),
            Unit::WorkDay => midnight(self.days_on(day(start), limit.n) + 1),
            Unit::NaturalDay => midnight(day(start) + limit.n + 1),
        }
    }

    /// So many working days after the day.
    pub fn days_on(&self, mut day: i64, mut n: i64) -> i64 {
        while n > 0 {
            day += 1;
            n -= i64::from(self.is_worked(day));
        }
        day
    }

    /// The first instant by which so much work is done.
    pub fn after_work(&self, start: i64, mut work: i64) -> i64 {
        if work == 0 {
            return start;
        }
        for day in day(start).. {
            for (from, to) in self.on(day) {
                let from = from.max(start);
                if from < to {
                    if work <= to - from {
                        return from + work;
                    }
                    work -= to - from;
                }
            }
        }
        unreachable!("there is always another day")
    }

    pub fn work_between(&self, from: i64, to: i64) -> i64 {
        let days = day(from)..=day(to.max(from));
        days.flat_map(|day| self.on(day)).map(|(begins, ends)| (ends.min(to) - begins.max(from)).max(0)).sum()
    }

    /// Working days whose last midnight lies after `from` and not after `to`.
    pub fn days_passed(&self, from: i64, to: i64, only_worked: bool) -> i64 {
        (day(from)..=day(to))
            .filter(|day| from < midnight(day + 1) && midnight(day + 1) <= to)
            .filter(|day| !only_worked || self.is_worked(*day))
            .count() as i64
    }

    /// A due so many days later, at the same clock; midnight is the end of the day before.
    pub fn due_days_on(&self, due: i64, n: i64, only_worked: bool) -> i64 {
        let (last, rest) = if clock(due) == 0 { (day(due) - 1, DAY) } else { (day(due), clock(due)) };
        let last = if only_worked { self.days_on(last, n) } else { last + n };
        midnight(last) + rest
    }

    fn on(&self, day: i64) -> Vec<(i64, i64)> {
        let begins = midnight(day);
        let windows: &[(i64, i64)] = if self.is_worked(day) { &self.windows } else { &[] };
        windows.iter().map(|(from, to)| (begins + from, begins + to)).collect()
    }
}
