//! How a client reads from Kafka, as settings of the library.

use rdkafka::ClientConfig;

use super::{cluster::Cluster, packed::hand_on_packed};

/// How we read from Kafka; made from the configuration by the caller.
#[derive(Clone, Debug)]
pub struct Connection {
    pub cluster: Cluster,
    pub group: String,
    pub instance_id: Option<String>,
    pub session_timeout_ms: u64,
    pub fetch_queue_backoff_ms: u64,
    /// Messages kept ready, if their payloads weigh no more than the next number.
    pub messages_ahead: u32,
    /// As much again may be on its way.
    pub fetched_bytes: usize,
}

/// A rebalance waits so long for a member that says nothing. (The brokers' own timer of such a member was seen to be lost when Kafka was
/// killed; with the usual five minutes the whole group stood for five minutes.) We poll several times a second, seconds apart at worst.
const REBALANCE_MS: u64 = 45_000;

/// What every client needs that reads. What it reads may be a batch that is still packed (`packed`).
pub(super) fn basics(connection: &Connection) -> ClientConfig {
    hand_on_packed();
    let mut config = connection.cluster.client();
    config
        .set("group.id", &connection.group)
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "error")
        // What a disk or a line has changed is not taken for what was sent.
        .set("check.crcs", "true")
        // A question to a broker waits behind the fetch in flight; half a second each would add up.
        .set("fetch.wait.max.ms", "100");
    config
}

pub(super) fn settings(connection: &Connection) -> ClientConfig {
    let mut config = basics(connection);
    config
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("session.timeout.ms", connection.session_timeout_ms.to_string())
        .set("max.poll.interval.ms", connection.session_timeout_ms.max(REBALANCE_MS).to_string())
        .set("statistics.interval.ms", "5000")
        .set("topic.metadata.refresh.interval.ms", "30000")
        .set("fetch.queue.backoff.ms", connection.fetch_queue_backoff_ms.to_string())
        .set("queued.min.messages", connection.messages_ahead.to_string())
        .set("queued.max.messages.kbytes", (connection.fetched_bytes / 1024).to_string())
        // One answer of a broker, as it is on the wire. A message that is larger comes alone.
        .set("fetch.max.bytes", connection.fetched_bytes.to_string())
        // The largest answer.
        .set("receive.message.max.bytes", (8 * connection.fetched_bytes).min(1_000_000_000).to_string());
    if let Some(instance_id) = &connection.instance_id {
        config.set("group.instance.id", instance_id);
    }
    config
}
