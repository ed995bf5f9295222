//! Reads the topic of the alerts as a group of its own, one message after the other.

use std::{collections::VecDeque, fmt, time::Duration};

use rdkafka::{
    Offset, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext},
    error::KafkaError,
    message::Message as _,
};

use super::AlertEvent;
use crate::feed::{
    connection::{Connection, basics},
    describe,
    packed::Unpacking,
    trouble::Troubles,
};

#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    #[error("cannot set up a reader of the alerts")]
    Setup(#[source] KafkaError),
    #[error("the alerts cannot be read: {0}")]
    Away(String),
}

/// One alert, as it stands on the topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedAlert {
    pub partition: i32,
    pub offset: i64,
    /// None: it is no alert.
    pub event: Option<AlertEvent>,
    pub payload: Vec<u8>,
}

/// Between two polls somebody may be told of an alert, who takes his time. Kafka's longest.
const POLLED_WITHIN_MS: &str = "86400000";
const PATIENCE: Duration = Duration::from_secs(5);

struct Hearing(Troubles);

impl rdkafka::ClientContext for Hearing {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, message: &str) {
        self.0.note(facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "kafka connection of a hook");
    }
}

impl ConsumerContext for Hearing {}

pub struct AlertSubscriber {
    client: BaseConsumer<Hearing>,
    topic: String,
    largest: usize,
    /// Of a batch that came packed.
    waiting: VecDeque<ReceivedAlert>,
}

impl fmt::Debug for AlertSubscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlertSubscriber").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl AlertSubscriber {
    /// A group that is new begins at the end, or at the beginning; that is written down before anything is read, so that a death does
    /// not lose what came meanwhile.
    pub fn open(connection: &Connection, group: &str, topic: &str, from_start: bool) -> Result<Self, SubscribeError> {
        let of_group = Connection { group: group.to_owned(), ..connection.clone() };
        let mut config = basics(&of_group);
        config
            .set("isolation.level", "read_committed")
            .set("max.poll.interval.ms", POLLED_WITHIN_MS)
            .set("session.timeout.ms", connection.session_timeout_ms.to_string())
            .set("auto.offset.reset", "earliest")
            .set("queued.max.messages.kbytes", "1024");
        let hearing = Hearing(Troubles::of(&connection.cluster));
        let client: BaseConsumer<Hearing> = config.create_with_context(hearing).map_err(SubscribeError::Setup)?;
        let new = Self { client, topic: topic.to_owned(), largest: connection.fetched_bytes, waiting: VecDeque::new() };
        new.begin(from_start).map_err(|error| new.away(&error))?;
        new.client.subscribe(&[topic]).map_err(SubscribeError::Setup)?;
        Ok(new)
    }

    fn away(&self, error: &KafkaError) -> SubscribeError {
        SubscribeError::Away(self.client.context().0.last().unwrap_or_else(|| error.to_string()))
    }

    fn begin(&self, from_start: bool) -> Result<(), KafkaError> {
        let described = describe::topics(&self.client, &[self.topic.as_str().into()], PATIENCE)?;
        let mut list = TopicPartitionList::new();
        for (partition, _) in described.iter().flat_map(|topic| &topic.partitions) {
            list.add_partition(&self.topic, *partition);
        }
        let committed = self.client.committed_offsets(list, PATIENCE)?;
        let mut new = TopicPartitionList::new();
        for one in committed.elements().iter().filter(|one| !matches!(one.offset(), Offset::Offset(_))) {
            let (low, end) = self.client.fetch_watermarks(&self.topic, one.partition(), PATIENCE)?;
            let at = Offset::Offset(if from_start { low } else { end });
            new.add_partition_offset(&self.topic, one.partition(), at)?;
        }
        if new.count() == 0 { Ok(()) } else { self.client.commit(&new, CommitMode::Sync) }
    }

    /// The next alert; none when nothing came in time.
    pub fn poll(&mut self, patience: Duration) -> Result<Option<ReceivedAlert>, SubscribeError> {
        if let Some(alert) = self.waiting.pop_front() {
            return Ok(Some(alert));
        }
        let message = match self.client.poll(patience) {
            None => return Ok(None),
            Some(Err(error)) => return Err(self.away(&error)),
            Some(Ok(message)) => message,
        };
        let Some(mut batch) = Unpacking::of_message(&message, self.largest) else {
            return Ok(Some(received(message.partition(), message.offset(), message.payload())));
        };
        loop {
            match batch.advance() {
                Ok(true) => {
                    let record = batch.record();
                    self.waiting.push_back(received(record.partition, record.offset, record.value));
                }
                Ok(false) => return Ok(self.waiting.pop_front()),
                Err(damaged) => return Err(SubscribeError::Away(damaged.cause)),
            }
        }
    }

    /// It and all before it are done with.
    pub fn commit(&self, alert: &ReceivedAlert) -> Result<(), SubscribeError> {
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(&self.topic, alert.partition, Offset::Offset(alert.offset + 1))
            .and_then(|()| self.client.commit(&list, CommitMode::Sync))
            .map_err(|error| self.away(&error))
    }

    /// Alerts behind this one, on its partition.
    pub fn behind(&self, alert: &ReceivedAlert) -> Option<u64> {
        let (_, end) = self.client.fetch_watermarks(&self.topic, alert.partition, PATIENCE).ok()?;
        Some((end - alert.offset - 1).max(0) as u64)
    }
}

fn received(partition: i32, offset: i64, payload: Option<&[u8]>) -> ReceivedAlert {
    let payload = payload.unwrap_or_default().to_vec();
    ReceivedAlert { partition, offset, event: serde_json::from_slice(&payload).ok(), payload }
}
