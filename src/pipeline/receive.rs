//! The poll thread: takes messages from Kafka, decodes them, collects a batch and hands it over.
//! It never waits for ClickHouse for long: while the writer is busy the partitions are paused and polling goes on,
//! because a consumer that does not poll is put out of its group.

use std::{collections::HashMap, sync::Arc, time::Duration};

use smol_str::SmolStr;
use tokio::sync::mpsc::{Sender, error::TrySendError};
use tokio_util::sync::CancellationToken;

use super::{
    batch::{Batch, Limits},
    clock, quarantine,
    writer::Work,
};
use crate::{
    domain::stream::Stream,
    feed::{
        consumer::{Consumer, FeedError, FeedEvent, Partition, Taken},
        decode::{self, decode},
        door::Door,
    },
    health::{Check, Health},
};

pub struct Receiver {
    pub consumer: Consumer,
    pub streams: Vec<Arc<Stream>>,
    pub door: Door,
    pub times: decode::Limits,
    pub limits: Limits,
    pub until_caught_up: bool,
    pub health: Health,
    pub stop: CancellationToken,
    pub work: Sender<Work>,
    /// Set while the writer has something in hand.
    pub busy: Arc<std::sync::atomic::AtomicBool>,
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver").field("streams", &self.streams).finish_non_exhaustive()
    }
}

/// Why receiving ended without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    Stopped,
    CaughtUp,
}

const POLL: Duration = Duration::from_millis(50);
/// How long a full batch waits for the writer before the partitions are paused.
const PATIENCE_MS: i64 = 5_000;

/// What is collected between two hand-overs.
#[derive(Default)]
struct Collecting {
    batch: Batch,
    assigned: Option<Vec<Partition>>,
    paused: bool,
    full_since: Option<crate::domain::time::Millis>,
}

impl Receiver {
    pub fn run(mut self) -> Result<Received, FeedError> {
        let mut state = Collecting::default();
        let by_topic: HashMap<SmolStr, Arc<Stream>> =
            self.streams.iter().map(|stream| (stream.topic.clone(), Arc::clone(stream))).collect();
        loop {
            if self.stop.is_cancelled() {
                self.last_words(state.batch);
                return Ok(Received::Stopped);
            }
            match self.consumer.poll(POLL) {
                FeedEvent::Message(taken) => {
                    // Only subscribed topics arrive.
                    if let Some(stream) = by_topic.get(taken.topic()) {
                        take(&mut self.door, &self.times, &mut state.batch, stream, &taken);
                    }
                }
                FeedEvent::Assigned(partitions) => self.assigned(&mut state, partitions),
                FeedEvent::Revoked(partitions) => self.revoked(&mut state, partitions),
                FeedEvent::Idle => {
                    if self.until_caught_up && self.is_caught_up(&state) {
                        return Ok(Received::CaughtUp);
                    }
                }
                FeedEvent::Failed(error) => {
                    self.last_words(state.batch);
                    return Err(error);
                }
            }
            if !self.hand_over_if_ready(&mut state) {
                return Ok(Received::Stopped);
            }
        }
    }

    /// Hands over a full or due batch if the writer has room. False when the writer is gone.
    fn hand_over_if_ready(&mut self, state: &mut Collecting) -> bool {
        let now = clock::now();
        let full = state.batch.is_full(&self.limits);
        if !full && !state.batch.is_due(&self.limits, now) {
            return true;
        }
        if full && self.work.capacity() == 0 && !state.paused {
            // Nothing more fits. A short wait is cheaper than a pause, which throws away what was fetched.
            let since = *state.full_since.get_or_insert(now);
            if now.since(since) < PATIENCE_MS {
                while self.work.capacity() == 0 && clock::now().since(since) < PATIENCE_MS && !self.stop.is_cancelled()
                {
                    std::thread::park_timeout(Duration::from_millis(1));
                }
            } else {
                self.consumer.pause();
                state.paused = true;
                tracing::info!(messages = state.batch.messages(), "writer is busy, partitions paused");
            }
        }
        let mut batch = std::mem::take(&mut state.batch);
        // Extended, because a batch that found no room comes here again.
        batch.scrubbed.extend(self.door.take_found());
        match self.work.try_send(Work::Batch(batch)) {
            Ok(()) => {
                state.full_since = None;
                if std::mem::take(&mut state.paused) {
                    self.consumer.resume();
                    tracing::info!("writer has room again, partitions resumed");
                }
                true
            }
            Err(TrySendError::Full(Work::Batch(batch))) => {
                state.batch = batch;
                true
            }
            Err(_) => false,
        }
    }

    fn assigned(&mut self, state: &mut Collecting, partitions: Vec<Partition>) {
        tracing::info!(partitions = %names(&partitions), "assigned");
        let all = state.assigned.get_or_insert_default();
        all.extend(partitions);
        self.health.set(Check::Kafka, Ok(&format!("{} partitions", all.len())));
        if state.paused {
            self.consumer.pause();
        }
    }

    fn revoked(&mut self, state: &mut Collecting, partitions: Vec<Partition>) {
        tracing::info!(partitions = %names(&partitions), "revoked");
        state.batch.forget(&partitions);
        if let Some(all) = &mut state.assigned {
            all.retain(|one| !partitions.contains(one));
            self.health.set(Check::Kafka, Ok(&format!("{} partitions", all.len())));
        }
        // In order with the batches: what was handed over before is still written, and harmless.
        let _ = self.work.blocking_send(Work::Revoked(partitions));
    }

    fn is_caught_up(&self, state: &Collecting) -> bool {
        let idle = state.batch.is_empty() && !self.busy.load(std::sync::atomic::Ordering::Acquire);
        if !idle || self.work.capacity() < self.work.max_capacity() || state.assigned.is_none() {
            return false;
        }
        match self.consumer.is_at_end() {
            Ok(at_end) => at_end,
            Err(error) => {
                tracing::warn!(%error, "cannot tell whether everything is read");
                false
            }
        }
    }

    /// Stopping: what is collected still goes to the writer, which has until the drain's deadline.
    fn last_words(&self, batch: Batch) {
        if !batch.is_empty() {
            let _ = self.work.blocking_send(Work::Batch(batch));
        }
    }
}

fn take(door: &mut Door, times: &decode::Limits, batch: &mut Batch, stream: &Arc<Stream>, taken: &Taken<'_>) {
    let now = clock::now();
    let partition = Partition { topic: stream.topic.clone(), partition: taken.partition() };
    taken.read(now, |message| match decode(message, stream, door, times) {
        Ok(decoded) => {
            if decoded.unknown_fields > 0 {
                *batch.unknown_fields.entry(stream.name.clone()).or_default() += u64::from(decoded.unknown_fields);
            }
            batch.events.push(decoded.event);
        }
        Err(why) => {
            tracing::debug!(topic = %stream.topic, partition = message.partition, offset = message.offset, %why, "quarantined");
            batch.rejected.push(quarantine::entry(message, taken.key(), stream, &why, door.key()));
        }
    });
    let bytes = taken.payload().map_or(0, <[u8]>::len);
    batch.took(&partition, taken.offset(), bytes, taken.timestamp(), now);
}

fn names(partitions: &[Partition]) -> String {
    let names: Vec<String> = partitions.iter().map(|one| format!("{}[{}]", one.topic, one.partition)).collect();
    names.join(", ")
}
