//! Inserts: ready bodies, the same bytes each time, in parts where the whole is too much.

use clickhouse::error::Error;

use super::{
    client::{Store, query_id},
    error::StoreError,
    native::Body,
};
use crate::metrics;

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
