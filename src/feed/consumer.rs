//! Reads from Kafka. Everything that Kafka can say is one `FeedEvent`; the caller polls on a thread of its own,
//! because rebalances are announced inside `poll` and nowhere else.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use rdkafka::{
    ClientConfig, ClientContext, Offset, Statistics, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, Consumer as _, ConsumerContext, RebalanceProtocol},
    error::{KafkaError, RDKafkaErrorCode},
    types::RDKafkaRespErr,
};
use smol_str::SmolStr;

pub use super::committer::Committer;
pub use super::taken::Taken;
use crate::metrics;

/// How to reach Kafka; made from the configuration by the caller.
#[derive(Clone, Debug)]
pub struct Connection {
    pub brokers: String,
    pub group: String,
    pub instance_id: Option<String>,
    pub session_timeout_ms: u64,
    pub fetch_queue_backoff_ms: u64,
    pub queued_min_messages: u32,
    pub queued_max_kbytes: u32,
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
    /// Librdkafka will not go on, for example when the broker takes this static member for its double. Starting again helps.
    #[error("Kafka gave up on this consumer: {0}. Nothing is lost; start again")]
    Fatal(String),
}

/// A topic and partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    pub topic: SmolStr,
    pub partition: i32,
}

#[derive(Debug)]
pub enum FeedEvent<'a> {
    Message(Taken<'a>),
    Assigned(Vec<Partition>),
    Revoked(Vec<Partition>),
    Idle,
    Failed(FeedError),
}

/// What rebalances said, waiting for the next poll to hand it on.
#[derive(Clone, Debug)]
enum Notice {
    Assigned(Vec<Partition>),
    Revoked(Vec<Partition>),
}

/// Where each partition that is ours was taken up; none where Kafka did not say in time.
pub(super) type Starts = Arc<Mutex<HashMap<Partition, Option<i64>>>>;

#[derive(Debug, Default)]
pub(super) struct Context {
    notices: Arc<Mutex<VecDeque<Notice>>>,
    starts: Starts,
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match level {
            RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical | RDKafkaLogLevel::Error => {
                tracing::warn!(facility, message, "kafka client");
            }
            RDKafkaLogLevel::Warning | RDKafkaLogLevel::Notice => tracing::info!(facility, message, "kafka client"),
            RDKafkaLogLevel::Info | RDKafkaLogLevel::Debug => tracing::debug!(facility, message, "kafka client"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "kafka connection");
    }

    fn stats(&self, statistics: Statistics) {
        for (topic, partitions) in &statistics.topics {
            for (number, partition) in &partitions.partitions {
                if *number >= 0 && partition.committed_offset >= 0 && partition.ls_offset >= 0 {
                    metrics::consumer_lag(
                        topic,
                        *number,
                        (partition.ls_offset - partition.committed_offset).max(0) as u64,
                    );
                }
            }
        }
    }
}

impl ConsumerContext for Context {
    /// Like the default, except that a partition without a committed offset starts at its beginning by our own word,
    /// so that "out of range" can be an error instead of a silent jump.
    fn rebalance(&self, consumer: &BaseConsumer<Self>, kind: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let cooperative = matches!(consumer.rebalance_protocol(), RebalanceProtocol::Cooperative);
        let partitions = partitions(list);
        let done = if kind == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            let placed = start_positions(consumer, list);
            self.starts_at(&placed);
            self.notify(Notice::Assigned(partitions));
            metrics::rebalance("assigned");
            if cooperative { consumer.incremental_assign(&placed) } else { consumer.assign(&placed) }
        } else {
            for partition in &partitions {
                metrics::consumer_lag(&partition.topic, partition.partition, 0);
            }
            if let Ok(mut starts) = self.starts.lock() {
                starts.retain(|partition, _| !partitions.contains(partition));
            }
            self.notify(Notice::Revoked(partitions));
            metrics::rebalance("revoked");
            if cooperative { consumer.incremental_unassign(list) } else { consumer.unassign() }
        };
        if let Err(error) = done {
            tracing::warn!(%error, "rebalance");
        }
    }
}

impl Context {
    fn starts_at(&self, placed: &TopicPartitionList) {
        let Ok(mut starts) = self.starts.lock() else { return };
        for one in placed.elements() {
            let start = match one.offset() {
                Offset::Offset(next) => Some(next),
                Offset::Beginning => Some(0),
                _ => None,
            };
            starts.insert(Partition { topic: one.topic().into(), partition: one.partition() }, start);
        }
    }

    fn notify(&self, notice: Notice) {
        if let Ok(mut notices) = self.notices.lock() {
            notices.push_back(notice);
        }
    }
}

fn partitions(list: &TopicPartitionList) -> Vec<Partition> {
    list.elements().iter().map(|one| Partition { topic: one.topic().into(), partition: one.partition() }).collect()
}

fn start_positions(consumer: &BaseConsumer<Context>, list: &TopicPartitionList) -> TopicPartitionList {
    let mut placed = match consumer.committed_offsets(list.clone(), Duration::from_secs(10)) {
        Ok(committed) => committed,
        Err(error) => {
            tracing::warn!(%error, "cannot read committed offsets, the client will ask again");
            return list.clone();
        }
    };
    let fresh: Vec<Partition> = placed
        .elements()
        .iter()
        .filter(|one| matches!(one.offset(), Offset::Invalid))
        .map(|one| Partition { topic: one.topic().into(), partition: one.partition() })
        .collect();
    for partition in fresh {
        if let Err(error) = placed.set_partition_offset(&partition.topic, partition.partition, Offset::Beginning) {
            tracing::warn!(%error, topic = %partition.topic, "cannot place a new partition at its beginning");
        }
    }
    placed
}

/// The brokers did not answer a question; ask again.
#[derive(Debug, thiserror::Error)]
#[error("Kafka does not answer: {0}")]
pub struct KafkaTrouble(KafkaError);

const ASK_PATIENCE: Duration = Duration::from_secs(5);

pub struct Consumer {
    inner: Arc<BaseConsumer<Context>>,
    notices: Arc<Mutex<VecDeque<Notice>>>,
    starts: Starts,
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Consumer")
    }
}

impl Consumer {
    pub fn new(connection: &Connection, topics: &[&str]) -> Result<Self, FeedError> {
        let context = Context::default();
        let (notices, starts) = (Arc::clone(&context.notices), Arc::clone(&context.starts));
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", &connection.brokers)
            .set("group.id", &connection.group)
            .set("client.id", "tongguan")
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("session.timeout.ms", connection.session_timeout_ms.to_string())
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "error")
            // A question to a broker waits behind the fetch in flight; half a second each would add up.
            .set("fetch.wait.max.ms", "100")
            .set("statistics.interval.ms", "5000")
            .set("topic.metadata.refresh.interval.ms", "30000")
            .set("fetch.queue.backoff.ms", connection.fetch_queue_backoff_ms.to_string())
            .set("queued.min.messages", connection.queued_min_messages.to_string())
            .set("queued.max.messages.kbytes", connection.queued_max_kbytes.to_string());
        if let Some(instance_id) = &connection.instance_id {
            config.set("group.instance.id", instance_id);
        }
        let inner: BaseConsumer<Context> = config.create_with_context(context).map_err(FeedError::Setup)?;
        inner.subscribe(topics).map_err(FeedError::Setup)?;
        Ok(Self { inner: Arc::new(inner), notices, starts })
    }

    pub fn committer(&self) -> Committer {
        Committer::new(Arc::clone(&self.inner), Arc::clone(&self.starts))
    }

    /// The next thing that Kafka has to say, waiting for at most `patience`.
    pub fn poll(&self, patience: Duration) -> FeedEvent<'_> {
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
            Some((_, reason)) => FeedEvent::Failed(FeedError::Fatal(reason)),
            None => FeedEvent::Idle,
        }
    }

    fn noticed(&self) -> Option<FeedEvent<'_>> {
        let notice = self.notices.lock().ok()?.pop_front()?;
        Some(match notice {
            Notice::Assigned(partitions) => FeedEvent::Assigned(partitions),
            Notice::Revoked(partitions) => FeedEvent::Revoked(partitions),
        })
    }

    /// Has everything been handed out that is on the assigned partitions now? Asks the brokers.
    /// Without partitions (others have them, or they were lost with the brokers) the group's own positions tell.
    pub fn is_at_end(&self) -> Result<bool, KafkaTrouble> {
        let mut positions = self.inner.position().map_err(KafkaTrouble)?;
        if positions.count() == 0 {
            positions = self.all_partitions()?;
        }
        for one in positions.elements() {
            let (low, high) =
                self.inner.fetch_watermarks(one.topic(), one.partition(), ASK_PATIENCE).map_err(KafkaTrouble)?;
            let partition = Partition { topic: one.topic().into(), partition: one.partition() };
            let start = self.starts.lock().ok().and_then(|starts| starts.get(&partition).copied().flatten());
            let next = match (one.offset(), start) {
                (Offset::Offset(next), start) => next.max(start.unwrap_or(next)),
                // Nothing read yet since the partition was assigned.
                (_, Some(start)) => start,
                (_, None) => self.committed(one.topic(), one.partition())?.unwrap_or(low),
            };
            if next.max(low) < high {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Every partition of the topics subscribed to, without positions.
    fn all_partitions(&self) -> Result<TopicPartitionList, KafkaTrouble> {
        let mut list = TopicPartitionList::new();
        for one in self.inner.subscription().map_err(KafkaTrouble)?.elements() {
            let metadata = self.inner.fetch_metadata(Some(one.topic()), ASK_PATIENCE).map_err(KafkaTrouble)?;
            for partition in metadata.topics().iter().flat_map(|topic| topic.partitions()) {
                list.add_partition(one.topic(), partition.id());
            }
        }
        Ok(list)
    }

    fn committed(&self, topic: &str, partition: i32) -> Result<Option<i64>, KafkaTrouble> {
        let mut list = TopicPartitionList::new();
        list.add_partition(topic, partition);
        let committed = self.inner.committed_offsets(list, ASK_PATIENCE).map_err(KafkaTrouble)?;
        Ok(committed.elements().first().and_then(|one| match one.offset() {
            Offset::Offset(next) => Some(next),
            _ => None,
        }))
    }

    /// Stops fetching; the messages already fetched are fetched again after `resume`.
    pub fn pause(&self) {
        self.on_assignment("pause", |consumer, list| consumer.pause(list));
    }

    pub fn resume(&self) {
        self.on_assignment("resume", |consumer, list| consumer.resume(list));
    }

    fn on_assignment(
        &self,
        what: &str,
        act: impl FnOnce(&BaseConsumer<Context>, &TopicPartitionList) -> Result<(), KafkaError>,
    ) {
        let done = self.inner.assignment().and_then(|list| act(&self.inner, &list));
        if let Err(error) = done {
            tracing::warn!(%error, what, "cannot change the assigned partitions");
        }
    }
}

/// Which errors end the consumer, which are weather.
fn failed(error: KafkaError) -> FeedEvent<'static> {
    // Its code says why (fenced by an instance of the same name, …), not that it is final: nothing more will ever come.
    if let KafkaError::MessageConsumptionFatal(_) = error {
        return FeedEvent::Failed(FeedError::Fatal(error.to_string()));
    }
    match error.rdkafka_error_code() {
        Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange) => {
            FeedEvent::Failed(FeedError::OutOfRange(error.to_string()))
        }
        Some(RDKafkaErrorCode::Fatal) => FeedEvent::Failed(FeedError::Fatal(error.to_string())),
        _ => {
            tracing::warn!(%error, "kafka, going on");
            FeedEvent::Idle
        }
    }
}
