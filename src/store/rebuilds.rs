//! Generations of the case rows, and by which rules each is judged.

use clickhouse::Row;
use serde::Deserialize;
use smol_str::SmolStr;

use super::{client::Store, error::StoreError, query::Patience};
use crate::domain::time::Millis;

/// Which cases a generation was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What the first writer found: an empty table, or the rows of a version without generations.
    Founding,
    /// Cases that are not finished.
    Open,
    /// Every case of the stream.
    All,
}

impl Scope {
    const ALL: [(Self, &'static str); 3] = [(Self::Founding, "founding"), (Self::Open, "open"), (Self::All, "all")];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// A row of `rebuilds`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Counted from 1; the upper half of the version of its case rows.
    pub generation: u32,
    /// Which cases.
    pub scope: Scope,
    /// Empty: every stream.
    pub stream: SmolStr,
    /// Id and version of the policy that judges from here on.
    pub policy: SmolStr,
    /// Version of the calendar.
    pub calendar: SmolStr,
    /// When it was begun.
    pub started_at: Millis,
    /// None: it is running, or was cut off.
    pub finished_at: Option<Millis>,
    /// Folded again.
    pub cases: u64,
    /// Rows of the ledger that were read.
    pub events: u64,
}

impl Generation {
    /// The same cases folded by the same rules: to do it twice comes to the same rows.
    pub(crate) fn is_the_same_work(&self, other: &Self) -> bool {
        (self.scope, &self.stream, &self.policy, &self.calendar)
            == (other.scope, &other.stream, &other.policy, &other.calendar)
    }
}

#[derive(Row, Deserialize)]
struct GenerationRow {
    generation: u32,
    scope: String,
    stream: String,
    policy: String,
    calendar: String,
    started_at: i64,
    finished_at: Option<i64>,
    cases: u64,
    events: u64,
}

impl GenerationRow {
    fn generation(self) -> Result<Generation, StoreError> {
        let scope = Scope::ALL.iter().find(|(_, name)| *name == self.scope).map(|(scope, _)| *scope);
        let unknown = || StoreError::Other {
            code: 0,
            detail: format!("generation {} has the scope `{}`: made by a newer version?", self.generation, self.scope),
        };
        Ok(Generation {
            generation: self.generation,
            scope: scope.ok_or_else(unknown)?,
            stream: self.stream.into(),
            policy: self.policy.into(),
            calendar: self.calendar.into(),
            started_at: Millis(self.started_at),
            finished_at: self.finished_at.map(Millis),
            cases: self.cases,
            events: self.events,
        })
    }
}

/// None before the first writer came.
pub(crate) async fn newest(store: &Store) -> Result<Option<Generation>, StoreError> {
    Ok(latest(store, 1).await?.pop())
}

/// The newest first.
pub(crate) async fn latest(store: &Store, most: u64) -> Result<Vec<Generation>, StoreError> {
    let query = store.query(include_str!("queries/rebuilds.sql")).param("most", most).patience(Patience::Soon);
    let rows: Vec<GenerationRow> = store.fetch_all(query).await?;
    rows.into_iter().map(GenerationRow::generation).collect()
}

/// Writes down where a rebuild is; the later note replaces the earlier.
pub async fn note(store: &Store, made: &Generation) -> Result<(), StoreError> {
    let query = store
        .query(include_str!("queries/rebuild_note.sql"))
        .param("generation", made.generation)
        .param("scope", made.scope.name())
        .param("stream", made.stream.as_str())
        .param("policy", made.policy.as_str())
        .param("calendar", made.calendar.as_str())
        .param("program", env!("CARGO_PKG_VERSION"))
        .param("started_at", made.started_at.0)
        .param("is_finished", made.finished_at.is_some())
        .param("finished_at", made.finished_at.map_or(0, |at| at.0))
        .param("cases", made.cases)
        .param("events", made.events);
    store.run(query).await
}
