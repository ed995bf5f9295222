//! `tongguan pull`: rows of somebody else's database become events, pass after pass.

mod course;
mod page;
mod stop;
mod watch;

use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{Exit, import_question, import_text, port, setup::Setup, usage::usage};
use crate::{
    feed::import::{Mapping, Streams},
    health::HealthCheck,
    pipeline::clock,
    pull::{PullFolder, PullTask},
    shutdown::Shutdown,
    telemetry,
    tls::readers,
};
use course::Course;
pub use stop::PullStop;

/// Poll a table of somebody else's database, and put what is new or changed on Kafka as events, by a mapping
#[derive(Debug, Args)]
pub struct PullArgs {
    /// The task (see docs/pull.md); without it `--config` names the task, and not Tongguan's own configuration
    task: Option<PathBuf>,
    /// One pass, and the end: for a timer
    #[arg(long)]
    once: bool,
    /// Read one page and say what would become of it; send nothing, keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Show the first N events, one JSON a line
    #[arg(long, value_name = "N", default_value_t = 0)]
    print: u64,
    /// Begin at this value of the growing column, whatever is on record
    #[arg(long, value_name = "VALUE")]
    from: Option<String>,
}

impl PullArgs {
    /// The task, and Tongguan's own configuration.
    pub(super) fn files<'a>(&'a self, config: Option<&'a Path>) -> anyhow::Result<(&'a Path, Option<&'a Path>)> {
        match (&self.task, config) {
            (Some(task), own) => Ok((task, own)),
            (None, Some(task)) => Ok((task, None)),
            (None, None) => {
                Err(usage("which task? tongguan pull --config TASK.toml; docs/pull.md shows one".to_owned()).into())
            }
        }
    }
}

/// Until it is asked to stop, or has passed once.
pub async fn run(args: &PullArgs, task: &Path, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    telemetry::init(&setup.settings.log)?;
    let stop = Shutdown::on_signals()?.token();
    let task = PullTask::load(task).map_err(PullStop::mistake)?;
    task.stream.as_deref().map(|stream| setup.stream(stream)).transpose()?;
    let names: Vec<&str> = setup.streams.iter().map(|stream| stream.name.as_str()).collect();
    let streams = task.stream.as_deref().map_or(Streams::Known(&names), Streams::Always);
    let mapping = Mapping::load_for(&task.mapping, streams).map_err(PullStop::mistake)?;
    if !args.dry_run {
        setup.may_feed(setup.stream(mapping.stream())?, Some(mapping.source()))?;
    }
    let mapping = mapping.held_to(setup.times(), clock::now);
    let password = task.password().map_err(PullStop::mistake)?;
    warn_of(&task);
    let folder = match args.dry_run {
        true => PullFolder::unlocked(&task.state),
        false => PullFolder::open(&task.state).map_err(PullStop::from)?,
    };
    let mut course = Course::new(&task, &mapping, password, setup, folder)?;
    course.print = args.print;
    course.from = args.from.clone();
    if args.dry_run {
        return try_out(&mut course, out).await;
    }
    course.watch.begin()?;
    if !args.once {
        let health = course.watch.health.clone();
        port::open(setup, task.listen, "`listen` of the task", health, stop.clone()).await?;
    }
    passes(&mut course, args.once, &stop, out).await
}

fn warn_of(task: &PullTask) {
    let path = &task.database.password_file;
    if let Ok(Some((who, mode))) = readers(path) {
        let path = path.display();
        tracing::warn!(
            "database.password_file: {path} can be read or changed by {who} (mode {mode:04o}); chmod it to 0600 or 0400"
        );
    }
    if task.database.is_in_clear() {
        tracing::warn!(host = task.database.host, "password and rows cross the network in clear; set database.ca_file");
    }
}

/// One page, of which nothing stays.
async fn try_out(course: &mut Course<'_>, out: &mut impl Write) -> anyhow::Result<Exit> {
    let summary = course.try_out(out).await?;
    import_text::write(&summary, out)?;
    writeln!(out, "dry run: nothing was sent to topic {}, and the position stays", course.topic())?;
    if let Some(question) = import_question::question(&summary) {
        writeln!(out, "\n{question}")?;
    }
    Ok(if summary.rejected > 0 || summary.took_nothing() { Exit::Rejected } else { Exit::Ok })
}

async fn passes(
    course: &mut Course<'_>,
    once: bool,
    stop: &CancellationToken,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let (mut trouble, mut pause) = (None, course.pauses.0);
    let (mut rejected, mut again) = (0, once);
    loop {
        let next = tokio::time::Instant::now() + course.every();
        let passed = tokio::select! {
            () = stop.cancelled() => return Ok(Exit::Ok),
            passed = course.pass(out) => passed,
        };
        course.watch.note(&passed);
        match passed {
            Ok(pass) => {
                if trouble.take().is_some() {
                    tracing::info!("it goes on");
                }
                pause = course.pauses.0;
                rejected += pass.rejected;
                if once && !(pass.left > 0 && again) {
                    return Ok(if rejected > 0 { Exit::Rejected } else { Exit::Ok });
                }
                // What was too young is older by then.
                let until = if once { tokio::time::Instant::now() + course.settle() } else { next };
                again = false;
                wait(tokio::time::sleep_until(until), stop).await;
            }
            Err(PullStop::Waits { check, said, .. }) if !once => {
                if check == HealthCheck::Disk {
                    course.hold()
                } else {
                    course.let_go()
                }
                if trouble.as_ref() != Some(&said) {
                    tracing::warn!("{said}; waiting, and trying again");
                    trouble = Some(said);
                }
                wait(tokio::time::sleep(pause), stop).await;
                pause = (pause * 2).min(course.pauses.1);
            }
            Err(stop) => return Err(stop.into()),
        }
    }
}

async fn wait(pause: impl Future<Output = ()>, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = pause => {}
    }
}

/// How long the brokers may take to acknowledge a page.
const PATIENCE: Duration = Duration::from_secs(60);
