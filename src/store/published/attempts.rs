//! What publishers began, whether it became an edition or not.

use clickhouse::Row;
use serde::Deserialize;

use crate::store::{client::Store, error::StoreError};

#[derive(Row, Deserialize)]
struct Attempt {
    attempt: String,
}

pub(crate) async fn all(store: &Store) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Attempt> = store.fetch_all(store.query(include_str!("../queries/edition_attempts.sql"))).await?;
    Ok(rows.into_iter().map(|row| row.attempt).collect())
}
