//! The latest that was said of any case, as far as is known.

use std::sync::atomic::{AtomicI64, Ordering};

/// FUNCTION_THROW_IF_VALUE_IS_NON_ZERO: what `queries/cases_at_rest.sql` answers when something was said later after all.
pub(super) const SAID_LATER: u32 = 395;

/// What is known of the latest that was said of any case, so that it is not asked for every question. It may be out of date, which
/// costs time and no truth: the question itself looks again.
#[derive(Debug)]
pub(super) struct Latest {
    /// Nothing lay after this instant.
    pub(super) none_after: AtomicI64,
    /// Something does after this one.
    pub(super) some_after: AtomicI64,
}

impl Default for Latest {
    fn default() -> Self {
        Self { none_after: AtomicI64::new(i64::MAX), some_after: AtomicI64::new(i64::MIN) }
    }
}

impl Latest {
    pub(super) fn said_later(&self) {
        self.none_after.store(i64::MAX, Ordering::Relaxed);
    }
}
