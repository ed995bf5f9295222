//! What a verification asks ClickHouse, each question in bounded memory: places in blocks, cases in chunks, identities in parts.

pub mod accepted;
pub mod cases;
pub mod differing;
pub mod identities;
pub mod places;
pub mod record;

use clickhouse::{Row, RowOwned, RowRead};
use serde::Deserialize;

use super::{
    client::Store,
    error::StoreError,
    query::{Patience, Query},
};

/// Whole tables are read: they take as long as they take. More memory than this is refused rather than taken from the service.
const MEMORY_MAX: &str = "2000000000";

fn long(query: Query) -> Query {
    query
        .patience(Patience::AsLongAsItTakes)
        .with_setting("max_memory_usage", MEMORY_MAX)
        .with_setting("max_query_size", "67108864")
}

#[derive(Row, Deserialize)]
struct Count {
    n: u64,
}

async fn all<T: RowOwned + RowRead>(store: &Store, query: Query) -> Result<Vec<T>, StoreError> {
    store.fetch_all(long(query)).await
}

/// Rows of the ledger, a redelivered message perhaps more than once.
pub async fn ledger_rows(store: &Store) -> Result<u64, StoreError> {
    Ok(store.fetch_one::<Count>(store.query("SELECT count() AS n FROM {{database}}.events")).await?.n)
}
