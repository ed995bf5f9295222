//! `tongguan calendar`: the days of a year, the due of a limit and the work between two times, to check one by hand.

mod between;
mod due;
mod moment;
mod show;
#[cfg(test)]
mod tests;
mod windows;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use jiff::civil::{Date, Weekday};

use self::moment::Moment;
use super::lines::{write_json, write_line};
use crate::{
    config::calendar,
    domain::{
        calendar::{Calendar, Convention, Unit, civil::Wall},
        time::Millis,
    },
};

#[derive(Debug, Args)]
pub struct CalendarArgs {
    /// Count by the calendar of this file instead of the configured one
    #[arg(long, value_name = "FILE", global = true)]
    calendar: Option<PathBuf>,
    /// As JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: CalendarCommand,
}

#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// Workdays of each month of a year, its holidays and its make-up workdays
    Show {
        #[arg(value_parser = clap::value_parser!(i16).range(1970..=2200))]
        year: i16,
    },
    /// When a limit that begins at a time is due
    Due(DueArgs),
    /// Working time from one time to another
    Between {
        /// RFC 3339, or a time in the calendar's zone such as "2021-03-01 10:00"
        from: Moment,
        to: Moment,
        #[command(flatten)]
        windows: WindowsArg,
    },
}

#[derive(Debug, Args)]
pub struct DueArgs {
    /// RFC 3339, or a time in the calendar's zone such as "2021-03-01 10:00"
    #[arg(long, value_name = "TIME")]
    start: Moment,
    /// How many of the unit
    #[arg(long, value_name = "N")]
    limit: u32,
    #[arg(long, value_parser = unit(), ignore_case = true)]
    unit: Unit,
    /// How days are counted [default: END_OF_DAY]
    #[arg(long, value_parser = convention(), ignore_case = true)]
    convention: Option<Convention>,
    #[command(flatten)]
    windows: WindowsArg,
}

#[derive(Debug, Args)]
pub struct WindowsArg {
    /// A set of hours of the calendar by its name, a unit's by its code, or hours such as 09:00-11:30,13:30-17:30
    /// [default: the hours named default]
    #[arg(long, value_name = "HOURS")]
    windows: Option<String>,
}

/// `configured` is the calendar file that the configuration names.
pub fn run(args: &CalendarArgs, configured: Option<&Path>, out: &mut impl Write) -> anyhow::Result<()> {
    let calendar = calendar::load(args.calendar.as_deref().or(configured))?;
    match &args.command {
        CalendarCommand::Show { year } => show::run(&calendar, *year, args.json, out),
        CalendarCommand::Due(asked) => due::run(&calendar, asked, args.json, out),
        CalendarCommand::Between { from, to, windows } => {
            between::run(&calendar, (*from, *to), windows.windows.as_deref(), args.json, out)
        }
    }
}

fn unit() -> impl TypedValueParser<Value = Unit> {
    PossibleValuesParser::new(Unit::ALL.map(Unit::name)).try_map(|name| found(&name, Unit::from_name))
}

fn convention() -> impl TypedValueParser<Value = Convention> {
    let names = PossibleValuesParser::new(Convention::ALL.map(Convention::name));
    names.try_map(|name| found(&name, Convention::from_name))
}

/// Clap hands over the word as it was typed.
fn found<T>(name: &str, from_name: impl Fn(&str) -> Option<T>) -> Result<T, &'static str> {
    from_name(&name.to_uppercase()).ok_or("no such name")
}

fn write_calendar(calendar: &Calendar, out: &mut impl Write) -> io::Result<()> {
    let (first, last) = (calendar.days.first().date(), calendar.days.last().date());
    write_line("日历 calendar", &format!("{}, {first} – {last}", calendar.version.id), out)
}

fn write_provisional(out: &mut impl Write) -> io::Result<()> {
    let text = "通知尚未覆盖，按周一至周五推算 no notice covers these days yet: Monday to Friday assumed";
    write_line("暂定 provisional", text, out)
}

/// An instant in RFC 3339 and its day of the week.
fn shown(calendar: &Calendar, at: Millis) -> String {
    let day = Wall::at(at, &calendar.zone).day;
    format!("{} {}", at.rfc3339(&calendar.zone), weekday(day.date()))
}

fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "周一 Mon",
        Weekday::Tuesday => "周二 Tue",
        Weekday::Wednesday => "周三 Wed",
        Weekday::Thursday => "周四 Thu",
        Weekday::Friday => "周五 Fri",
        Weekday::Saturday => "周六 Sat",
        Weekday::Sunday => "周日 Sun",
    }
}
