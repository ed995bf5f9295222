//! What librdkafka calls back with: which partitions come and go, its log, its figures. It calls from inside `poll`.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rdkafka::{
    ClientContext, Offset, Statistics, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, Consumer as _, ConsumerContext, RebalanceProtocol},
    error::KafkaError,
    types::RDKafkaRespErr,
};
use tokio::time::Instant;

use super::{commits::Commits, ours::Ours, partition::Partition};
use crate::{metrics, said::Said};

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
    commits: Mutex<Commits>,
    ours: Ours,
    said: Mutex<Said>,
}

pub(super) type Client = BaseConsumer<Context>;

impl ClientContext for Context {
    /// While brokers are away the library says so for each try and each broker.
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        use RDKafkaLogLevel::{Alert, Critical, Debug, Emerg, Error, Info, Notice, Warning};
        match level {
            Emerg | Alert | Critical | Error | Warning | Notice => {
                let Some(times) = self.seen(facility) else { return };
                if matches!(level, Warning | Notice) {
                    tracing::info!(facility, message, times, "kafka client");
                } else {
                    tracing::warn!(facility, message, times, "kafka client");
                }
            }
            Info | Debug => tracing::debug!(facility, message, "kafka client"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        let code = error.rdkafka_error_code().map_or_else(|| error.to_string(), |code| format!("{code:?}"));
        if let Some(times) = self.seen(&code) {
            tracing::warn!(%error, reason, times, "kafka connection");
        }
    }

    fn stats(&self, statistics: Statistics) {
        let connected = statistics.brokers.values().filter(|broker| broker.nodeid >= 0 && broker.state == "UP").count();
        metrics::brokers_connected(connected);
        let queues = statistics.topics.values().flat_map(|topic| topic.partitions.values());
        // All partitions share one queue, and each gives its size.
        metrics::held("fetched", queues.map(|partition| partition.fetchq_size as usize).max().unwrap_or(0));
    }
}

impl ConsumerContext for Context {
    /// Unlike the default, a partition begins paused: where it is taken up is decided by more than what the group has committed,
    /// and whoever decides it moves it there and lets it run.
    fn rebalance(&self, consumer: &BaseConsumer<Self>, kind: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let cooperative = matches!(consumer.rebalance_protocol(), RebalanceProtocol::Cooperative);
        let partitions: Vec<Partition> = list.elements().iter().map(Partition::of).collect();
        let done = if kind == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            self.ours.gained(&partitions);
            metrics::rebalance("assigned");
            let placed = at_beginning(list);
            let assigned = if cooperative { consumer.incremental_assign(&placed) } else { consumer.assign(&placed) };
            let paused = consumer.pause(&placed);
            self.notify(Notice::Assigned(partitions));
            assigned.and(paused)
        } else {
            self.ours.lost(&partitions);
            metrics::rebalance("revoked");
            self.commits().given_up(&partitions);
            self.notify(Notice::Revoked(partitions));
            if cooperative { consumer.incremental_unassign(list) } else { consumer.unassign() }
        };
        if let Err(error) = done {
            tracing::warn!(%error, "rebalance");
        }
    }

    fn commit_callback(&self, result: Result<(), KafkaError>, list: &TopicPartitionList) {
        self.commits().answered(&result, list);
    }
}

impl Context {
    pub(super) fn of(ours: Ours) -> Self {
        Self { ours, ..Self::default() }
    }

    pub(super) fn noticed(&self) -> Option<Notice> {
        self.notices.lock().ok()?.pop_front()
    }

    pub(super) fn has_notices(&self) -> bool {
        !self.notices.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    pub(super) fn commits(&self) -> MutexGuard<'_, Commits> {
        self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Is it to be logged again? With how often it was seen since.
    fn seen(&self, what: &str) -> Option<u64> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).seen(what, Instant::now())
    }

    fn notify(&self, notice: Notice) {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).push_back(notice);
    }
}

/// A place that never has to be asked for: nothing is read from there.
fn at_beginning(list: &TopicPartitionList) -> TopicPartitionList {
    let mut placed = TopicPartitionList::new();
    for one in list.elements() {
        if let Err(error) = placed.add_partition_offset(one.topic(), one.partition(), Offset::Beginning) {
            tracing::warn!(%error, topic = one.topic(), "cannot take up a partition");
        }
    }
    placed
}
