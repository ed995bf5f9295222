//! A span of time taken apart for people: where work is done, where not, and why not.

use std::collections::BTreeSet;

use super::{
    Working,
    civil::{Day, Wall},
    days::DayKind,
};
use crate::domain::time::Millis;

/// A stretch in which work is done all the time, or none at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When it begins; included.
    pub from: Millis,
    /// When it ends, and the next begins.
    pub until: Millis,
    /// None: work is done.
    pub rest: Option<Rest>,
}

/// Why no work is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// 午休: between two windows of a day.
    Break,
    /// Before the first window of a working day or after its last.
    AfterHours,
    /// Days off, with or without the hours around them; the names that notices give to them, none for a plain weekend.
    DaysOff {
        /// A Saturday or Sunday that no notice names is among them.
        is_weekend: bool,
        /// 节日, sorted, each once.
        names: Vec<String>,
    },
}

impl Working<'_> {
    /// From one instant to a later one without gap or overlap, windows and what lies between them taking turns.
    pub(crate) fn stretches(&self, from: Millis, until: Millis) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        let mut at = from;
        while at < until {
            let next = self.next_work_instant(at);
            let (end, rest) = if next > at {
                let end = next.min(until);
                (end, Some(self.rest(at, end)))
            } else {
                (self.window_end(at).min(until), None)
            };
            // Where a clock is put back, a window can end before it begins.
            let end = if end > at { end } else { until };
            stretches.push(Stretch { from: at, until: end, rest });
            at = end;
        }
        stretches
    }

    /// Days off from one day to another, both included: None where each is worked.
    pub(in crate::domain) fn days_off(&self, from: Day, until: Day) -> Option<Rest> {
        let days = &self.calendar.days;
        let listed: Vec<_> = days.listed(from, until).filter(|(_, listed)| listed.kind == DayKind::Off).collect();
        let off = (from.0..=until.0).map(Day).filter(|day| !days.is_workday(*day)).count();
        if off == 0 {
            return None;
        }
        let is_weekend = off > listed.len();
        let names: BTreeSet<&str> = listed.iter().map(|(_, listed)| listed.name.as_str()).collect();
        Some(Rest::DaysOff { is_weekend, names: names.into_iter().map(str::to_owned).collect() })
    }

    fn rest(&self, from: Millis, until: Millis) -> Rest {
        let (first, last) = (self.wall(from), self.wall(until.plus(-1)));
        if let Some(off) = self.days_off(first.day, last.day) {
            return off;
        }
        let hours = self.schedule.hours(self.calendar.days.number(first.day));
        let is_between = first.day == last.day && first.clock >= hours.open() && last.clock < hours.close();
        if is_between { Rest::Break } else { Rest::AfterHours }
    }

    /// The end of the window in which `at` is.
    fn window_end(&self, at: Millis) -> Millis {
        let Wall { day, clock } = self.wall(at);
        let end = self.schedule.hours(self.calendar.days.number(day)).window_end(clock);
        self.instant(Wall { day, clock: end })
    }
}
