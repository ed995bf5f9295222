//! The ledger against the cases, chunk by chunk in the order of the ledger's sorting key.

use clickhouse::Row;
use serde::Deserialize;

use super::{Count, all, long};
use crate::{
    domain::time::Millis,
    store::{Store, StoreError, literal::quoted, query::Query},
};

/// Ledger rows in a chunk: some two hundred megabytes of ClickHouse's memory.
const ROWS: u64 = 1_000_000;

/// Case numbers in (after, until].
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    pub after: String,
    /// None: to the end.
    pub until: Option<String>,
    /// Only cases of which something was taken in since.
    pub since: Option<Millis>,
    /// Only these cases, whatever else is said.
    pub only: Vec<String>,
}

#[derive(Row, Deserialize)]
struct Bound {
    case_id: String,
}

impl Chunk {
    /// The one behind `before`; None: there is none.
    pub async fn following(
        store: &Store,
        before: Option<&Self>,
        since: Option<Millis>,
    ) -> Result<Option<Self>, StoreError> {
        let after = match before {
            None => String::new(),
            Some(Self { until: Some(until), .. }) => until.clone(),
            Some(Self { until: None, .. }) => return Ok(None),
        };
        let query = store.query(include_str!("../queries/verify_bound.sql")).param("after", &after).param("rows", ROWS);
        let bound: Vec<Bound> = all(store, query).await?;
        let until = bound.into_iter().next().map(|row| row.case_id);
        Ok(Some(Self { after, until, since, only: Vec::new() }))
    }

    pub(super) fn condition(&self) -> String {
        if !self.only.is_empty() {
            let ids: Vec<String> = self.only.iter().map(|id| quoted(id)).collect();
            return format!("case_id IN ({})", ids.join(", "));
        }
        let mut text = format!("case_id > {}", quoted(&self.after));
        if let Some(until) = &self.until {
            text += &format!(" AND case_id <= {}", quoted(until));
        }
        if let Some(since) = self.since {
            let touched = format!("ingested_at >= fromUnixTimestamp64Milli(toInt64({}))", since.0);
            text = format!(
                "{text} AND case_id IN (SELECT case_id FROM {{{{database}}}}.events WHERE {text} AND {touched})"
            );
        }
        text
    }

    pub(super) fn query(&self, store: &Store, template: &str, streams: &[String]) -> Query {
        store.query(&template.replace("{{chunk}}", &self.condition())).param("streams", streams)
    }
}

/// Which generation the cases of a stream must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Least {
    pub stream: String,
    pub of_all: u32,
    pub of_open: u32,
}

/// A case that does not agree with the ledger, or whose messages repeat each other.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct ComparedCase {
    pub stream: String,
    pub case_id: String,
    pub in_ledger: u64,
    pub folded: u64,
    pub generation: u32,
    pub least: u32,
    pub is_there: bool,
    pub is_repeated: bool,
}

/// Tells `each` of those of a chunk; there may be as many as cases.
pub async fn compare(
    store: &Store,
    chunk: &Chunk,
    least: &[Least],
    newest: u32,
    mut each: impl FnMut(ComparedCase),
) -> Result<(), StoreError> {
    let streams: Vec<String> = least.iter().map(|one| one.stream.clone()).collect();
    let query = chunk.query(store, include_str!("../queries/verify_cases.sql"), &streams);
    let numbers = |of: fn(&Least) -> u32| least.iter().map(of).collect::<Vec<u32>>();
    let query = query
        .param("of_all", numbers(|one| one.of_all))
        .param("of_open", numbers(|one| one.of_open))
        .param("newest", newest);
    let mut rows = store.rows::<ComparedCase>(long(query))?;
    while let Some(row) = rows.next(|row| row).await? {
        each(row);
    }
    Ok(())
}

/// Cases of a chunk that have a row.
pub async fn count(store: &Store, chunk: &Chunk, streams: &[String]) -> Result<u64, StoreError> {
    let query = chunk.query(store, include_str!("../queries/verify_case_count.sql"), streams);
    Ok(store.fetch_one::<Count>(long(query)).await?.n)
}

/// One (source, event id) with several contents in one case.
#[derive(Row, Deserialize, Clone, Debug)]
pub struct Within {
    pub stream: String,
    pub case_id: String,
    pub source: String,
    pub event_id: String,
}

pub async fn within(
    store: &Store,
    chunk: &Chunk,
    streams: &[String],
    mut each: impl FnMut(Within),
) -> Result<(), StoreError> {
    let query = chunk.query(store, include_str!("../queries/verify_within.sql"), streams);
    let mut rows = store.rows::<Within>(long(query))?;
    while let Some(row) = rows.next(|row| row).await? {
        each(row);
    }
    Ok(())
}

/// Messages of streams that nobody declares.
#[derive(Row, Deserialize, Clone, Debug)]
pub struct Undeclared {
    pub stream: String,
    pub messages: u64,
}

pub async fn undeclared(store: &Store, streams: &[String]) -> Result<Vec<Undeclared>, StoreError> {
    all(store, store.query(include_str!("../queries/verify_undeclared.sql")).param("streams", streams)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_bounded_on_both_sides_and_by_what_came_lately() {
        let chunk = |after: &str, until: Option<&str>| Chunk {
            after: after.into(),
            until: until.map(str::to_owned),
            ..Chunk::default()
        };
        assert_eq!(chunk("", None).condition(), "case_id > ''");
        assert_eq!(chunk("a'", Some("b")).condition(), "case_id > 'a\\x27' AND case_id <= 'b'");
        let lately = Chunk { since: Some(Millis(7)), ..chunk("a", None) };
        assert!(lately.condition().ends_with(
            "(SELECT case_id FROM {{database}}.events WHERE case_id > 'a' AND ingested_at >= fromUnixTimestamp64Milli(toInt64(7)))"
        ));
        let only = Chunk { only: vec!["x".into(), "y".into()], ..lately };
        assert_eq!(only.condition(), "case_id IN ('x', 'y')");
    }
}
