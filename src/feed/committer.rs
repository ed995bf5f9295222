//! Commits positions: what is written need not be read again. A commit that is refused or lost, as happens while a group
//! settles, is made again until it stands, also when nothing new comes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rdkafka::{
    Offset, TopicPartitionList,
    consumer::{CommitMode, Consumer as _},
    error::KafkaError,
};
use tokio::time::Instant;

use super::{
    consumer::{Client, Partition},
    pause::pause,
};
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

    fn reach(&mut self, partition: Partition, next: i64) {
        if self.starts.get(&partition).is_some_and(|start| next >= *start) {
            let reached = self.reached.entry(partition).or_insert(next);
            *reached = next.max(*reached);
        }
    }

    pub(super) fn stand(&mut self, partition: &Partition, next: i64) {
        if self.starts.contains_key(partition) {
            self.stands.insert(partition.clone(), next);
        }
    }

    /// What the group says of itself: it may have forgotten.
    fn observed(&mut self, partition: &Partition, committed: Option<i64>) {
        if let Some(stands) = self.stands.get_mut(partition)
            && committed.unwrap_or(0) < *stands
        {
            *stands = committed.unwrap_or(0);
        }
    }

    /// What the group does not know yet.
    fn open(&self) -> Vec<(Partition, i64)> {
        let is_open =
            |(partition, next): &(&Partition, &i64)| self.stands.get(*partition).is_none_or(|stands| stands < *next);
        self.reached.iter().filter(is_open).map(|(partition, next)| (partition.clone(), *next)).collect()
    }

    fn due(&mut self, now: Instant) -> Vec<(Partition, i64)> {
        if self.asked_at.is_some_and(|at| now.duration_since(at) < AGAIN_AFTER) {
            return Vec::new();
        }
        self.asked_at = Some(now);
        self.open()
    }
}

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
        refused(error);
    }
    done.is_ok()
}

/// What Kafka answered to a commit.
pub(super) fn answered(
    commits: &mut MutexGuard<'_, Commits>,
    result: &Result<(), KafkaError>,
    list: &TopicPartitionList,
) {
    if let Err(error) = result {
        refused(error);
        return;
    }
    for one in list.elements() {
        if let (Ok(()), Offset::Offset(next)) = (one.error(), one.offset()) {
            commits.stand(&Partition::of(&one), next);
        }
    }
}

fn refused(error: &KafkaError) {
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
