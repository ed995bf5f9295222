//! `tongguan report`: the reports that people receive, in the form that they are used to; and what becomes of them once they
//! are published.

mod basis;
mod drift;
mod form;
mod print;
mod publish;
mod show;
pub mod town;
mod verify;
pub(super) mod which;

use std::io::Write;

use clap::Subcommand;

pub use self::{basis::basis, form::Format};
use super::{Exit, setup::Setup};
use crate::{ask::span::SpanKind, domain::time::Millis};

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// The report of a month: 2021-06
    Month(print::PrintArgs),
    /// The report of a quarter: 2021-Q2
    Quarter(print::PrintArgs),
    /// The report of a year: 2021
    Year(print::PrintArgs),
    Publish(publish::PublishArgs),
    List(show::ListArgs),
    Show(show::ShowArgs),
    Verify(verify::ReportVerifyArgs),
    Drift(drift::DriftArgs),
}

/// `now` is the as-of where none is given.
pub async fn run(command: &ReportCommand, setup: &Setup, now: Millis, out: &mut impl Write) -> anyhow::Result<Exit> {
    match command {
        ReportCommand::Month(args) => print::run(SpanKind::Month, args, setup, now, out).await?,
        ReportCommand::Quarter(args) => print::run(SpanKind::Quarter, args, setup, now, out).await?,
        ReportCommand::Year(args) => print::run(SpanKind::Year, args, setup, now, out).await?,
        ReportCommand::Publish(args) => publish::run(args, setup, now, out).await?,
        ReportCommand::List(args) => show::list(args, setup, out).await?,
        ReportCommand::Show(args) => show::show(args, setup, out).await?,
        ReportCommand::Drift(args) => drift::run(args, setup, now, out).await?,
        ReportCommand::Verify(args) => return verify::run(args, setup, out).await,
    }
    Ok(Exit::Ok)
}
