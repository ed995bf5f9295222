//! What was accepted as lost: offsets that will be in neither ledger nor quarantine. Nothing is skipped that is not here.

use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::{client::Store, error::StoreError};
use crate::domain::time::Millis;

/// Why a message cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GapReason {
    /// Deleted by the topic's retention before it was taken.
    Retention,
    /// The client library can make no message of its bytes.
    Unreadable,
}

impl GapReason {
    pub fn name(self) -> &'static str {
        match self {
            Self::Retention => "retention",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Offsets of one partition from `first` up to but not including `next`.
#[derive(Row, Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Gap {
    pub topic: String,
    pub partition: i32,
    pub first: i64,
    pub next: i64,
    pub reason: String,
    pub note: String,
    pub noted_at: i64,
}

pub async fn all(store: &Store) -> Result<Vec<Gap>, StoreError> {
    store.fetch_all(store.query(include_str!("queries/gaps.sql"))).await
}

/// Writes down that somebody accepts a gap.
pub async fn note(store: &Store, gap: &Gap) -> Result<(), StoreError> {
    let query = store
        .query(include_str!("queries/gap_note.sql"))
        .param("topic", gap.topic.as_str())
        .param("partition", gap.partition)
        .param("first", gap.first)
        .param("next", gap.next)
        .param("reason", gap.reason.as_str())
        .param("note", gap.note.as_str())
        .param("now", gap.noted_at);
    store.run(query).await
}

impl Gap {
    pub fn new(
        (topic, partition): (&str, i32),
        (first, next): (i64, i64),
        reason: GapReason,
        note: &str,
        now: Millis,
    ) -> Self {
        let (topic, reason, note) = (topic.to_owned(), reason.name().to_owned(), note.to_owned());
        Self { topic, partition, first, next, reason, note, noted_at: now.0 }
    }
}
