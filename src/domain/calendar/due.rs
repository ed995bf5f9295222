//! From a start and a limit to a due.

use super::{
    civil::{DAY, Day, HOUR, MINUTE, Wall},
    limit::{Convention, Limit, Unit},
    working::Working,
};
use crate::domain::time::{Due, Millis};

/// A due as one calendar gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// Exclusive where it falls on a midnight, in the zone of the calendar.
    pub due: Due,
    /// It rests on days that no notice covers yet, and the next calendar can move it.
    pub is_provisional: bool,
}

impl Working<'_> {
    /// Never earlier for a later start or a longer limit.
    pub fn due(&self, start: Millis, limit: Limit) -> Reckoned {
        let count = limit.count();
        let at = match limit.unit() {
            Unit::Minute => start.plus(count * MINUTE),
            Unit::UrgentHour => start.plus(count * HOUR),
            Unit::WorkHour => self.add_work(start, count * HOUR),
            Unit::WorkDay => self.after_workdays(start, count, limit.convention()),
            Unit::UrgentDay | Unit::NaturalDay => self.after_days(start, count, limit.convention()),
        };
        let due = Due { at, is_exclusive: at.is_midnight(&self.calendar.zone) };
        let is_provisional = rests_on_workdays(limit) && !self.is_covered(start, due);
        Reckoned { due, is_provisional }
    }

    fn after_workdays(&self, start: Millis, count: i64, convention: Option<Convention>) -> Millis {
        let from = self.wall(start);
        let days = &self.calendar.days;
        match convention {
            None | Some(Convention::EndOfDay) => self.end_of(days.nth_workday(from.day, count)),
            Some(Convention::CloseOfBusiness) => self.close_of(days.nth_workday(from.day, count)),
            Some(Convention::SameClock) => {
                let from = self.next_working(from);
                self.instant(Wall { day: days.nth_workday(from.day, count), clock: from.clock })
            }
            Some(Convention::WorkSeconds) => self.add_work(start, count * self.schedule.day_length()),
        }
    }

    fn after_days(&self, start: Millis, count: i64, convention: Option<Convention>) -> Millis {
        let from = self.wall(start);
        let last = from.day.plus(count);
        match convention {
            Some(Convention::SameClock) => self.instant(Wall { day: last, clock: from.clock }),
            // Nobody closes business on a day off: the next working day takes its place (Civil Code, article 203).
            Some(Convention::CloseOfBusiness) => self.close_of(self.calendar.days.nth_workday(last, 0)),
            // `Limit` lets no natural day be counted in working seconds.
            None | Some(Convention::EndOfDay | Convention::WorkSeconds) => self.end_of(last),
        }
    }

    pub(super) fn end_of(&self, day: Day) -> Millis {
        self.instant(Wall { day, clock: DAY })
    }

    /// `day` is a working day.
    pub(super) fn close_of(&self, day: Day) -> Millis {
        let hours = self.schedule.hours(self.calendar.days.number(day));
        self.instant(Wall { day, clock: hours.close() })
    }

    pub(super) fn is_covered(&self, start: Millis, due: Due) -> bool {
        let days = &self.calendar.days;
        days.covers(self.wall(start).day) && days.covers(self.wall(due.on_time_until()).day)
    }
}

/// Minutes, urgent hours and most natural days run through holidays, so no notice can move them.
pub(super) fn rests_on_workdays(limit: Limit) -> bool {
    match limit.unit() {
        Unit::Minute | Unit::UrgentHour => false,
        Unit::WorkHour | Unit::WorkDay => true,
        Unit::UrgentDay | Unit::NaturalDay => limit.convention() == Some(Convention::CloseOfBusiness),
    }
}
