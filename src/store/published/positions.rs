//! How far the ledger goes.

use clickhouse::Row;
use serde::Deserialize;

use crate::store::{client::Store, error::StoreError, query::Patience};

/// The offset after the last that the ledger has of a partition.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublishedPosition {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) next: i64,
}

pub(crate) async fn of_ledger(store: &Store) -> Result<Vec<PublishedPosition>, StoreError> {
    let query = store.query(include_str!("../queries/ledger_positions.sql")).patience(Patience::AsLongAsItTakes);
    store.fetch_all(query).await
}
