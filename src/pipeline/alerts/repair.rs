//! At the start: what is on the topic and not in the table.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use super::{AlertParts, ReignError, TOGETHER};
use crate::{
    domain::alert::{Alert, AlertPlace, SentAlert},
    feed::alerts::read_back,
    store::alerts,
};

/// The last transaction may have been written in part only, where ClickHouse asked for it in pieces: it is read again as a whole.
const AGAIN: i64 = 2 * TOGETHER as i64;

/// After it the table has every alert that was ever sent, as far as the topic reaches.
pub(super) async fn repair(parts: &AlertParts) -> Result<(), ReignError> {
    let positions = alerts::positions(&parts.store, &parts.topic).await?;
    let from: BTreeMap<i32, i64> =
        positions.into_iter().map(|(partition, next)| (partition, (next - AGAIN).max(0))).collect();
    let (into, mut stretches) = mpsc::channel(1);
    let (connection, topic) = (parts.connection.clone(), parts.topic.clone());
    let reading = tokio::task::spawn_blocking(move || {
        read_back(&connection, &topic, &from, |stretch| into.blocking_send(stretch).is_ok())
    });
    let mut written = 0;
    while let Some(stretch) = stretches.recv().await {
        written += write_missing(parts, stretch).await?;
    }
    reading.await??;
    if written > 0 {
        tracing::info!(written, "alerts that were sent and not written down were read back from the topic");
    }
    Ok(())
}

async fn write_missing(parts: &AlertParts, stretch: Vec<(SentAlert, AlertPlace)>) -> Result<usize, ReignError> {
    let mut written = 0;
    for some in stretch.chunks(TOGETHER) {
        let all: Vec<&Alert> = some.iter().map(|(sent, _)| &sent.alert).collect();
        let known = alerts::known(&parts.store, &all).await?;
        let missing: Vec<(SentAlert, AlertPlace)> =
            some.iter().filter(|(sent, _)| !known.contains(&sent.alert.id)).cloned().collect();
        if !missing.is_empty() {
            alerts::insert(&parts.store, &parts.topic, &missing).await?;
            written += missing.len();
        }
    }
    Ok(written)
}
