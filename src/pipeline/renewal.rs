//! How long to wait before a lost consumer is made anew. Two instances that were given one name throw each other out for
//! as long as they run: they should not do it all the time.

use std::time::Duration;

use tokio::time::Instant;

use super::retry::Retry;

#[derive(Debug)]
pub struct Renewal {
    retry: Retry,
    attempt: u32,
    last: Option<Instant>,
}

/// A consumer that lived so long had nothing to do with the trouble before it.
const GOOD_LIFE: Duration = Duration::from_secs(120);

impl Renewal {
    pub fn new(retry: Retry) -> Self {
        Self { retry, attempt: 0, last: None }
    }

    pub fn pause(&mut self, now: Instant) -> Duration {
        let is_trouble_going_on = self.last.is_some_and(|last| now.duration_since(last) < GOOD_LIFE);
        self.attempt = if is_trouble_going_on { self.attempt.saturating_add(1) } else { 0 };
        self.last = Some(now);
        self.retry.backoff(self.attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{health::Health, pipeline::clock::after};

    #[test]
    fn the_pause_grows_while_trouble_goes_on_and_begins_anew_after_a_good_life() {
        let (backoff_min, backoff_max) = (Duration::from_millis(100), Duration::from_secs(10));
        let mut renewal = Renewal::new(Retry::new(backoff_min, backoff_max, Health::default()));
        assert!(renewal.pause(after(0)) <= backoff_min);
        for second in 1..10 {
            renewal.pause(after(second * 1000));
        }
        assert!(renewal.pause(after(10_000)) >= backoff_max / 2);
        assert!(renewal.pause(after(10_000) + GOOD_LIFE) <= backoff_min);
    }
}
