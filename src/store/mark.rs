//! How far what is stored goes: as a mark that changes with it, and as the instant of the last message.

use clickhouse::Row;
use serde::Deserialize;

use super::{client::Store, error::StoreError, query::Patience};

#[derive(Row, Deserialize)]
struct MarkRow {
    mark: String,
}

/// None where our account may not see it.
pub async fn mark(store: &Store) -> Result<Option<String>, StoreError> {
    let query = store.query(include_str!("queries/mark.sql")).param("database", store.database());
    let row: MarkRow = store.fetch_one(query.patience(Patience::Soon)).await?;
    Ok(Some(row.mark).filter(|mark| !mark.is_empty()))
}

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct HeardOf {
    pub stream: String,
    /// Milliseconds since 1970.
    pub last_at: i64,
}

pub async fn heard_of(store: &Store) -> Result<Vec<HeardOf>, StoreError> {
    store.fetch_all(store.query(include_str!("queries/heard_of.sql"))).await
}
