//! Commits positions: what is written need not be read again. A commit that is refused or lost, as happens while a group
//! settles, is made again until it stands, also when nothing new comes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{CommitMode, Consumer as _},
};
use tokio::time::Instant;

use super::{commits, partition::Partition, pause::pause, rebalance::Client};

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

const LAST_TRIES: u32 = 5;
const LAST_PAUSE: Duration = Duration::from_millis(500);

impl Committer {
    pub(super) fn new(current: Arc<Mutex<Arc<Client>>>) -> Self {
        Self { current }
    }

    fn client(&self) -> Arc<Client> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// `next` is the offset to go on from. The answer comes later, and if none does, or a refusal, it is asked again.
    pub fn commit(&self, positions: impl Iterator<Item = (Partition, i64)>) {
        let client = self.client();
        let open = {
            let mut commits = client.context().commits();
            positions.for_each(|(partition, next)| commits.reach(partition, next));
            commits.open()
        };
        send(&client, &open, CommitMode::Async);
    }

    /// What is not acknowledged for a while, once more.
    pub fn again(&self, now: Instant) {
        let client = self.client();
        let open = client.context().commits().due(now);
        send(&client, &open, CommitMode::Async);
    }

    /// Takes note of what the group says that it has committed.
    pub fn observed<'a>(&self, committed: impl Iterator<Item = (&'a Partition, Option<i64>)>) {
        let client = self.client();
        let mut commits = client.context().commits();
        committed.for_each(|(partition, next)| commits.observed(partition, next));
    }

    /// The client's threads sleep until a time of day. Where the clock was set back while nothing came they would sleep on, send no sign
    /// of life and be put out of the group; a question wakes them.
    pub fn wake(&self) {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        drop(current.assignment());
    }

    /// The last word: waits until everything stands, for a few seconds at most.
    pub fn finish(&self) {
        let client = self.client();
        for _ in 0..LAST_TRIES {
            let open = client.context().commits().open();
            if open.is_empty() || send(&client, &open, CommitMode::Sync) {
                return;
            }
            pause(LAST_PAUSE);
        }
    }
}

fn send(client: &Client, open: &[(Partition, i64)], mode: CommitMode) -> bool {
    let mut list = TopicPartitionList::new();
    for (partition, next) in open {
        if list.add_partition_offset(&partition.topic, partition.partition, Offset::Offset(*next)).is_err() {
            tracing::warn!(topic = %partition.topic, next, "cannot commit this position");
        }
    }
    if list.count() == 0 {
        return true;
    }
    let done = client.commit(&list, mode);
    if let Err(error) = &done {
        commits::refused(error);
    }
    done.is_ok()
}
