//! Puts the poll thread and the writer together, and takes them apart again in order.

use std::{convert::Infallible, sync::Arc, time::Duration};

use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::{
    ahead::Ahead,
    batch::BatchLimits,
    generation::Outdated,
    handover::Handover,
    placer::Placer,
    probe::Probe,
    receive::{Received, Receiver},
    renewal::Renewal,
    tending::{Latest, ReceiveError, Tending},
    watch::Watch,
    writer::Writer,
};
use crate::{
    domain::stream::Stream,
    feed::{
        connection::Connection,
        consumer::{Committer, Consumer},
        decode,
        door::Door,
        observer::Observer,
    },
    health::Health,
};

/// What a run is made of.
#[derive(Debug)]
pub struct RunParts {
    pub connection: Connection,
    pub consumer: Consumer,
    /// Looks at the topics from outside, and what it saw last.
    pub observer: Arc<Observer>,
    pub latest: Latest,
    pub streams: Vec<Arc<Stream>>,
    pub door: Door,
    pub times: decode::TimeLimits,
    pub limits: BatchLimits,
    pub writer: Writer,
    pub until_caught_up: bool,
    pub health: Health,
    /// How long an error waits for what was taken to be written.
    pub drain_timeout: Duration,
    /// How long nothing may move while there is work.
    pub stuck_after: Duration,
    /// How long a partition that has messages may give none.
    pub partition_stuck_after: Duration,
    pub ahead: Ahead,
}

/// Why a run did not end well. Whatever it was, what is not committed is taken again by the next one.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    /// The cases are judged by other rules than ours by now.
    #[error(transparent)]
    Outdated(#[from] Outdated),
    #[error("{0} broke off, which is a fault of this program: {1}. Nothing is lost; start again")]
    Broken(&'static str, JoinError),
}

/// Receives and writes until a stop, the end of the topics or an error, and then until everything taken is written and
/// committed, however long that takes: the deadline of a stop is the caller's.
pub async fn run(parts: RunParts, stop: CancellationToken) -> Result<(), RunError> {
    let progress = Arc::clone(&parts.writer.progress);
    let watch = Watch { progress, health: parts.health.clone(), stuck_after: parts.stuck_after };
    let committer = parts.consumer.committer();
    let probe = Probe { store: parts.writer.store.clone(), retry: parts.writer.retry.clone() };
    tokio::select! {
        ended = work(parts, stop) => ended,
        never = watch.keep() => match never {},
        never = probe.keep() => match never {},
        never = keep_awake(committer) => match never {},
    }
}

/// Well within a session of the group.
const WAKE_EVERY: Duration = Duration::from_secs(1);

async fn keep_awake(committer: Committer) -> Infallible {
    loop {
        tokio::time::sleep(WAKE_EVERY).await;
        let committer = committer.clone();
        // Broken off, it is done again.
        let _ = tokio::task::spawn_blocking(move || committer.wake()).await;
    }
}

/// Batches between a message's ledger row and its case row, with the one being collected.
const BATCHES_IN_FLIGHT: usize = 4;

/// Messages of a partition that may be in the ledger and not folded yet when a process dies.
pub fn in_flight(rows_max: usize) -> i64 {
    (BATCHES_IN_FLIGHT * rows_max) as i64
}

async fn work(parts: RunParts, stop: CancellationToken) -> Result<(), RunError> {
    let progress = Arc::clone(&parts.writer.progress);
    let (handover, works) = Handover::new(Arc::clone(&progress));
    let (asks, asked) = tokio::sync::mpsc::unbounded_channel();
    let (tell, told) = std::sync::mpsc::channel();
    let placer = Placer {
        connection: parts.connection.clone(),
        observer: Arc::clone(&parts.observer),
        store: parts.writer.store.clone(),
        retry: parts.writer.retry.clone(),
        in_flight: in_flight(parts.limits.rows_max),
        ends: None,
    };
    let mut placing = JoinSet::new();
    placing.spawn(placer.run(asked, tell));
    let stuck_after = parts.partition_stuck_after;
    let committer = parts.consumer.committer();
    let receiver = Receiver {
        connection: parts.connection,
        consumer: parts.consumer,
        streams: parts.streams,
        door: parts.door,
        times: parts.times,
        limits: parts.limits,
        until_caught_up: parts.until_caught_up,
        observer: parts.observer,
        tending: Tending::new((asks, told), (parts.latest, committer), parts.health.clone(), stuck_after),
        health: parts.health,
        renewal: Renewal::new(parts.writer.retry.clone()),
        stop,
        handover,
        ahead: parts.ahead,
        progress: Arc::clone(&progress),
        notifies: parts.writer.notified.is_some(),
    };
    let writer = tokio::spawn(parts.writer.run(works));
    let receiving = tokio::task::spawn_blocking(|| receiver.run());
    let Received { outcome, rest, handover } = match receiving.await {
        Ok(received) => received,
        Err(broken) => {
            // What was handed over is still written, by a writer that nobody may meet again.
            let _ = tokio::time::timeout(parts.drain_timeout, writer).await;
            return Err(RunError::Broken("the poll thread", broken));
        }
    };
    progress.polling_is_over();
    let drained = async {
        handover.finish(rest).await;
        writer.await.map_err(|error| RunError::Broken("the writer", error))?.map_err(RunError::Outdated)
    };
    match outcome {
        Ok(()) => drained.await,
        // An error that a person has to see does not wait for a ClickHouse that may be away as well.
        Err(error) => match tokio::time::timeout(parts.drain_timeout, drained).await {
            Ok(Err(other)) => Err(other),
            _ => Err(error.into()),
        },
    }
}
