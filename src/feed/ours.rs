//! Which partitions are ours at this moment. The callback of a rebalance changes it before Kafka may give a partition to
//! somebody else, so that whoever asks after an insert cannot take for its own what another instance reads already.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use smol_str::SmolStr;

use super::partition::Partition;

/// Shared by the poll thread, which changes it, and the writer, which asks. Without a consumer nothing is ours.
#[derive(Clone, Debug, Default)]
pub struct Ours(Arc<Mutex<PartitionAssignment>>);

/// What was ours at an instant.
#[derive(Clone, Debug, Default)]
pub struct PartitionAssignment {
    /// Each partition with the number of the change that gave it to us.
    partitions: HashMap<SmolStr, HashMap<i32, u64>>,
    changes: u64,
    losses: u64,
}

impl Ours {
    pub fn now(&self) -> PartitionAssignment {
        self.lock().clone()
    }

    /// Before anything is fetched from them.
    pub fn gained(&self, partitions: &[Partition]) {
        let mut all = self.lock();
        all.changes += 1;
        let change = all.changes;
        for one in partitions {
            all.partitions.entry(one.topic.clone()).or_default().insert(one.partition, change);
        }
    }

    /// Before they are given back.
    pub fn lost(&self, partitions: &[Partition]) {
        let mut all = self.lock();
        all.losses += 1;
        for one in partitions {
            if let Some(of_topic) = all.partitions.get_mut(&one.topic) {
                of_topic.remove(&one.partition);
            }
        }
    }

    /// The client is given up, and with it whatever it had.
    pub(super) fn lost_all(&self) {
        let mut all = self.lock();
        all.losses += 1;
        all.partitions.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, PartitionAssignment> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartitionAssignment {
    pub fn has(&self, topic: &str, partition: i32) -> bool {
        self.partitions.get(topic).is_some_and(|all| all.contains_key(&partition))
    }

    /// Times that something was taken away until then.
    pub fn losses(&self) -> u64 {
        self.losses
    }

    /// Was it ours then and ever since, or not ours both times?
    pub fn is_as_in(&self, earlier: &Self, of: &Partition) -> bool {
        self.change(of) == earlier.change(of)
    }

    fn change(&self, of: &Partition) -> Option<u64> {
        self.partitions.get(&of.topic)?.get(&of.partition).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(number: i32) -> Partition {
        Partition { topic: "t".into(), partition: number }
    }

    #[test]
    fn what_was_lost_and_came_back_is_not_what_it_was() {
        let ours = Ours::default();
        ours.gained(&[partition(0), partition(1)]);
        let before = ours.now();
        assert!(before.has("t", 0) && !before.has("t", 2) && !before.has("other", 0));
        ours.lost(&[partition(0)]);
        assert!(!ours.now().has("t", 0) && ours.now().has("t", 1));
        assert_eq!(ours.now().losses(), before.losses() + 1);
        ours.gained(&[partition(0)]);
        let now = ours.now();
        assert!(now.has("t", 0) && !now.is_as_in(&before, &partition(0)) && now.is_as_in(&before, &partition(1)));
        assert!(now.is_as_in(&before, &partition(7)), "never ours");
        ours.lost_all();
        assert!(!ours.now().has("t", 1));
    }
}
