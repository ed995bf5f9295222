//! Which partitions the ledger was filled from, by Kafka's ids of their topics, and how far it goes on each.

use clickhouse::Row;
use serde::Deserialize;

use super::{client::Store, error::StoreError};
use crate::domain::time::Millis;

#[derive(Row, Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KnownTopic {
    pub topic: String,
    pub partition: i32,
    pub topic_id: String,
}

/// Where a partition goes on behind everything that the ledger or the quarantine has of it.
#[derive(Row, Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PartitionEnd {
    pub topic: String,
    pub partition: i32,
    pub next: i64,
}

pub async fn known(store: &Store) -> Result<Vec<KnownTopic>, StoreError> {
    store.fetch_all(store.query(include_str!("queries/topics.sql"))).await
}

pub async fn note(
    store: &Store,
    (topic, partition): (&str, i32),
    topic_id: &str,
    now: Millis,
) -> Result<(), StoreError> {
    let query = store.query(include_str!("queries/topic_note.sql"));
    let query =
        query.param("topic", topic).param("partition", partition).param("topic_id", topic_id).param("now", now.0);
    store.run(query).await
}

/// Of the partitions that have anything. It reads the offsets of the whole ledger: a second for a city's year.
pub async fn ends(store: &Store, topics: &[String]) -> Result<Vec<PartitionEnd>, StoreError> {
    store.fetch_all(store.query(include_str!("queries/ends.sql")).param("topics", topics)).await
}
