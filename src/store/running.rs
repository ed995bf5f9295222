//! How things stand in ClickHouse, for the page that tells whether the service moves: small questions, asked together.

use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::{
    client::Store,
    error::StoreError,
    gaps::{self, Gap},
    migrate,
    migrations::MIGRATIONS,
    quarantine::{self, QuarantineSelection, QuarantineTally},
    query::Patience,
    rebuilds::{self, Generation},
    server,
};

#[derive(Debug, PartialEq)]
pub struct StoreStanding {
    pub until: DataUntil,
    pub server_version: String,
    /// The last migration that is applied to this program's tables.
    pub schema: &'static str,
    /// What `tongguan migrate` would do; or why it would refuse.
    pub pending: Result<usize, String>,
    pub waiting: Vec<QuarantineTally>,
    pub verification: Option<LastVerification>,
    pub gaps: Vec<Gap>,
    /// The newest first.
    pub generations: Vec<Generation>,
}

/// Milliseconds since 1970.
#[derive(Row, Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct DataUntil {
    pub taken_at: Option<i64>,
    pub occurred_at: Option<i64>,
}

#[derive(Row, Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct LastVerification {
    /// Milliseconds since 1970.
    pub done_at: i64,
    pub is_clean: bool,
    pub messages: u64,
    pub cases: u64,
    pub holes: u64,
    pub doubles: u64,
    pub stale: u64,
    pub missing: u64,
    pub conflicts: u64,
    pub gaps: u64,
    pub topics: u64,
}

/// So many generations are told.
const GENERATIONS: u64 = 5;

pub async fn standing(store: &Store) -> Result<StoreStanding, StoreError> {
    let soon = |sql: &str| store.query(sql).patience(Patience::Soon);
    let waiting = QuarantineSelection::default();
    let (until, server, pending, waiting, verifications, gaps, generations) = tokio::try_join!(
        store.fetch_one::<DataUntil>(soon(include_str!("queries/running_until.sql"))),
        server::server(store),
        pending(store),
        quarantine::tally(store, &waiting),
        store.fetch_all::<LastVerification>(soon(include_str!("queries/running_verification.sql"))),
        gaps::all(store),
        rebuilds::latest(store, GENERATIONS),
    )?;
    Ok(StoreStanding {
        until,
        server_version: server.version,
        schema: MIGRATIONS.last().map_or("", |(name, _)| *name),
        pending,
        waiting,
        verification: verifications.into_iter().next(),
        gaps,
        generations,
    })
}

/// That a person has to look at it does not keep the rest from being told.
async fn pending(store: &Store) -> Result<Result<usize, String>, StoreError> {
    match migrate::plan(store).await {
        Ok(steps) => Ok(Ok(steps.len())),
        Err(error @ StoreError::Migration(_)) => Ok(Err(error.to_string())),
        Err(error) => Err(error),
    }
}
