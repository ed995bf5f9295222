//! A part of a topic.

use rdkafka::topic_partition_list::TopicPartitionListElem;
use smol_str::SmolStr;

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
