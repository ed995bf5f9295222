//! Which places the ledger and the quarantine hold.

use std::collections::{BTreeSet, HashMap};

use clickhouse::Row;
use serde::Deserialize;

use super::all;
use crate::{
    domain::{time::Millis, verify::Range},
    store::{Store, StoreError, literal::quoted, query::Query},
};

/// Offsets in a block.
pub const BLOCK: i64 = 65_536;

#[derive(Row, Deserialize)]
struct Topic {
    topic: String,
}

/// The topics of the ledger and the quarantine.
pub async fn topics(store: &Store) -> Result<BTreeSet<String>, StoreError> {
    let rows: Vec<Topic> = all(store, store.query(include_str!("../queries/verify_topics.sql"))).await?;
    Ok(rows.into_iter().map(|row| row.topic).collect())
}

/// How far one partition goes.
#[derive(Row, Deserialize, Clone, Debug)]
pub struct HeldPartition {
    pub topic: String,
    pub partition: i32,
    pub next: i64,
    pub messages: u64,
    /// Some of it was taken in since.
    pub is_recent: bool,
}

/// `since` matters only to `is_recent`.
pub async fn held(store: &Store, since: Option<Millis>) -> Result<Vec<HeldPartition>, StoreError> {
    let since = since.map_or(0, |since| since.0);
    all(store, store.query(include_str!("../queries/verify_held.sql")).param("since", since)).await
}

#[derive(Row, Deserialize)]
struct Before {
    topic: String,
    partition: i32,
    next: i64,
}

/// One behind the last place that is held before what was taken in since, by topic and partition.
pub async fn before(store: &Store, since: Millis) -> Result<HashMap<(String, i32), i64>, StoreError> {
    let query = store.query(include_str!("../queries/verify_before.sql")).param("since", since.0);
    let rows: Vec<Before> = all(store, query).await?;
    Ok(rows.into_iter().map(|row| ((row.topic, row.partition), row.next)).collect())
}

/// One block of a partition: how much of it is held, and by what.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct PartitionBlock {
    pub topic: String,
    pub partition: i32,
    pub block: i64,
    /// Rows of the ledger, one for each identity and place.
    pub rows: u64,
    pub in_ledger: u64,
    pub in_quarantine: u64,
    pub held: u64,
    /// A place in the ledger, where there is one.
    pub sample: i64,
}

impl PartitionBlock {
    pub fn offsets(&self) -> Range {
        Range::new(self.block * BLOCK, (self.block + 1) * BLOCK)
    }

    /// Rows too many.
    pub fn doubles(&self) -> u64 {
        self.rows.saturating_sub(self.in_ledger)
    }

    pub fn in_both(&self) -> u64 {
        (self.in_ledger + self.in_quarantine).saturating_sub(self.held)
    }
}

/// Blocks with anything at or above `least`, by topic, partition and number.
pub async fn blocks(store: &Store, topics: &[String], least: i64) -> Result<Vec<PartitionBlock>, StoreError> {
    let query = store.query(include_str!("../queries/verify_blocks.sql"));
    // On block borders, so that none is counted in part.
    let least = least.max(0) / BLOCK * BLOCK;
    all(store, query.param("topics", topics).param("least", least)).await
}

/// Blocks of one partition.
#[derive(Clone, Copy, Debug)]
pub struct Blocks<'a> {
    pub topic: &'a str,
    pub partition: i32,
    pub blocks: &'a [i64],
}

impl Blocks<'_> {
    fn query(self, store: &Store, template: &str) -> Query {
        let query = store.query(template).param("topic", self.topic).param("partition", self.partition);
        query.param("blocks", self.blocks)
    }
}

#[derive(Row, Deserialize)]
struct RangeRow {
    first: i64,
    next: i64,
}

/// What is missing in blocks that are held in part.
pub async fn missing(store: &Store, of: Blocks<'_>, bounds: Range) -> Result<Vec<Range>, StoreError> {
    let query = of.query(store, include_str!("../queries/verify_missing.sql"));
    let query = query.param("first", bounds.first).param("next", bounds.next);
    let rows: Vec<RangeRow> = all(store, query).await?;
    Ok(rows.into_iter().map(|row| Range::new(row.first, row.next)).collect())
}

#[derive(Row, Deserialize, Clone, Debug)]
pub struct Double {
    pub offset: i64,
    pub identities: u64,
    pub names: Vec<String>,
}

pub async fn doubles(store: &Store, of: Blocks<'_>, most: u64) -> Result<Vec<Double>, StoreError> {
    all(store, of.query(store, include_str!("../queries/verify_doubles.sql")).param("most", most)).await
}

#[derive(Row, Deserialize, Clone, Debug)]
pub struct InBoth {
    pub offset: i64,
    pub state: String,
}

pub async fn in_both(store: &Store, of: Blocks<'_>, most: u64) -> Result<Vec<InBoth>, StoreError> {
    all(store, of.query(store, include_str!("../queries/verify_both.sql")).param("most", most)).await
}

/// Who is at a place.
#[derive(Row, Deserialize, Clone, Debug)]
pub struct Sample {
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
    pub case_id: String,
    pub source: String,
    pub event_id: String,
}

pub async fn samples(store: &Store, places: &[(&str, i32, i64)]) -> Result<Vec<Sample>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let one = |(topic, partition, offset): &(&str, i32, i64)| format!("({}, {partition}, {offset})", quoted(topic));
    let list = places.iter().map(one).collect::<Vec<String>>().join(", ");
    all(store, store.query(&include_str!("../queries/verify_samples.sql").replace("{{places}}", &list))).await
}
