//! The ledger case by case: all of it, or the part that a selection names, in bounded memory.

use clickhouse::Row;
use serde::Deserialize;

use super::{
    answer::Rows,
    client::Store,
    error::{Away, StoreError},
    ledger_read::EventRow,
    query::{Patience, Query},
};
use crate::domain::{event::Event, time::Millis};

/// Which cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    All,
    /// Not finished, and their row is older than this generation.
    UnfinishedBefore(u32),
    /// Something became known of them only after this instant.
    LearntSince(Millis),
    /// Of which a policy or a calendar could decide something in the period.
    Around {
        from: Millis,
        to: Millis,
    },
}

impl Chosen {
    /// The query that gives their numbers and streams.
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::All => include_str!("queries/every_case.sql"),
            Self::UnfinishedBefore(_) => include_str!("queries/unfinished.sql"),
            Self::LearntSince(_) => include_str!("queries/learnt_since.sql"),
            Self::Around { .. } => include_str!("queries/around_period.sql"),
        }
    }

    pub(super) fn fill(self, query: Query) -> Query {
        match self {
            Self::All => query,
            Self::UnfinishedBefore(generation) => query.param("generation", u64::from(generation)),
            Self::LearntSince(at) => query.param("since", at.0),
            Self::Around { from, to } => query.param("from", from.0).param("to", to.0),
        }
    }
}

/// Which messages of which cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerSelection {
    pub(crate) chosen: Chosen,
    /// None: every stream.
    pub(crate) stream: Option<String>,
    /// Only messages that were known by then.
    pub(crate) known_by: Option<Millis>,
}

#[derive(Row, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) cases: u64,
    pub(crate) events: u64,
}

impl LedgerSelection {
    /// Everything of every case.
    pub fn all() -> Self {
        Self { chosen: Chosen::All, stream: None, known_by: None }
    }

    fn query(&self, store: &Store, template: &str, after: &str) -> Query {
        let mut conditions = String::new();
        // All of them need no list.
        if self.chosen != Chosen::All {
            conditions += &format!("\n    AND (case_id, stream) IN\n(\n{})", self.chosen.sql());
        }
        if self.stream.is_some() {
            conditions += "\n    AND stream = {stream:String}";
        }
        if self.known_by.is_some() {
            conditions += "\n    AND ifNull(recorded_at, ingested_at) <= fromUnixTimestamp64Milli({known_by:Int64})";
        }
        let query = store.query(&template.replace("{{conditions}}", &conditions)).param("after", after);
        let mut query = self.chosen.fill(query);
        if let Some(stream) = &self.stream {
            query = query.param("stream", stream);
        }
        if let Some(at) = self.known_by {
            query = query.param("known_by", at.0);
        }
        // As long as it takes: the reader sets the pace.
        query.patience(Patience::AsLongAsItTakes)
    }
}

/// How much a selection holds.
pub(crate) async fn size(store: &Store, selection: &LedgerSelection) -> Result<Size, StoreError> {
    store.fetch_one(selection.query(store, include_str!("queries/ledger_size.sql"), "")).await
}

/// Reads events in the order of their cases' numbers.
pub struct LedgerReader {
    store: Store,
    rows: Rows<EventRow<'static>>,
    /// The row after the last one was seen.
    has_ended: bool,
}

impl std::fmt::Debug for LedgerReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("LedgerReader").field(&self.store).finish()
    }
}

impl LedgerReader {
    /// The cases whose number comes after `after`.
    pub fn open(store: &Store, selection: &LedgerSelection, after: &str) -> Result<Self, StoreError> {
        let query = selection.query(store, include_str!("queries/ledger_in_order.sql"), after);
        Ok(Self { store: store.clone(), rows: store.rows(query.streamed())?, has_ended: false })
    }

    /// None: that was the last one. An error: the answer broke off, or a row is of a newer release.
    pub async fn next(&mut self) -> Result<Option<Event>, StoreError> {
        loop {
            match self.rows.next(|row| (!row.is_end()).then(|| row.event())).await? {
                Some(Some(event)) => return event.map(Some),
                Some(None) => self.has_ended = true,
                None if self.has_ended => return Ok(None),
                None => {
                    return Err(self.store.away(Away::Cut, "the ledger's rows ended before their end".to_owned()));
                }
            }
        }
    }
}
