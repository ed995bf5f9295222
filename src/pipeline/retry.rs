//! Patience with ClickHouse: whatever it says, the rows are good, so wait and send the same again, for as long as it takes.

use std::{future::Future, time::Duration};

use rand::Rng as _;

use super::trouble::Trouble;
use crate::{health::Health, metrics, store::StoreError};

/// How often a command tries; with the usual pauses about a minute and a half.
pub(super) const ATTEMPTS: u32 = 10;

#[derive(Clone, Debug)]
pub struct Retry {
    pub backoff_min: Duration,
    pub backoff_max: Duration,
    pub health: Health,
    /// What all who try at once have seen.
    pub trouble: Trouble,
}

impl Retry {
    pub fn new(backoff_min: Duration, backoff_max: Duration, health: Health) -> Self {
        Self { backoff_min, backoff_max, health, trouble: Trouble::default() }
    }

    /// Does it until it is done. Stopping is the caller's business: it drops the future.
    pub async fn until_done<T, F>(&self, what: &str, mut act: impl FnMut() -> F) -> T
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut attempt: u32 = 0;
        let mut waiting = None;
        loop {
            match act().await {
                Ok(done) => {
                    drop(waiting);
                    self.answered();
                    return done;
                }
                Err(error) => {
                    waiting.get_or_insert_with(|| self.trouble.waits());
                    metrics::paused(true);
                    self.note(what, attempt, &error);
                }
            }
            tokio::time::sleep(self.backoff(attempt)).await;
            attempt = attempt.saturating_add(1);
        }
    }

    /// For a command that somebody waits for: tries a few times, and then says what is wrong.
    pub async fn a_while<T, F>(&self, mut act: impl FnMut() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut attempt = 1;
        loop {
            match act().await {
                Err(error) if attempt < ATTEMPTS && error.passes() => tokio::time::sleep(self.backoff(attempt)).await,
                outcome => return outcome,
            }
            attempt += 1;
        }
    }

    pub(super) fn note(&self, what: &str, attempt: u32, error: &StoreError) {
        self.trouble.note(&self.health, what, attempt, error);
    }

    pub(super) fn put_off(&self, what: &str, error: &StoreError) {
        self.trouble.put_off(&self.health, what, error);
    }

    pub(super) fn answered(&self) {
        self.trouble.answered(&self.health);
    }

    /// Doubles up to the maximum; the jitter keeps several instances from coming back at the same moment.
    pub(super) fn backoff(&self, attempt: u32) -> Duration {
        let full = self.backoff_min.saturating_mul(2u32.saturating_pow(attempt.min(16))).min(self.backoff_max);
        full.mul_f64(rand::rng().random_range(0.5..=1.0))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn retry() -> Retry {
        Retry::new(Duration::from_millis(100), Duration::from_secs(10), Health::default())
    }

    #[test]
    fn the_wait_grows_to_its_maximum_and_no_further() {
        let within = |attempt, low, high| {
            let wait = retry().backoff(attempt).as_millis();
            assert!((low..=high).contains(&wait), "attempt {attempt}: {wait} ms");
        };
        within(0, 50, 100);
        within(3, 400, 800);
        within(40, 5_000, 10_000);
    }

    #[tokio::test]
    async fn it_goes_on_until_it_is_done() {
        let left = Cell::new(3);
        let quick = Retry { backoff_min: Duration::from_millis(1), ..retry() };
        let done = quick.until_done("test", || async {
            left.set(left.get() - 1);
            if left.get() > 0 { Err(StoreError::Busy { code: 252, detail: "too many parts".into() }) } else { Ok(7) }
        });
        assert_eq!(done.await, 7);
    }

    #[tokio::test]
    async fn a_command_tries_a_few_times_and_not_at_all_what_cannot_pass() {
        let tried = Cell::new(0);
        let quick = Retry { backoff_min: Duration::from_micros(1), backoff_max: Duration::from_micros(1), ..retry() };
        let busy = || async {
            tried.set(tried.get() + 1);
            Err::<(), _>(StoreError::Busy { code: 252, detail: "too many parts".into() })
        };
        assert!(matches!(quick.a_while(busy).await, Err(StoreError::Busy { .. })));
        assert_eq!(tried.replace(0), ATTEMPTS);
        let denied = || async {
            tried.set(tried.get() + 1);
            Err::<(), _>(StoreError::Denied { code: 516, detail: "no".into() })
        };
        assert!(quick.a_while(denied).await.is_err());
        assert_eq!(tried.get(), 1);
    }
}
