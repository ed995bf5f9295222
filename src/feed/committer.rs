//! Commits positions: what is written need not be read again.

use std::sync::{Arc, Mutex, PoisonError};

use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{CommitMode, Consumer as _},
};

use super::consumer::{Client, Partition};

/// From the thread that wrote the rows.
#[derive(Clone)]
pub struct Committer {
    /// The client that reads now; it is another one after a renewal.
    current: Arc<Mutex<Arc<Client>>>,
}

impl std::fmt::Debug for Committer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Committer")
    }
}

impl Committer {
    pub(super) fn new(current: Arc<Mutex<Arc<Client>>>) -> Self {
        Self { current }
    }

    /// `next` is the offset to go on from. A commit that fails is only a hint lost: the rows are in the ledger.
    /// A batch from before a rebalance must not take the group back to where it was then: what is not ours any more, or
    /// lies before where we took it up again, is left out.
    pub fn commit(&self, positions: impl Iterator<Item = (Partition, i64)>, wait: bool) {
        let client = Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner));
        let mut list = TopicPartitionList::new();
        let starts = client.context().starts();
        for (partition, next) in positions {
            if starts.get(&partition).is_none_or(|start| next < start.unwrap_or(0)) {
                continue;
            }
            if list.add_partition_offset(&partition.topic, partition.partition, Offset::Offset(next)).is_err() {
                tracing::warn!(topic = %partition.topic, next, "cannot commit this position");
            }
        }
        if list.count() == 0 {
            return;
        }
        let mode = if wait { CommitMode::Sync } else { CommitMode::Async };
        if let Err(error) = client.commit(&list, mode) {
            tracing::warn!(%error, "commit failed; the next one makes up for it");
        }
    }
}
