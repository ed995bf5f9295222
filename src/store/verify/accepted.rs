//! What a person or the service has written down about Kafka: gaps that were accepted, and which topics were read.

use std::collections::HashMap;

use clickhouse::Row;
use serde::Deserialize;

use super::{Count, all};
use crate::{
    domain::verify::{Range, joined},
    store::{Store, StoreError},
};

/// By topic and partition.
pub type Gaps = HashMap<(String, i32), Vec<Range>>;

#[derive(Row, Deserialize)]
struct Gap {
    topic: String,
    partition: i32,
    first: i64,
    next: i64,
}

/// None where the schema has no such table.
pub async fn gaps(store: &Store) -> Result<Gaps, StoreError> {
    if !exists(store, "gaps").await? {
        return Ok(Gaps::new());
    }
    let sql = "SELECT DISTINCT toString(topic) AS topic, partition, first, next FROM {{database}}.gaps";
    let mut gaps = Gaps::new();
    for Gap { topic, partition, first, next } in all::<Gap>(store, store.query(sql)).await? {
        gaps.entry((topic, partition)).or_default().push(Range::new(first, next));
    }
    Ok(gaps.into_iter().map(|(place, ranges)| (place, joined(ranges))).collect())
}

#[derive(Row, Deserialize)]
struct Topic {
    topic: String,
    topic_id: String,
}

/// The id that each topic had when it was last taken up.
pub async fn topic_ids(store: &Store) -> Result<HashMap<String, String>, StoreError> {
    if !exists(store, "topics").await? {
        return Ok(HashMap::new());
    }
    let sql = "SELECT toString(topic) AS topic, argMax(topic_id, first_seen) AS topic_id FROM {{database}}.topics GROUP BY topic";
    let rows: Vec<Topic> = all(store, store.query(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.topic, row.topic_id)).collect())
}

async fn exists(store: &Store, table: &str) -> Result<bool, StoreError> {
    let sql = "SELECT count() AS n FROM system.tables WHERE database = '{{database}}' AND name = {table:String}";
    Ok(store.fetch_one::<Count>(store.query(sql).param("table", table)).await?.n > 0)
}
