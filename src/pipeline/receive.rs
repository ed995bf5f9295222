//! The poll thread: takes messages from Kafka, decodes them, collects a batch and hands it over.
//! It never waits for ClickHouse for long: while the writer is busy the partitions are paused and polling goes on,
//! because a consumer that does not poll is put out of its group.

use std::{collections::HashMap, sync::Arc, time::Duration};

use foldhash::fast::RandomState;
use smol_str::SmolStr;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    ahead::Ahead,
    batch::{Batch, BatchLimits},
    clock,
    handover::{Handover, Offer},
    progress::Progress,
    quarantine,
    renewal::Renewal,
    tending::{ReceiveError, Tending},
};
use crate::{
    domain::{stream::Stream, time::Millis},
    feed::{
        connection::Connection,
        consumer::{Consumer, FeedEvent, Taken, is_at_end},
        decode::{self, Message, decode},
        door::Door,
        observer::Observer,
        partition::Partition,
        pause::pause,
        rejected::RejectionNotice,
        rejection::{RejectReason, Rejection},
        unharmed::unharmed,
    },
    health::{Health, HealthCheck},
    metrics,
};

pub struct Receiver {
    pub consumer: Consumer,
    pub streams: Vec<Arc<Stream>>,
    pub door: Door,
    pub times: decode::TimeLimits,
    pub limits: BatchLimits,
    pub until_caught_up: bool,
    pub connection: Connection,
    pub observer: Arc<Observer>,
    pub tending: Tending,
    pub health: Health,
    pub renewal: Renewal,
    pub stop: CancellationToken,
    pub handover: Handover,
    pub ahead: Ahead,
    pub progress: Arc<Progress>,
    /// Whether what is refused is told on a topic of its own.
    pub notifies: bool,
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver").field("streams", &self.streams).finish_non_exhaustive()
    }
}

/// Receiving has ended: by a stop, at the end of the topics, or by an error. Whatever it was, what is collected is good.
#[derive(Debug)]
pub struct Received {
    pub outcome: Result<(), ReceiveError>,
    /// What is collected and not handed over yet.
    pub rest: Batch,
    pub handover: Handover,
}

/// A key of this size is weighed whenever it comes.
const LARGE_KEY: usize = 4096;
/// A payload of this size counts whole: it may be larger in the ledger, where every control character takes six bytes again.
const LARGE_PAYLOAD: usize = 4096;
const POLL: Duration = Duration::from_millis(50);
/// How long a full batch waits for the writer before the partitions are paused.
const PATIENCE: Duration = Duration::from_secs(5);
/// Tending, and asking for the time of day.
const TEND_EVERY: Duration = Duration::from_millis(1);

/// What is collected between two hand-overs.
struct Collecting {
    batch: Batch,
    taken: u64,
    tended_at: Instant,
    /// As it was then.
    time_of_day: Millis,
    full_since: Option<Instant>,
}

impl Collecting {
    fn begin() -> Self {
        let (tended_at, time_of_day) = (Instant::now(), clock::now());
        Self { batch: Batch::default(), taken: 0, tended_at, time_of_day, full_since: None }
    }
}

impl Receiver {
    pub fn run(mut self) -> Received {
        let mut state = Collecting::begin();
        let outcome = self.receive(&mut state);
        Received { outcome, rest: state.batch, handover: self.handover }
    }

    fn receive(&mut self, state: &mut Collecting) -> Result<(), ReceiveError> {
        let by_topic: HashMap<SmolStr, Arc<Stream>, RandomState> =
            self.streams.iter().map(|stream| (stream.topic.clone(), Arc::clone(stream))).collect();
        while !self.stop.is_cancelled() && !self.handover.is_closed() {
            self.progress.polled();
            let said = self.consumer.poll(POLL);
            let now = Instant::now();
            let tends = now.duration_since(state.tended_at) >= TEND_EVERY;
            if tends {
                (state.tended_at, state.time_of_day) = (now, clock::now());
            }
            let mut fewer = None;
            match said {
                FeedEvent::Message(taken) => {
                    if self.ahead.weighs() || taken.key().is_some_and(|key| key.len() > LARGE_KEY) {
                        fewer = self.ahead.weigh(taken.beside_payload());
                    }
                    // Only subscribed topics arrive.
                    if let Some(stream) = by_topic.get(taken.topic())
                        && self.tending.partitions.takes(taken.topic(), taken.partition(), taken.offset())
                    {
                        state.taken += 1;
                        take(self.notifies, (&mut self.door, &self.times), state, stream, &taken, now);
                    }
                }
                FeedEvent::Assigned(partitions) => self.tending.assigned(partitions),
                FeedEvent::Revoked(partitions) => self.revoked(state, partitions),
                FeedEvent::Idle => {
                    self.handover.tell();
                    if self.until_caught_up && self.is_caught_up()? {
                        return Ok(());
                    }
                }
                FeedEvent::Lost(reason) => self.renew(state, &reason)?,
                FeedEvent::Doubtful(reason) => self.tending.doubt(&reason, now),
                FeedEvent::Unreadable => self.tending.unreadable(),
                // The observer says whether Kafka is well.
                FeedEvent::Trouble(reason) => tracing::debug!(reason, "kafka, going on"),
            }
            if tends && let Some(reason) = self.tending.tick(&mut self.consumer, state.taken, now)? {
                self.renew(state, &reason)?;
            }
            if let Some(messages) = fewer {
                self.keep_ready(state, messages)?;
            }
            self.hand_over_if_ready(state, now);
        }
        Ok(())
    }

    /// Keys and headers are so large that fewer messages may be kept ready. The group settles again, once.
    fn keep_ready(&mut self, state: &mut Collecting, messages: u32) -> Result<(), ReceiveError> {
        tracing::warn!(messages, "keys or headers are large: fewer messages are kept ready from now on");
        let all = self.tending.lost();
        self.revoked(state, all);
        Ok(self.consumer.keep_ready(messages)?)
    }

    /// Hands over a full or due batch if the writer has room, and a fair part of one to a writer that has nothing to do.
    fn hand_over_if_ready(&mut self, state: &mut Collecting, now: Instant) {
        let full = state.batch.is_full(&self.limits);
        let early = || state.batch.is_worth_a_write(&self.limits) && self.handover.is_idle();
        if !full && !state.batch.is_due(&self.limits, now) && !early() {
            return;
        }
        if full && !self.handover.has_room() {
            self.wait_or_pause(state, now);
        }
        if !self.handover.has_room() {
            return;
        }
        let mut batch = std::mem::take(&mut state.batch);
        // Extended, because a batch that found no room comes here again.
        batch.scrubbed.extend(self.door.take_found());
        match self.handover.offer(batch) {
            Offer::Taken => {
                state.full_since = None;
                metrics::held("collected", 0);
                if self.tending.partitions.full(false) {
                    tracing::info!("writer has room again, partitions resumed");
                }
            }
            Offer::NoRoom(batch) => state.batch = batch,
            Offer::Gone => {}
        }
    }

    /// Nothing more fits. A short wait is cheaper than a pause, which throws away what was fetched.
    fn wait_or_pause(&mut self, state: &mut Collecting, now: Instant) {
        let since = *state.full_since.get_or_insert(now);
        metrics::held("collected", state.batch.bytes());
        if now.duration_since(since) < PATIENCE {
            let given_up = || self.stop.is_cancelled() || self.handover.is_closed();
            while !self.handover.has_room() && since.elapsed() < PATIENCE && !given_up() {
                pause(Duration::from_millis(1));
            }
        } else if self.tending.partitions.full(true) {
            tracing::info!(messages = state.batch.messages(), "writer is busy, partitions paused");
        }
    }

    fn revoked(&mut self, state: &mut Collecting, partitions: Vec<Partition>) {
        self.tending.revoked(&partitions);
        state.batch.forget(&partitions);
        // In order with the batches: what was handed over before is still written, and harmless.
        self.handover.revoked();
    }

    /// A consumer that Kafka gave up on has lost its partitions; a new one takes up where the last commit was.
    fn renew(&mut self, state: &mut Collecting, reason: &str) -> Result<(), ReceiveError> {
        let length = self.renewal.pause(Instant::now());
        tracing::error!(reason, pause_ms = length.as_millis(), "kafka gave up on this consumer, making a new one");
        metrics::consumer_renewals(1);
        let lost = self.tending.lost();
        self.revoked(state, lost);
        self.health.set(HealthCheck::Assignment, Err(reason));
        let since = Instant::now();
        while since.elapsed() < length && !self.stop.is_cancelled() {
            pause(Duration::from_millis(20));
        }
        if !self.stop.is_cancelled() {
            self.consumer.renew()?;
        }
        Ok(())
    }

    /// What is collected and not written yet need not be waited for: whoever ends has it written and committed.
    fn is_caught_up(&self) -> Result<bool, ReceiveError> {
        if let Some(in_vain) = self.tending.in_vain() {
            return Err(in_vain);
        }
        let partitions = &self.tending.partitions;
        if !self.tending.is_assigned || !partitions.all_placed() {
            return Ok(false);
        }
        let at_end = is_at_end(&self.connection, &self.observer, |partition| partitions.next_of(partition));
        Ok(at_end.unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot tell whether everything is read");
            false
        }))
    }
}

fn take(
    notifies: bool,
    (door, times): (&mut Door, &decode::TimeLimits),
    Collecting { batch, time_of_day, .. }: &mut Collecting,
    stream: &Arc<Stream>,
    taken: &Taken<'_>,
    now: Instant,
) {
    let partition = Partition { topic: stream.topic.clone(), partition: taken.partition() };
    let read = || match taken.too_large() {
        Some(bytes) => Err(too_large(bytes)),
        // Who put it there stands in its headers.
        None if stream.producers.is_some() => {
            taken.read_whole(*time_of_day, |message| decode(message, stream, door, times))
        }
        None => taken.read(*time_of_day, |message| decode(message, stream, door, times)),
    };
    let payload = taken.payload().map_or(0, <[u8]>::len);
    let weight = match unharmed(read).unwrap_or_else(|at| Err(broken(&partition, taken.offset(), &at))) {
        Ok(decoded) => {
            if decoded.unknown_fields > 0 {
                *batch.unknown_fields.entry(stream.name.clone()).or_default() += u64::from(decoded.unknown_fields);
            }
            let weight = decoded.event.weight();
            batch.events.push(decoded.event);
            if payload > LARGE_PAYLOAD { weight.max(payload) } else { weight }
        }
        Err(why) => {
            tracing::debug!(topic = %stream.topic, partition = taken.partition(), offset = taken.offset(), %why, "quarantined");
            let entry = |message: &Message<'_>| quarantine::entry(message, taken.key(), stream, &why, door.key());
            let mut entry = taken.read_whole(*time_of_day, entry);
            entry.size = taken.too_large().map_or(entry.size, |bytes| u32::try_from(bytes).unwrap_or(u32::MAX));
            let mut weight = entry.weight();
            batch.rejected.push(entry);
            if notifies {
                let at = taken.timestamp().unwrap_or(*time_of_day);
                let notice = |message: &Message<'_>| RejectionNotice::of(message, at, stream, &why);
                let notice = taken.read_whole(*time_of_day, notice);
                weight += notice.weight();
                batch.notices.push(notice);
            }
            weight
        }
    };
    batch.took(&partition, taken.offset(), weight, taken.timestamp(), now);
}

fn too_large(bytes: u64) -> Rejection {
    Rejection::new(
        RejectReason::TooLarge,
        "",
        format!(
            "{bytes} bytes when unpacked, of which memory.max_mb allows no part to be kept; raise it and read the topic again, or send less"
        ),
    )
}

fn broken(of: &Partition, offset: i64, at: &str) -> Rejection {
    let Partition { topic, partition } = of;
    tracing::error!(%topic, partition, offset, at, "a fault of this program: the message is kept in the quarantine, going on");
    Rejection::new(
        RejectReason::Internal,
        "",
        format!("a fault of this program at {at}; replay the message with a mended release"),
    )
}
