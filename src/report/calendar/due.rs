//! When a limit is due.

use std::io::{self, Write};

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{shown, write_calendar, write_provisional};
use crate::{
    ask::{self, Moment, unclear::Unclear},
    domain::{
        calendar::{Calendar, Convention, Limit, Reckoned, Schedule, Unit, civil::Wall},
        time::Millis,
    },
    report::table::write_line,
};

/// What is asked.
#[derive(Clone, Debug)]
pub struct DueOrder {
    /// As the clock of the calendar's zone shows it, where it names no offset.
    pub start: Moment,
    pub limit: u32,
    pub unit: Unit,
    /// None: as most are.
    pub convention: Option<Convention>,
    /// A name of the calendar, a unit's code, or the hours themselves; none: the usual ones.
    pub windows: Option<String>,
}

/// And when that limit is due.
#[derive(Clone, Debug)]
pub struct LimitDue<'a> {
    /// Which version of it; its zone is that of every time here.
    pub calendar: &'a Calendar,
    /// 起算.
    pub start: Millis,
    pub limit: Limit,
    /// 作息 by which it was counted.
    pub schedule: Schedule,
    /// The due, and whether a later notice can move it.
    pub found: Reckoned,
}

/// What is asked and cannot be, is for whoever asked.
pub fn told<'a>(calendar: &'a Calendar, order: &DueOrder) -> Result<LimitDue<'a>, Unclear> {
    let limit = ask::limit(order.limit, order.unit, order.convention)?;
    let schedule = ask::hours(calendar, order.windows.as_deref())?;
    let start = order.start.instant(&calendar.zone);
    let found = calendar.working_under(&schedule).due(start, limit);
    Ok(LimitDue { calendar, start, limit, schedule, found })
}

impl LimitDue<'_> {
    pub fn json(&self) -> Value {
        let Self { calendar, start, limit, schedule, found } = self;
        json!({
            "start": start.rfc3339(&calendar.zone),
            "limit": limit.count(),
            "unit": limit.unit().name(),
            "convention": limit.convention().map(Convention::name),
            "windows": schedule.name,
            "due": found.due.at.rfc3339(&calendar.zone),
            "exclusive": found.due.is_exclusive,
            "provisional": found.is_provisional,
            "calendar": calendar.version.id,
        })
    }

    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let Self { calendar, start, limit, schedule, found } = self;
        let counted = limit.convention().map(|how| format!(", {} {}", how.title_zh(), how.name())).unwrap_or_default();
        let unit = limit.unit();
        write_line("起算 start", &shown(calendar, *start), out)?;
        write_line("时限 limit", &format!("{} {} {}{counted}", limit.count(), unit.title_zh(), unit.name()), out)?;
        write_line("作息 hours", &hours_on(calendar, schedule, *start), out)?;
        write_line("到期 due", &self.due_text(), out)?;
        write_calendar(calendar, out)?;
        if found.is_provisional {
            write_provisional(out)?;
        }
        Ok(())
    }

    fn due_text(&self) -> String {
        let text = shown(self.calendar, self.found.due.at);
        match self.through() {
            Some(last) => format!("{text}, {last} 结束前 through {last}"),
            None => text,
        }
    }

    /// A due at midnight is the end of the day before, which people should not have to work out.
    pub fn through(&self) -> Option<Date> {
        let due = self.found.due;
        due.is_exclusive.then(|| Wall::at(due.on_time_until(), &self.calendar.zone).day.date())
    }
}

/// `default 08:00-12:00 14:00-18:00`.
pub fn hours_on(calendar: &Calendar, schedule: &Schedule, at: Millis) -> String {
    let number = calendar.days.number(Wall::at(at, &calendar.zone).day);
    format!("{} {}", schedule.name, schedule.hours(number))
}
