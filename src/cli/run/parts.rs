//! What a pipeline is made of, by the configuration.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinSet;

use super::Args;
use crate::{
    cli::setup::Setup,
    feed::{consumer::Consumer, door::Door, observer::Observer, ours::Ours},
    health::Health,
    pipeline::{
        Latest, Parts,
        ahead::Ahead,
        batch::Limits,
        cache::Cache,
        checks::Checks,
        generation::{Current, Judges},
        notes::Notes,
        part::Part,
        retry::Retry,
        writer::{Done, Writer},
    },
    store::{Store, cases, ledger},
};

/// Everything that one pipeline is made of.
pub fn parts(
    args: &Args,
    setup: &Setup,
    (observer, latest): (Arc<Observer>, Latest),
    health: &Health,
    mut writer: Writer,
) -> anyhow::Result<Parts> {
    let settings = &setup.settings;
    let topics: Vec<&str> = setup.streams.iter().map(|stream| stream.topic.as_str()).collect();
    let consumer = Consumer::new(&setup.connection(), &topics)?;
    tracing::info!(max_mb = settings.memory.max_mb, shares = %settings.memory.shares(), "memory is shared out");
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
        part: Part::new(setup.settings.memory.shares().batch),
        case_rows: cases::Rows::new(0),
        checks,
    }
}
