//! The figures of an edition, as they were published.

use clickhouse::Row;
use serde::Deserialize;

use crate::domain::time::Millis;
use crate::store::{
    client::Store,
    error::StoreError,
    kpi::Spread,
    native::{
        Column, Table,
        Type::{I64, Low, MaybeI64, Text, Texts},
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Id of the catalogue.
    pub(crate) figure: String,
    /// Names of dimensions; empty: the whole.
    pub(crate) grouped_by: Vec<String>,
    /// One text for each dimension.
    pub(crate) groups: Vec<String>,
    pub(crate) numerator: i64,
    /// None for a count.
    pub(crate) denominator: Option<i64>,
    pub(crate) spread: Option<Spread>,
    /// The catalogue's entry of that day.
    pub(crate) definition: String,
    pub(crate) definition_sha256: String,
}

#[derive(Row, Deserialize)]
struct FrozenRow {
    figure: String,
    grouped_by: Vec<String>,
    groups: Vec<String>,
    numerator: i64,
    denominator: Option<i64>,
    median_ms: Option<i64>,
    p90_ms: Option<i64>,
    mean_ms: Option<i64>,
    max_ms: Option<i64>,
    definition: String,
    definition_sha256: String,
}

#[rustfmt::skip]
const COLUMNS: &[Column<Frozen, str>] = &[
    Column("attempt", Low, |row, _, attempt| row.low(attempt)),
    Column("figure", Low, |row, one, _| row.low(&one.figure)),
    Column("grouped_by", Texts, |row, one, _| row.texts(one.grouped_by.iter().map(String::as_str))),
    Column("groups", Texts, |row, one, _| row.texts(one.groups.iter().map(String::as_str))),
    Column("numerator", I64, |row, one, _| row.i64(one.numerator)),
    Column("denominator", MaybeI64, |row, one, _| row.maybe_i64(one.denominator)),
    Column("median_ms", MaybeI64, |row, one, _| row.maybe_i64(one.spread.map(|spread| spread.median))),
    Column("p90_ms", MaybeI64, |row, one, _| row.maybe_i64(one.spread.map(|spread| spread.p90))),
    Column("mean_ms", MaybeI64, |row, one, _| row.maybe_i64(one.spread.map(|spread| spread.mean))),
    Column("max_ms", MaybeI64, |row, one, _| row.maybe_i64(one.spread.map(|spread| spread.max))),
    Column("definition", Text, |row, one, _| row.text(&one.definition)),
    Column("definition_sha256", Low, |row, one, _| row.low(&one.definition_sha256)),
];

pub(crate) async fn insert(store: &Store, attempt: &str, figures: &[Frozen]) -> Result<(), StoreError> {
    store.insert_native("edition_figures", &Table::of(COLUMNS, figures, attempt)).await
}

/// What some figures meant in the editions that there are: id and text, each text once.
pub(crate) async fn definitions(store: &Store, figures: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
    let query = store.query(include_str!("../queries/edition_definitions.sql")).param("figures", figures);
    store.fetch_all(query).await
}

/// In the order in which they are hashed.
pub(crate) async fn of(store: &Store, attempt: &str) -> Result<Vec<Frozen>, StoreError> {
    let query = store.query(include_str!("../queries/edition_figures.sql")).param("attempt", attempt);
    let rows: Vec<FrozenRow> = store.fetch_all(query).await?;
    Ok(rows.into_iter().map(FrozenRow::frozen).collect())
}

impl FrozenRow {
    fn frozen(self) -> Frozen {
        let spread = match (self.median_ms, self.p90_ms, self.mean_ms, self.max_ms) {
            (Some(median), Some(p90), Some(mean), Some(max)) => Some(Spread { median, p90, mean, max }),
            _ => None,
        };
        Frozen {
            figure: self.figure,
            grouped_by: self.grouped_by,
            groups: self.groups,
            numerator: self.numerator,
            denominator: self.denominator,
            spread,
            definition: self.definition,
            definition_sha256: self.definition_sha256,
        }
    }
}

/// A figure in one edition.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublishedValue {
    /// `month 2021-06`
    pub(crate) report: String,
    pub(crate) edition: u32,
    pub(crate) as_of: i64,
    pub(crate) published_at: i64,
    pub(crate) numerator: i64,
    pub(crate) denominator: Option<i64>,
}

/// What a figure was in the editions of this very period, as a whole or of one stream.
pub(crate) async fn values(
    store: &Store,
    figure: &str,
    (from, to): (Millis, Millis),
    stream: Option<&str>,
) -> Result<Vec<PublishedValue>, StoreError> {
    let grouped_by: &[&str] = if stream.is_some() { &["stream"] } else { &[] };
    let groups: Vec<&str> = stream.into_iter().collect();
    let query = store
        .query(include_str!("../queries/edition_values.sql"))
        .param("from", from.0)
        .param("to", to.0)
        .param("figure", figure)
        .param("grouped_by", grouped_by)
        .param("groups", groups);
    store.fetch_all(query).await
}
