//! The rows of `events`, the ledger: one column list, and the function that fills a row from an event.

use super::{
    client::Store,
    error::StoreError,
    native::{
        Block, Body,
        Type::{self, I32, I64, Low, MaybeTime, Text, Time, U64},
    },
};
use crate::domain::event::Event;

const COLUMNS: &[(&str, Type)] = &[
    ("case_id", Text),
    ("source", Low),
    ("event_id", Text),
    ("topic", Low),
    ("partition", I32),
    ("offset", I64),
    ("stream", Low),
    ("type", Low),
    ("envelope", Low),
    ("occurred_at", Time),
    ("recorded_at", MaybeTime),
    ("ingested_at", Time),
    ("seq", U64),
    ("data", Text),
];

/// Rows under construction, with room that is used again.
#[derive(Debug)]
pub struct Rows {
    block: Block,
    /// The JSON of one fact.
    data: Vec<u8>,
}

impl Default for Rows {
    fn default() -> Self {
        Self { block: Block::new(COLUMNS), data: Vec::new() }
    }
}

impl Rows {
    pub fn encode<'a>(&mut self, events: impl Iterator<Item = &'a Event>) -> Body {
        for event in events {
            row(&mut self.block, event, &mut self.data);
        }
        self.block.encode()
    }

    pub fn give_back(&mut self, body: Body) {
        self.block.give_back(body);
    }
}

pub fn encode<'a>(events: impl Iterator<Item = &'a Event>) -> Body {
    Rows::default().encode(events)
}

pub async fn insert(store: &Store, body: Body) -> Result<(), StoreError> {
    store.insert_native("events", &body).await
}

/// `data` is only a buffer, used again for each row.
fn row(block: &mut Block, event: &Event, data: &mut Vec<u8>) {
    block.text(&event.case_id);
    block.low(&event.source);
    block.text(&event.id);
    block.low(&event.place.topic);
    block.i32(event.place.partition);
    block.i64(event.place.offset);
    block.low(&event.stream);
    block.low(event.fact.kind().name());
    block.low(event.envelope.name());
    block.time(event.occurred_at);
    block.maybe_time(event.recorded_at);
    block.time(event.ingested_at);
    block.u64(event.seq);
    data.clear();
    // Facts have text keys only and go into memory: there is nothing that could fail.
    let _ = serde_json::to_writer(&mut *data, &event.fact);
    block.binary(data);
    block.end_row();
}
