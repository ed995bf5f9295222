//! When to compare the ledger with the cases, and which stretch of time to look at.

use std::time::Duration;

use tokio::time::Instant;

use super::clock;
use crate::store::{Store, StoreError, sweep as query, sweep::Behind};

/// A sweep takes at most one part in so many of the time: with millions of rows in the window it comes less often.
const REST: u32 = 20;

#[derive(Debug)]
pub struct Sweep {
    /// Others are none of ours: nobody could fold their cases.
    streams: Vec<String>,
    interval: Duration,
    window_ms: i64,
    grace_ms: i64,
    next_at: Instant,
}

impl Sweep {
    /// `grace` leaves alone what another instance may just be folding.
    pub fn new(streams: Vec<String>, interval: Duration, window: Duration, grace: Duration) -> Self {
        Self {
            streams,
            interval,
            window_ms: window.as_millis() as i64,
            grace_ms: grace.as_millis() as i64,
            next_at: Instant::now() + interval,
        }
    }

    pub fn next_at(&self) -> Instant {
        self.next_at
    }

    /// Under load the writer never idles; the sweep comes between two batches then.
    pub fn is_overdue(&self) -> bool {
        Instant::now() >= self.next_at
    }

    /// The cases that are behind. An error puts it off.
    pub async fn ask(&mut self, store: &Store) -> Result<Vec<Behind>, StoreError> {
        let started = Instant::now();
        let now = clock::now();
        // The whole window each time: a row may reach the ledger long after its message was taken, if ClickHouse was away.
        let (since, until) = (now.plus(-self.window_ms), now.plus(-self.grace_ms));
        let answer = query::behind(store, &self.streams, since, until).await;
        self.next_at = Instant::now() + pause_after(started.elapsed(), self.interval);
        answer
    }
}

fn pause_after(took: Duration, interval: Duration) -> Duration {
    interval.max(took * REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_sweep_comes_at_its_interval_and_a_long_one_rests_longer() {
        let minute = Duration::from_secs(60);
        assert_eq!(pause_after(Duration::from_secs(1), minute), minute);
        assert_eq!(pause_after(Duration::from_secs(27), minute), Duration::from_secs(540));
    }
}
