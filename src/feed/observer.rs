//! Looks at the topics from outside the consumer: where each partition begins and ends, how far the group is, which topic it is,
//! and whether the brokers answer at all. On a connection of its own: on the consumer's each answer would wait behind the fetch in
//! flight, and a consumer that waits for its brokers says nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{BaseConsumer, Consumer as _},
};
use smol_str::SmolStr;

use super::{
    connection::{Connection, basics},
    describe,
    kafka_error::{FeedError, KafkaTrouble},
    partition::Partition,
    trouble::{Listener, Troubles},
};

/// Where one partition begins and ends now, and what the group says that it has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// The first offset that is still there.
    pub(crate) low: i64,
    /// Behind the last offset that may be read; open transactions lie behind it.
    pub(crate) end: i64,
    /// Where the group goes on; none before its first commit, or when it was forgotten.
    pub(crate) committed: Option<i64>,
}

impl Extent {
    /// Messages that the group has not done, at most: marks of transactions count as well.
    pub(crate) fn lag(&self) -> u64 {
        (self.end - self.committed.unwrap_or(self.low).max(self.low)).max(0) as u64
    }
}

/// One look.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// The topics that are there, by name.
    pub(crate) ids: BTreeMap<SmolStr, SmolStr>,
    /// Topics that are not there.
    pub(crate) gone: Vec<SmolStr>,
    pub(crate) extents: BTreeMap<Partition, Extent>,
    /// Partitions of which nothing can be said now, and why.
    pub(crate) unanswered: BTreeMap<Partition, String>,
}

/// Looks at topics from beside the consumer: which are there, from where to where, and how far the group is.
pub struct Observer {
    client: BaseConsumer<Listener>,
    topics: Vec<SmolStr>,
    troubles: Troubles,
}

impl std::fmt::Debug for Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Observer").field("topics", &self.topics).finish_non_exhaustive()
    }
}

/// For each question. A broker that takes longer is as good as away.
const PATIENCE: Duration = Duration::from_secs(3);
/// What the library says between two looks, at most; what is more waits.
const LINES: u32 = 100;

impl Observer {
    /// An error only where the settings are wrong: nobody is asked yet.
    pub fn new(connection: &Connection, topics: &[&str]) -> Result<Self, FeedError> {
        let troubles = Troubles::of(&connection.cluster);
        let client = Listener(troubles.clone()).client(&mut basics(connection)).map_err(FeedError::Setup)?;
        Ok(Self { client, topics: topics.iter().map(|topic| (*topic).into()).collect(), troubles })
    }

    /// Asks about every partition of every topic. An error: nobody answers. It may take three seconds for each broker that is
    /// silent, and as much for the group.
    pub(crate) fn look(&self) -> Result<Observation, KafkaTrouble> {
        let seen = self.seen();
        // Nothing is read here; a poll hands out a line of what the library has to say of its connections.
        for _ in 0..LINES {
            drop(self.client.poll(Duration::ZERO));
        }
        match (&seen, self.troubles.news()) {
            (Ok(_), _) => self.troubles.forget(),
            (Err(_), Some(why)) => tracing::warn!(why, "kafka cannot be reached"),
            (Err(_), None) => {}
        }
        seen
    }

    /// Why the last look came to nothing, where that is known, and what to do about it.
    pub(crate) fn last_trouble(&self) -> Option<String> {
        self.troubles.last()
    }

    fn seen(&self) -> Result<Observation, KafkaTrouble> {
        // The library asks the one broker that it takes for the controller, and may for minutes not notice that this one is gone.
        self.client.fetch_metadata(self.topics.first().map(SmolStr::as_str), PATIENCE).map_err(KafkaTrouble)?;
        let described = describe::topics(&self.client, &self.topics, PATIENCE).map_err(KafkaTrouble)?;
        let gone =
            self.topics.iter().filter(|name| !described.iter().any(|one| one.topic == **name)).cloned().collect();
        let mut seen = Observation { gone, ..Observation::default() };
        let mut silent = BTreeSet::new();
        for topic in &described {
            seen.ids.insert(topic.topic.clone(), topic.id.clone());
            for (partition, leader) in &topic.partitions {
                let partition = Partition { topic: topic.topic.clone(), partition: *partition };
                match self.extent(&partition, *leader, &mut silent) {
                    Ok(extent) => drop(seen.extents.insert(partition, extent)),
                    Err(why) => drop(seen.unanswered.insert(partition, why)),
                }
            }
        }
        self.committed(&mut seen)?;
        Ok(seen)
    }

    fn extent(&self, of: &Partition, leader: Option<i32>, silent: &mut BTreeSet<i32>) -> Result<Extent, String> {
        let leader = leader.ok_or("no broker leads it")?;
        if silent.contains(&leader) {
            return Err(format!("broker {leader} does not answer"));
        }
        match self.client.fetch_watermarks(&of.topic, of.partition, PATIENCE) {
            Ok((low, end)) => Ok(Extent { low, end, committed: None }),
            Err(error) => {
                silent.insert(leader);
                Err(format!("broker {leader} does not answer: {error}"))
            }
        }
    }

    fn committed(&self, seen: &mut Observation) -> Result<(), KafkaTrouble> {
        let mut list = TopicPartitionList::new();
        for partition in seen.extents.keys() {
            list.add_partition(&partition.topic, partition.partition);
        }
        if list.count() == 0 {
            return Ok(());
        }
        let committed = self.client.committed_offsets(list, PATIENCE).map_err(KafkaTrouble)?;
        for one in committed.elements() {
            if let (Offset::Offset(next), Some(extent)) = (one.offset(), seen.extents.get_mut(&Partition::of(&one))) {
                extent.committed = Some(next);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lag_is_what_lies_between_the_commit_and_the_end() {
        let of = |low, end, committed| Extent { low, end, committed }.lag();
        assert_eq!(of(0, 10, Some(7)), 3);
        assert_eq!(of(4, 10, None), 6, "before the first commit everything is");
        assert_eq!(of(8, 10, Some(2)), 2, "what retention took is no lag");
        assert_eq!(of(0, 5, Some(9)), 0);
    }
}
