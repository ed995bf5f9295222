//! `tongguan policy`: whether a policy can be used, what its rules say, and which of them judges a case.

mod check;
pub(super) mod examples;
mod show;
#[cfg(test)]
mod tests;
mod which;

use std::{io::Write, path::PathBuf};

use clap::{Args, Subcommand};

use super::Exit;
use crate::{
    config::{Settings, policy},
    domain::rules::Limits,
    store::Store,
};

#[derive(Debug, Args)]
pub struct PolicyArgs {
    /// As JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Say whether a policy file can be used and its worked examples hold, and if not, why; no server is asked
    Check {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// The rules, the more specific first
    Show {
        #[command(flatten)]
        policy: PolicyArg,
    },
    /// Which rule judges a case, and why the others do not
    Which(WhichArgs),
}

#[derive(Debug, Args)]
pub struct WhichArgs {
    #[arg(value_name = "CASE")]
    case_id: String,
    /// The stream of the case, when several have one of that number
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    #[command(flatten)]
    policy: PolicyArg,
}

#[derive(Debug, Args)]
pub struct PolicyArg {
    /// The policy of this file instead of the configured one
    #[arg(long = "policy", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl PolicyArgs {
    /// The stream of the case that is asked for, where one is named.
    pub fn stream(&self) -> Option<&str> {
        match &self.command {
            PolicyCommand::Which(asked) => asked.stream.as_deref(),
            PolicyCommand::Check { .. } | PolicyCommand::Show { .. } => None,
        }
    }

    pub fn asks_store(&self) -> bool {
        matches!(self.command, PolicyCommand::Which(_))
    }
}

/// The commands that need no server.
pub fn run(args: &PolicyArgs, settings: &Settings, out: &mut impl Write) -> anyhow::Result<Exit> {
    match &args.command {
        PolicyCommand::Check { file } => check::run(file, settings, args.json, out),
        PolicyCommand::Show { policy } => {
            let configured = settings.policy.file.as_deref();
            show::run(&policy::load(policy.file.as_deref().or(configured))?, args.json, out)?;
            Ok(Exit::Ok)
        }
        PolicyCommand::Which(_) => Ok(Exit::Usage),
    }
}

/// The command that looks a case up.
pub async fn which(args: &PolicyArgs, configured: &Limits, store: &Store, out: &mut impl Write) -> anyhow::Result<()> {
    let PolicyCommand::Which(asked) = &args.command else { return Ok(()) };
    let limits = match asked.policy.file.as_deref() {
        Some(file) => Limits::new(policy::load(Some(file))?, configured.calendar.clone()),
        None => configured.clone(),
    };
    which::run(&limits, asked, store, args.json, out).await
}
