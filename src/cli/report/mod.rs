//! `tongguan report`: the reports that people receive, in the form that they are used to.

mod print;
pub mod town;

use std::io::Write;

use clap::Subcommand;

pub use self::print::Format;
use super::setup::Setup;
use crate::{domain::time::Millis, report::span::SpanKind};

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// The report of a month: 2021-06
    Month(print::PrintArgs),
    /// The report of a quarter: 2021-Q2
    Quarter(print::PrintArgs),
    /// The report of a year: 2021
    Year(print::PrintArgs),
}

/// `now` is the as-of where none is given.
pub async fn run(command: &ReportCommand, setup: &Setup, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        ReportCommand::Month(args) => print::run(SpanKind::Month, args, setup, now, out).await,
        ReportCommand::Quarter(args) => print::run(SpanKind::Quarter, args, setup, now, out).await,
        ReportCommand::Year(args) => print::run(SpanKind::Year, args, setup, now, out).await,
    }
}
