//! The stored row of a case, as far as it says by what the case is judged and what comes of it.

use clickhouse::Row;
use serde::Deserialize;

use super::{client::Store, error::StoreError};
use crate::domain::{
    marks::Marks,
    policy::StageName,
    span::Span,
    time::{Due, Millis},
};

/// Times in milliseconds.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    pub(crate) generation: u32,
    /// Ledger rows that it was folded from.
    pub(crate) rows: u32,
    pub(crate) policy: String,
    pub(crate) policy_rule: String,
    pub(crate) calendar: String,
    pub(crate) standing: String,
    pub(crate) received_at: Option<i64>,
    pub(crate) closed_at: Option<i64>,
    pub(crate) finished_at: Option<i64>,
    pub(crate) due_at: Option<i64>,
    pub(crate) original_due_at: Option<i64>,
    pub(crate) policy_due_at: Option<i64>,
    pub(crate) worked_ms: Option<i64>,
    marks: u16,
    clocks: Vec<ClockRow>,
}

type ClockRow = (String, u16, i64, Option<i64>, i64, i64, bool, Option<i64>, bool, bool, bool);

impl CaseRow {
    pub(crate) fn marks(&self) -> Marks {
        Marks(self.marks)
    }

    /// None: a stage that this version does not know.
    pub(crate) fn clocks(&self) -> Option<Vec<Span>> {
        self.clocks.iter().map(span).collect()
    }
}

fn span(row: &ClockRow) -> Option<Span> {
    let (
        stage,
        assignment,
        since,
        until,
        started_at,
        due_at,
        is_exclusive,
        stopped_at,
        is_paused,
        is_unjudged,
        was_red,
    ) = row;
    Some(Span {
        stage: StageName::from_name(stage)?,
        assignment: *assignment,
        since: Millis(*since),
        until: until.map(Millis),
        started_at: Millis(*started_at),
        due: Due { at: Millis(*due_at), is_exclusive: *is_exclusive },
        stopped_at: stopped_at.map(Millis),
        is_paused: *is_paused,
        is_unjudged: *is_unjudged,
        was_red: *was_red,
    })
}

/// Of a case of a stream, if it has one.
pub async fn of_case(store: &Store, stream: &str, case_id: &str) -> Result<Option<CaseRow>, StoreError> {
    let query = store.query(include_str!("queries/case_row.sql")).param("stream", stream).param("case_id", case_id);
    Ok(store.fetch_all(query).await?.into_iter().next())
}
