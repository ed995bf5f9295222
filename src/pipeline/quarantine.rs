//! A rejected message becomes an entry of the quarantine: sealed, with a preview that shows no personal data.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{stream::Stream, time::Millis},
    feed::{
        decode::Message,
        privacy::{Key, OpenError, open, preview, seal},
        rejection::Rejection,
    },
    store::quarantine::{Entry, State},
};

/// The headers of a message, as they are kept.
#[derive(Serialize, Deserialize, Debug, PartialEq)]
pub struct Headers(Vec<(String, Vec<u8>)>);

pub fn entry(message: &Message<'_>, key: Option<&[u8]>, stream: &Stream, why: &Rejection, privacy: &Key) -> Entry {
    let place = place(&stream.topic, message.partition, message.offset);
    let payload = message.payload.unwrap_or_default();
    let headers = Headers(message.headers.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec())).collect());
    let headers = serde_json::to_vec(&headers).unwrap_or_default();
    Entry {
        topic: stream.topic.to_string(),
        partition: message.partition,
        offset: message.offset,
        stream: stream.name.to_string(),
        reason: why.reason.name().to_owned(),
        field: why.field.clone(),
        detail: why.detail.clone(),
        preview: preview(payload),
        key: seal(privacy, &place, key.unwrap_or_default()),
        headers: seal(privacy, &place, &headers),
        payload: seal(privacy, &place, payload),
        size: payload.len() as u32,
        ingested_at: message.arrived_at,
        state: State::Waiting,
        changed_at: message.arrived_at,
    }
}

/// The message as it came, opened again.
#[derive(Debug)]
pub struct Opened {
    payload: Vec<u8>,
    headers: Headers,
    partition: i32,
    offset: i64,
    arrived_at: Millis,
}

impl Opened {
    pub fn from_entry(entry: &Entry, privacy: &Key) -> Result<Self, OpenError> {
        let place = place(&entry.topic, entry.partition, entry.offset);
        let headers = open(privacy, &place, &entry.headers)?;
        Ok(Self {
            payload: open(privacy, &place, &entry.payload)?,
            headers: serde_json::from_slice(&headers).unwrap_or(Headers(Vec::new())),
            partition: entry.partition,
            offset: entry.offset,
            arrived_at: entry.ingested_at,
        })
    }

    pub fn read<T>(&self, read: impl FnOnce(&Message<'_>) -> T) -> T {
        let headers: Vec<(&str, &[u8])> =
            self.headers.0.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        read(&Message {
            partition: self.partition,
            offset: self.offset,
            payload: (!self.payload.is_empty()).then_some(self.payload.as_slice()),
            headers: &headers,
            arrived_at: self.arrived_at,
        })
    }
}

fn place(topic: &str, partition: i32, offset: i64) -> String {
    format!("{topic}/{partition}/{offset}")
}
