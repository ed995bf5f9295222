//! What a pipeline is made of, by the configuration.

use std::{sync::Arc, time::Duration};

use super::RunArgs;
use crate::{
    cli::setup::Setup,
    feed::{consumer::Consumer, door::Door, observer::Observer, rejected::RejectionTopic},
    health::Health,
    pipeline::{
        Latest, RunParts,
        ahead::Ahead,
        batch::BatchLimits,
        checks::Checks,
        generation::{Current, Judges},
        retry::Retry,
        writer::{Room, Writer},
    },
    store::Store,
};

/// Everything that one pipeline is made of.
pub fn parts(
    args: &RunArgs,
    setup: &Setup,
    (observer, latest): (Arc<Observer>, Latest),
    health: &Health,
    writer: Writer,
) -> anyhow::Result<RunParts> {
    let settings = &setup.settings;
    let topics: Vec<&str> = setup.streams.iter().map(|stream| stream.topic.as_str()).collect();
    let consumer = Consumer::new(&setup.connection(), &topics)?;
    tracing::info!(max_mb = settings.memory.max_mb, shares = %settings.memory.shares(), "memory is shared out");
    let mut writer = writer.of_kafka(consumer.committer(), consumer.ours());
    let notified = setup.rejected_topic().map(|topic| RejectionTopic::new(&setup.cluster(), topic));
    writer.notified = notified.transpose()?;
    Ok(RunParts {
        connection: setup.connection(),
        consumer,
        observer,
        latest,
        streams: setup.streams.clone(),
        door: Door::new(setup.key()?).knowing(&setup.changes),
        times: setup.times(),
        limits: BatchLimits {
            rows_max: settings.batch.rows_max,
            bytes_max: settings.memory.shares().batch,
            wait_max: Duration::from_millis(settings.batch.wait_max_ms),
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
    let shares = setup.settings.memory.shares();
    let room = Room { cached: shares.cached, folded: shares.batch };
    Writer::new((store, retry), setup.rules(), Current::new(Judges::of(&setup.limits)), checks, room)
}
