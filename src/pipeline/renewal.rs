//! How long to wait before a lost consumer is made anew. Two instances that were given one name throw each other out for
//! as long as they run: they should not do it all the time.

use std::time::Duration;

use super::retry::Retry;
use crate::domain::time::Millis;

#[derive(Debug)]
pub struct Renewal {
    retry: Retry,
    attempt: u32,
    last: Option<Millis>,
}

/// A consumer that lived so long had nothing to do with the trouble before it.
const GOOD_LIFE_MS: i64 = 120_000;

impl Renewal {
    pub fn new(retry: Retry) -> Self {
        Self { retry, attempt: 0, last: None }
    }

    pub fn pause(&mut self, now: Millis) -> Duration {
        let is_trouble_going_on = self.last.is_some_and(|last| now.since(last) < GOOD_LIFE_MS);
        self.attempt = if is_trouble_going_on { self.attempt.saturating_add(1) } else { 0 };
        self.last = Some(now);
        self.retry.backoff(self.attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::Health;

    #[test]
    fn the_pause_grows_while_trouble_goes_on_and_begins_anew_after_a_good_life() {
        let (backoff_min, backoff_max) = (Duration::from_millis(100), Duration::from_secs(10));
        let mut renewal = Renewal::new(Retry::new(backoff_min, backoff_max, Health::default()));
        assert!(renewal.pause(Millis(0)) <= backoff_min);
        for second in 1..10 {
            renewal.pause(Millis(second * 1000));
        }
        assert!(renewal.pause(Millis(10_000)) >= backoff_max / 2);
        assert!(renewal.pause(Millis(10_000 + GOOD_LIFE_MS)) <= backoff_min);
    }
}
