//! Reads from Kafka. Everything that Kafka can say is one `FeedEvent`; the caller polls on a thread of its own,
//! because rebalances are announced inside `poll` and nowhere else.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rdkafka::{
    ClientConfig, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
    error::{KafkaError, RDKafkaErrorCode},
    topic_partition_list::TopicPartitionListElem,
};
use smol_str::SmolStr;

use super::{
    at_end::Asker,
    rebalance::{Context, Notice},
};
pub use super::{at_end::KafkaTrouble, committer::Committer, taken::Taken};

/// How to reach Kafka; made from the configuration by the caller.
#[derive(Clone, Debug)]
pub struct Connection {
    pub brokers: String,
    pub group: String,
    pub instance_id: Option<String>,
    pub session_timeout_ms: u64,
    pub fetch_queue_backoff_ms: u64,
    /// Messages kept ready, if their payloads weigh no more than the next number.
    pub messages_ahead: u32,
    /// As much again may be on its way.
    pub fetched_bytes: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    #[error("cannot set up the Kafka consumer")]
    Setup(#[source] KafkaError),
    /// Going on from somewhere else would lose or repeat without anybody knowing.
    #[error(
        "the committed position of {0} is not on the topic any more (deleted by retention, or the topic was made anew). \
         Nothing was skipped. Decide where to go on, set the group's offset with Kafka's own tools, and start again"
    )]
    OutOfRange(String),
}

/// A topic and partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    pub topic: SmolStr,
    pub partition: i32,
}

impl Partition {
    pub(super) fn of(one: &TopicPartitionListElem<'_>) -> Self {
        Self { topic: one.topic().into(), partition: one.partition() }
    }
}

#[derive(Debug)]
pub enum FeedEvent<'a> {
    Message(Taken<'a>),
    Assigned(Vec<Partition>),
    Revoked(Vec<Partition>),
    Idle,
    /// Librdkafka will not go on, for example when the broker takes this static member for its double. `renew` helps.
    Lost(String),
    Failed(FeedError),
}

pub(super) type Client = BaseConsumer<Context>;

pub struct Consumer {
    pub(super) connection: Connection,
    topics: Vec<String>,
    pub(super) inner: Arc<Client>,
    /// The same, for those who commit.
    current: Arc<Mutex<Arc<Client>>>,
    pub(super) asker: Asker,
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Consumer")
    }
}

/// What every client needs that reads.
pub(super) fn basics(connection: &Connection) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", &connection.brokers)
        .set("group.id", &connection.group)
        .set("client.id", "tongguan")
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "error")
        // A question to a broker waits behind the fetch in flight; half a second each would add up.
        .set("fetch.wait.max.ms", "100");
    config
}

fn client(connection: &Connection) -> Result<Arc<Client>, FeedError> {
    let mut config = basics(connection);
    config
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("session.timeout.ms", connection.session_timeout_ms.to_string())
        .set("statistics.interval.ms", "5000")
        .set("topic.metadata.refresh.interval.ms", "30000")
        .set("fetch.queue.backoff.ms", connection.fetch_queue_backoff_ms.to_string())
        .set("queued.min.messages", connection.messages_ahead.to_string())
        .set("queued.max.messages.kbytes", (connection.fetched_bytes / 1024).to_string())
        // One answer of a broker, as it is on the wire. A message that is larger comes alone.
        .set("fetch.max.bytes", connection.fetched_bytes.to_string())
        // The largest answer, and what a zstd batch may unpack to.
        .set("receive.message.max.bytes", (8 * connection.fetched_bytes).min(1_000_000_000).to_string());
    if let Some(instance_id) = &connection.instance_id {
        config.set("group.instance.id", instance_id);
    }
    config.create_with_context(Context::default()).map(Arc::new).map_err(FeedError::Setup)
}

impl Consumer {
    pub fn new(connection: &Connection, topics: &[&str]) -> Result<Self, FeedError> {
        let inner = client(connection)?;
        let new = Self {
            connection: connection.clone(),
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            current: Arc::new(Mutex::new(Arc::clone(&inner))),
            inner,
            asker: Asker::default(),
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
        let fresh = client(&self.connection)?;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        drop(std::mem::replace(&mut self.inner, fresh));
        self.subscribe()
    }

    /// From now on at most so many messages are kept ready, by a new client: librdkafka reads this once.
    pub fn keep_ready(&mut self, messages: u32) -> Result<(), FeedError> {
        self.connection.messages_ahead = messages;
        self.renew()
    }

    pub fn committer(&self) -> Committer {
        Committer::new(Arc::clone(&self.current))
    }

    /// The next thing that Kafka has to say, waiting for at most `patience`.
    pub fn poll(&self, patience: Duration) -> FeedEvent<'_> {
        // First without patience: a poll that may wait asks for the time even when there is something already.
        match self.polled(Duration::ZERO) {
            FeedEvent::Idle => self.polled(patience),
            event => event,
        }
    }

    /// What was noticed during a poll comes before any message that is taken after it.
    fn polled(&self, patience: Duration) -> FeedEvent<'_> {
        if let Some(event) = self.noticed() {
            return event;
        }
        match self.inner.poll(patience) {
            Some(Ok(message)) => FeedEvent::Message(Taken(message)),
            Some(Err(error)) => failed(error),
            None => self.noticed().unwrap_or_else(|| self.quiet()),
        }
    }

    /// Nothing came. A consumer that is finished says so only when it is asked.
    fn quiet(&self) -> FeedEvent<'_> {
        match self.inner.client().fatal_error() {
            Some((_, reason)) => FeedEvent::Lost(reason),
            None => FeedEvent::Idle,
        }
    }

    fn noticed(&self) -> Option<FeedEvent<'_>> {
        Some(match self.inner.context().noticed()? {
            Notice::Assigned(partitions) => FeedEvent::Assigned(partitions),
            Notice::Revoked(partitions) => FeedEvent::Revoked(partitions),
        })
    }

    /// Stops fetching; the messages already fetched are fetched again after `resume`.
    pub fn pause(&self) {
        self.on_assignment("pause", |consumer, list| consumer.pause(list));
    }

    pub fn resume(&self) {
        self.on_assignment("resume", |consumer, list| consumer.resume(list));
    }

    fn on_assignment(&self, what: &str, act: impl FnOnce(&Client, &TopicPartitionList) -> Result<(), KafkaError>) {
        let done = self.inner.assignment().and_then(|list| act(&self.inner, &list));
        if let Err(error) = done {
            tracing::warn!(%error, what, "cannot change the assigned partitions");
        }
    }
}

/// Which errors end the consumer, which its client, and which are weather.
fn failed(error: KafkaError) -> FeedEvent<'static> {
    // Its code says why (fenced by an instance of the same name, …), not that it is final: nothing more will ever come.
    if let KafkaError::MessageConsumptionFatal(_) = error {
        return FeedEvent::Lost(error.to_string());
    }
    match error.rdkafka_error_code() {
        Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange) => {
            FeedEvent::Failed(FeedError::OutOfRange(error.to_string()))
        }
        Some(RDKafkaErrorCode::Fatal) => FeedEvent::Lost(error.to_string()),
        _ => {
            tracing::warn!(%error, "kafka, going on");
            FeedEvent::Idle
        }
    }
}
