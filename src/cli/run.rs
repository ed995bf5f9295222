//! `tongguan run`: the service.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use anyhow::Context as _;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use super::{Exit, certificates, connections, setup::Setup};
use crate::{
    config::secret_files,
    feed::{
        consumer::Consumer, door::Door, observer::Observer, ours::Ours, rejection::RejectReason, topics::TopicError,
    },
    health::{Check, Health},
    http::{self, HttpState},
    metrics::{self, Metrics},
    pipeline::{
        self, Latest, Parts, RunError,
        ahead::Ahead,
        batch::Limits,
        cache::Cache,
        checks::Checks,
        clock,
        generation::{Current, Judges},
        notes::Notes,
        observing::Observing,
        renewal::Renewal,
        retry::Retry,
        survey::Survey,
        writer::{Done, Writer},
    },
    shutdown::Shutdown,
    store::{Store, cases, ledger, migrate},
    telemetry,
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// End as soon as everything on the topics is written
    #[arg(long)]
    until_caught_up: bool,
}

pub async fn run(args: &Args, setup: &Setup) -> anyhow::Result<Exit> {
    telemetry::init(&setup.settings.log)?;
    connections::check(&setup.settings, &setup.origins)?;
    let shutdown = Shutdown::on_signals()?;
    let metrics = metrics::install(env!("CARGO_PKG_VERSION"))?;
    let names: Vec<&str> = setup.streams.iter().map(|stream| stream.name.as_str()).collect();
    let reasons: Vec<&str> = RejectReason::ALL.iter().map(|(_, name)| *name).collect();
    metrics::start_at_zero(&names, &reasons);
    certificates::show(&setup.settings, clock::now());
    for warning in secret_files::exposed(&setup.settings, &setup.origins) {
        tracing::warn!("{warning}");
    }
    let health = Health::default();
    let side = CancellationToken::new();
    let survey = survey(setup)?;
    survey.show();
    let serving = serve(setup, health.clone(), metrics, side.clone()).await?;
    let topics: Vec<&str> = setup.streams.iter().map(|stream| stream.topic.as_str()).collect();
    let observer = Arc::new(Observer::new(&setup.connection(), &topics)?);
    let latest = Latest::default();
    let observing = Observing { observer: Arc::clone(&observer), latest: Arc::clone(&latest), health: health.clone() };
    tokio::spawn(survey.keep(side.clone()));
    let ended = tokio::select! {
        ended = work(args, setup, (observer, latest), &health, &shutdown) => ended,
        never = observing.keep() => match never {},
    };
    side.cancel();
    let _ = serving.await;
    ended
}

fn survey(setup: &Setup) -> anyhow::Result<Survey> {
    let streams = setup.streams.iter().map(|stream| stream.name.to_string()).collect();
    Ok(Survey { store: setup.store()?, streams, limits: Arc::clone(&setup.limits) })
}

/// The part that an operator looks at; it is there before anything else is.
async fn serve(
    setup: &Setup,
    health: Health,
    metrics: Metrics,
    stop: CancellationToken,
) -> anyhow::Result<tokio::task::JoinHandle<()>> {
    let listener = match setup.settings.http.listen {
        Some(address) => Some(TcpListener::bind(address).await.with_context(|| {
            format!(
                "cannot listen on {address}: is another instance running? Set http.listen to another port, or to \"\""
            )
        })?),
        None => None,
    };
    Ok(tokio::spawn(async move {
        let keeping = metrics.clone().keep_up(stop.clone());
        match listener {
            Some(listener) => {
                if let Ok(address) = listener.local_addr() {
                    tracing::info!(%address, "http is listening");
                }
                let (served, ()) = tokio::join!(http::serve(listener, HttpState { health, metrics }, stop), keeping);
                if let Err(error) = served {
                    tracing::error!(%error, "http ended");
                }
            }
            None => keeping.await,
        }
    }))
}

async fn work(
    args: &Args,
    setup: &Setup,
    seen: (Arc<Observer>, Latest),
    health: &Health,
    shutdown: &Shutdown,
) -> anyhow::Result<Exit> {
    tracing::info!(key_id = setup.key()?.id(), "privacy key");
    let store = setup.store()?;
    let retry = Retry { health: health.clone(), ..setup.retry() };
    let stop = shutdown.token();
    tokio::select! {
        ready = await_schema(&store, &retry, health) => ready?,
        () = stop.cancelled() => return Ok(stopped_early(health)),
    }
    tokio::select! {
        ready = await_topics(setup, health) => ready?,
        () = stop.cancelled() => return Ok(stopped_early(health)),
    }
    let mut renewal = Renewal::new(retry.clone());
    loop {
        let mut writer = writer(setup, store.clone(), retry.clone());
        tokio::select! {
            begun = writer.begin() => begun?,
            () = stop.cancelled() => return Ok(stopped_early(health)),
        }
        let parts = parts(args, setup, seen.clone(), health, writer)?;
        let (done, patience) = (Arc::clone(&parts.writer.done), parts.drain_timeout);
        let started = tokio::time::Instant::now();
        match shutdown.bounded(pipeline::run(parts, stop.clone()), patience).await {
            // A fault of ours costs a new beginning, not the service: nothing is lost, and what is not committed is taken again.
            Ok(Err(broken @ RunError::Broken(..))) if !shutdown.is_requested() => {
                let pause = renewal.pause(clock::now());
                metrics::restarted(1);
                health.set(Check::Assignment, Err(&broken.to_string()));
                tracing::error!(%broken, pause_ms = pause.as_millis(), "the pipeline broke off, starting it anew");
                let _ = tokio::time::timeout(pause, stop.cancelled()).await;
            }
            Ok(ended) => {
                ended?;
                let messages = done.messages.load(Ordering::Relaxed);
                let took = started.elapsed();
                tracing::info!(messages, seconds = took.as_secs_f64(), "everything taken is written and committed");
                return Ok(Exit::Ok);
            }
            Err(why) => {
                let messages = done.messages.load(Ordering::Relaxed);
                let left = done.handed_over.load(Ordering::Relaxed).saturating_sub(messages);
                tracing::error!(
                    %why,
                    messages,
                    left,
                    "stopped before everything was written and committed: what is left is taken again by the next run"
                );
                return Ok(Exit::Unreachable);
            }
        }
    }
}

/// A stop before anything was taken is in order, unless it was a server that kept us from it.
fn stopped_early(health: &Health) -> Exit {
    let trouble = [Check::ClickHouse, Check::Kafka].into_iter().find_map(|check| health.trouble(check));
    match trouble {
        Some(reason) => {
            tracing::error!(reason, "stopped while waiting: nothing was taken, and what waits on the topics is left");
            Exit::Unreachable
        }
        None => Exit::Ok,
    }
}

/// Waits for ClickHouse as long as it takes; a schema that is missing or wrong is for a person to mend.
async fn await_schema(store: &Store, retry: &Retry, health: &Health) -> anyhow::Result<()> {
    let checked = retry.until_done("schema", || async {
        match migrate::check(store).await {
            Err(error) if error.passes() => Err(error),
            outcome => Ok(outcome),
        }
    });
    match checked.await {
        Ok(()) => {
            health.set(Check::Schema, Ok("as this program writes it"));
            Ok(())
        }
        Err(error) => {
            health.set(Check::Schema, Err(&error.to_string()));
            Err(error.into())
        }
    }
}

/// Waits for Kafka as long as it takes; anything else about the topics is for a person to mend.
async fn await_topics(setup: &Setup, health: &Health) -> anyhow::Result<()> {
    loop {
        let Err(error) = setup.ensure_topics().await else { return Ok(()) };
        if !matches!(error.downcast_ref(), Some(TopicError::Unreachable { .. })) {
            return Err(error);
        }
        let reason = format!("{error:#}");
        health.set(Check::Kafka, Err(&reason));
        tracing::warn!(reason, "kafka does not answer, waiting");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn parts(
    args: &Args,
    setup: &Setup,
    (observer, latest): (Arc<Observer>, Latest),
    health: &Health,
    mut writer: Writer,
) -> anyhow::Result<Parts> {
    let settings = &setup.settings;
    let topics: Vec<&str> = setup.streams.iter().map(|stream| stream.topic.as_str()).collect();
    let consumer = Consumer::new(&setup.connection(), &topics)?;
    writer.committer = Some(consumer.committer());
    writer.ours = consumer.ours();
    Ok(Parts {
        connection: setup.connection(),
        consumer,
        observer,
        latest,
        streams: setup.streams.clone(),
        door: Door::new(setup.key()?),
        times: setup.times(),
        limits: Limits {
            rows_max: settings.batch.rows_max,
            bytes_max: settings.memory.shares().batch,
            wait_max_ms: settings.batch.wait_max_ms as i64,
        },
        writer,
        until_caught_up: args.until_caught_up,
        health: health.clone(),
        drain_timeout: Duration::from_secs(settings.shutdown.drain_timeout_s),
        stuck_after: Duration::from_secs(settings.http.stuck_after_s),
        partition_stuck_after: Duration::from_secs(settings.kafka.stuck_after_s),
        ahead: Ahead::new(settings.memory.shares().fetched),
    })
}

/// The writer by itself; a replay uses it without Kafka.
pub fn writer(setup: &Setup, store: Store, retry: Retry) -> Writer {
    let sweep = &setup.settings.sweep;
    let checks = Checks::new(
        store.clone(),
        setup.streams.iter().map(|stream| stream.name.to_string()).collect(),
        Duration::from_secs(sweep.interval_s),
        Duration::from_secs(sweep.grace_s),
    );
    Writer {
        store,
        rules: setup.rules(),
        cache: Cache::new(setup.settings.memory.shares().cached),
        retry,
        committer: None,
        ours: Ours::default(),
        cached_at_losses: 0,
        notes: Notes::default(),
        done: Arc::new(Done::default()),
        current: Current::new(Judges::of(&setup.limits)),
        closing: JoinSet::new(),
        ledger_rows: ledger::Rows::default(),
        case_rows: cases::Rows::new(0),
        checks,
    }
}
