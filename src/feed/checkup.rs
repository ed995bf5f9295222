//! What Kafka says when it is asked how it is: brokers, topics, the group, and where it stands. For a person, not for the loop.
//!
//! Every call blocks for its patience at most; ask from a thread that may wait.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rdkafka::{
    ClientContext, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, ResourceSpecifier},
    client::DefaultClientContext,
    consumer::{BaseConsumer, Consumer as _, ConsumerContext},
    error::KafkaError,
    message::{Message as _, Timestamp},
};

use super::{
    connection::{Connection, basics},
    partition::Partition,
};

/// Kafka gave no answer, or not this one; the text is what the client library had heard last.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Silent(String);

pub struct Checkup {
    client: BaseConsumer<Heard>,
    connection: Connection,
    patience: Duration,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckedCluster {
    /// `host:port` of each.
    pub brokers: Vec<String>,
    pub topics: Vec<Topic>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    pub name: String,
    pub partitions: Vec<i32>,
    /// Partitions that nobody leads, so that nothing can be read or sent.
    pub leaderless: Vec<i32>,
    /// The fewest of any partition.
    pub replicas: usize,
    pub in_sync: usize,
}

/// None where the broker does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicSettings {
    pub min_insync_replicas: Option<usize>,
    /// -1: for ever.
    pub retention_ms: Option<i64>,
    pub cleanup_policy: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    pub state: String,
    pub members: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedPosition {
    pub topic: String,
    pub partition: i32,
    pub committed: Option<i64>,
    pub low: i64,
    pub high: i64,
}

impl std::fmt::Debug for Checkup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Checkup")
    }
}

/// Remembers why a connection failed: the answer to a question only says that it did.
#[derive(Debug, Default)]
struct Heard(Mutex<Option<String>>);

impl ClientContext for Heard {
    fn error(&self, _: KafkaError, reason: &str) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // "All brokers are down" comes last and says least.
        if last.is_none() || !reason.contains("brokers are down") {
            *last = Some(reason.to_owned());
        }
    }
}

impl ConsumerContext for Heard {}

impl Checkup {
    pub fn new(connection: &Connection, patience: Duration) -> Result<Self, Silent> {
        let made = basics(connection).create_with_context(Heard::default());
        let client = made.map_err(|error: KafkaError| Silent(error.to_string()))?;
        Ok(Self { client, connection: connection.clone(), patience })
    }

    /// With those of `topics` that are there.
    pub fn cluster(&self, topics: &[String]) -> Result<CheckedCluster, Silent> {
        let metadata = self.client.fetch_metadata(None, self.patience).map_err(|error| self.silent(&error))?;
        let brokers = metadata.brokers().iter().map(|broker| format!("{}:{}", broker.host(), broker.port())).collect();
        let ours = metadata.topics().iter().filter(|topic| topics.iter().any(|name| name == topic.name()));
        let topics = ours.map(|topic| {
            let all = topic.partitions();
            Topic {
                name: topic.name().to_owned(),
                partitions: all.iter().map(|one| one.id()).collect(),
                leaderless: all.iter().filter(|one| one.leader() < 0).map(|one| one.id()).collect(),
                replicas: all.iter().map(|one| one.replicas().len()).min().unwrap_or(0),
                in_sync: all.iter().map(|one| one.isr().len()).min().unwrap_or(0),
            }
        });
        Ok(CheckedCluster { brokers, topics: topics.collect() })
    }

    /// None: there is no such group (yet).
    pub fn group(&self) -> Result<Option<Group>, Silent> {
        let name = self.connection.group.as_str();
        let list = self.client.fetch_group_list(Some(name), self.patience).map_err(|error| self.silent(&error))?;
        let found = list.groups().iter().find(|group| group.name() == name && group.state() != "Dead");
        Ok(found.map(|group| Group { state: group.state().to_owned(), members: group.members().len() }))
    }

    pub fn positions(&self, topics: &[Topic]) -> Result<Vec<CheckedPosition>, Silent> {
        let committed =
            self.client.committed_offsets(list_of(topics), self.patience).map_err(|error| self.silent(&error))?;
        let position = |of: Partition, offset: Offset| {
            let ends = self.client.fetch_watermarks(&of.topic, of.partition, self.patience);
            let (low, high) = ends.map_err(|error| self.silent(&error))?;
            let committed = match offset {
                Offset::Offset(next) => Some(next),
                _ => None,
            };
            Ok(CheckedPosition { topic: of.topic.to_string(), partition: of.partition, committed, low, high })
        };
        committed.elements().iter().map(|one| position(Partition::of(one), one.offset())).collect()
    }

    /// The latest stamp on the last message of each partition (ms since 1970). Read without joining the group, and nothing is committed.
    pub fn newest_stamp(&self, topics: &[Topic]) -> Result<Option<i64>, Silent> {
        let mut list = list_of(topics);
        let tail = list.set_all_offsets(Offset::OffsetTail(1));
        tail.and_then(|()| self.client.assign(&list)).map_err(|error| self.silent(&error))?;
        let mut newest = None;
        // One for each partition; an empty one, or a mark at its end, gives nothing, and a second of silence is the answer then.
        for _ in 0..list.count() {
            let Some(polled) = self.client.poll(Duration::from_secs(1).min(self.patience)) else { break };
            if let Ok(message) = polled
                && let Timestamp::CreateTime(at) | Timestamp::LogAppendTime(at) = message.timestamp()
            {
                newest = newest.max(Some(at));
            }
        }
        self.client.unassign().map_err(|error| self.silent(&error))?;
        Ok(newest)
    }

    /// What the client library has said since, which comes only when it is polled.
    fn silent(&self, error: &KafkaError) -> Silent {
        for _ in 0..5 {
            let _ = self.client.poll(Duration::from_millis(20));
        }
        let heard = self.client.context().0.lock().unwrap_or_else(PoisonError::into_inner).take();
        Silent(heard.unwrap_or_else(|| error.to_string()))
    }
}

fn list_of(topics: &[Topic]) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    for topic in topics {
        topic.partitions.iter().for_each(|partition| {
            list.add_partition(&topic.name, *partition);
        });
    }
    list
}

/// In the order of `topics`; a topic whose settings this account may not read has none.
pub async fn topic_settings(
    connection: &Connection,
    topics: &[Topic],
    patience: Duration,
) -> Result<Vec<TopicSettings>, Silent> {
    let failed = |error: KafkaError| Silent(error.to_string());
    let admin: AdminClient<DefaultClientContext> = basics(connection).create().map_err(failed)?;
    let wanted: Vec<ResourceSpecifier<'_>> = topics.iter().map(|topic| ResourceSpecifier::Topic(&topic.name)).collect();
    let options = AdminOptions::new().request_timeout(Some(patience));
    let answers = admin.describe_configs(&wanted, &options).await.map_err(failed)?;
    let settings = answers.into_iter().map(|answer| {
        let Ok(resource) = answer else { return TopicSettings::default() };
        let value = |name| resource.get(name).and_then(|entry| entry.value.clone());
        TopicSettings {
            min_insync_replicas: value("min.insync.replicas").and_then(|text| text.parse().ok()),
            retention_ms: value("retention.ms").and_then(|text| text.parse().ok()),
            cleanup_policy: value("cleanup.policy"),
        }
    });
    Ok(settings.collect())
}
