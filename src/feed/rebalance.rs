//! What librdkafka calls back with: which partitions come and go, its log, its figures. It calls from inside `poll`.

use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
    time::Duration,
};

use rdkafka::{
    ClientContext, Offset, Statistics, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, Consumer as _, ConsumerContext, RebalanceProtocol},
    error::KafkaError,
    types::RDKafkaRespErr,
};

use super::consumer::Partition;
use crate::metrics;

/// What rebalances said, waiting for the next poll to hand it on.
#[derive(Clone, Debug)]
pub(super) enum Notice {
    Assigned(Vec<Partition>),
    Revoked(Vec<Partition>),
}

/// What librdkafka calls back with, and what is known of one client's partitions.
#[derive(Debug, Default)]
pub(super) struct Context {
    notices: Mutex<VecDeque<Notice>>,
    /// Where each partition that is ours was taken up; none where Kafka did not say in time.
    starts: Mutex<HashMap<Partition, Option<i64>>>,
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
        let queues = statistics.topics.values().flat_map(|topic| topic.partitions.values());
        metrics::held("fetched", queues.map(|partition| partition.fetchq_size as usize).sum());
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
    pub(super) fn noticed(&self) -> Option<Notice> {
        self.notices.lock().ok()?.pop_front()
    }

    /// Where our partitions were taken up.
    pub(super) fn starts(&self) -> HashMap<Partition, Option<i64>> {
        self.starts.lock().map(|starts| starts.clone()).unwrap_or_default()
    }

    fn starts_at(&self, placed: &TopicPartitionList) {
        let Ok(mut starts) = self.starts.lock() else { return };
        for one in placed.elements() {
            let start = match one.offset() {
                Offset::Offset(next) => Some(next),
                Offset::Beginning => Some(0),
                _ => None,
            };
            starts.insert(Partition::of(&one), start);
        }
    }

    fn notify(&self, notice: Notice) {
        if let Ok(mut notices) = self.notices.lock() {
            notices.push_back(notice);
        }
    }
}

fn partitions(list: &TopicPartitionList) -> Vec<Partition> {
    list.elements().iter().map(Partition::of).collect()
}

fn start_positions(consumer: &BaseConsumer<Context>, list: &TopicPartitionList) -> TopicPartitionList {
    let mut placed = match consumer.committed_offsets(list.clone(), Duration::from_secs(10)) {
        Ok(committed) => committed,
        Err(error) => {
            tracing::warn!(%error, "cannot read committed offsets, the client will ask again");
            return list.clone();
        }
    };
    let fresh: Vec<Partition> =
        placed.elements().iter().filter(|one| matches!(one.offset(), Offset::Invalid)).map(Partition::of).collect();
    for partition in fresh {
        if let Err(error) = placed.set_partition_offset(&partition.topic, partition.partition, Offset::Beginning) {
            tracing::warn!(%error, topic = %partition.topic, "cannot place a new partition at its beginning");
        }
    }
    placed
}
