//! The latest that was said of any case, as far as is known.

use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::Mutex;

use crate::domain::time::Millis;

/// FUNCTION_THROW_IF_VALUE_IS_NON_ZERO: what `queries/cases_at_rest.sql` answers when something was said later after all.
pub(super) const SAID_LATER: u32 = 395;

/// What is known of the latest that was said of any case, so that it is not asked for every question. It may be out of date, which
/// costs time and no truth: the question itself looks again.
#[derive(Debug)]
pub(super) struct Latest {
    /// Nothing lay after this instant.
    none_after: AtomicI64,
    /// Something does after this one.
    some_after: AtomicI64,
    /// Held by whoever asks.
    asking: Mutex<()>,
}

impl Default for Latest {
    fn default() -> Self {
        Self { none_after: AtomicI64::new(i64::MAX), some_after: AtomicI64::new(i64::MIN), asking: Mutex::default() }
    }
}

impl Latest {
    pub(super) fn said_later(&self) {
        self.none_after.store(i64::MAX, Ordering::Relaxed);
    }

    /// Was nothing said after it? Of those who want to know at once one asks; the others wait for what he is told, and ask for
    /// themselves, all at once, where that does not tell.
    pub(super) async fn rests_since<E>(
        &self,
        as_of: Millis,
        is_said_later: impl Future<Output = Result<bool, E>>,
    ) -> Result<bool, E> {
        let turn = self.asking.try_lock();
        if turn.is_err() && self.known(as_of).is_none() {
            drop(self.asking.lock().await);
        }
        if let Some(rests) = self.known(as_of) {
            return Ok(rests);
        }
        let is_there = is_said_later.await?;
        match is_there {
            true => self.some_after.fetch_max(as_of.0, Ordering::Relaxed),
            false => self.none_after.fetch_min(as_of.0, Ordering::Relaxed),
        };
        Ok(!is_there)
    }

    fn known(&self, as_of: Millis) -> Option<bool> {
        if as_of.0 <= self.some_after.load(Ordering::Relaxed) {
            return Some(false);
        }
        (as_of.0 >= self.none_after.load(Ordering::Relaxed)).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// What two are told who want to know at once, the first of whom is told `first`, and how often it was asked.
    async fn two(first: Result<bool, ()>) -> ([Result<bool, ()>; 2], usize) {
        let (latest, times) = (Latest::default(), AtomicUsize::new(0));
        let ask = async |answer| {
            times.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            answer
        };
        let two = tokio::join!(latest.rests_since(Millis(5), ask(first)), latest.rests_since(Millis(5), ask(Ok(true))));
        (two.into(), times.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn two_at_once_ask_once_unless_that_does_not_tell() {
        assert_eq!(two(Ok(false)).await, ([Ok(true), Ok(true)], 1));
        assert_eq!(two(Ok(true)).await, ([Ok(false), Ok(false)], 1));
        assert_eq!(two(Err(())).await, ([Err(()), Ok(false)], 2));
    }
}
