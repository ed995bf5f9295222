//! Batches that came packed and are not taken to their end yet: mostly one.

use std::collections::VecDeque;

use super::{
    record::Record,
    unpacking::{Damaged, Unpacking},
};
use crate::feed::partition::Partition;

#[derive(Debug, Default)]
pub struct WaitingBatches {
    batches: VecDeque<Batch>,
    /// The batch of the record that is shown.
    now: usize,
}

#[derive(Debug)]
struct Batch {
    unpacking: Unpacking,
    /// Its partition is paused.
    is_held: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub enum NextRecord {
    /// There is a record to show.
    Record,
    Nothing,
    Damaged(Partition, Damaged),
}

impl WaitingBatches {
    pub fn push(&mut self, unpacking: Unpacking) {
        self.batches.push_back(Batch { unpacking, is_held: false });
    }

    /// Goes to the next record of a batch that is not held.
    pub fn advance(&mut self) -> NextRecord {
        while let Some(place) = self.batches.iter().position(|batch| !batch.is_held) {
            match self.batches[place].unpacking.advance() {
                Ok(true) => {
                    self.now = place;
                    return NextRecord::Record;
                }
                Ok(false) => drop(self.batches.remove(place)),
                Err(damaged) => {
                    let of = self.batches[place].unpacking.of();
                    self.forget(std::slice::from_ref(&of));
                    return NextRecord::Damaged(of, damaged);
                }
            }
        }
        NextRecord::Nothing
    }

    /// The record that `advance` went to.
    pub fn record(&self) -> Record<'_> {
        self.batches[self.now].unpacking.record()
    }

    /// What is paused stays where it is, and goes on from there.
    pub fn hold(&mut self, partitions: &[Partition], is_held: bool) {
        let meant = |batch: &&mut Batch| partitions.iter().any(|one| batch.unpacking.is_of(one));
        self.batches.iter_mut().filter(meant).for_each(|batch| batch.is_held = is_held);
    }

    /// They go on from elsewhere, or at somebody else's.
    pub fn forget(&mut self, partitions: &[Partition]) {
        self.batches.retain(|batch| !partitions.iter().any(|one| batch.unpacking.is_of(one)));
    }

    pub fn clear(&mut self) {
        self.batches.clear();
    }
}
