//! Working days and hours, as far as the synthetic year needs them: 08:00-12:00 and 14:00-18:00 at +08:00 on the State
//! Council's working days. Only for making up lives and dues; nothing that judges a real case may use it.

use std::collections::HashMap;

use crate::domain::time::{Due, Millis};

pub const OFFSET_S: i32 = 8 * 3600;
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
/// The working time of one day.
pub const WORKDAY: i64 = 8 * HOUR;

const CALENDAR: &str = include_str!("../../config/calendar/state-council.csv");
/// What the calendar covers, as days since 1970-01-01: 2018-01-01 up to, and without, 2027-01-01.
const COVERED: std::ops::Range<i64> = 17_532..20_819;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimulatedDayKind {
    Work,
    Weekend,
    Holiday,
}

#[derive(Debug)]
pub struct SimulatedWorking {
    kinds: Vec<SimulatedDayKind>,
    /// Working days before each day, and one entry more for the end.
    before: Vec<i64>,
}

/// Days since 1970-01-01, by the calendar in China.
pub fn local_day(at: Millis) -> i64 {
    (at.0 + i64::from(OFFSET_S) * 1000).div_euclid(DAY)
}

pub fn date(day: i64) -> jiff::civil::Date {
    jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(day))
}

/// 00:00 in China.
pub fn midnight(day: i64) -> Millis {
    Millis(day * DAY - i64::from(OFFSET_S) * 1000)
}

fn time_of_day(at: Millis) -> i64 {
    at.since(midnight(local_day(at)))
}

impl SimulatedWorking {
    pub fn new() -> Self {
        let listed: HashMap<i64, bool> = CALENDAR.lines().skip(1).filter_map(read_day).collect();
        let kinds: Vec<SimulatedDayKind> = COVERED
            .map(|day| match (listed.get(&day), is_weekend(day)) {
                (Some(true), _) | (None, false) => SimulatedDayKind::Work,
                (Some(false), _) => SimulatedDayKind::Holiday,
                (None, true) => SimulatedDayKind::Weekend,
            })
            .collect();
        let mut before = vec![0];
        let mut worked = 0;
        for kind in &kinds {
            worked += i64::from(*kind == SimulatedDayKind::Work);
            before.push(worked);
        }
        Self { kinds, before }
    }

    pub fn kind(&self, day: i64) -> SimulatedDayKind {
        self.kinds[self.index(day)]
    }

    /// Working time from one instant to another.
    pub fn between(&self, from: Millis, to: Millis) -> i64 {
        self.worked_until(to) - self.worked_until(from)
    }

    /// The first instant by which so much has been worked.
    pub fn after(&self, from: Millis, work: i64) -> Millis {
        if work <= 0 {
            return from;
        }
        let target = self.worked_until(from) + work;
        let index = self.before.partition_point(|days| days * WORKDAY < target).saturating_sub(1);
        let rest = target - self.before[index] * WORKDAY;
        let lunch = if rest > WORKDAY / 2 { 2 * HOUR } else { 0 };
        midnight(COVERED.start + index as i64).plus(8 * HOUR + rest + lunch)
    }

    /// Through the n-th working day after this one: the midnight that ends it, exclusive.
    pub fn end_of_workday(&self, from: Millis, n: i64) -> Due {
        let done = self.before[self.index(local_day(from)) + 1] + n;
        let index = self.before.partition_point(|days| *days < done);
        Due { at: midnight(COVERED.start + index as i64), is_exclusive: true }
    }

    /// Working days of which the midnight passes between the two.
    pub fn days_ended(&self, from: Millis, to: Millis) -> i64 {
        self.before[self.index(local_day(to))] - self.before[self.index(local_day(from))]
    }

    fn worked_until(&self, at: Millis) -> i64 {
        let index = self.index(local_day(at));
        let today = if self.kinds[index] == SimulatedDayKind::Work {
            let time = time_of_day(at);
            (time - 8 * HOUR).clamp(0, WORKDAY / 2) + (time - 14 * HOUR).clamp(0, WORKDAY / 2)
        } else {
            0
        };
        self.before[index] * WORKDAY + today
    }

    fn index(&self, day: i64) -> usize {
        (day - COVERED.start).clamp(0, self.kinds.len() as i64 - 1) as usize
    }
}

/// 1970-01-01 was a Thursday.
fn is_weekend(day: i64) -> bool {
    matches!((day + 3).rem_euclid(7), 5 | 6)
}

fn read_day(line: &str) -> Option<(i64, bool)> {
    let mut columns = line.split(',');
    let date = columns.next()?;
    let at = Millis::parse(&format!("{date}T00:00:00+08:00"))?;
    Some((local_day(at), columns.next()? == "work"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        Millis::parse(&format!("{}:00+08:00", text.replace(' ', "T"))).unwrap()
    }

    #[test]
    fn every_year_has_the_working_days_of_the_notices() {
        let working = SimulatedWorking::new();
        let years: Vec<i64> = (2018..=2026)
            .map(|year| {
                working.between(at(&format!("{year}-01-01 00:00")), at(&format!("{year}-12-31 23:59"))) / WORKDAY
            })
            .collect();
        assert_eq!(years, [250, 250, 249, 250, 249, 249, 251, 248, 248]);
    }

    #[test]
    fn a_term_of_working_days_ends_at_an_exclusive_midnight() {
        let working = SimulatedWorking::new();
        for (from, n, due) in [
            ("2021-03-01 10:00", 1, "2021-03-03 00:00"),
            ("2021-03-01 10:00", 5, "2021-03-09 00:00"),
            ("2021-03-06 10:00", 1, "2021-03-09 00:00"),
            ("2021-09-30 16:30", 1, "2021-10-09 00:00"),
            ("2021-10-09 09:00", 15, "2021-10-30 00:00"),
            ("2021-12-31 17:00", 1, "2022-01-05 00:00"),
        ] {
            let found = working.end_of_workday(at(from), n);
            assert_eq!((found.at, found.is_exclusive), (at(due), true), "{from} {n}");
        }
    }

    #[test]
    fn working_hours_skip_lunch_the_night_and_the_weekend() {
        let working = SimulatedWorking::new();
        for (from, hours, until) in [
            ("2021-03-01 10:00", 2, "2021-03-01 12:00"),
            ("2021-03-01 10:00", 4, "2021-03-01 16:00"),
            ("2021-03-05 17:30", 4, "2021-03-08 11:30"),
            ("2021-03-06 10:00", 8, "2021-03-08 18:00"),
            ("2021-03-01 05:00", 1, "2021-03-01 09:00"),
        ] {
            let found = working.after(at(from), hours * HOUR);
            assert_eq!(found, at(until), "{from} {hours}");
            assert_eq!(working.between(at(from), found), hours * HOUR);
        }
        // A worked Saturday, and a holiday week.
        assert_eq!(working.between(at("2021-09-30 16:30"), at("2021-10-09 10:00")), 41_400_000);
    }
}
