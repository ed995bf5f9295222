//! Is there more on the topics? Asked of the brokers, because no silence means "no".

use std::{cell::OnceCell, time::Duration};

use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
    error::KafkaError,
};

use super::consumer::{Connection, Consumer, Partition, basics};

/// The brokers did not answer a question; ask again.
#[derive(Debug, thiserror::Error)]
#[error("Kafka does not answer: {0}")]
pub struct KafkaTrouble(KafkaError);

/// Asks the brokers on a connection of its own, made when the first question comes: on the consumer's each answer would wait
/// behind the fetch in flight, a tenth of a second for every partition.
#[derive(Default)]
pub(super) struct Asker(OnceCell<BaseConsumer>);

impl Asker {
    fn watermarks(&self, connection: &Connection, of: &Partition) -> Result<(i64, i64), KafkaError> {
        let client = match self.0.get() {
            Some(client) => client,
            None => {
                let made = basics(connection).create()?;
                self.0.get_or_init(|| made)
            }
        };
        client.fetch_watermarks(&of.topic, of.partition, ASK_PATIENCE)
    }
}

const ASK_PATIENCE: Duration = Duration::from_secs(5);
const PROBES: u32 = 50;

impl Consumer {
    /// Has everything been handed out that is on the assigned partitions now? Asks the brokers.
    /// Without partitions (others have them, or they were lost with the brokers) the group's own positions tell.
    pub fn is_at_end(&self) -> Result<bool, KafkaTrouble> {
        let mut positions = self.inner.position().map_err(KafkaTrouble)?;
        if positions.count() == 0 {
            positions = self.all_partitions()?;
        }
        let starts = self.inner.context().starts();
        for one in positions.elements() {
            let partition = Partition::of(&one);
            let (low, high) = self.asker.watermarks(&self.connection, &partition).map_err(KafkaTrouble)?;
            let next = match (one.offset(), starts.get(&partition).copied().flatten()) {
                (Offset::Offset(next), start) => next.max(start.unwrap_or(next)),
                // Nothing read yet since the partition was assigned.
                (_, Some(start)) => start,
                (_, None) => self.committed(one.topic(), one.partition())?.unwrap_or(low),
            };
            let next = next.max(low);
            if next < high && !self.nothing_follows(&partition, next)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Offsets up to the end may hold no message: the marks of transactions, and what belongs to those that were given up
    /// or are still open. Only a fetch tells. A client apart does it, so that no position of ours moves.
    fn nothing_follows(&self, partition: &Partition, next: i64) -> Result<bool, KafkaTrouble> {
        let mut list = TopicPartitionList::new();
        let placed = list.add_partition_offset(&partition.topic, partition.partition, Offset::Offset(next));
        let probe: BaseConsumer = placed
            .and_then(|()| basics(&self.connection).set("enable.partition.eof", "true").create())
            .map_err(KafkaTrouble)?;
        probe.assign(&list).map_err(KafkaTrouble)?;
        for _ in 0..PROBES {
            match probe.poll(ASK_PATIENCE / PROBES) {
                Some(Ok(_)) => return Ok(false),
                Some(Err(KafkaError::PartitionEOF(_))) => return Ok(true),
                Some(Err(error)) => return Err(KafkaTrouble(error)),
                None => {}
            }
        }
        Ok(false)
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
}
