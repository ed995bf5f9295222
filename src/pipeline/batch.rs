//! A batch under collection: when it is full, and what goes when a partition is taken away. Pure.

use std::{collections::HashMap, time::Duration};

use foldhash::fast::RandomState;
use tokio::time::Instant;

use crate::{
    domain::{event::Event, events::Events, time::Millis},
    feed::{partition::Partition, rejected::RejectionNotice},
    metrics::Holding,
    store::quarantine::Entry,
};

#[derive(Clone, Copy, Debug)]
pub struct BatchLimits {
    pub rows_max: usize,
    pub bytes_max: usize,
    pub wait_max: Duration,
}

/// For each partition the first offset taken and the one to go on from.
pub type TakenRanges = HashMap<Partition, (i64, i64), RandomState>;

#[derive(Debug, Default)]
pub struct Batch {
    pub events: Events,
    pub rejected: Vec<Entry>,
    /// Of those rejected, where that is told on a topic of its own.
    pub notices: Vec<RejectionNotice>,
    /// Everything between is in this batch.
    pub taken: TakenRanges,
    /// When the messages were stamped, for the delay until they are visible.
    pub stamped: Vec<Millis>,
    pub unknown_fields: HashMap<smol_str::SmolStr, u64>,
    pub scrubbed: Vec<(&'static str, u64)>,
    bytes: usize,
    since: Option<Instant>,
    /// While it waits for the writer.
    pub waiting: Option<Holding>,
}

/// One delay in so many is measured: enough for a percentile, nothing on the hot path.
const STAMP_EVERY: usize = 16;

/// An idle writer takes this part of a full batch: an eighth is still few parts a second for ClickHouse.
const IDLE_SHARE: usize = 8;

impl Batch {
    pub fn messages(&self) -> usize {
        self.events.len() + self.rejected.len()
    }

    pub fn is_empty(&self) -> bool {
        self.taken.is_empty()
    }

    /// What its messages weigh, as they are held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn is_full(&self, limits: &BatchLimits) -> bool {
        self.messages() >= limits.rows_max || self.bytes >= limits.bytes_max
    }

    /// Is it large enough for an idle writer? At the beginning of a backlog nobody should wait for a full batch.
    pub fn is_worth_a_write(&self, limits: &BatchLimits) -> bool {
        self.messages() >= limits.rows_max / IDLE_SHARE || self.bytes >= limits.bytes_max / IDLE_SHARE
    }

    /// Has the oldest message waited long enough?
    pub fn is_due(&self, limits: &BatchLimits, now: Instant) -> bool {
        self.since.is_some_and(|since| now.duration_since(since) >= limits.wait_max)
    }

    /// Notes that a message was taken, whatever became of it.
    pub fn took(&mut self, partition: &Partition, offset: i64, bytes: usize, stamped: Option<Millis>, now: Instant) {
        self.since.get_or_insert(now);
        self.bytes += bytes;
        match self.taken.get_mut(partition) {
            Some((_, next)) => *next = offset + 1,
            None => {
                self.taken.insert(partition.clone(), (offset, offset + 1));
            }
        }
        if self.messages() % STAMP_EVERY == 1
            && let Some(stamped) = stamped
        {
            self.stamped.push(stamped);
        }
    }

    /// Lets go of what came from partitions that belong to somebody else now: the new owner reads it again.
    pub fn forget(&mut self, revoked: &[Partition]) {
        let gone =
            |topic: &str, partition: i32| revoked.iter().any(|one| one.topic == topic && one.partition == partition);
        self.events.retain(|event| !gone(&event.place.topic, event.place.partition));
        self.rejected.retain(|entry| !gone(&entry.topic, entry.partition));
        self.notices.retain(|notice| !gone(&notice.topic, notice.partition));
        self.taken.retain(|partition, _| !revoked.contains(partition));
        self.bytes = self.events.iter().map(Event::weight).sum::<usize>()
            + self.rejected.iter().map(Entry::weight).sum::<usize>()
            + self.notices.iter().map(RejectionNotice::weight).sum::<usize>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::clock::after;

    const LIMITS: BatchLimits = BatchLimits { rows_max: 10, bytes_max: 1000, wait_max: Duration::from_millis(500) };

    fn partition(number: i32) -> Partition {
        Partition { topic: "t".into(), partition: number }
    }

    #[test]
    fn bytes_fill_a_batch_as_well_as_rows() {
        let mut batch = Batch::default();
        batch.took(&partition(0), 7, 999, None, Instant::now());
        assert!(!batch.is_full(&LIMITS));
        batch.took(&partition(0), 8, 1, None, Instant::now());
        assert!(batch.is_full(&LIMITS));
        assert_eq!(batch.taken[&partition(0)], (7, 9));
    }

    #[test]
    fn an_idle_writer_takes_an_eighth() {
        let limits = BatchLimits { rows_max: 800, bytes_max: 8000, ..LIMITS };
        let mut batch = Batch::default();
        batch.took(&partition(0), 7, 999, None, Instant::now());
        assert!(!batch.is_worth_a_write(&limits));
        batch.took(&partition(0), 8, 1, None, Instant::now());
        assert!(batch.is_worth_a_write(&limits) && !batch.is_full(&limits));
    }

    #[test]
    fn the_oldest_message_decides_when_a_batch_is_due() {
        let mut batch = Batch::default();
        assert!(!batch.is_due(&LIMITS, after(10_000)));
        batch.took(&partition(0), 1, 1, None, after(100));
        batch.took(&partition(0), 2, 1, None, after(590));
        assert!(!batch.is_due(&LIMITS, after(599)));
        assert!(batch.is_due(&LIMITS, after(600)));
    }

    #[test]
    fn a_revoked_partition_takes_its_position_along() {
        let mut batch = Batch::default();
        batch.took(&partition(0), 1, 1, None, Instant::now());
        batch.took(&partition(1), 1, 1, None, Instant::now());
        batch.forget(&[partition(0)]);
        assert_eq!(batch.taken.keys().collect::<Vec<_>>(), [&partition(1)]);
    }
}
