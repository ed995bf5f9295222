//! From the poll thread to the writer: room for one batch, and nothing on the poll thread's side ever waits, because a
//! consumer that does not poll is put out of its group.

use std::sync::Arc;

use tokio::sync::mpsc::{Receiver, Sender, channel, error::TrySendError};

use super::{batch::Batch, progress::Progress};
use crate::metrics::Holding;

/// What the writer is given.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "a few live at a time; a box would cost an allocation for nothing")]
pub enum Work {
    Batch(Batch),
    /// Partitions were taken away.
    Revoked,
}

/// The poll thread's end.
#[derive(Debug)]
pub struct Handover {
    work: Sender<Work>,
    /// Partitions were taken away, and the writer does not know it yet. It learns of it before the next batch and after the last one.
    is_revoked: bool,
    progress: Arc<Progress>,
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
    pub fn new(progress: Arc<Progress>) -> (Self, Receiver<Work>) {
        let (sender, work) = channel(1);
        (Self { work: sender, is_revoked: false, progress }, work)
    }

    pub fn has_room(&self) -> bool {
        self.work.capacity() > 0
    }

    /// Is everything that was handed over written?
    pub fn is_idle(&self) -> bool {
        self.progress.counts().in_hand() == 0
    }

    pub fn is_closed(&self) -> bool {
        self.work.is_closed()
    }

    pub fn revoked(&mut self) {
        self.is_revoked = true;
        self.tell();
    }

    /// Says what is revoked as soon as there is room; false while the writer still does not know.
    pub fn tell(&mut self) -> bool {
        if self.is_revoked {
            self.is_revoked = matches!(self.work.try_send(Work::Revoked), Err(TrySendError::Full(_)));
        }
        !self.is_revoked
    }

    pub fn offer(&mut self, mut batch: Batch) -> Offer {
        if !self.tell() {
            return Offer::NoRoom(batch);
        }
        let messages = batch.messages() as u64;
        batch.waiting = Some(Holding::new("waiting", batch.bytes()));
        match self.work.try_send(Work::Batch(batch)) {
            Ok(()) => {
                self.progress.handed_over(messages);
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
        if self.is_revoked {
            let _ = self.work.send(Work::Revoked).await;
        }
        if !rest.is_empty() {
            self.progress.handed_over(rest.messages() as u64);
            let _ = self.work.send(Work::Batch(rest)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::{domain::event::Event, feed::partition::Partition};

    fn partition(number: i32) -> Partition {
        Partition { topic: "t".into(), partition: number }
    }

    fn batch(offset: i64) -> Batch {
        let mut batch = Batch::default();
        batch.took(&partition(0), offset, 1, None, Instant::now());
        batch
    }

    /// What the writer finds, in order: first offsets of batches, and -1 for partitions taken away.
    fn found(works: &mut Receiver<Work>) -> Vec<i64> {
        let mut found = Vec::new();
        while let Ok(work) = works.try_recv() {
            match work {
                Work::Batch(batch) => found.push(batch.taken[&partition(0)].0),
                Work::Revoked => found.push(-1),
            }
        }
        found
    }

    #[test]
    fn while_the_writer_is_busy_what_is_revoked_waits_and_comes_before_the_next_batch() {
        let (mut handover, mut works) = Handover::new(Arc::default());
        assert!(matches!(handover.offer(batch(7)), Offer::Taken));
        handover.revoked();
        handover.revoked();
        assert!(matches!(handover.offer(batch(8)), Offer::NoRoom(_)), "no room, and it says so at once");
        assert_eq!(found(&mut works), [7]);
        assert!(handover.tell());
        assert!(matches!(handover.offer(batch(8)), Offer::NoRoom(_)));
        assert_eq!(found(&mut works), [-1]);
        assert!(matches!(handover.offer(batch(8)), Offer::Taken));
        assert_eq!(found(&mut works), [8]);
        assert!(!handover.is_revoked);
    }

    #[tokio::test]
    async fn the_last_words_come_after_everything_else() {
        let (mut handover, mut works) = Handover::new(Arc::default());
        assert!(matches!(handover.offer(batch(7)), Offer::Taken));
        handover.revoked();
        let last = tokio::spawn(handover.finish(batch(9)));
        let mut order = Vec::new();
        while let Some(work) = works.recv().await {
            order.push(match work {
                Work::Batch(batch) => batch.taken[&partition(0)].0,
                Work::Revoked => -1,
            });
        }
        last.await.unwrap();
        assert_eq!(order, [7, -1, 9]);
    }

    #[test]
    fn the_writer_is_idle_once_everything_handed_over_is_written() {
        let progress = Arc::<Progress>::default();
        let (mut handover, _works) = Handover::new(Arc::clone(&progress));
        assert!(handover.is_idle());
        let mut batch = batch(7);
        batch.events.push(Event::any(0, 7));
        assert!(matches!(handover.offer(batch), Offer::Taken));
        assert!(!handover.is_idle());
        progress.batch_written(1);
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
