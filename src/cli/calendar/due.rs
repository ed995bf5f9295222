//! `tongguan calendar due`: when a limit is due.

use std::io::Write;

use serde_json::json;

use super::{DueArgs, shown, windows, write_calendar, write_json, write_line, write_provisional};
use crate::{
    ask::unclear::Unclear,
    domain::{
        calendar::{Calendar, Convention, Limit, Reckoned, Schedule, civil::Wall},
        time::Millis,
    },
};

pub(super) fn run(calendar: &Calendar, asked: &DueArgs, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let limit = Limit::new(asked.limit, asked.unit, asked.convention)
        .map_err(|error| Unclear(format!("--limit {} --unit {}: {error}", asked.limit, asked.unit.name())))?;
    let schedule = windows::chosen(calendar, asked.windows.windows.as_deref())?;
    let start = asked.start.instant(&calendar.zone);
    let found = calendar.working_under(&schedule).due(start, limit);
    if json {
        let convention = limit.convention().map(Convention::name);
        return write_json(
            &json!({
                "start": start.rfc3339(&calendar.zone),
                "limit": limit.count(),
                "unit": limit.unit().name(),
                "convention": convention,
                "windows": schedule.name,
                "due": found.due.at.rfc3339(&calendar.zone),
                "exclusive": found.due.is_exclusive,
                "provisional": found.is_provisional,
                "calendar": calendar.version.id,
            }),
            out,
        );
    }
    write_text(calendar, &schedule, start, limit, found, out)
}

fn write_text(
    calendar: &Calendar,
    schedule: &Schedule,
    start: Millis,
    limit: Limit,
    found: Reckoned,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let counted = limit.convention().map(|how| format!(", {} {}", how.title_zh(), how.name())).unwrap_or_default();
    let unit = limit.unit();
    write_line("起算 start", &shown(calendar, start), out)?;
    write_line("时限 limit", &format!("{} {} {}{counted}", limit.count(), unit.title_zh(), unit.name()), out)?;
    write_line("作息 hours", &hours_on(calendar, schedule, start), out)?;
    write_line("到期 due", &due_text(calendar, found), out)?;
    write_calendar(calendar, out)?;
    if found.is_provisional {
        write_provisional(out)?;
    }
    Ok(())
}

/// A due at midnight is the end of the day before, which people should not have to work out.
fn due_text(calendar: &Calendar, found: Reckoned) -> String {
    let text = shown(calendar, found.due.at);
    if !found.due.is_exclusive {
        return text;
    }
    let last = Wall::at(found.due.on_time_until(), &calendar.zone).day.date();
    format!("{text}, {last} 结束前 through {last}")
}

pub(super) fn hours_on(calendar: &Calendar, schedule: &Schedule, at: Millis) -> String {
    let number = calendar.days.number(Wall::at(at, &calendar.zone).day);
    format!("{} {}", schedule.name, schedule.hours(number))
}
