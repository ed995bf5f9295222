//! The book of verifications.

use std::collections::HashMap;

use clickhouse::Row;
use serde::Deserialize;

use super::all;
use crate::{
    domain::verify::Verdict,
    store::{Store, StoreError},
};

#[derive(Row, Deserialize)]
struct Place {
    topic: String,
    partition: i32,
    next: i64,
    held: u64,
}

/// By topic and partition: below which offset everything was accounted for, and how many offsets held a message.
pub async fn proven(store: &Store) -> Result<HashMap<(String, i32), (i64, u64)>, StoreError> {
    let rows: Vec<Place> = all(store, store.query(include_str!("../queries/verify_proven.sql"))).await?;
    Ok(rows.into_iter().map(|row| ((row.topic, row.partition), (row.next, row.held))).collect())
}

/// Writes down what came out. `scope` is `all`, or what was asked for.
pub async fn note(store: &Store, of: &Verdict, scope: &str) -> Result<(), StoreError> {
    let query = store
        .query(include_str!("../queries/verify_note.sql"))
        .param("started_at", of.started_at.0)
        .param("finished_at", of.finished_at.0)
        .param("is_lately", of.since.is_some())
        .param("since", of.since.map_or(0, |since| since.0))
        .param("scope", scope)
        .param("program", env!("CARGO_PKG_VERSION"))
        .param("is_clean", of.tally.is_clean())
        .param("messages", of.messages)
        .param("cases", of.cases);
    let query = of.tally.summed().into_iter().fold(query, |query, (word, count)| query.param(word, count));
    let proven: Vec<_> =
        of.partitions.iter().filter_map(|one| Some((&one.topic, one.partition, one.proven?))).collect();
    let query = query
        .param("place_topic", proven.iter().map(|(topic, ..)| topic.as_str()).collect::<Vec<&str>>())
        .param("place_partition", proven.iter().map(|(_, partition, _)| *partition).collect::<Vec<i32>>())
        .param("place_next", proven.iter().map(|(.., (next, _))| *next).collect::<Vec<i64>>())
        .param("place_held", proven.iter().map(|(.., (_, held))| *held).collect::<Vec<u64>>());
    store.run(query).await
}
