//! The rows of `events`, the ledger.

use super::{
    client::Store,
    error::StoreError,
    native::{
        Body, Column, Table,
        Type::{I32, I64, Low, MaybeTime, Text, Time, U64},
    },
};
use crate::domain::event::Event;

#[rustfmt::skip]
const COLUMNS: &[Column<Event>] = &[
    Column("case_id", Text, |row, event, ()| row.text(&event.case_id)),
    Column("source", Low, |row, event, ()| row.low(&event.source)),
    Column("event_id", Text, |row, event, ()| row.text(&event.id)),
    Column("topic", Low, |row, event, ()| row.low(&event.place.topic)),
    Column("partition", I32, |row, event, ()| row.i32(event.place.partition)),
    Column("offset", I64, |row, event, ()| row.i64(event.place.offset)),
    Column("stream", Low, |row, event, ()| row.low(&event.stream)),
    Column("type", Low, |row, event, ()| row.low(event.fact.kind().name())),
    Column("envelope", Low, |row, event, ()| row.low(event.envelope.name())),
    Column("occurred_at", Time, |row, event, ()| row.time(event.occurred_at)),
    Column("recorded_at", MaybeTime, |row, event, ()| row.maybe_time(event.recorded_at)),
    Column("ingested_at", Time, |row, event, ()| row.time(event.ingested_at)),
    Column("seq", U64, |row, event, ()| row.u64(event.seq)),
    Column("data", Text, |row, event, ()| row.json(&event.fact)),
];

/// Rows under construction, with room that is used again.
#[derive(Debug)]
pub(crate) struct LedgerRows(Table<Event>);

impl Default for LedgerRows {
    fn default() -> Self {
        Self(Table::new(COLUMNS))
    }
}

impl LedgerRows {
    pub(crate) fn encode<'a>(&mut self, events: impl Iterator<Item = &'a Event>) -> Body {
        events.for_each(|event| self.0.push(event, &()));
        self.0.encode()
    }

    pub(crate) fn give_back(&mut self, body: Body) {
        self.0.give_back(body);
    }
}

/// The rows as they are sent, where nothing is used again.
pub fn encode<'a>(events: impl Iterator<Item = &'a Event>) -> Body {
    LedgerRows::default().encode(events)
}

/// Writes them. Sent again, the same rows merge into one.
pub async fn insert(store: &Store, body: Body) -> Result<(), StoreError> {
    store.insert_native("events", &body).await
}
