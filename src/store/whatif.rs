//! Which cases two databases judge differently: the live one, and a scratch of it under other rules.

use clickhouse::Row;
use serde::Deserialize;

use super::{
    client::Store,
    error::StoreError,
    literal::{instant, quoted},
    relation::{self, Source},
};
use crate::domain::kpi::Period;

/// A case whose verdict, or due, is another; times in milliseconds.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct WhatifChange {
    pub case_id: String,
    pub stream: String,
    pub standing: String,
    pub verdict_before: String,
    pub verdict_after: String,
    pub due_before: Option<i64>,
    pub due_after: Option<i64>,
}

/// By what a case is judged.
#[derive(Row, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct JudgedCase {
    pub case_id: String,
    pub stream: String,
    pub policy: String,
    pub policy_rule: String,
    pub calendar: String,
}

/// A page of the cases of a period, after the number `after`; it may be longer than `limit` by cases of one number. With those
/// of which only the due is another, where that is wanted.
pub async fn changes(
    live: &Store,
    scratch: &Store,
    period: Period,
    stream: Option<&str>,
    with_dues: bool,
    (limit, after): (u64, &str),
) -> Result<Vec<WhatifChange>, StoreError> {
    let sql = include_str!("queries/whatif_changes.sql");
    let verdicts = include_str!("queries/whatif_verdicts.sql").trim_end();
    let verdicts = relation::FLAGS.fill("{{flags}}", verdicts, Source::Tables, "");
    let sql = sql.replace("{{before}}", &live.sql(&verdicts)).replace("{{after}}", &scratch.sql(&verdicts));
    let query = live
        .query(&sql)
        .param("from", instant(period.from))
        .param("to", instant(period.to))
        .param("as_of", instant(period.as_of))
        .param("stream", stream.unwrap_or_default())
        .param("with_dues", u8::from(with_dues))
        .param("after", after)
        .param("limit", limit);
    live.fetch_all(query).await
}

/// The rules of some cases, in no order.
pub async fn judged(store: &Store, changes: &[WhatifChange]) -> Result<Vec<JudgedCase>, StoreError> {
    let key = |change: &WhatifChange| format!("({},{})", quoted(&change.stream), quoted(&change.case_id));
    let keys: Vec<String> = changes.iter().map(key).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = include_str!("queries/whatif_judged.sql").replace("{{keys}}", &keys.join(","));
    store.fetch_all(store.query(&sql).with_setting("max_query_size", "67108864")).await
}
