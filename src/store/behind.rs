//! Notes of cases whose messages lie on partitions of several writers: written by whoever finds one, read once by every other
//! writer, and open until the ledger and the row of the case agree (docs/decisions/0010).

use std::collections::{BTreeMap, HashSet};

use clickhouse::Row;
use foldhash::fast::RandomState;
use serde::Deserialize;
use smol_str::SmolStr;

use super::{
    client::Store,
    error::StoreError,
    native::{
        Body, Column, Table,
        Type::{Low, Text, U64},
    },
};

/// Stream and case number.
pub(super) type BehindKey = (SmolStr, SmolStr);

/// Takes the table expression `chosen` (stream, case_id).
pub(super) const DIFFERING: &str = include_str!("queries/differing.sql");

/// How far a reader has come with each writer but itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    me: u64,
    reached: BTreeMap<u64, u64>,
}

/// What was noted since a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noted {
    Cases(HashSet<BehindKey, RandomState>),
    /// More than anybody wants to hold: any case may be among them.
    TooMany,
}

impl Noted {
    pub fn has(&self, key: &BehindKey) -> bool {
        match self {
            Self::Cases(keys) => keys.contains(key),
            Self::TooMany => true,
        }
    }
}

#[derive(Row, Deserialize)]
struct NoteRow {
    writer: u64,
    note_no: u64,
    stream: String,
    case_id: String,
}

#[derive(Row, Deserialize)]
struct Reached {
    writer: u64,
    note_no: u64,
}

/// Open notes, counted by case.
#[derive(Row, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    pub cases: u64,
    /// Not noted again for a while.
    pub ripe: u64,
}

#[derive(Row, Deserialize)]
struct CaseRow {
    stream: String,
    case_id: String,
}

/// Notes that a reader holds at most.
const HELD_MAX: usize = 100_000;
/// Cases that one comparison takes.
pub const COMPARED_MAX: usize = 20_000;
/// Notes of one number; one insert of so many is one part, and a part is visible as a whole.
pub const NOTES_MAX: usize = 50_000;

impl Cursor {
    /// Behind everything that is noted now.
    pub async fn at_end(store: &Store, me: u64) -> Result<Self, StoreError> {
        let query = store.query(include_str!("queries/notes_reached.sql")).param("me", me);
        let rows: Vec<Reached> = store.fetch_all(query).await?;
        Ok(Self { me, reached: rows.into_iter().map(|row| (row.writer, row.note_no)).collect() })
    }

    /// Behind everything, for a reader that cannot go on from here.
    pub async fn at_end_again(&self, store: &Store) -> Result<Self, StoreError> {
        Self::at_end(store, self.me).await
    }

    /// What others noted since, and where that leaves the reader.
    pub async fn read(&self, store: &Store) -> Result<(Noted, Self), StoreError> {
        let sql = include_str!("queries/notes_since.sql").replace("{{unseen}}", &self.unseen());
        let query = store.query(&sql).param("me", self.me).param("most", HELD_MAX as u64 + 1);
        let rows: Vec<NoteRow> = store.fetch_all(query).await?;
        if rows.len() > HELD_MAX {
            return Ok((Noted::TooMany, self.at_end_again(store).await?));
        }
        let mut after = self.clone();
        for row in &rows {
            let reached = after.reached.entry(row.writer).or_default();
            *reached = row.note_no.max(*reached);
        }
        let keys = rows.into_iter().map(|row| (row.stream.into(), row.case_id.into()));
        Ok((Noted::Cases(keys.collect()), after))
    }

    fn unseen(&self) -> String {
        if self.reached.is_empty() {
            return String::new();
        }
        let known: Vec<String> = self.reached.keys().map(u64::to_string).collect();
        let newer: String =
            self.reached.iter().map(|(writer, note)| format!(" OR writer = {writer} AND note_no > {note}")).collect();
        format!(" AND (writer NOT IN ({}){newer})", known.join(", "))
    }
}

/// At most `NOTES_MAX` of them.
pub fn encode<'a>(writer: u64, note_no: u64, keys: impl Iterator<Item = &'a BehindKey>) -> Body {
    Table::of(COLUMNS, keys, &(writer, note_no))
}

/// By writer and number of the note.
#[rustfmt::skip]
const COLUMNS: &[Column<BehindKey, (u64, u64)>] = &[
    Column("writer", U64, |row, _, (writer, _)| row.u64(*writer)),
    Column("note_no", U64, |row, _, (_, note_no)| row.u64(*note_no)),
    Column("stream", Low, |row, (stream, _), _| row.low(stream)),
    Column("case_id", Text, |row, (_, case_id), _| row.text(case_id)),
];

pub async fn insert(store: &Store, body: Body) -> Result<(), StoreError> {
    store.insert_native("behind", &body).await
}

/// Of cases of these streams.
pub async fn open(store: &Store, streams: &[String], grace_ms: u64) -> Result<Open, StoreError> {
    let query = store.query(include_str!("queries/notes_open.sql"));
    store.fetch_one(query.param("streams", streams).param("grace_ms", grace_ms)).await
}

/// The cases with ripe notes that are not folded from everything; at most `COMPARED_MAX` are looked at.
pub async fn differing(store: &Store, streams: &[String], grace_ms: u64) -> Result<Vec<BehindKey>, StoreError> {
    let sql = format!("WITH chosen AS\n(\n{})\n{DIFFERING}", include_str!("queries/notes_ripe.sql"));
    let query = store.query(&sql).param("streams", streams).param("grace_ms", grace_ms);
    let rows: Vec<CaseRow> = store.fetch_all(query.param("most", COMPARED_MAX as u64)).await?;
    Ok(rows.into_iter().map(|row| (row.stream.into(), row.case_id.into())).collect())
}

/// Settles the ripe notes of the others among the same cases.
pub async fn settle(store: &Store, streams: &[String], grace_ms: u64) -> Result<(), StoreError> {
    let sql = include_str!("queries/notes_settle.sql")
        .replace("{{ripe}}", include_str!("queries/notes_ripe.sql"))
        .replace("{{differing}}", DIFFERING);
    let query = store.query(&sql).param("streams", streams).param("grace_ms", grace_ms);
    store.run(query.param("most", COMPARED_MAX as u64)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_goes_on_behind_what_it_has_seen_of_each_writer() {
        let mut cursor = Cursor::default();
        assert_eq!(cursor.unseen(), "");
        cursor.reached.extend([(7, 3), (9, 1)]);
        assert_eq!(
            cursor.unseen(),
            " AND (writer NOT IN (7, 9) OR writer = 7 AND note_no > 3 OR writer = 9 AND note_no > 1)"
        );
    }
}
