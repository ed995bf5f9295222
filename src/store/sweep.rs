//! Asks which cases are not folded from everything that the ledger holds of them, between positions that are written down.

use std::collections::HashMap;

use clickhouse::Row;
use serde::Deserialize;

use super::{
    behind::{BehindKey, DIFFERING},
    client::Store,
    error::StoreError,
    literal::quoted,
    native::{
        Column, Table,
        Type::{I32, I64, Low},
    },
};

/// As many as one sweep takes; the next one finds the rest.
pub const MOST: usize = 10_000;

/// Messages whose cases are compared in one query: more would be a large set in ClickHouse's memory.
const SLICE: i64 = 2_000_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Of {
    pub stream: String,
    pub topic: String,
    pub partition: i32,
}

/// Where a sweep begins and where it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    pub of: Of,
    pub first: i64,
    pub next: i64,
}

/// What the last sweep left behind.
#[derive(Clone, Debug, Default)]
pub struct Remembered {
    pub bounds: Vec<Bound>,
    /// None: there never was one.
    pub age_ms: Option<u64>,
}

#[derive(Row, Deserialize)]
struct PositionRow {
    stream: String,
    topic: String,
    partition: i32,
    next: i64,
    seen: i64,
    age_ms: i64,
}

#[derive(Row, Deserialize)]
struct EndRow {
    stream: String,
    topic: String,
    partition: i32,
    seen: i64,
}

#[derive(Row, Deserialize)]
struct CaseRow {
    stream: String,
    case_id: String,
}

pub async fn remembered(store: &Store, streams: &[String]) -> Result<Remembered, StoreError> {
    let query = store.query(include_str!("queries/sweep_positions.sql")).param("streams", streams);
    let rows: Vec<PositionRow> = store.fetch_all(query).await?;
    let age_ms = rows.iter().map(|row| row.age_ms.max(0) as u64).min();
    let bounds = rows.into_iter().map(|PositionRow { stream, topic, partition, next, seen, .. }| Bound {
        of: Of { stream, topic, partition },
        first: next,
        next: seen,
    });
    Ok(Remembered { bounds: bounds.collect(), age_ms })
}

/// Cases with a message between the bounds that are not folded from everything; no more than `MOST` and a few.
pub async fn behind(store: &Store, bounds: &[Bound]) -> Result<Vec<BehindKey>, StoreError> {
    let bounds: Vec<_> = bounds.iter().filter(|one| one.first < one.next).collect();
    let messages: i64 = bounds.iter().map(|one| one.next - one.first).sum();
    let mut found = Vec::new();
    if messages == 0 {
        return Ok(found);
    }
    let rows: Vec<_> =
        bounds.iter().map(|Bound { of, first, next }| (&of.stream, &of.topic, of.partition, first, next)).collect();
    let literal = quoted(&serde_json::json!(rows).to_string());
    let chosen = include_str!("queries/sweep_chosen.sql").replace("{{bounds}}", &literal);
    let sql = format!("WITH chosen AS\n(\n{chosen})\n{DIFFERING}LIMIT {{most:UInt64}}");
    let slices = 1 + messages / SLICE;
    for slice in 0..slices {
        let query = store.query(&sql).param("slices", slices as u64).param("slice", slice as u64);
        let rows: Vec<CaseRow> = store.fetch_all(query.param("most", MOST as u64)).await?;
        found.extend(rows.into_iter().map(|row| (row.stream.into(), row.case_id.into())));
        if found.len() >= MOST {
            break;
        }
    }
    Ok(found)
}

/// What the next sweep compares: from where this one ended to where the ledger ends now.
pub async fn ahead(store: &Store, streams: &[String], swept: &[Bound]) -> Result<Vec<Bound>, StoreError> {
    let query = store.query(include_str!("queries/sweep_ends.sql")).param("streams", streams);
    let ends: Vec<EndRow> = store.fetch_all(query).await?;
    let reached: HashMap<&Of, i64> = swept.iter().map(|one| (&one.of, one.next)).collect();
    let bound = |EndRow { stream, topic, partition, seen }| {
        let of = Of { stream, topic, partition };
        Bound { first: reached.get(&of).copied().unwrap_or(0), next: seen, of }
    };
    Ok(ends.into_iter().map(bound).collect())
}

/// Writes down from where the next sweep has to go on.
pub async fn remember(store: &Store, ahead: &[Bound]) -> Result<(), StoreError> {
    store.insert_native("swept", &Table::of(COLUMNS, ahead, &())).await
}

#[rustfmt::skip]
const COLUMNS: &[Column<Bound>] = &[
    Column("stream", Low, |row, bound, ()| row.low(&bound.of.stream)),
    Column("topic", Low, |row, bound, ()| row.low(&bound.of.topic)),
    Column("partition", I32, |row, bound, ()| row.i32(bound.of.partition)),
    Column("next", I64, |row, bound, ()| row.i64(bound.first)),
    Column("seen", I64, |row, bound, ()| row.i64(bound.next)),
];
