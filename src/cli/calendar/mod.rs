//! `tongguan calendar`: the days of a year, the due of a limit and the work between two times, to check one by hand.

mod between;
#[cfg(test)]
mod tests;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::lines::write_json;
use crate::{
    ask::Moment,
    config::calendar,
    domain::calendar::{Calendar, Convention, Unit},
    report::calendar::{
        due::{self, DueOrder},
        year::CalendarYear,
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
        CalendarCommand::Show { year } => show(&calendar, *year, args.json, out),
        CalendarCommand::Due(asked) => due(&calendar, asked, args.json, out),
        CalendarCommand::Between { from, to, windows } => {
            between::run(&calendar, (*from, *to), windows.windows.as_deref(), args.json, out)
        }
    }
}

fn show(calendar: &Calendar, year: i16, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let year = CalendarYear::of(calendar, year);
    if json { write_json(&year.json(), out) } else { Ok(year.write(out)?) }
}

fn due(calendar: &Calendar, asked: &DueArgs, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let DueArgs { start, limit, unit, convention, windows } = asked;
    let order = DueOrder {
        start: *start,
        limit: *limit,
        unit: *unit,
        convention: *convention,
        windows: windows.windows.clone(),
    };
    let told = due::told(calendar, &order)?;
    if json { write_json(&told.json(), out) } else { Ok(told.write(out)?) }
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
