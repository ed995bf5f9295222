//! A second way of counting, as plain as can be: day by day and window by window, with no sums kept.

use jiff::{ToSpan, civil::Weekday};

use super::*;

const DAY: i64 = 86_400_000;

/// Hours as pairs of milliseconds since midnight.
pub(super) type Windows = Vec<(i64, i64)>;

#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub first: Date,
    pub last: Date,
    pub worked: BTreeMap<Date, bool>,
    pub hours: Windows,
    pub changes: BTreeMap<Date, Windows>,
}

/// A date and the milliseconds since its midnight.
pub(super) type Moment = (Date, i64);

fn next(date: Date) -> Date {
    date.checked_add(1.day()).unwrap()
}

impl Plain {
    pub(super) fn is_workday(&self, date: Date) -> bool {
        let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.worked.get(&date).copied().unwrap_or(!is_weekend)
    }

    fn windows(&self, date: Date) -> &[(i64, i64)] {
        if !self.is_workday(date) {
            return &[];
        }
        self.changes.range(..=date).next_back().map_or(&self.hours, |(_, hours)| hours)
    }

    pub(super) fn next_work_instant(&self, (mut date, mut clock): Moment) -> Moment {
        loop {
            for &(from, until) in self.windows(date) {
                if clock < until {
                    return (date, clock.max(from));
                }
            }
            (date, clock) = (next(date), 0);
        }
    }

    pub(super) fn add_work(&self, start: Moment, mut work: i64) -> Moment {
        if work == 0 {
            return start;
        }
        let (mut date, mut clock) = start;
        loop {
            for &(from, until) in self.windows(date) {
                let from = from.max(clock);
                if from < until && work <= until - from {
                    return (date, from + work);
                }
                work -= (until - from).max(0);
            }
            (date, clock) = (next(date), 0);
        }
    }

    pub(super) fn work_between(&self, from: Moment, until: Moment) -> i64 {
        let (mut date, mut work) = (from.0, 0);
        while date <= until.0 {
            let begin = if date == from.0 { from.1 } else { 0 };
            let end = if date == until.0 { until.1 } else { DAY };
            for &(opens, closes) in self.windows(date) {
                work += (closes.min(end) - opens.max(begin)).max(0);
            }
            date = next(date);
        }
        work
    }

    pub(super) fn nth_workday(&self, mut date: Date, n: u32) -> Date {
        let mut left = n;
        if n == 0 {
            while !self.is_workday(date) {
                date = next(date);
            }
        }
        while left > 0 {
            date = next(date);
            left -= u32::from(self.is_workday(date));
        }
        date
    }

    fn close(&self, date: Date) -> i64 {
        self.windows(date).last().unwrap().1
    }

    pub(super) fn due(&self, start: Moment, n: u32, unit: Unit, convention: Option<Convention>) -> Moment {
        let after = |days: u32| start.0.checked_add(i64::from(days).days()).unwrap();
        let hours = |start: Moment, hours: u32| {
            let all = start.1 + i64::from(hours) * 3_600_000;
            (start.0.checked_add((all / DAY).days()).unwrap(), all % DAY)
        };
        match (unit, convention) {
            (Unit::Minute, _) => {
                let all = start.1 + i64::from(n) * 60_000;
                (start.0.checked_add((all / DAY).days()).unwrap(), all % DAY)
            }
            (Unit::UrgentHour, _) => hours(start, n),
            (Unit::WorkHour, _) => self.add_work(start, i64::from(n) * 3_600_000),
            (Unit::WorkDay, Some(Convention::EndOfDay)) => (next(self.nth_workday(start.0, n)), 0),
            (Unit::WorkDay, Some(Convention::CloseOfBusiness)) => {
                let day = self.nth_workday(start.0, n);
                (day, self.close(day))
            }
            (Unit::WorkDay, Some(Convention::SameClock)) => {
                let (day, clock) = self.next_work_instant(start);
                (self.nth_workday(day, n), clock)
            }
            (Unit::WorkDay, Some(Convention::WorkSeconds)) => {
                let length = |windows: &Windows| windows.iter().map(|(from, until)| until - from).sum::<i64>();
                let longest = self.changes.values().map(length).fold(length(&self.hours), i64::max);
                self.add_work(start, i64::from(n) * longest)
            }
            (_, Some(Convention::SameClock)) => (after(n), start.1),
            (_, Some(Convention::CloseOfBusiness)) => {
                let day = self.nth_workday(after(n), 0);
                (day, self.close(day))
            }
            _ => (next(after(n)), 0),
        }
    }
}
