//! Counting working time in one calendar under one set of hours.
//!
//! Working time is what clocks on the wall show between two instants, inside the windows of working days.

use jiff::tz::TimeZone;

use super::{Calendar, civil::Wall, hours::Hours, schedule::Schedule};
use crate::domain::time::Millis;

/// What counts by a calendar and one set of hours: dues, work between two instants, what passed of a limit. Cheap to make and to copy.
#[derive(Clone, Copy, Debug)]
pub struct Working<'a> {
    pub(super) calendar: &'a Calendar,
    pub(super) schedule: &'a Schedule,
}

impl<'a> Working<'a> {
    /// The hours that it counts by.
    pub fn schedule(&self) -> &'a Schedule {
        self.schedule
    }

    /// The hours of the day of an instant, or of the next working day.
    pub fn hours_on(&self, at: Millis) -> &'a Hours {
        self.schedule.hours(self.calendar.days.number(self.wall(at).day))
    }

    /// Of the calendar.
    pub fn zone(&self) -> &'a TimeZone {
        &self.calendar.zone
    }

    /// Is work done at this instant?
    pub fn is_working(&self, at: Millis) -> bool {
        self.next_work_instant(at) == at
    }

    /// This instant if work is done at it, else when the next window begins. The end of a window is no longer in it.
    pub(super) fn next_work_instant(&self, at: Millis) -> Millis {
        let wall = self.wall(at);
        let next = self.next_working(wall);
        if next == wall { at } else { self.instant(next) }
    }

    /// The first instant by which so many milliseconds have been worked since `start`.
    pub(crate) fn add_work(&self, start: Millis, work: i64) -> Millis {
        if work <= 0 {
            return start;
        }
        let (number, clock) = self.schedule.reached(self.worked_by(start).saturating_add(work));
        self.instant(Wall { day: self.calendar.days.workday(number), clock })
    }

    /// Milliseconds worked from one instant to another, negative when `until` is the earlier one.
    pub fn work_between(&self, from: Millis, until: Millis) -> i64 {
        self.worked_by(until) - self.worked_by(from)
    }

    /// Milliseconds worked since the calendar's first day.
    fn worked_by(&self, at: Millis) -> i64 {
        let Wall { day, clock } = self.wall(at);
        let number = self.calendar.days.number(day);
        let before = self.schedule.worked_before(number);
        if self.calendar.days.is_workday(day) { before + self.schedule.hours(number).worked_by(clock) } else { before }
    }

    pub(super) fn next_working(&self, wall: Wall) -> Wall {
        let days = &self.calendar.days;
        let hours = |number| self.schedule.hours(number);
        let today = days.is_workday(wall.day).then(|| hours(days.number(wall.day)).next(wall.clock)).flatten();
        if let Some(clock) = today {
            return Wall { day: wall.day, clock };
        }
        let number = days.number(wall.day.plus(1));
        Wall { day: days.workday(number), clock: hours(number).open() }
    }

    pub(super) fn wall(&self, at: Millis) -> Wall {
        Wall::at(at, &self.calendar.zone)
    }

    pub(super) fn instant(&self, wall: Wall) -> Millis {
        wall.instant(&self.calendar.zone)
    }
}
