//! How much of a limit passes between two instants, and a due that is moved by so much: what pauses and extensions need.

use super::{
    Working,
    civil::{DAY, Day, HOUR, MINUTE, Wall},
    due::{Reckoned, rests_on_workdays},
    limit::{Convention, Limit, Unit},
};
use crate::domain::time::{Due, Millis};

/// In what a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Milliseconds, day and night.
    Clock,
    /// Milliseconds of work.
    Work,
    /// Midnights.
    Days,
    /// Working days of which the midnight passes.
    Workdays,
}

impl Limit {
    /// In which measure its pauses and its progress are told.
    pub(crate) fn measure(self) -> Measure {
        match (self.unit(), self.convention()) {
            (Unit::Minute | Unit::UrgentHour, _) => Measure::Clock,
            (Unit::WorkHour, _) | (Unit::WorkDay, Some(Convention::WorkSeconds)) => Measure::Work,
            (Unit::WorkDay, _) => Measure::Workdays,
            (Unit::UrgentDay | Unit::NaturalDay, _) => Measure::Days,
        }
    }
}

impl Working<'_> {
    /// How much passes from one instant to a later one.
    pub(crate) fn passed(&self, from: Millis, until: Millis, measure: Measure) -> i64 {
        let number = |at| self.calendar.days.number(self.wall(at).day);
        let passed = match measure {
            Measure::Clock => until.since(from),
            Measure::Work => self.work_between(from, until),
            Measure::Days => self.wall(until).day.0 - self.wall(from).day.0,
            Measure::Workdays => number(until) - number(from),
        };
        passed.max(0)
    }

    /// The due so much later, as the limit counts. In days it keeps its clock, and the end of a day stays the end of a day.
    pub(crate) fn moved(&self, due: Due, by: i64, limit: Limit) -> Reckoned {
        let at = if by <= 0 { due.at } else { self.later(due, by, limit) };
        let due = Due { at, is_exclusive: at.is_midnight(&self.calendar.zone) };
        let is_provisional = rests_on_workdays(limit) && !self.is_covered(due.on_time_until(), due);
        Reckoned { due, is_provisional }
    }

    /// The due with the whole limit on top.
    pub(crate) fn extended(&self, due: Due, limit: Limit) -> Reckoned {
        let count = limit.count();
        let by = match (limit.unit(), limit.measure()) {
            (Unit::Minute, _) => count * MINUTE,
            (Unit::UrgentHour | Unit::WorkHour, _) => count * HOUR,
            (_, Measure::Work) => count * self.schedule.day_length(),
            _ => count,
        };
        self.moved(due, by, limit)
    }

    fn later(&self, due: Due, by: i64, limit: Limit) -> Millis {
        let last = self.wall(due.on_time_until()).day;
        let days = &self.calendar.days;
        match limit.measure() {
            Measure::Clock => due.at.plus(by),
            Measure::Work => self.add_work(due.at, by),
            Measure::Workdays => self.on_day(due, last, days.nth_workday(last, by), limit),
            Measure::Days if limit.convention() == Some(Convention::CloseOfBusiness) => {
                self.on_day(due, last, days.nth_workday(last.plus(by), 0), limit)
            }
            Measure::Days => self.on_day(due, last, last.plus(by), limit),
        }
    }

    fn on_day(&self, due: Due, last: Day, day: Day, limit: Limit) -> Millis {
        let is_close = limit.convention() == Some(Convention::CloseOfBusiness)
            && self.calendar.days.is_workday(last)
            && due.at == self.close_of(last);
        if is_close {
            return self.close_of(day);
        }
        let clock = if due.is_exclusive { DAY } else { self.wall(due.at).clock };
        self.instant(Wall { day, clock })
    }
}
