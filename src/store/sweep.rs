//! Asks which cases are not folded from everything that the ledger holds of them.

use clickhouse::Row;
use serde::Deserialize;

use super::{client::Store, error::StoreError};
use crate::domain::time::Millis;

#[derive(Row, Deserialize, Debug, PartialEq, Eq)]
pub struct Behind {
    pub stream: String,
    pub case_id: String,
}

/// As many as one sweep takes; the next one finds the rest.
pub const MOST: usize = 10_000;

/// Among the cases of these streams touched in [since, until).
pub async fn behind(
    store: &Store,
    streams: &[String],
    since: Millis,
    until: Millis,
) -> Result<Vec<Behind>, StoreError> {
    let query = store.query(include_str!("queries/sweep.sql")).param("since", since.0).param("until", until.0);
    let query = query.param("most", MOST as u64).param("streams", streams);
    store.fetch_all(query).await
}
