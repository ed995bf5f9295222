//! Reads from Kafka. Everything that Kafka can say is one `FeedEvent`; the caller polls on a thread of its own,
//! because rebalances are announced inside `poll` and nowhere else.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rdkafka::{Offset, TopicPartitionList, consumer::Consumer as _, error::KafkaError};

pub use super::{at_end::is_at_end, committer::Committer, taken::Taken};
use super::{
    connection::{Connection, settings},
    kafka_error::{FeedError, KafkaAction, KafkaTrouble, action},
    ours::Ours,
    packed::{Damaged, NextRecord, Unpacking, WaitingBatches},
    partition::Partition,
    rebalance::{Client, Context, Notice},
};

#[derive(Debug)]
pub enum FeedEvent<'a> {
    Message(Taken<'a>),
    Assigned(Vec<Partition>),
    Revoked(Vec<Partition>),
    Idle,
    /// Librdkafka will not go on, for example when the broker takes this static member for its double. `renew` helps.
    Lost(String),
    /// A partition's position is not on the topic any more, or the topic is another one. The library does not say which partition.
    Doubtful(String),
    /// Somewhere lie bytes that the library cannot read; nor does it say where.
    Unreadable,
    /// Weather: the library goes on by itself.
    Trouble(String),
}

pub struct Consumer {
    connection: Connection,
    topics: Vec<String>,
    inner: Arc<Client>,
    /// The same, for those who commit.
    current: Arc<Mutex<Arc<Client>>>,
    ours: Ours,
    /// Batches that came packed.
    waiting: WaitingBatches,
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Consumer")
    }
}

fn client(connection: &Connection, ours: &Ours) -> Result<Arc<Client>, FeedError> {
    settings(connection).create_with_context(Context::of(ours.clone())).map(Arc::new).map_err(FeedError::Setup)
}

impl Consumer {
    pub fn new(connection: &Connection, topics: &[&str]) -> Result<Self, FeedError> {
        let ours = Ours::default();
        let inner = client(connection, &ours)?;
        let new = Self {
            connection: connection.clone(),
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            current: Arc::new(Mutex::new(Arc::clone(&inner))),
            inner,
            ours,
            waiting: WaitingBatches::default(),
        };
        new.subscribe()?;
        Ok(new)
    }

    fn subscribe(&self) -> Result<(), FeedError> {
        let topics: Vec<&str> = self.topics.iter().map(String::as_str).collect();
        self.inner.subscribe(&topics).map_err(FeedError::Setup)
    }

    /// A new client in place of one that is lost. The old one ends first, because the group takes one of a name.
    pub fn renew(&mut self) -> Result<(), FeedError> {
        self.ours.lost_all();
        self.waiting.clear();
        let fresh = client(&self.connection, &self.ours)?;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        drop(std::mem::replace(&mut self.inner, fresh));
        self.subscribe()
    }

    /// Which partitions are ours, for whoever needs to know it at once.
    pub fn ours(&self) -> Ours {
        self.ours.clone()
    }

    /// From now on at most so many messages are kept ready, by a new client: librdkafka reads this once.
    pub fn keep_ready(&mut self, messages: u32) -> Result<(), FeedError> {
        self.connection.messages_ahead = messages;
        self.renew()
    }

    pub fn committer(&self) -> Committer {
        Committer::new(Arc::clone(&self.current))
    }

    /// The next thing that Kafka has to say, waiting for at most `patience`. What was noticed during a poll comes before any message that
    /// is taken after it; a batch that came packed is taken to its end before the next poll.
    pub fn poll(&mut self, patience: Duration) -> FeedEvent<'_> {
        loop {
            if let Some(notice) = self.inner.context().noticed() {
                return noticed(&mut self.waiting, notice);
            }
            match self.waiting.advance() {
                NextRecord::Record => return FeedEvent::Message(Taken::unpacked(self.waiting.record())),
                NextRecord::Damaged(of, damaged) => {
                    self.stand_at(&of, &damaged);
                    return FeedEvent::Unreadable;
                }
                NextRecord::Nothing => {}
            }
            // First without patience: a poll that may wait asks for the time even when there is something already.
            let has_notices = || self.inner.context().has_notices();
            let waited = || if has_notices() { None } else { self.inner.poll(patience) };
            match self.inner.poll(Duration::ZERO).or_else(waited) {
                Some(Ok(message)) => match Unpacking::of_message(&message, self.connection.fetched_bytes) {
                    Some(batch) => self.waiting.push(batch),
                    None => return FeedEvent::Message(Taken::lent(message)),
                },
                Some(Err(error)) => return failed(error),
                None if has_notices() => {}
                None => return self.quiet(),
            }
        }
    }

    /// Nothing came. A consumer that is finished says so only when it is asked.
    fn quiet(&self) -> FeedEvent<'static> {
        match self.inner.client().fatal_error() {
            Some((_, reason)) => FeedEvent::Lost(reason),
            None => FeedEvent::Idle,
        }
    }

    /// The library is past a batch that cannot be unpacked: back to where it is damaged, and no further until it is placed anew.
    fn stand_at(&self, of: &Partition, damaged: &Damaged) {
        let list = list_of(std::slice::from_ref(of));
        let paused = self.inner.pause(&list);
        let back = self.inner.seek(&of.topic, of.partition, Offset::Offset(damaged.offset), SEEK_PATIENCE);
        let trouble = paused.and(back).err().map(|error| error.to_string());
        tracing::warn!(topic = %of.topic, partition = of.partition, offset = damaged.offset, cause = damaged.cause, trouble, "a batch that cannot be unpacked");
    }

    /// Stops fetching; the messages already fetched are fetched again after `resume`.
    pub fn pause(&mut self, partitions: &[Partition]) -> Result<(), KafkaTrouble> {
        self.waiting.hold(partitions, true);
        self.inner.pause(&list_of(partitions)).map_err(KafkaTrouble)
    }

    pub fn resume(&mut self, partitions: &[Partition]) -> Result<(), KafkaTrouble> {
        self.waiting.hold(partitions, false);
        self.inner.resume(&list_of(partitions)).map_err(KafkaTrouble)
    }

    /// Goes on from there, and takes note of it: nothing before it is ever committed.
    pub fn take_up(&mut self, partition: &Partition, start: i64) -> Result<(), KafkaTrouble> {
        self.waiting.forget(std::slice::from_ref(partition));
        self.inner
            .seek(&partition.topic, partition.partition, Offset::Offset(start), SEEK_PATIENCE)
            .map_err(KafkaTrouble)?;
        self.inner.context().commits().taken_up(partition.clone(), start);
        Ok(())
    }

    /// The same for a partition that the library has given up on: once its position was out of range it takes no seek any more. It
    /// is given the partition anew, of which the group learns nothing.
    pub fn take_up_anew(&self, partition: &Partition, start: i64) -> Result<(), KafkaTrouble> {
        let mut list = TopicPartitionList::new();
        let placed = list.add_partition_offset(&partition.topic, partition.partition, Offset::Offset(start));
        placed
            .and_then(|()| self.inner.incremental_unassign(&list))
            .and_then(|()| self.inner.incremental_assign(&list))
            .and_then(|()| self.inner.pause(&list))
            .map_err(KafkaTrouble)?;
        self.inner.context().commits().taken_up(partition.clone(), start);
        Ok(())
    }
}

fn noticed(waiting: &mut WaitingBatches, notice: Notice) -> FeedEvent<'static> {
    match notice {
        Notice::Assigned(partitions) => FeedEvent::Assigned(partitions),
        Notice::Revoked(partitions) => {
            waiting.forget(&partitions);
            FeedEvent::Revoked(partitions)
        }
    }
}

/// The client's own thread answers, no broker; it may be busy for a moment.
const SEEK_PATIENCE: Duration = Duration::from_secs(1);

fn list_of(partitions: &[Partition]) -> TopicPartitionList {
    let mut list = TopicPartitionList::with_capacity(partitions.len());
    for partition in partitions {
        list.add_partition(&partition.topic, partition.partition);
    }
    list
}

/// Which errors end the client, which cast doubt on a position, and which are weather.
fn failed(error: KafkaError) -> FeedEvent<'static> {
    // Its code says why (fenced by an instance of the same name, …), not that it is final: nothing more will ever come.
    if let KafkaError::MessageConsumptionFatal(_) = error {
        return FeedEvent::Lost(error.to_string());
    }
    match error.rdkafka_error_code().map(action) {
        Some(KafkaAction::Anew) => FeedEvent::Lost(error.to_string()),
        Some(KafkaAction::Place) => FeedEvent::Doubtful(error.to_string()),
        Some(KafkaAction::StepOver) => FeedEvent::Unreadable,
        _ => FeedEvent::Trouble(error.to_string()),
    }
}
