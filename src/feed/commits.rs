//! Positions that were reached, and which of them the group has acknowledged. `committer` asks Kafka, and `rebalance` hears its answers.

use std::{collections::HashMap, time::Duration};

use rdkafka::{Offset, TopicPartitionList, error::KafkaError};
use tokio::time::Instant;

use super::partition::Partition;
use crate::metrics;

/// What was reached, and what of it the group has acknowledged. Only of partitions that are ours: what is not ours any more,
/// or lies before where we took it up again, must not take the group back to where it was then.
#[derive(Debug, Default)]
pub(super) struct Commits {
    /// Where each partition that is ours was taken up.
    starts: HashMap<Partition, i64>,
    reached: HashMap<Partition, i64>,
    stands: HashMap<Partition, i64>,
    asked_at: Option<Instant>,
}

/// A commit without an answer for so long is made again.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

impl Commits {
    pub(super) fn taken_up(&mut self, partition: Partition, start: i64) {
        self.reached.remove(&partition);
        self.stands.insert(partition.clone(), start);
        self.starts.insert(partition, start);
    }

    pub(super) fn given_up(&mut self, partitions: &[Partition]) {
        for partition in partitions {
            self.starts.remove(partition);
            self.reached.remove(partition);
            self.stands.remove(partition);
        }
    }

    pub(super) fn reach(&mut self, partition: Partition, next: i64) {
        if self.starts.get(&partition).is_some_and(|start| next >= *start) {
            let reached = self.reached.entry(partition).or_insert(next);
            *reached = next.max(*reached);
        }
    }

    fn stand(&mut self, partition: &Partition, next: i64) {
        if self.starts.contains_key(partition) {
            self.stands.insert(partition.clone(), next);
        }
    }

    /// What Kafka answered to a commit.
    pub(super) fn answered(&mut self, result: &Result<(), KafkaError>, list: &TopicPartitionList) {
        if let Err(error) = result {
            refused(error);
            return;
        }
        for one in list.elements() {
            if let (Ok(()), Offset::Offset(next)) = (one.error(), one.offset()) {
                self.stand(&Partition::of(&one), next);
            }
        }
    }

    /// What the group says of itself: it may have forgotten.
    pub(super) fn observed(&mut self, partition: &Partition, committed: Option<i64>) {
        if let Some(stands) = self.stands.get_mut(partition)
            && committed.unwrap_or(0) < *stands
        {
            *stands = committed.unwrap_or(0);
        }
    }

    /// What the group does not know yet.
    pub(super) fn open(&self) -> Vec<(Partition, i64)> {
        let is_open =
            |(partition, next): &(&Partition, &i64)| self.stands.get(*partition).is_none_or(|stands| stands < *next);
        self.reached.iter().filter(is_open).map(|(partition, next)| (partition.clone(), *next)).collect()
    }

    pub(super) fn due(&mut self, now: Instant) -> Vec<(Partition, i64)> {
        if self.asked_at.is_some_and(|at| now.duration_since(at) < AGAIN_AFTER) {
            return Vec::new();
        }
        self.asked_at = Some(now);
        self.open()
    }
}

pub(super) fn refused(error: &KafkaError) {
    metrics::commit_refused();
    tracing::debug!(%error, "the commit was refused, it is made again");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(number: i32) -> Partition {
        Partition { topic: "t".into(), partition: number }
    }

    fn taken_up(start: i64) -> Commits {
        let mut commits = Commits::default();
        commits.taken_up(partition(0), start);
        commits
    }

    #[test]
    fn what_was_reached_stays_open_until_it_stands() {
        let mut commits = taken_up(5);
        assert!(commits.open().is_empty(), "where it was taken up need not be said");
        commits.reach(partition(0), 9);
        assert_eq!(commits.open(), [(partition(0), 9)]);
        let asked = Instant::now();
        assert_eq!(commits.due(asked), [(partition(0), 9)]);
        assert!(commits.due(asked + AGAIN_AFTER / 2).is_empty(), "an answer may still come");
        assert_eq!(commits.due(asked + AGAIN_AFTER), [(partition(0), 9)]);
        commits.stand(&partition(0), 9);
        assert!(commits.open().is_empty());
    }

    #[test]
    fn what_is_not_ours_or_lies_before_where_we_took_it_up_is_never_committed() {
        let mut commits = taken_up(5);
        commits.reach(partition(0), 4);
        commits.reach(partition(1), 9);
        assert!(commits.open().is_empty());
        commits.reach(partition(0), 9);
        commits.given_up(&[partition(0)]);
        assert!(commits.open().is_empty());
        commits.stand(&partition(0), 9);
        commits.taken_up(partition(0), 7);
        commits.reach(partition(0), 8);
        assert_eq!(commits.open(), [(partition(0), 8)], "what stood before does not count");
    }

    #[test]
    fn a_group_that_has_forgotten_is_told_again() {
        let mut commits = taken_up(5);
        commits.reach(partition(0), 9);
        commits.stand(&partition(0), 9);
        commits.observed(&partition(0), Some(12));
        assert!(commits.open().is_empty());
        commits.observed(&partition(0), None);
        assert_eq!(commits.open(), [(partition(0), 9)]);
    }

    #[test]
    fn a_later_batch_does_not_take_an_earlier_position_back() {
        let mut commits = taken_up(0);
        commits.reach(partition(0), 9);
        commits.reach(partition(0), 7);
        assert_eq!(commits.open(), [(partition(0), 9)]);
    }
}
