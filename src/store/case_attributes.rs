//! What a policy asks of a case.

use clickhouse::Row;
use serde::Deserialize;

use super::{client::Store, error::StoreError};
use crate::domain::{policy::Subject, time::Millis};

#[derive(Row, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct CaseAttributes {
    pub stream: String,
    pub kind: String,
    pub channel: String,
    pub category_standard: String,
    pub category_code: String,
    pub category_name: String,
    pub town: String,
    pub unit: String,
    pub unit_name: String,
    pub urgency: String,
    received_at: Option<i64>,
    pub filing_condition: String,
    /// By what its row is judged: `shanghai-town@2026.1`, the rule, the version of the calendar. Empty: by nothing.
    pub policy: String,
    pub policy_rule: String,
    pub calendar: String,
}

impl CaseAttributes {
    pub fn received_at(&self) -> Option<Millis> {
        self.received_at.map(Millis)
    }

    pub fn subject(&self) -> Subject<'_> {
        Subject {
            filing_condition: &self.filing_condition,
            category_standard: &self.category_standard,
            category_code: &self.category_code,
            urgency: &self.urgency,
            kind: &self.kind,
            unit: &self.unit,
            town: &self.town,
            channel: &self.channel,
            stream: &self.stream,
        }
    }
}

/// The case of this number in each stream that has one, or in one stream.
pub async fn of_case(store: &Store, case_id: &str, stream: Option<&str>) -> Result<Vec<CaseAttributes>, StoreError> {
    let query = store
        .query(include_str!("queries/case_attributes.sql"))
        .param("case_id", case_id)
        .param("stream", stream.unwrap_or_default());
    store.fetch_all(query).await
}
