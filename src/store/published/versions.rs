//! Which row of a case is in force now.

use clickhouse::Row;
use serde::Deserialize;

use crate::store::{client::Store, error::StoreError, literal::quoted};

#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub(crate) struct CaseVersion {
    pub(crate) stream: String,
    pub(crate) case_id: String,
    pub(crate) version: u64,
    pub(crate) policy: String,
    pub(crate) policy_rule: String,
    pub(crate) calendar: String,
}

/// Stream and number of each case asked for; the answer is in no order.
pub(crate) async fn of(store: &Store, cases: &[(&str, &str)]) -> Result<Vec<CaseVersion>, StoreError> {
    let keys: Vec<String> = cases.iter().map(|(stream, id)| format!("({},{})", quoted(stream), quoted(id))).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = include_str!("../queries/case_versions.sql").replace("{{keys}}", &keys.join(","));
    store.fetch_all(store.query(&sql).with_setting("max_query_size", "67108864")).await
}
