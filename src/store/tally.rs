//! What was taken in, counted from the cases.

use clickhouse::Row;
use serde::Deserialize;

use super::{client::Store, error::StoreError};

#[derive(Row, Deserialize, Debug, PartialEq, Eq)]
pub struct StreamTally {
    pub stream: String,
    pub cases: u64,
    pub messages: u64,
    pub events: u64,
    pub duplicates: u64,
    pub conflicts: u64,
    pub out_of_order: u64,
}

pub async fn tally(store: &Store) -> Result<Vec<StreamTally>, StoreError> {
    store.fetch_all(store.query(include_str!("queries/tally.sql"))).await
}
