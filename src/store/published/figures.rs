//! The figures of an edition, as they were published.

use clickhouse::Row;
use serde::Deserialize;

use crate::store::{
    client::Store,
    error::StoreError,
    kpi::Spread,
    native::{
        Block,
        Type::{self, I64, Low, MaybeI64, Text, Texts},
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Id of the catalogue.
    pub figure: String,
    /// Names of dimensions; empty: the whole.
    pub grouped_by: Vec<String>,
    /// One text for each dimension.
    pub groups: Vec<String>,
    pub numerator: i64,
    /// None for a count.
    pub denominator: Option<i64>,
    pub spread: Option<Spread>,
    /// The catalogue's entry of that day.
    pub definition: String,
    pub definition_sha256: String,
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

const COLUMNS: &[(&str, Type)] = &[
    ("attempt", Low),
    ("figure", Low),
    ("grouped_by", Texts),
    ("groups", Texts),
    ("numerator", I64),
    ("denominator", MaybeI64),
    ("median_ms", MaybeI64),
    ("p90_ms", MaybeI64),
    ("mean_ms", MaybeI64),
    ("max_ms", MaybeI64),
    ("definition", Text),
    ("definition_sha256", Low),
];

pub async fn insert(store: &Store, attempt: &str, figures: &[Frozen]) -> Result<(), StoreError> {
    let mut block = Block::new(COLUMNS);
    for one in figures {
        block.low(attempt);
        block.low(&one.figure);
        block.texts(one.grouped_by.iter().map(String::as_str));
        block.texts(one.groups.iter().map(String::as_str));
        block.i64(one.numerator);
        block.maybe_i64(one.denominator);
        let spread = one.spread.as_ref();
        block.maybe_i64(spread.map(|spread| spread.median));
        block.maybe_i64(spread.map(|spread| spread.p90));
        block.maybe_i64(spread.map(|spread| spread.mean));
        block.maybe_i64(spread.map(|spread| spread.max));
        block.text(&one.definition);
        block.low(&one.definition_sha256);
        block.end_row();
    }
    store.insert_native("edition_figures", &block.encode()).await
}

/// What some figures meant in the editions that there are: id and text, each text once.
pub async fn definitions(store: &Store, figures: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
    let query = store.query(include_str!("../queries/edition_definitions.sql")).param("figures", figures);
    store.fetch_all(query).await
}

/// In the order in which they are hashed.
pub async fn of(store: &Store, attempt: &str) -> Result<Vec<Frozen>, StoreError> {
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
