//! Working time: which days are worked, at which hours, and when a limit is due.
//!
//! A calendar is one version of the notices and local orders. It never changes: what was judged by it can be judged again.
//! Working days and working milliseconds are numbered from its first day, so a due or a difference is a search, not a walk.

pub(crate) mod civil;
mod days;
mod due;
mod error;
mod hours;
mod limit;
mod measure;
mod schedule;
mod stretches;
#[cfg(test)]
mod tests;
mod working;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{civil::Date, tz::TimeZone};
use smol_str::SmolStr;

use self::civil::{Day, Wall};
pub use self::{
    days::{DayKind, Days, ListedDay},
    due::Reckoned,
    error::CalendarError,
    hours::{Hours, HoursError},
    limit::{Convention, Limit, LimitError, Unit},
    schedule::Schedule,
    working::Working,
};
pub(crate) use self::{
    measure::Measure,
    stretches::{Rest, Stretch},
};
use super::time::Millis;

/// What a case remembers of the calendar that judged it, and where the calendar comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Another one for every change of content.
    pub id: SmolStr,
    /// When the latest notice in it was published.
    pub published: Date,
    /// Where the days come from, for people: the notices and local orders by name.
    pub source: String,
}

/// 工作日历: days and hours of one town. Made once from its files, which [`CalendarError`] says what is wrong with, and never changed.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Stands on every case that it judged (判定依据).
    pub version: Version,
    /// Of days, windows and midnights.
    pub zone: TimeZone,
    /// 放假 and 调休.
    pub days: Days,
    usual: Schedule,
    others: Vec<Schedule>,
    /// Places in `others`.
    by_unit: BTreeMap<String, usize>,
}

impl Calendar {
    /// One of the schedules is named `default`; the units that no other names keep it.
    pub fn new(
        version: Version,
        zone: TimeZone,
        days: Days,
        mut schedules: Vec<Schedule>,
    ) -> Result<Self, CalendarError> {
        let mut names = BTreeSet::new();
        if let Some(twice) = schedules.iter().find(|schedule| !names.insert(schedule.name.as_str())) {
            return Err(CalendarError::NameTwice(twice.name.clone()));
        }
        let usual = schedules.iter().position(|schedule| schedule.name == Schedule::DEFAULT);
        let usual = schedules.remove(usual.ok_or(CalendarError::NoDefault)?);
        let by_unit = by_unit(&usual, &schedules)?;
        Ok(Self { version, zone, days, usual, others: schedules, by_unit })
    }

    /// The first instant that no notice covers.
    pub fn ends_at(&self) -> Millis {
        Wall { day: self.days.last().plus(1), clock: 0 }.instant(&self.zone)
    }

    /// By the notices; outside of the covered years by the week.
    pub fn is_workday(&self, date: Date) -> bool {
        self.days.is_workday(Day::of(date))
    }

    /// The `n`-th working day after `date`; 0 is `date` itself or the next working day.
    pub fn nth_workday(&self, date: Date, n: u32) -> Date {
        self.days.nth_workday(Day::of(date), i64::from(n)).date()
    }

    /// Counts under the usual hours.
    pub fn working(&self) -> Working<'_> {
        Working { calendar: self, schedule: &self.usual }
    }

    /// Counts under the hours of a unit, by its code.
    pub fn working_of(&self, unit: &str) -> Working<'_> {
        let own = self.by_unit.get(unit).and_then(|place| self.others.get(*place));
        Working { calendar: self, schedule: own.unwrap_or(&self.usual) }
    }

    /// Counts under hours made for the days of this calendar.
    pub fn working_under<'a>(&'a self, schedule: &'a Schedule) -> Working<'a> {
        Working { calendar: self, schedule }
    }

    /// The usual hours first.
    pub fn schedules(&self) -> impl Iterator<Item = &Schedule> {
        std::iter::once(&self.usual).chain(&self.others)
    }
}

fn by_unit(usual: &Schedule, others: &[Schedule]) -> Result<BTreeMap<String, usize>, CalendarError> {
    let mut by_unit = BTreeMap::new();
    let mut named: BTreeMap<&str, &str> = usual.units.iter().map(|unit| (unit.as_str(), usual.name.as_str())).collect();
    for (place, schedule) in others.iter().enumerate() {
        for unit in &schedule.units {
            if let Some(one) = named.insert(unit, &schedule.name) {
                let (one, other) = (one.to_owned(), schedule.name.clone());
                return Err(CalendarError::UnitTwice { unit: unit.clone(), one, other });
            }
            by_unit.insert(unit.clone(), place);
        }
    }
    Ok(by_unit)
}
