//! Rows against rows of a fresh fold in a scratch database.

use clickhouse::Row;
use serde::Deserialize;

use super::{Count, all, cases::Chunk, long};
use crate::store::{Store, StoreError};

#[derive(Row, Deserialize, Clone, Debug)]
pub struct Differing {
    pub stream: String,
    pub case_id: String,
}

/// What does not depend on the messages: the version, and by what they are judged, which is compared before.
const APART: &str = "'version', 'policy', 'calendar', 'stream', 'case_id'";

#[derive(Row, Deserialize)]
struct Name {
    name: String,
}

/// The columns to compare, as they stand in a query.
pub async fn columns(store: &Store) -> Result<String, StoreError> {
    let sql = format!(
        "SELECT name FROM system.columns WHERE database = '{{{{database}}}}' AND table = 'cases' AND name NOT IN ({APART}) ORDER BY position"
    );
    let names: Vec<Name> = all(store, store.query(&sql)).await?;
    Ok(names.iter().map(|row| format!("`{}`", row.name)).collect::<Vec<_>>().join(", "))
}

pub async fn differing(
    live: &Store,
    scratch: &Store,
    chunk: &Chunk,
    streams: &[String],
    columns: &str,
    mut each: impl FnMut(Differing),
) -> Result<(), StoreError> {
    let template = include_str!("../queries/verify_differing.sql");
    let template = template.replace("{{columns}}", columns).replace("{{scratch}}", scratch.database());
    let query = chunk.query(live, &template, streams);
    let mut rows = live.rows::<Differing>(long(query))?;
    while let Some(row) = rows.next(|row| row).await? {
        each(row);
    }
    Ok(())
}

/// Rows that are judged by something else than a fold now would: they say what was right then.
pub async fn judged_by_others(store: &Store, policy: &str, calendar: &str) -> Result<u64, StoreError> {
    let sql = "SELECT count() AS n FROM {{database}}.cases FINAL WHERE (policy != '' AND policy != {policy:String}) OR calendar != {calendar:String}";
    let query = store.query(sql).param("policy", policy).param("calendar", calendar);
    Ok(store.fetch_one::<Count>(long(query)).await?.n)
}
