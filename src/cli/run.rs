//! `tongguan run`: the service.

pub mod keeping;
mod parts;
mod serving;
pub(super) mod waiting;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

pub use self::parts::writer;
use self::{
    serving::serve,
    waiting::{await_schema, await_topics, stopped_early},
};
use super::{Exit, alerts::Alerting, certificates, connections, descriptors, setup::Setup, start};
use crate::{
    config::secret_files,
    feed::{observer::Observer, rejection::RejectReason},
    health::Health,
    http::HttpState,
    metrics,
    pipeline::{Latest, clock, observing::Observing, retry::Retry, survey::Survey},
    shutdown::Shutdown,
    telemetry,
};

#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// End as soon as everything on the topics is written
    #[arg(long)]
    pub until_caught_up: bool,
}

pub async fn run(args: &RunArgs, setup: &Setup) -> anyhow::Result<Exit> {
    telemetry::init(&setup.settings.log)?;
    connections::check(&setup.settings, &setup.origins)?;
    start::say(setup, descriptors::raised());
    let shutdown = Shutdown::on_signals()?;
    let metrics = metrics::install(env!("CARGO_PKG_VERSION"))?;
    let names: Vec<&str> = setup.streams.iter().map(|stream| stream.name.as_str()).collect();
    let reasons: Vec<&str> = RejectReason::ALL.iter().map(|(_, name)| *name).collect();
    metrics::start_at_zero(&names, &reasons);
    metrics::memory_max(setup.settings.memory.max_mb as usize * 1024 * 1024);
    certificates::show(&setup.settings, clock::now());
    for warning in secret_files::exposed(&setup.settings, &setup.origins) {
        tracing::warn!("{warning}");
    }
    let health = Health::default();
    let side = CancellationToken::new();
    let survey = survey(setup)?;
    survey.show();
    let serving = serve(setup, HttpState::new(health.clone(), metrics), side.clone()).await?;
    let topics: Vec<&str> = setup.streams.iter().map(|stream| stream.topic.as_str()).collect();
    let observer = Arc::new(Observer::new(&setup.connection(), &topics)?);
    let latest = Latest::default();
    let observing = Observing { observer: Arc::clone(&observer), latest: Arc::clone(&latest), health: health.clone() };
    tokio::spawn(survey.keep(side.clone()));
    if setup.settings.alerts.enabled {
        // With a health of its own: cases are taken in also while no alert can be sent.
        let alerting = Alerting::of(setup, Health::default(), 0)?;
        tokio::spawn(alerting.keep_beside(side.clone()));
    }
    let ended = tokio::select! {
        ended = work(args, setup, (observer, latest), &health, &shutdown) => ended,
        never = observing.keep() => match never {},
    };
    side.cancel();
    for one in serving {
        let _ = one.await;
    }
    ended
}

fn survey(setup: &Setup) -> anyhow::Result<Survey> {
    let streams = setup.streams.iter().map(|stream| stream.name.to_string()).collect();
    Ok(Survey { store: setup.store()?, streams, limits: Arc::clone(&setup.limits) })
}

async fn work(
    args: &RunArgs,
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
    keeping::keep(args, setup, seen, health, shutdown).await
}
