//! What Kafka has: which partitions a topic has, from which offset to which, and how far the group is. Only questions;
//! no group is joined and no position moves.

use std::{collections::HashMap, time::Duration};

use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
    error::{KafkaError, RDKafkaErrorCode},
};
use smol_str::SmolStr;

use super::{
    connection::{Connection, basics},
    describe,
    partition::Partition,
    topics::TopicError,
};
use crate::domain::verify::Log;

const PATIENCE: Duration = Duration::from_secs(10);

pub struct Ranges {
    brokers: String,
    /// Its log ends before the first open transaction.
    committed: BaseConsumer,
    /// Its log ends where the log ends.
    uncommitted: BaseConsumer,
}

impl std::fmt::Debug for Ranges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ranges").field("brokers", &self.brokers).finish_non_exhaustive()
    }
}

impl Ranges {
    pub fn new(connection: &Connection) -> Result<Self, TopicError> {
        let brokers = connection.cluster.brokers.clone();
        let client = |isolation| {
            let made = basics(connection).set("isolation.level", isolation).create();
            made.map_err(|source| TopicError::silent(&brokers, source))
        };
        Ok(Self { committed: client("read_committed")?, uncommitted: client("read_uncommitted")?, brokers })
    }

    /// None: there is no such topic.
    pub fn partitions(&self, topic: &str) -> Result<Option<Vec<i32>>, TopicError> {
        let metadata = match self.committed.fetch_metadata(Some(topic), PATIENCE) {
            Err(error) if is_unknown(&error) => return Ok(None),
            other => self.answered(other)?,
        };
        let Some(found) = metadata.topics().iter().find(|one| one.name() == topic) else { return Ok(None) };
        let mut numbers: Vec<i32> = found.partitions().iter().map(|partition| partition.id()).collect();
        numbers.sort_unstable();
        Ok((!numbers.is_empty()).then_some(numbers))
    }

    /// Kafka's id of each topic that is there; empty where the brokers have none.
    pub fn ids(&self, topics: &[String]) -> Result<HashMap<String, String>, TopicError> {
        let names: Vec<SmolStr> = topics.iter().map(SmolStr::from).collect();
        let described = self.answered(describe::topics(&self.committed, &names, PATIENCE))?;
        Ok(described.into_iter().map(|one| (one.topic.to_string(), one.id.to_string())).collect())
    }

    pub fn log(&self, topic: &str, partition: i32) -> Result<Log, TopicError> {
        let (low, stable) = self.answered(self.committed.fetch_watermarks(topic, partition, PATIENCE))?;
        let (_, high) = self.answered(self.uncommitted.fetch_watermarks(topic, partition, PATIENCE))?;
        Ok(Log { low, stable, high })
    }

    /// Where the group goes on; partitions without a position are left out.
    pub fn positions(&self, partitions: &[Partition]) -> Result<HashMap<Partition, i64>, TopicError> {
        let mut list = TopicPartitionList::new();
        for one in partitions {
            list.add_partition(&one.topic, one.partition);
        }
        if partitions.is_empty() {
            return Ok(HashMap::new());
        }
        let placed = self.answered(self.committed.committed_offsets(list, PATIENCE))?;
        let mut positions = HashMap::new();
        for one in placed.elements() {
            self.answered(one.error())?;
            if let Offset::Offset(next) = one.offset() {
                positions.insert(Partition::of(&one), next);
            }
        }
        Ok(positions)
    }

    fn answered<T>(&self, answer: Result<T, KafkaError>) -> Result<T, TopicError> {
        answer.map_err(|source| TopicError::silent(&self.brokers, source))
    }
}

fn is_unknown(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::UnknownTopicOrPartition
                | RDKafkaErrorCode::UnknownTopic
                | RDKafkaErrorCode::UnknownPartition
        )
    )
}
