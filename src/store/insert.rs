//! Inserts: ready bodies, the same bytes each time, in parts where the whole is too much.

use std::sync::atomic::{AtomicUsize, Ordering};

use clickhouse::error::Error;

use super::{
    client::{Store, query_id},
    error::StoreError,
    native::Body,
};
use crate::metrics;

/// The largest body that need not be tried in vain, in bytes.
#[derive(Debug)]
pub(super) struct Largest(AtomicUsize);

impl Default for Largest {
    fn default() -> Self {
        Self(AtomicUsize::new(usize::MAX))
    }
}

impl Largest {
    fn is_passed_by(&self, bytes: usize) -> bool {
        bytes > self.0.load(Ordering::Relaxed)
    }

    fn refused(&self, bytes: usize) {
        // A half is a little more than half, because both have the dictionaries.
        self.0.store(bytes / 8 * 5, Ordering::Relaxed);
    }

    /// Memory comes back, and limits are raised: more is tried little by little.
    fn taken(&self, bytes: usize) {
        let largest = self.0.load(Ordering::Relaxed);
        if bytes > largest / 4 {
            self.0.store(largest.saturating_add(largest / 32), Ordering::Relaxed);
        }
    }
}

impl Store {
    /// Sends a ready Native body. The same bytes may be sent again after any error. What is too large for ClickHouse is cut
    /// in two, and the body remembers it: sent again, it goes the same way, without the parts that were acknowledged.
    pub(super) async fn insert_native(&self, table: &str, body: &Body) -> Result<(), StoreError> {
        let mut todo = vec![body.clone()];
        while let Some(body) = todo.pop() {
            if body.is_empty() || body.is_done() {
                continue;
            }
            if let Some(halves) = body.halves() {
                todo.extend(halves);
                continue;
            }
            let bytes = body.len();
            if self.largest.is_passed_by(bytes) && body.cut() {
                todo.push(body);
                continue;
            }
            match self.insert_whole(table, &body).await {
                Ok(()) => {
                    body.set_done();
                    self.largest.taken(bytes);
                }
                Err(StoreError::TooLarge { code, detail }) if body.cut() => {
                    self.largest.refused(bytes);
                    metrics::clickhouse_error(&code.to_string());
                    tracing::debug!(table, rows = body.rows(), bytes, detail, "cut in two");
                    todo.push(body);
                }
                Err(error) => return Err(error.about(table, body.rows(), bytes)),
            }
        }
        Ok(())
    }

    async fn insert_whole(&self, table: &str, body: &Body) -> Result<(), StoreError> {
        let limit = self.address.insert_timeout;
        let mut insert = self
            .client
            .insert_formatted_with(format!("INSERT INTO {}.{table} FORMAT Native", self.address.database))
            .with_timeouts(Some(limit), Some(limit))
            .with_setting("query_id", query_id())
            .with_setting("async_insert", "0")
            // Replacing rows within one insert would sort and compare what merges do anyway.
            .with_setting("optimize_on_insert", "0");
        let sending = async {
            for piece in body.pieces() {
                insert.send(piece.clone()).await?;
            }
            Ok::<_, Error>(())
        };
        // Each piece has its time; a line that trickles has no more for all of them.
        match tokio::time::timeout(limit, sending).await {
            Ok(Ok(())) => {}
            Err(_) | Ok(Err(Error::TimedOut)) => {
                return Err(self.silent(&format!("an insert into {table} could not be sent"), limit));
            }
            Ok(Err(error)) => return Err(self.error(&error)),
        }
        match insert.end().await {
            Err(Error::TimedOut) => Err(self.silent(&format!("an insert into {table} was not acknowledged"), limit)),
            outcome => outcome.map_err(|error| self.error(&error)),
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
