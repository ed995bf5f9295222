//! The heads of editions. A serial belongs to the head that came first; a later one of the same serial is nothing.

use clickhouse::Row;
use serde::Deserialize;

use super::PublishedPosition;
use crate::{
    domain::time::Millis,
    store::{
        client::Store,
        error::StoreError,
        native::{
            Column, Table,
            Type::{I32s, I64s, Low, Text, Texts, Time, U32, U64, U64s},
        },
    },
};

/// A head: what was published, from what, and the hashes that seal it (docs/decisions/0009).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edition {
    /// Place among everything that was published, without gaps.
    pub serial: u64,
    /// `month 2021-06`
    pub report: String,
    /// Of this report, from 1.
    pub edition: u32,
    /// Under which its figures and verdicts lie: two publishers at once have two.
    pub attempt: String,
    /// IANA name of the zone in which the period begins.
    pub zone: String,
    /// Beginning of the period.
    pub from: Millis,
    /// End of the period, not part of it.
    pub to: Millis,
    /// What had happened by then counts.
    pub as_of: Millis,
    /// When the head was made.
    pub published_at: Millis,
    /// As the publisher gave it.
    pub published_by: String,
    /// As the publisher gave it; mostly empty.
    pub note: String,
    /// Version that published.
    pub program: String,
    /// The newest then; 0: none yet.
    pub generation: u32,
    /// Of that generation.
    pub policy: String,
    /// Of that generation.
    pub calendar: String,
    /// Ids, by the bits of the verdicts.
    pub figures: Vec<String>,
    /// By which rules the cases were judged in fact, and how many by each.
    pub judged: Vec<Judged>,
    /// Where the ledger stood.
    pub positions: Vec<PublishedPosition>,
    /// Verdicts kept.
    pub cases: u64,
    /// Over the verdicts (docs/publish.md has the query).
    pub verdicts_sha256: String,
    /// Over the figures, likewise.
    pub figures_sha256: String,
    /// SHA-256 of the serial before; empty for the first.
    pub previous: String,
    /// Over everything else in the head.
    pub sha256: String,
}

/// Cases judged by one policy and one calendar.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Judged {
    pub(crate) policy: String,
    pub(crate) calendar: String,
    pub(crate) cases: u64,
}

#[derive(Row, Deserialize)]
struct EditionRow {
    serial: u64,
    report: String,
    edition: u32,
    attempt: String,
    zone: String,
    period_from: i64,
    period_to: i64,
    as_of: i64,
    published_at: i64,
    published_by: String,
    note: String,
    program: String,
    generation: u32,
    policy: String,
    calendar: String,
    figures: Vec<String>,
    #[serde(rename = "judged.policy")]
    judged_policy: Vec<String>,
    #[serde(rename = "judged.calendar")]
    judged_calendar: Vec<String>,
    #[serde(rename = "judged.cases")]
    judged_cases: Vec<u64>,
    #[serde(rename = "positions.topic")]
    positions_topic: Vec<String>,
    #[serde(rename = "positions.partition")]
    positions_partition: Vec<i32>,
    #[serde(rename = "positions.next")]
    positions_next: Vec<i64>,
    cases: u64,
    verdicts_sha256: String,
    figures_sha256: String,
    previous: String,
    sha256: String,
}

#[rustfmt::skip]
const COLUMNS: &[Column<Edition>] = &[
    Column("serial", U64, |row, head, ()| row.u64(head.serial)),
    Column("report", Low, |row, head, ()| row.low(&head.report)),
    Column("edition", U32, |row, head, ()| row.u32(head.edition)),
    Column("attempt", Text, |row, head, ()| row.text(&head.attempt)),
    Column("zone", Low, |row, head, ()| row.low(&head.zone)),
    Column("period_from", Time, |row, head, ()| row.time(head.from)),
    Column("period_to", Time, |row, head, ()| row.time(head.to)),
    Column("as_of", Time, |row, head, ()| row.time(head.as_of)),
    Column("published_at", Time, |row, head, ()| row.time(head.published_at)),
    Column("published_by", Text, |row, head, ()| row.text(&head.published_by)),
    Column("note", Text, |row, head, ()| row.text(&head.note)),
    Column("program", Low, |row, head, ()| row.low(&head.program)),
    Column("generation", U32, |row, head, ()| row.u32(head.generation)),
    Column("policy", Low, |row, head, ()| row.low(&head.policy)),
    Column("calendar", Low, |row, head, ()| row.low(&head.calendar)),
    Column("figures", Texts, |row, head, ()| row.texts(head.figures.iter().map(String::as_str))),
    Column("judged.policy", Texts, |row, head, ()| row.texts(head.judged.iter().map(|one| one.policy.as_str()))),
    Column("judged.calendar", Texts, |row, head, ()| row.texts(head.judged.iter().map(|one| one.calendar.as_str()))),
    Column("judged.cases", U64s, |row, head, ()| row.u64s(head.judged.iter().map(|one| one.cases))),
    Column("positions.topic", Texts, |row, head, ()| row.texts(head.positions.iter().map(|one| one.topic.as_str()))),
    Column("positions.partition", I32s, |row, head, ()| row.i32s(head.positions.iter().map(|one| one.partition))),
    Column("positions.next", I64s, |row, head, ()| row.i64s(head.positions.iter().map(|one| one.next))),
    Column("cases", U64, |row, head, ()| row.u64(head.cases)),
    Column("verdicts_sha256", Text, |row, head, ()| row.text(&head.verdicts_sha256)),
    Column("figures_sha256", Text, |row, head, ()| row.text(&head.figures_sha256)),
    Column("previous", Text, |row, head, ()| row.text(&head.previous)),
    Column("sha256", Text, |row, head, ()| row.text(&head.sha256)),
];

/// Every head, by serial, and within one in the order in which they came.
pub(crate) async fn all(store: &Store) -> Result<Vec<Edition>, StoreError> {
    let rows: Vec<EditionRow> = store.fetch_all(store.query(include_str!("../queries/editions.sql"))).await?;
    Ok(rows.into_iter().map(EditionRow::edition).collect())
}

/// Writes a head. Whether its serial is its own, only asking tells.
pub(crate) async fn insert(store: &Store, head: &Edition) -> Result<(), StoreError> {
    store.insert_native("editions", &Table::of(COLUMNS, [head], &())).await
}

impl EditionRow {
    fn edition(self) -> Edition {
        let judged = self.judged_policy.into_iter().zip(self.judged_calendar).zip(self.judged_cases);
        let positions = self.positions_topic.into_iter().zip(self.positions_partition).zip(self.positions_next);
        Edition {
            serial: self.serial,
            report: self.report,
            edition: self.edition,
            attempt: self.attempt,
            zone: self.zone,
            from: Millis(self.period_from),
            to: Millis(self.period_to),
            as_of: Millis(self.as_of),
            published_at: Millis(self.published_at),
            published_by: self.published_by,
            note: self.note,
            program: self.program,
            generation: self.generation,
            policy: self.policy,
            calendar: self.calendar,
            figures: self.figures,
            judged: judged.map(|((policy, calendar), cases)| Judged { policy, calendar, cases }).collect(),
            positions: positions
                .map(|((topic, partition), next)| PublishedPosition { topic, partition, next })
                .collect(),
            cases: self.cases,
            verdicts_sha256: self.verdicts_sha256,
            figures_sha256: self.figures_sha256,
            previous: self.previous,
            sha256: self.sha256,
        }
    }
}
