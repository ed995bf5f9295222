//! `tongguan alerts`: events out. Sends them, pushes them, and lists what was sent.

mod list;
mod run;

use std::io::Write;

use clap::{Args, Subcommand};

pub(super) use self::run::Alerting;
use self::{list::AlertListArgs, run::AlertRunArgs};
use super::{Exit, setup::Setup};

/// Events out: a case due soon, overdue, answered, closed, reopened; messages quarantined. Alone: what was sent
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AlertsArgs {
    #[command(subcommand)]
    command: Option<AlertsCommand>,
    #[command(flatten)]
    list: AlertListArgs,
}

#[derive(Debug, Subcommand)]
enum AlertsCommand {
    /// Send what arises, each once, and push it to the addresses of alerts.hooks_file
    Run(AlertRunArgs),
    /// Push what is sent to the addresses of alerts.hooks_file; needs Kafka and no ClickHouse
    Push,
    /// What was sent
    List(AlertListArgs),
}

pub async fn run(args: &AlertsArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    match &args.command {
        Some(AlertsCommand::Run(args)) => run::run(args, setup).await,
        Some(AlertsCommand::Push) => run::push(setup).await,
        Some(AlertsCommand::List(args)) => list::run(args, setup, out).await,
        None => list::run(&args.list, setup, out).await,
    }
}
