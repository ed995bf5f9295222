//! `tongguan calendar between`: the working time from one time to another.

use std::io::Write;

use serde_json::{Value, json};

use crate::{
    ask::{self, Moment},
    cli::{
        lines::{write_json, write_line},
        usage::usage,
    },
    domain::calendar::{
        Calendar,
        civil::{HOUR, MINUTE, SECOND, Wall},
    },
    report::calendar::{due::hours_on, shown, write_calendar, write_provisional},
};

pub(super) fn run(
    calendar: &Calendar,
    (from, to): (Moment, Moment),
    hours: Option<&str>,
    json: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let (from, to) = (from.instant(&calendar.zone), to.instant(&calendar.zone));
    if to < from {
        let (from, to) = (from.rfc3339(&calendar.zone), to.rfc3339(&calendar.zone));
        return Err(usage(format!("{to} is before {from}; give the earlier time first")).into());
    }
    let schedule = ask::hours(calendar, hours)?;
    let work = calendar.working_under(&schedule).work_between(from, to);
    let is_covered = |at| calendar.days.covers(Wall::at(at, &calendar.zone).day);
    let is_provisional = !is_covered(from) || !is_covered(to);
    if json {
        return write_json(
            &json!({
                "from": from.rfc3339(&calendar.zone),
                "to": to.rfc3339(&calendar.zone),
                "windows": schedule.name,
                "work_seconds": seconds(work),
                "provisional": is_provisional,
                "calendar": calendar.version.id,
            }),
            out,
        );
    }
    write_line("从 from", &shown(calendar, from), out)?;
    write_line("到 to", &shown(calendar, to), out)?;
    write_line("作息 hours", &hours_on(calendar, &schedule, from), out)?;
    let (whole, minutes) = (work / HOUR, work % HOUR / MINUTE);
    let clock = format!("{whole} 小时 {minutes} 分 {whole} h {minutes} min ({} s)", seconds(work));
    write_line("工作时间 work", &clock, out)?;
    write_calendar(calendar, out)?;
    if is_provisional {
        write_provisional(out)?;
    }
    Ok(())
}

/// Whole where it is, because a whole number is what people compare.
fn seconds(ms: i64) -> Value {
    if ms % SECOND == 0 { json!(ms / SECOND) } else { json!(ms as f64 / SECOND as f64) }
}
