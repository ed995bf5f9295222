//! A part of a topic.

use rdkafka::topic_partition_list::TopicPartitionListElem;
use smol_str::SmolStr;

/// A topic and partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    /// Name of the topic.
    pub topic: SmolStr,
    /// Its number there, from 0.
    pub partition: i32,
}

impl Partition {
    pub(super) fn of(one: &TopicPartitionListElem<'_>) -> Self {
        Self { topic: one.topic().into(), partition: one.partition() }
    }
}
