//! From the poll thread to the writer: room for one batch, and nothing on the poll thread's side ever waits, because a
//! consumer that does not poll is put out of its group.

use std::sync::{Arc, atomic::Ordering};

use tokio::sync::mpsc::{Receiver, Sender, channel, error::TrySendError};

use super::{
    batch::Batch,
    writer::{Done, Work},
};
use crate::{feed::consumer::Partition, metrics::Holding};

/// The poll thread's end.
#[derive(Debug)]
pub struct Handover {
    work: Sender<Work>,
    /// Taken away, and the writer does not know it yet. It learns of it before the next batch and after the last one.
    revoked: Vec<Partition>,
    done: Arc<Done>,
}

/// What became of a batch that was offered.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "lives for one match; a box would cost an allocation for nothing")]
pub enum Offer {
    Taken,
    NoRoom(Batch),
    /// The writer is gone.
    Gone,
}

impl Handover {
    /// One batch waits while one is written and one is collected: that is all there ever is.
    pub fn new(done: Arc<Done>) -> (Self, Receiver<Work>) {
        let (sender, work) = channel(1);
        (Self { work: sender, revoked: Vec::new(), done }, work)
    }

    pub fn has_room(&self) -> bool {
        self.work.capacity() > 0
    }

    /// Is everything that was handed over written?
    pub fn is_idle(&self) -> bool {
        self.done.handed_over.load(Ordering::Relaxed) == self.done.messages.load(Ordering::Relaxed)
    }

    pub fn is_closed(&self) -> bool {
        self.work.is_closed()
    }

    pub fn revoked(&mut self, partitions: Vec<Partition>) {
        self.revoked.extend(partitions);
        self.tell();
    }

    /// Says what is revoked as soon as there is room; false while the writer still does not know.
    pub fn tell(&mut self) -> bool {
        if self.revoked.is_empty() {
            return true;
        }
        match self.work.try_send(Work::Revoked(std::mem::take(&mut self.revoked))) {
            Err(TrySendError::Full(Work::Revoked(back))) => {
                self.revoked = back;
                false
            }
            _ => true,
        }
    }

    pub fn offer(&mut self, mut batch: Batch) -> Offer {
        if !self.tell() {
            return Offer::NoRoom(batch);
        }
        let messages = batch.messages() as u64;
        batch.waiting = Some(Holding::new("waiting", batch.bytes()));
        match self.work.try_send(Work::Batch(batch)) {
            Ok(()) => {
                self.done.handed_over.fetch_add(messages, Ordering::Relaxed);
                Offer::Taken
            }
            Err(TrySendError::Full(Work::Batch(mut batch))) => {
                batch.waiting = None;
                Offer::NoRoom(batch)
            }
            Err(_) => Offer::Gone,
        }
    }

    /// The last words, when nobody polls any more: waits for room, for as long as the caller lets it.
    pub async fn finish(self, rest: Batch) {
        if !self.revoked.is_empty() {
            let _ = self.work.send(Work::Revoked(self.revoked)).await;
        }
        if !rest.is_empty() {
            self.done.handed_over.fetch_add(rest.messages() as u64, Ordering::Relaxed);
            let _ = self.work.send(Work::Batch(rest)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::domain::event::Event;

    fn partition(number: i32) -> Partition {
        Partition { topic: "t".into(), partition: number }
    }

    fn batch(offset: i64) -> Batch {
        let mut batch = Batch::default();
        batch.took(&partition(0), offset, 1, None, Instant::now());
        batch
    }

    /// What the writer finds, in order: first offsets of batches, and partitions revoked as negative numbers.
    fn found(works: &mut Receiver<Work>) -> Vec<i64> {
        let mut found = Vec::new();
        while let Ok(work) = works.try_recv() {
            match work {
                Work::Batch(batch) => found.push(batch.taken[&partition(0)].0),
                Work::Revoked(partitions) => found.extend(partitions.iter().map(|one| -i64::from(one.partition))),
            }
        }
        found
    }

    #[test]
    fn while_the_writer_is_busy_what_is_revoked_waits_and_comes_before_the_next_batch() {
        let (mut handover, mut works) = Handover::new(Arc::default());
        assert!(matches!(handover.offer(batch(7)), Offer::Taken));
        handover.revoked(vec![partition(1)]);
        handover.revoked(vec![partition(2)]);
        assert!(matches!(handover.offer(batch(8)), Offer::NoRoom(_)), "no room, and it says so at once");
        assert_eq!(found(&mut works), [7]);
        assert!(handover.tell());
        assert!(matches!(handover.offer(batch(8)), Offer::NoRoom(_)));
        assert_eq!(found(&mut works), [-1, -2]);
        assert!(matches!(handover.offer(batch(8)), Offer::Taken));
        assert_eq!(found(&mut works), [8]);
        assert!(handover.revoked.is_empty());
    }

    #[tokio::test]
    async fn the_last_words_come_after_everything_else() {
        let (mut handover, mut works) = Handover::new(Arc::default());
        assert!(matches!(handover.offer(batch(7)), Offer::Taken));
        handover.revoked(vec![partition(1)]);
        let last = tokio::spawn(handover.finish(batch(9)));
        let mut order = Vec::new();
        while let Some(work) = works.recv().await {
            order.push(match work {
                Work::Batch(batch) => batch.taken[&partition(0)].0,
                Work::Revoked(_) => -1,
            });
        }
        last.await.unwrap();
        assert_eq!(order, [7, -1, 9]);
    }

    #[test]
    fn the_writer_is_idle_once_everything_handed_over_is_written() {
        let done = Arc::<Done>::default();
        let (mut handover, _works) = Handover::new(Arc::clone(&done));
        assert!(handover.is_idle());
        let mut batch = batch(7);
        batch.events.push(Event::any(0, 7));
        assert!(matches!(handover.offer(batch), Offer::Taken));
        assert!(!handover.is_idle());
        done.messages.fetch_add(1, Ordering::Relaxed);
        assert!(handover.is_idle());
    }

    #[test]
    fn a_writer_that_is_gone_takes_nothing() {
        let (mut handover, works) = Handover::new(Arc::default());
        drop(works);
        assert!(matches!(handover.offer(batch(1)), Offer::Gone));
        assert!(handover.is_closed());
    }
}
