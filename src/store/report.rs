//! What a printed report asks beyond the figures: what became of the cases, what they are about, and what is odd about them.

use clickhouse::{Row, RowOwned, RowRead};
use serde::Deserialize;

use super::{client::Store, error::StoreError, literal::instant, relation};
use crate::domain::kpi::Period;

/// The period, the as-of and the stream that a report is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub period: Period,
    pub stream: Option<&'a str>,
}

/// Cases received, of one stream, unit and community; the counts after the first add up to it.
#[derive(Row, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    pub stream: String,
    /// Code of the unit, its name where it has no code; empty: nobody's.
    pub responsible: String,
    pub community: String,
    pub received: u64,
    /// Duplicates and direct answers, where the stream's declaration leaves them out.
    pub out_of_base: u64,
    pub on_time: u64,
    pub late: u64,
    pub closed_without_due: u64,
    /// What the due is about has been done; it is only to be closed.
    pub answered: u64,
    pub not_due: u64,
    /// Not due either, and in the yellow.
    pub due_soon: u64,
    pub overdue: u64,
    pub suspended: u64,
    /// Open, and without any due.
    pub no_limit: u64,
}

/// Cases received whose citizens are dissatisfied.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Dissatisfied {
    pub stream: String,
    pub responsible: String,
    pub community: String,
    pub cases: u64,
}

/// Open and overdue at the as-of, by when they were received.
#[derive(Row, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Outstanding {
    pub stream: String,
    pub within: u64,
    pub before: u64,
    pub after: u64,
}

/// One of them.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Overdue {
    pub stream: String,
    pub case_id: String,
    pub category_code: String,
    pub category_name: String,
    pub responsible: String,
    pub community: String,
    pub received_ms: i64,
    pub due_ms: i64,
}

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct CategoryRow {
    pub stream: String,
    pub standard: String,
    pub code: String,
    pub name: String,
    /// 部件 or 事件 of a grid case.
    pub kinds: String,
    pub received: u64,
    pub closed: u64,
    pub need_close: u64,
    pub on_time: u64,
    pub need_close_with_due: u64,
}

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct UnitName {
    pub code: String,
    pub name: String,
}

/// Reporters with more than one case of a category.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Repeats {
    pub stream: String,
    pub standard: String,
    pub code: String,
    pub name: String,
    pub reporters: u64,
    pub cases: u64,
    /// Of one reporter.
    pub most: u64,
}

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Reporters {
    pub stream: String,
    pub reporters: u64,
    /// With more than one case, whatever about.
    pub repeaters: u64,
    /// Theirs.
    pub cases: u64,
    /// Of one.
    pub most: u64,
}

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    pub stream: String,
    /// 1 satisfied, 2 basically, 3 neutral, 4 dissatisfied, 0 not said.
    pub satisfaction: u8,
    pub cases: u64,
}

#[derive(Row, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    pub stream: String,
    pub cases: u64,
    pub messages: u64,
    pub events: u64,
    pub duplicates: u64,
    pub conflicts: u64,
    pub out_of_order: u64,
    pub irregular: u64,
    pub gaps: u64,
    pub clock_skew: u64,
    pub unknown_codes: u64,
    pub late_extensions: u64,
    pub corrections: u64,
    pub incomplete: u64,
    pub closed_before_receipt: u64,
    pub history_limited: u64,
    pub provisional: u64,
    pub without_due: u64,
    pub without_unit: u64,
    pub without_community: u64,
    pub without_category: u64,
    pub void: u64,
}

/// Messages recorded more than a day after what they tell.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Late {
    pub stream: String,
    pub late: u64,
    pub after_end: u64,
    pub after_as_of: u64,
    pub longest_ms: i64,
}

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    pub stream: String,
    pub reason: String,
    pub state: String,
    pub messages: u64,
    pub within: u64,
}

/// Cases whose due is the first instant of the period, and of the next one.
#[derive(Row, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    pub stream: String,
    pub at_begin: u64,
    pub at_end: u64,
}

/// By what cases are judged.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct JudgedStream {
    pub stream: String,
    pub policy: String,
    pub calendar: String,
    pub cases: u64,
}

pub async fn fates(store: &Store, about: About<'_>) -> Result<Vec<Fates>, StoreError> {
    asked(store, about, include_str!("queries/report_fates.sql")).await
}

pub async fn dissatisfied(store: &Store, about: About<'_>) -> Result<Vec<Dissatisfied>, StoreError> {
    asked(store, about, include_str!("queries/report_dissatisfied.sql")).await
}

pub async fn outstanding(store: &Store, about: About<'_>) -> Result<Vec<Outstanding>, StoreError> {
    asked(store, about, include_str!("queries/report_outstanding.sql")).await
}

/// How many of the overdue are listed.
pub const OVERDUE_MAX: u64 = 500;

/// Received by the end of the period; the longest overdue first.
pub async fn overdue(store: &Store, about: About<'_>) -> Result<Vec<Overdue>, StoreError> {
    asked(store, about, include_str!("queries/report_overdue.sql")).await
}

/// The most frequent first.
pub async fn categories(store: &Store, about: About<'_>) -> Result<Vec<CategoryRow>, StoreError> {
    asked(store, about, include_str!("queries/report_categories.sql")).await
}

pub async fn units(store: &Store) -> Result<Vec<UnitName>, StoreError> {
    store.fetch_all(store.query(include_str!("queries/report_units.sql"))).await
}

/// The most frequent first.
pub async fn repeats(store: &Store, about: About<'_>) -> Result<Vec<Repeats>, StoreError> {
    asked(store, about, include_str!("queries/report_repeats.sql")).await
}

pub async fn edges(store: &Store, about: About<'_>) -> Result<Vec<Edges>, StoreError> {
    asked(store, about, include_str!("queries/report_edges.sql")).await
}

pub async fn reporters(store: &Store, about: About<'_>) -> Result<Vec<Reporters>, StoreError> {
    asked(store, about, include_str!("queries/report_reporters.sql")).await
}

pub async fn answers(store: &Store, about: About<'_>) -> Result<Vec<Answers>, StoreError> {
    asked(store, about, include_str!("queries/report_answers.sql")).await
}

pub async fn quality(store: &Store, about: About<'_>) -> Result<Vec<Quality>, StoreError> {
    asked(store, about, include_str!("queries/report_quality.sql")).await
}

pub async fn late(store: &Store, about: About<'_>) -> Result<Vec<Late>, StoreError> {
    asked(store, about, include_str!("queries/report_late.sql")).await
}

pub async fn quarantined(store: &Store, about: About<'_>) -> Result<Vec<Quarantined>, StoreError> {
    asked(store, about, include_str!("queries/report_quarantine.sql")).await
}

pub async fn judged_by(store: &Store, about: About<'_>) -> Result<Vec<JudgedStream>, StoreError> {
    asked(store, about, include_str!("queries/report_rules.sql")).await
}

async fn asked<T: RowOwned + RowRead>(store: &Store, about: About<'_>, template: &str) -> Result<Vec<T>, StoreError> {
    let received =
        "received_at >= {from:DateTime64(3, 'Asia/Shanghai')} AND received_at < {to:DateTime64(3, 'Asia/Shanghai')}";
    let sql = template
        .replace("{{received}}", received)
        .replace("{{rows}}", if about.stream.is_some() { "stream = {stream:String}" } else { "true" });
    let filled = |source| {
        relation::CASES_AT.fill("{{cases_at}}", &relation::FLAGS.fill("{{flags}}", &sql, source, ""), source, "")
    };
    let Period { from, to, as_of } = about.period;
    let query = store
        .at(as_of, filled)
        .await?
        .param("from", instant(from))
        .param("to", instant(to))
        .param("as_of", instant(as_of))
        .param("listed", OVERDUE_MAX)
        .param("stream", about.stream.unwrap_or_default());
    store.fetch_all(query).await
}
