//! `tongguan alerts run` and `alerts push`.

use std::{sync::Arc, time::Duration};

use clap::Args;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    ask::instant,
    cli::{Exit, connections, port, run::waiting::await_schema, setup::Setup},
    config::alerts::{HookEntry, hooks},
    domain::alert::QuietHours,
    feed::topics::{self, TopicError},
    health::{Health, HealthCheck},
    http::hooks::{Hook, HookParts, push as push_to},
    metrics,
    pipeline::{
        alerts::{AlertParts, keep_alerting},
        clock,
        retry::Retry,
    },
    shutdown::Shutdown,
    telemetry,
};

#[derive(Debug, Args)]
pub struct AlertRunArgs {
    /// End when everything that has arisen by now is sent
    #[arg(long)]
    once: bool,
    /// As if the clock had stood at this instant when the program began
    #[arg(long, value_name = "TIME", hide = true)]
    begin: Option<String>,
}

pub(super) async fn run(args: &AlertRunArgs, setup: &Setup) -> anyhow::Result<Exit> {
    let shutdown = begin(setup)?;
    let health = Health::default();
    let begin = args.begin.as_deref().map(|text| instant("--begin", text, &setup.settings.timezone)).transpose()?;
    let shift_ms = begin.map_or(0, |at| at.since(clock::now()));
    let alerting = Alerting::of(setup, health.clone(), shift_ms)?;
    let side = CancellationToken::new();
    listen(setup, health, side.clone()).await?;
    alerting.keep(args.once, shutdown.token()).await?;
    side.cancel();
    Ok(Exit::Ok)
}

pub(super) async fn push(setup: &Setup) -> anyhow::Result<Exit> {
    let shutdown = begin(setup)?;
    let pushing = pushing(setup)?;
    anyhow::ensure!(!pushing.0.is_empty(), "alerts.hooks_file names no address to push to");
    let health = Health::of(&[HealthCheck::Kafka]);
    let side = CancellationToken::new();
    listen(setup, health.clone(), side.clone()).await?;
    let stop = shutdown.token();
    if stop.run_until_cancelled(await_topic(setup, &health)).await.transpose()?.is_some() {
        push_all(pushing, stop).await?;
    }
    side.cancel();
    Ok(Exit::Ok)
}

fn begin(setup: &Setup) -> anyhow::Result<Shutdown> {
    telemetry::init(&setup.settings.log)?;
    connections::check(&setup.settings, &setup.origins)?;
    Ok(Shutdown::on_signals()?)
}

/// The sender and the addresses, by the configuration; nothing has begun.
pub struct Alerting {
    setup: Setup,
    parts: AlertParts,
    pushing: Pushing,
}

type Pushing = (Vec<Hook>, HookParts);

impl Alerting {
    pub fn of(setup: &Setup, health: Health, shift_ms: i64) -> anyhow::Result<Self> {
        Ok(Self { setup: setup.clone(), parts: parts(setup, health, shift_ms)?, pushing: pushing(setup)? })
    }

    /// Until it is asked to stop, or, with `once`, until all that has arisen is sent.
    pub async fn keep(self, once: bool, stop: CancellationToken) -> anyhow::Result<()> {
        let Self { setup, parts, pushing } = self;
        // Also for as long as it waits for ClickHouse: that no pass comes to its end is an alert.
        metrics::start_alerts_at_zero();
        let health = parts.retry.health.clone();
        let ready = async {
            await_schema(&parts.store, &parts.retry, &health).await?;
            await_topic(&setup, &health).await
        };
        if stop.run_until_cancelled(ready).await.transpose()?.is_none() {
            return Ok(());
        }
        let pushers = stop.child_token();
        let sending = async {
            keep_alerting(parts, once, stop.clone()).await;
            pushers.cancel();
            Ok(())
        };
        // Somebody who asked for one pass asked for no pushes.
        let hooks = if once { (Vec::new(), pushing.1) } else { pushing };
        tokio::try_join!(sending, push_all(hooks, pushers.clone()))?;
        Ok(())
    }

    /// The same as a task of a service that goes on without it.
    pub async fn keep_beside(self, stop: CancellationToken) {
        if let Err(error) = self.keep(false, stop).await {
            tracing::error!(error = format!("{error:#}"), "no alerts are sent any more");
        }
    }
}

fn topic(setup: &Setup) -> String {
    format!("{}{}", setup.settings.kafka.topic_prefix, setup.settings.alerts.topic)
}

fn parts(setup: &Setup, health: Health, shift_ms: i64) -> anyhow::Result<AlertParts> {
    let settings = &setup.settings.alerts;
    let zone = setup.settings.timezone.clone();
    let Retry { backoff_min, backoff_max, .. } = setup.retry();
    Ok(AlertParts {
        store: setup.store()?,
        retry: Retry::new(backoff_min, backoff_max, health),
        connection: setup.connection(),
        topic: topic(setup),
        name: format!("{}tongguan-alerts", setup.settings.kafka.topic_prefix),
        source: settings.source.clone(),
        quiet: QuietHours::parse(&settings.quiet_from, &settings.quiet_to, &settings.quiet_days, zone.clone())?,
        zone,
        limits: Arc::clone(&setup.limits),
        kinds: settings.kinds(),
        of_case: settings.of_case(),
        stages: settings.stages(),
        interval: Duration::from_secs(settings.interval_s),
        late_after_ms: settings.late_after_s as i64 * 1_000,
        old_after_ms: settings.old_after_h as i64 * 3_600_000,
        take_over_after: Duration::from_secs(settings.take_over_after_s),
        shift_ms,
    })
}

fn pushing(setup: &Setup) -> anyhow::Result<Pushing> {
    let settings = &setup.settings.alerts;
    let streams: Vec<&str> = setup.streams.iter().map(|stream| stream.name.as_str()).collect();
    let entries = settings.hooks_file.as_deref().map(|path| hooks(path, &streams)).transpose()?.unwrap_or_default();
    let hook = |entry: HookEntry| Hook {
        name: entry.name,
        url: entry.url,
        secret: entry.secret.expose().to_owned(),
        kinds: entry.kinds,
        units: entry.units,
        streams: entry.streams,
        from_start: entry.from_start,
    };
    let Retry { backoff_min, backoff_max, .. } = setup.retry();
    let parts = HookParts {
        connection: setup.connection(),
        topic: topic(setup),
        within: Duration::from_secs(settings.hook_timeout_s),
        tries_max: settings.hook_tries_max,
        pause_min: backoff_min,
        pause_max: backoff_max,
        now: clock::now,
    };
    Ok((entries.into_iter().map(hook).collect(), parts))
}

async fn push_all((hooks, parts): Pushing, stop: CancellationToken) -> anyhow::Result<()> {
    let mut tasks = JoinSet::new();
    for hook in hooks {
        tasks.spawn(push_to(hook, parts.clone(), stop.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}

/// Makes it where it is missing; waits for Kafka as long as it takes.
async fn await_topic(setup: &Setup, health: &Health) -> anyhow::Result<()> {
    let kafka = &setup.settings.kafka;
    let topic = topic(setup);
    loop {
        if !kafka.create_topics {
            break;
        }
        match topics::ensure(&setup.cluster(), &[&topic], 1, kafka.replication).await {
            Ok(()) => break,
            Err(error @ TopicError::Unreachable { .. }) => {
                let reason = error.to_string();
                health.set(HealthCheck::Kafka, Err(&reason));
                tracing::warn!(reason, "kafka does not answer, waiting");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    health.set(HealthCheck::Kafka, Ok("answers"));
    Ok(())
}

async fn listen(setup: &Setup, health: Health, stop: CancellationToken) -> anyhow::Result<()> {
    port::open(setup, setup.settings.alerts.listen, "alerts.listen", health, stop).await
}
