//! How far a run has come: counted by the poll thread and the writer, read by whoever watches them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

#[derive(Debug, Default)]
pub struct Progress {
    handed_over: AtomicU64,
    written: AtomicU64,
    batches: AtomicU64,
    polls: AtomicU64,
    is_polling_over: AtomicBool,
}

/// At one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgressCounts {
    /// Messages given to the writer, written or not.
    pub handed_over: u64,
    /// Messages whose batch is committed.
    pub written: u64,
    /// Batches that are.
    pub batches: u64,
    /// Times that Kafka was polled; none when nobody polls any more.
    pub polls: Option<u64>,
}

impl ProgressCounts {
    /// Messages that the writer has and has not written.
    pub fn in_hand(&self) -> u64 {
        self.handed_over.saturating_sub(self.written)
    }
}

impl Progress {
    pub fn polled(&self) {
        self.polls.fetch_add(1, Relaxed);
    }

    pub fn polling_is_over(&self) {
        self.is_polling_over.store(true, Relaxed);
    }

    pub fn handed_over(&self, messages: u64) {
        self.handed_over.fetch_add(messages, Relaxed);
    }

    pub fn batch_written(&self, messages: u64) {
        self.written.fetch_add(messages, Relaxed);
        self.batches.fetch_add(1, Relaxed);
    }

    pub fn counts(&self) -> ProgressCounts {
        // What is written first, so that it is never more than what was handed over.
        let written = self.written.load(Relaxed);
        let is_polling_over = self.is_polling_over.load(Relaxed);
        ProgressCounts {
            written,
            handed_over: self.handed_over.load(Relaxed),
            batches: self.batches.load(Relaxed),
            polls: (!is_polling_over).then(|| self.polls.load(Relaxed)),
        }
    }
}
