//! How much ClickHouse takes at once, as far as is known.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The largest body that need not be tried in vain, in bytes.
#[derive(Debug)]
pub(super) struct Largest(AtomicUsize);

impl Default for Largest {
    fn default() -> Self {
        Self(AtomicUsize::new(usize::MAX))
    }
}

impl Largest {
    pub(super) fn is_passed_by(&self, bytes: usize) -> bool {
        bytes > self.0.load(Ordering::Relaxed)
    }

    pub(super) fn refused(&self, bytes: usize) {
        // A half is a little more than half, because both have the dictionaries.
        self.0.store(bytes / 8 * 5, Ordering::Relaxed);
    }

    /// Memory comes back, and limits are raised: more is tried little by little.
    pub(super) fn taken(&self, bytes: usize) {
        let largest = self.0.load(Ordering::Relaxed);
        if bytes > largest / 4 {
            self.0.store(largest.saturating_add(largest / 32), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_is_not_tried_again_at_once_and_later_little_by_little() {
        let largest = Largest::default();
        assert!(!largest.is_passed_by(1 << 30));
        largest.refused(1_000_000);
        assert!(largest.is_passed_by(700_000) && !largest.is_passed_by(600_000));
        largest.taken(10);
        assert!(largest.is_passed_by(625_001), "a small one says nothing");
        (0..30).for_each(|_| largest.taken(500_000));
        assert!(!largest.is_passed_by(1_000_000));
    }
}
