//! When to compare the ledger with the cases, and which stretch of time to look at.

use std::time::Duration;

use tokio::time::Instant;

use super::clock;
use crate::{
    domain::time::Millis,
    store::{Store, sweep as query, sweep::Behind},
};

#[derive(Debug)]
pub struct Sweep {
    interval: Duration,
    window_ms: i64,
    grace_ms: i64,
    next_at: Instant,
    swept_until: Option<Millis>,
}

impl Sweep {
    /// `grace` leaves alone what another instance may just be folding.
    pub fn new(interval: Duration, window: Duration, grace: Duration) -> Self {
        Self {
            interval,
            window_ms: window.as_millis() as i64,
            grace_ms: grace.as_millis() as i64,
            next_at: Instant::now() + interval,
            swept_until: None,
        }
    }

    pub fn next_at(&self) -> Instant {
        self.next_at
    }

    /// Under load the writer never idles; the sweep comes between two batches then.
    pub fn is_overdue(&self) -> bool {
        Instant::now() >= self.next_at
    }

    /// The cases that are behind; none when ClickHouse does not answer, which the next batch will notice.
    pub async fn ask(&mut self, store: &Store) -> Option<Vec<Behind>> {
        self.next_at = Instant::now() + self.interval;
        let until = clock::now().plus(-self.grace_ms);
        // A stretch already swept is looked at once more: a message of it may have been in flight.
        let since = match self.swept_until {
            Some(swept) => swept.plus(-self.grace_ms).max(until.plus(-self.window_ms)),
            None => until.plus(-self.window_ms),
        };
        match query::behind(store, since, until).await {
            Ok(behind) => {
                // A full answer may not be all: then the same stretch is asked again next time.
                if behind.len() < query::MOST {
                    self.swept_until = Some(until);
                }
                Some(behind)
            }
            Err(error) => {
                tracing::warn!(%error, "sweep put off");
                None
            }
        }
    }
}
