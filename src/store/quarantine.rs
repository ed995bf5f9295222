//! The rows of `quarantine`: messages that could not be understood, and what became of them.

use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::{
    client::Store,
    error::StoreError,
    literal::quoted,
    native::{
        Body, Column, Table,
        Type::{I32, I64, Low, Text, Time, U32, U64},
    },
};
use crate::domain::time::Millis;

/// What became of a message in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryState {
    Waiting,
    Replayed,
    Discarded,
}

impl EntryState {
    pub(crate) const ALL: [(Self, &'static str); 3] =
        [(Self::Waiting, "waiting"), (Self::Replayed, "replayed"), (Self::Discarded, "discarded")];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(state, _)| *state)
    }

    /// The row's version: a message taken in again is still waiting as before and must not undo a replay.
    fn version(self, changed_at: Millis) -> u64 {
        match self {
            Self::Waiting => 0,
            Self::Replayed | Self::Discarded => changed_at.0.max(1) as u64,
        }
    }
}

/// A message and why it is here. `key`, `headers` and `payload` are sealed by the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
    pub(crate) stream: String,
    pub(crate) reason: String,
    pub(crate) field: String,
    pub(crate) detail: String,
    pub(crate) preview: String,
    pub(crate) key: Vec<u8>,
    pub(crate) headers: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) size: u32,
    pub(crate) ingested_at: Millis,
    pub(crate) state: EntryState,
    pub(crate) changed_at: Millis,
    /// What was said when it was discarded or replayed.
    pub(crate) note: String,
}

impl Entry {
    /// Bytes of memory, sealed forms among them.
    pub(crate) fn weight(&self) -> usize {
        let texts = [&self.topic, &self.stream, &self.reason, &self.field, &self.detail, &self.preview];
        let sealed = [&self.key, &self.headers, &self.payload];
        size_of::<Self>()
            + texts.iter().map(|text| text.capacity()).sum::<usize>()
            + sealed.iter().map(|sealed| sealed.capacity()).sum::<usize>()
    }

    /// What a list shows of it.
    pub(crate) fn listed(&self) -> ListedEntry {
        ListedEntry {
            topic: self.topic.clone(),
            partition: self.partition,
            offset: self.offset,
            stream: self.stream.clone(),
            reason: self.reason.clone(),
            field: self.field.clone(),
            detail: self.detail.clone(),
            preview: self.preview.clone(),
            size: self.size,
            ingested_at: self.ingested_at.0,
            state: self.state.name().to_owned(),
            note: self.note.clone(),
        }
    }

    /// The same in another state from now on.
    pub(crate) fn changed(self, state: EntryState, note: &str, now: Millis) -> Self {
        Self { state, note: note.to_owned(), changed_at: now, ..self }
    }
}

#[rustfmt::skip]
const COLUMNS: &[Column<Entry>] = &[
    Column("topic", Low, |row, entry, ()| row.low(&entry.topic)),
    Column("partition", I32, |row, entry, ()| row.i32(entry.partition)),
    Column("offset", I64, |row, entry, ()| row.i64(entry.offset)),
    Column("stream", Low, |row, entry, ()| row.low(&entry.stream)),
    Column("reason", Low, |row, entry, ()| row.low(&entry.reason)),
    Column("field", Text, |row, entry, ()| row.text(&entry.field)),
    Column("detail", Text, |row, entry, ()| row.text(&entry.detail)),
    Column("preview", Text, |row, entry, ()| row.text(&entry.preview)),
    Column("key", Text, |row, entry, ()| row.binary(&entry.key)),
    Column("headers", Text, |row, entry, ()| row.binary(&entry.headers)),
    Column("payload", Text, |row, entry, ()| row.binary(&entry.payload)),
    Column("size", U32, |row, entry, ()| row.u32(entry.size)),
    Column("ingested_at", Time, |row, entry, ()| row.time(entry.ingested_at)),
    Column("state", Low, |row, entry, ()| row.low(entry.state.name())),
    Column("changed_at", Time, |row, entry, ()| row.time(entry.changed_at)),
    Column("note", Text, |row, entry, ()| row.text(&entry.note)),
    Column("version", U64, |row, entry, ()| row.u64(entry.state.version(entry.changed_at))),
];

pub(crate) fn encode<'a>(entries: impl Iterator<Item = &'a Entry>) -> Body {
    Table::of(COLUMNS, entries, &())
}

pub(crate) async fn insert(store: &Store, body: Body) -> Result<(), StoreError> {
    store.insert_native("quarantine", &body).await
}

/// Marks what waits although the ledger has it, after its cases are noted. Doing it again changes nothing.
pub(crate) async fn settle(store: &Store, as_writer: u64) -> Result<(), StoreError> {
    let noting = store.query(include_str!("queries/quarantine_note.sql")).param("writer", as_writer);
    store.run(noting).await?;
    store.execute(include_str!("queries/quarantine_settle.sql")).await
}

/// Which entries a command means.
#[derive(Clone, Debug)]
pub struct QuarantineSelection {
    pub(crate) stream: Option<String>,
    pub(crate) reason: Option<String>,
    /// One message by its place.
    pub(crate) place: Option<EntryPlace>,
    /// When they arrived: from the one on, before the other.
    pub(crate) from: Option<Millis>,
    pub(crate) to: Option<Millis>,
    /// None: whatever has become of them.
    pub(crate) state: Option<EntryState>,
}

impl Default for QuarantineSelection {
    /// Everything that waits.
    fn default() -> Self {
        Self { stream: None, reason: None, place: None, from: None, to: None, state: Some(EntryState::Waiting) }
    }
}

impl QuarantineSelection {
    fn condition(&self) -> String {
        let mut parts = vec!["1".to_owned()];
        if let Some(stream) = &self.stream {
            parts.push(format!("stream = {}", quoted(stream)));
        }
        if let Some(reason) = &self.reason {
            parts.push(format!("reason = {}", quoted(reason)));
        }
        if let Some((topic, partition, offset)) = &self.place {
            parts.push(format!("topic = {} AND partition = {partition} AND offset = {offset}", quoted(topic)));
        }
        for (bound, compares) in [(self.from, ">="), (self.to, "<")] {
            parts.extend(bound.map(|at| format!("toUnixTimestamp64Milli(quarantine.ingested_at) {compares} {}", at.0)));
        }
        parts.extend(self.state.map(|state| format!("state = '{}'", state.name())));
        parts.join(" AND ")
    }
}

/// What a list shows of an entry.
#[derive(Row, Deserialize, Serialize, Debug)]
pub struct ListedEntry {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
    pub(crate) stream: String,
    pub(crate) reason: String,
    pub(crate) field: String,
    pub(crate) detail: String,
    pub(crate) preview: String,
    pub(crate) size: u32,
    /// Milliseconds since 1970.
    pub(crate) ingested_at: i64,
    pub(crate) state: String,
    pub(crate) note: String,
}

/// Where a message was on Kafka: topic, partition, offset.
pub(crate) type EntryPlace = (String, i32, i64);

/// In the order of their places, those behind `after`.
pub(crate) async fn list(
    store: &Store,
    selection: &QuarantineSelection,
    after: Option<&EntryPlace>,
    limit: u64,
) -> Result<Vec<ListedEntry>, StoreError> {
    let sql = format!(
        "SELECT topic, partition, offset, stream, reason, field, detail, preview, size, \
         toUnixTimestamp64Milli(ingested_at) AS ingested_at, state, note \
         FROM {{{{database}}}}.quarantine FINAL WHERE {} AND {} ORDER BY topic, partition, offset LIMIT {limit}",
        selection.condition(),
        behind(after)
    );
    store.fetch_all(store.query(&sql)).await
}

fn behind(after: Option<&EntryPlace>) -> String {
    after.map_or("1".to_owned(), |(topic, partition, offset)| {
        format!("(topic, partition, offset) > ({}, {partition}, {offset})", quoted(topic))
    })
}

#[derive(Row, Deserialize, Serialize, Debug, PartialEq, Eq)]
pub(crate) struct QuarantineTally {
    pub(crate) stream: String,
    pub(crate) reason: String,
    pub(crate) state: String,
    pub(crate) messages: u64,
}

/// How many of those that are meant, by stream, reason and state.
pub(crate) async fn tally(store: &Store, selection: &QuarantineSelection) -> Result<Vec<QuarantineTally>, StoreError> {
    let sql = include_str!("queries/quarantine_tally.sql").replace("{condition}", &selection.condition());
    store.fetch_all(store.query(&sql)).await
}

#[derive(Row, Deserialize)]
struct Whole {
    topic: String,
    partition: i32,
    offset: i64,
    stream: String,
    reason: String,
    field: String,
    detail: String,
    preview: String,
    #[serde(with = "serde_bytes")]
    key: Vec<u8>,
    #[serde(with = "serde_bytes")]
    headers: Vec<u8>,
    #[serde(with = "serde_bytes")]
    payload: Vec<u8>,
    size: u32,
    ingested_at: i64,
    state: String,
    note: String,
}

/// One entry, whole, whatever has become of it.
pub(crate) async fn whole(store: &Store, place: &EntryPlace) -> Result<Option<Entry>, StoreError> {
    let selection = QuarantineSelection { place: Some(place.clone()), state: None, ..QuarantineSelection::default() };
    let rows: Vec<Whole> = store.fetch_all(store.query(&whole_sql(&selection.condition(), 1))).await?;
    Ok(rows.into_iter().map(Whole::entry).next())
}

fn whole_sql(condition: &str, limit: u64) -> String {
    format!(
        "SELECT topic, partition, offset, stream, reason, field, detail, preview, key, headers, payload, size, \
         toUnixTimestamp64Milli(ingested_at) AS ingested_at, state, note FROM {{{{database}}}}.quarantine FINAL \
         WHERE {condition} ORDER BY topic, partition, offset LIMIT {limit}"
    )
}

/// The entries that are meant, whole, one page after the other, in the order of their places.
#[derive(Debug)]
pub(crate) struct Pages<'a> {
    store: &'a Store,
    selection: &'a QuarantineSelection,
    /// Of the last entry.
    after: Option<EntryPlace>,
}

impl<'a> Pages<'a> {
    pub(crate) fn of(store: &'a Store, selection: &'a QuarantineSelection) -> Self {
        Self { store, selection, after: None }
    }

    /// None at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Entry>>, StoreError> {
        const ENTRIES: u64 = 1000;
        let after = behind(self.after.as_ref());
        let sql = whole_sql(&format!("{} AND {after}", self.selection.condition()), ENTRIES);
        let rows: Vec<Whole> = self.store.fetch_all(self.store.query(&sql)).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        self.after = Some((last.topic.clone(), last.partition, last.offset));
        Ok(Some(rows.into_iter().map(Whole::entry).collect()))
    }
}

/// Gives up on those that are meant, or only counts them.
pub(crate) async fn discard(
    store: &Store,
    selection: &QuarantineSelection,
    is_meant: impl Fn(&Entry) -> bool,
    told: Option<(&str, Millis)>,
) -> Result<usize, StoreError> {
    let mut pages = Pages::of(store, selection);
    let mut count = 0;
    while let Some(page) = pages.next().await? {
        let page: Vec<Entry> = page.into_iter().filter(|entry| is_meant(entry)).collect();
        count += page.len();
        if let (Some((note, now)), false) = (told, page.is_empty()) {
            let discarded = |entry: Entry| entry.changed(EntryState::Discarded, note, now);
            let rows: Vec<Entry> = page.into_iter().map(discarded).collect();
            insert(store, encode(rows.iter())).await?;
        }
    }
    Ok(count)
}

impl Whole {
    fn entry(self) -> Entry {
        let ingested_at = Millis(self.ingested_at);
        Entry {
            topic: self.topic,
            partition: self.partition,
            offset: self.offset,
            stream: self.stream,
            reason: self.reason,
            field: self.field,
            detail: self.detail,
            preview: self.preview,
            key: self.key,
            headers: self.headers,
            payload: self.payload,
            size: self.size,
            ingested_at,
            state: EntryState::from_name(&self.state).unwrap_or(EntryState::Waiting),
            changed_at: ingested_at,
            note: self.note,
        }
    }
}
