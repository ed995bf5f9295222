//! What is asked seldom, for those who watch: when each source was last heard, and what waits in quarantine.

use std::time::Duration;

use clickhouse::Row;
use serde::Deserialize;

use super::{client::Store, error::StoreError};
use crate::domain::time::Millis;

#[derive(Row, Deserialize, Debug, PartialEq, Eq)]
pub struct Heard {
    pub stream: String,
    pub source: String,
    /// Milliseconds since 1970.
    pub last_at: i64,
}

#[derive(Row, Deserialize, Debug, PartialEq, Eq)]
pub struct WaitingMessages {
    pub stream: String,
    pub messages: u64,
    /// Milliseconds since 1970.
    pub oldest_at: i64,
}

/// A town has a handful of sources. More are made up, and a gauge has no room for them anyway.
const MOST: u64 = 1_000;

/// The sources of these streams heard since then, the one heard last first.
pub async fn heard(
    store: &Store,
    streams: &[String],
    since: Millis,
    within: Duration,
) -> Result<Vec<Heard>, StoreError> {
    let query = store.query(include_str!("queries/survey_heard.sql")).param("since", since.0).param("most", MOST);
    store.fetch_all(query.param("streams", streams).with_setting("max_execution_time", &seconds(within))).await
}

pub async fn waiting(store: &Store, within: Duration) -> Result<Vec<WaitingMessages>, StoreError> {
    let query = store.query(include_str!("queries/survey_quarantine.sql"));
    store.fetch_all(query.with_setting("max_execution_time", &seconds(within))).await
}

/// When a verification of everything last found nothing amiss; 0 for never.
pub async fn verified(store: &Store, within: Duration) -> Result<i64, StoreError> {
    let query = store.query(include_str!("queries/survey_verified.sql"));
    match store.fetch_one(query.with_setting("max_execution_time", &seconds(within))).await {
        // A store without this book has never been verified.
        Err(StoreError::NoSchema { .. }) => Ok(0),
        answer => answer,
    }
}

fn seconds(time: Duration) -> String {
    time.as_secs().max(1).to_string()
}
