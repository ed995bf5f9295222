//! How far the ledger goes.

use clickhouse::Row;
use serde::Deserialize;

use crate::store::{client::Store, error::StoreError};

/// The offset after the last that the ledger has of a partition.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub topic: String,
    pub partition: i32,
    pub next: i64,
}

pub async fn of_ledger(store: &Store) -> Result<Vec<Position>, StoreError> {
    let query = store.query(include_str!("../queries/ledger_positions.sql")).with_setting("max_execution_time", "0");
    store.fetch_all(query).await
}
