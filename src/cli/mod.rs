//! The command line: one file a command, and the exit codes that tell the truth.

pub mod account;
pub mod alerts;
mod asking;
pub mod audit;
mod auth;
pub mod calendar;
pub mod case;
mod certificates;
pub mod config;
mod connections;
pub mod contract;
mod declared;
pub mod demo;
mod descriptors;
pub mod doctor;
mod event_files;
pub mod feed;
mod feeder;
mod figures;
pub mod gaps;
pub mod generate;
pub mod healthcheck;
pub mod import;
mod import_question;
mod import_text;
pub mod inlet;
pub mod known_by;
pub mod kpi;
pub mod kpi_explain;
mod lines;
pub mod migrate;
mod output;
pub mod page_sources;
mod pages;
pub mod policy;
mod port;
pub mod pull;
pub mod quarantine;
pub mod rebuild;
mod replay;
pub mod report;
pub mod run;
mod score;
pub mod send;
pub mod serve;
pub mod setup;
mod start;
pub mod status;
pub mod streams;
mod typed;
mod uploads;
mod usage;
pub mod verify;
pub mod watch;
pub mod whatif;
mod zones;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::{
    ask::unclear::{AskError, Unclear},
    cli::usage::UsageError,
    config::{Settings, environment},
    domain::{fact::FactKind, stream::Stream},
    feed::{import::MappingError, topics::TopicError},
    pipeline::{ReceiveError, RunError, generation::Outdated, placing::Refusal},
    store::StoreError,
    telemetry,
};

/// Version and commit.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("TONGGUAN_COMMIT"), ")");

/// 统管 Tongguan: hotline tickets and city-grid cases from Kafka to ClickHouse, and rates that stand up to questioning.
#[derive(Debug, Parser)]
#[command(name = "tongguan", version = VERSION, max_term_width = 100)]
struct Cli {
    /// A configuration file on top of the built-in defaults
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take events from Kafka, keep them, fold the cases
    Run(run::RunArgs),
    /// Show the page: every figure with its counts, down to the cases behind it
    Serve,
    /// Events by HTTP, for whoever does not speak Kafka; and who may send them
    Inlet(inlet::InletArgs),
    Send(send::SendArgs),
    /// The feeder's own view: what became of what he sends
    #[command(subcommand)]
    Feed(feed::FeedCommand),
    Alerts(alerts::AlertsArgs),
    Migrate(migrate::MigrateArgs),
    Generate(generate::GenerateArgs),
    Import(import::ImportArgs),
    Watch(watch::WatchArgs),
    Pull(pull::PullArgs),
    /// A figure under each of its conventions, grouped as asked, or the cases behind it
    Kpi(Box<kpi::KpiArgs>),
    /// A score of the town's own files: for each group the points of every part, their sum, and the grade
    Score(Box<kpi::Ask>),
    /// The town's own figures: whether they can be used, and what they may ask for
    #[command(subcommand)]
    Figures(figures::FiguresCommand),
    /// One case: its life, and why it is on time or late
    #[command(subcommand)]
    Case(case::CaseCommand),
    /// The reports that people receive, printed; published, verified, and compared with what they have become
    #[command(subcommand)]
    Report(report::ReportCommand),
    /// The main job on real servers: a synthetic year from Kafka to the rates, compared with what it must give
    Demo,
    Rebuild(rebuild::RebuildArgs),
    Verify(verify::VerifyArgs),
    Whatif(whatif::WhatifArgs),
    /// The streams: which there are, what each takes, and its figures under its own names
    #[command(subcommand)]
    Streams(streams::StreamsCommand),
    /// Messages that could not be understood
    #[command(subcommand)]
    Quarantine(quarantine::QuarantineCommand),
    /// Messages that cannot be read any more, or not at all: what is on record, and what waits for a yes
    #[command(subcommand)]
    Gaps(gaps::GapsCommand),
    /// The contract: schemas, and a check of messages before they are sent
    #[command(subcommand)]
    Contract(contract::ContractCommand),
    /// Working time: the days of a year, when a limit is due, the work between two times
    Calendar(calendar::CalendarArgs),
    /// Time limits: whether a policy can be used, its rules, and which of them judges a case
    Policy(policy::PolicyArgs),
    /// Accounts of the page: who may see it, and what
    #[command(subcommand)]
    Account(account::AccountCommand),
    Audit(audit::AuditArgs),
    /// The configuration in force
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Ask a running service whether it is ready
    Healthcheck(healthcheck::HealthcheckArgs),
    Status(status::StatusArgs),
    Doctor(doctor::DoctorArgs),
    Completions(pages::CompletionsArgs),
    Man(pages::ManArgs),
}

/// How a command ended, as a number for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Ok = 0,
    Failed = 1,
    Usage = 2,
    Config = 3,
    Unreachable = 4,
    /// Done, except for data that was rejected.
    Rejected = 5,
    /// The cases are judged by another policy or calendar than this process has: restart it with theirs.
    Outdated = 6,
    /// A person has to decide: a gap, bytes that cannot be read, a topic made anew, a group of another database.
    Decision = 7,
}

pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let is_service = matches!(cli.command, Command::Run(_));
    let mut out = output::Output::new(io::stdout().lock());
    let ended = dispatch(cli, &mut out).and_then(|exit| Ok(out.flush().map(|()| exit)?));
    let exit = ended.unwrap_or_else(|error| {
        let exit = exit_for(&error);
        // The chain in one; a backtrace helps nobody who runs a service.
        telemetry::end(&format!("{error:#}"), exit as u8, is_service);
        exit
    });
    ExitCode::from(exit as u8)
}

fn exit_for(error: &anyhow::Error) -> Exit {
    if config::is_config_error(error) || error.is::<MappingError>() {
        return Exit::Config;
    }
    if is_unclear(error) {
        return Exit::Usage;
    }
    if is_outdated(error) {
        return Exit::Outdated;
    }
    if is_for_a_person(error) {
        return Exit::Decision;
    }
    if let Some(stop) = error.downcast_ref::<pull::PullStop>() {
        return stop.exit();
    }
    let store = matches!(
        (error.downcast_ref(), error.downcast_ref()),
        (Some(StoreError::Unreachable { .. }), _) | (_, Some(AskError::Store(StoreError::Unreachable { .. })))
    );
    let kafka = error.downcast_ref::<TopicError>().is_some_and(|error| matches!(error, TopicError::Unreachable { .. }));
    if store || kafka { Exit::Unreachable } else { Exit::Failed }
}

fn is_unclear(error: &anyhow::Error) -> bool {
    let is = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<Unclear>() || cause.is::<UsageError>() || matches!(cause.downcast_ref(), Some(AskError::Unclear(_)))
    };
    error.chain().any(is)
}

fn is_outdated(error: &anyhow::Error) -> bool {
    let by_run = error.downcast_ref::<RunError>().is_some_and(|error| matches!(error, RunError::Outdated(_)));
    by_run || error.is::<Outdated>()
}

fn is_for_a_person(error: &anyhow::Error) -> bool {
    let by_run = error.downcast_ref::<RunError>().is_some_and(|error| {
        matches!(error, RunError::Receive(ReceiveError::Refused(_) | ReceiveError::Unreadable(_)))
    });
    by_run || error.is::<Refusal>()
}

fn dispatch(cli: Cli, out: &mut impl Write) -> anyhow::Result<Exit> {
    let file = cli.config.as_deref();
    match cli.command {
        Command::Config(command) => {
            config::run(&command, file, environment(), &event_types(), out)?;
            Ok(Exit::Ok)
        }
        Command::Contract(command) => contract::run(&command, out),
        Command::Kpi(args) if args.is_about_the_catalogue() => {
            figures::adopt(&Settings::load(file, environment())?.settings)?;
            args.about.iter().try_for_each(|about| kpi::about(about, out))?;
            Ok(Exit::Ok)
        }
        Command::Figures(command) => figures::run(&command, &Settings::load(file, environment())?.settings, out),
        Command::Calendar(args) => {
            let settings = Settings::load(file, environment())?.settings;
            calendar::run(&args, settings.calendar.file.as_deref(), out)?;
            Ok(Exit::Ok)
        }
        Command::Policy(args) if !args.asks_store() => {
            let settings = Settings::load(file, environment())?.settings;
            policy::run(&args, &settings, out)
        }
        Command::Completions(args) => {
            pages::completions(&args, Cli::command(), out)?;
            Ok(Exit::Ok)
        }
        Command::Man(args) => {
            pages::man(&args, Cli::command(), out)?;
            Ok(Exit::Ok)
        }
        Command::Doctor(args) => wait(doctor::run(&args, file, out)),
        Command::Account(command) => account::run(&command, &Settings::load(file, environment())?.settings, out),
        Command::Audit(args) => audit::run(&args, &Settings::load(file, environment())?.settings, out),
        Command::Pull(args) => {
            let (task, own) = args.files(file)?;
            let setup = setup::Setup::load(own)?;
            wait(pull::run(&args, task, &setup, out))
        }
        command => {
            let setup = setup::Setup::load(file)?;
            wait(act(command, &setup, out))
        }
    }
}

fn wait(work: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(work);
    // A poll thread that hangs in a dead broker's answer must not keep the process.
    runtime.shutdown_background();
    ended
}

/// A figure, or why it is so.
async fn ask(args: &kpi::KpiArgs, setup: &setup::Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let now = crate::pipeline::clock::now();
    let stream = |args: &kpi::Ask| args.stream.as_deref().map(|stream| setup.stream(stream)).transpose();
    match (&args.about, &args.ask) {
        (Some(kpi::KpiCommand::Explain(args)), _) => {
            stream(args)?;
            kpi_explain::run(args, setup, &setup.store()?, now, out).await?;
        }
        (_, Some(args)) => {
            stream(args)?;
            match args.asked(setup, now)?.known_by {
                Some(at) => known_by::run(args, setup, at, out).await?,
                None => kpi::run(args, setup, &setup.store()?, now, out).await?,
            }
        }
        _ => {}
    }
    Ok(Exit::Ok)
}

async fn act(command: Command, setup: &setup::Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    match command {
        Command::Run(args) => run::run(&args, setup).await,
        Command::Serve => serve::run(setup, out).await,
        Command::Inlet(args) => inlet::run(&args, setup, out).await,
        Command::Send(args) => send::run(&args, setup, out).await,
        Command::Feed(command) => feed::run(&command, setup, out).await,
        Command::Alerts(args) => alerts::run(&args, setup, out).await,
        Command::Migrate(args) => migrate::run(&args, setup, out).await,
        Command::Generate(args) => generate(&args, setup, out).await,
        Command::Kpi(args) => ask(&args, setup, out).await,
        Command::Score(args) => {
            args.stream.as_deref().map(|stream| setup.stream(stream)).transpose()?;
            score::run(&args, setup, &setup.store()?, crate::pipeline::clock::now(), out).await?;
            Ok(Exit::Ok)
        }
        Command::Case(command) => {
            case::run(&command, setup, crate::pipeline::clock::now(), out).await?;
            Ok(Exit::Ok)
        }
        Command::Report(command) => report::run(&command, setup, crate::pipeline::clock::now(), out).await,
        Command::Demo => demo::run(setup, out).await,
        Command::Rebuild(args) => rebuild::run(&args, setup, out).await,
        Command::Verify(args) => verify::run(&args, setup, out).await,
        Command::Whatif(args) => {
            whatif::run(&args, setup, out).await?;
            Ok(Exit::Ok)
        }
        Command::Import(args) => import(&args, setup, out).await,
        Command::Watch(args) => watch::run(&args, setup, out).await,
        Command::Gaps(command) => gaps::run(&command, setup, out).await,
        Command::Quarantine(command) => quarantine::run(&command, setup, out).await,
        Command::Streams(command) => {
            streams::run(&command, setup, crate::pipeline::clock::now(), out).await?;
            Ok(Exit::Ok)
        }
        Command::Healthcheck(args) => {
            let ready = healthcheck::run(&args, setup.settings.http.listen, out).await?;
            Ok(if ready { Exit::Ok } else { Exit::Failed })
        }
        Command::Status(args) => {
            let settings = &setup.settings;
            status::run(&args, settings.http.listen, &settings.timezone, out).await
        }
        Command::Policy(args) => {
            args.stream().map(|stream| setup.stream(stream)).transpose()?;
            policy::which(&args, &setup.limits, &setup.store()?, out).await?;
            Ok(Exit::Ok)
        }
        Command::Figures(_)
        | Command::Calendar(_)
        | Command::Config(_)
        | Command::Contract(_)
        | Command::Doctor(_)
        | Command::Account(_)
        | Command::Audit(_)
        | Command::Pull(_) => Ok(Exit::Ok),
        Command::Completions(_) | Command::Man(_) => Ok(Exit::Ok),
    }
}

async fn generate(args: &generate::GenerateArgs, setup: &setup::Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    if !args.dry_run {
        setup.streams.iter().try_for_each(|stream| setup.may_feed(stream, None))?;
        setup.ensure_topics().await?;
    }
    let target = |stream: &Arc<Stream>| (stream.name.clone(), stream.topic.clone());
    let names: Vec<_> = setup.streams.iter().map(target).collect();
    let streams = names.iter().map(|(name, topic)| generate::GenerateTarget { name, topic }).collect();
    generate::run(args, &generate::Target { cluster: setup.cluster(), streams }, out)?;
    Ok(Exit::Ok)
}

async fn import(args: &import::ImportArgs, setup: &setup::Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    if !args.dry_run && !args.propose {
        setup.ensure_topics().await?;
    }
    let outcome = import::run(args, &setup.streams, &setup.cluster(), setup.times(), out)?;
    if let Some(problem) = outcome.problem() {
        // Nobody may be there to read it; the exit code says it too.
        let _ = writeln!(io::stderr(), "tongguan: {problem}");
    }
    Ok(outcome.exit())
}

/// The names that a stream file may use.
pub fn event_types() -> Vec<&'static str> {
    FactKind::ALL.iter().map(|(_, name)| *name).collect()
}
