//! At the start: what is on the topic and not in the table.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use super::{AlertParts, ReignError};
use crate::{feed::alerts::read_back, store::alerts};

/// After it the table has every alert that was ever sent, as far as the topic reaches.
pub(super) async fn repair(parts: &AlertParts) -> Result<(), ReignError> {
    let from: BTreeMap<i32, i64> = alerts::positions(&parts.store, &parts.topic).await?;
    let (into, mut stretches) = mpsc::channel(1);
    let (connection, topic) = (parts.connection.clone(), parts.topic.clone());
    let reading = tokio::task::spawn_blocking(move || {
        read_back(&connection, &topic, &from, |stretch| into.blocking_send(stretch).is_ok())
    });
    let mut written = 0;
    while let Some(stretch) = stretches.recv().await {
        alerts::insert(&parts.store, &parts.topic, &stretch).await?;
        written += stretch.len();
    }
    reading.await??;
    if written > 0 {
        tracing::info!(written, "alerts that were sent and not written down were read back from the topic");
    }
    Ok(())
}
