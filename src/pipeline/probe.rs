//! Asks ClickHouse whether it is there, also while nothing arrives: otherwise the first to notice would be a message.

use std::{convert::Infallible, time::Duration};

use super::retry::Retry;
use crate::store::Store;

/// With the time that a ping has, ten seconds until it is known. One of these costs ClickHouse a millisecond.
const EVERY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Probe {
    pub store: Store,
    pub retry: Retry,
}

impl Probe {
    /// Asks for as long as it is let.
    pub async fn keep(self) -> Infallible {
        loop {
            tokio::time::sleep(EVERY).await;
            match self.store.ping().await {
                Ok(()) => self.retry.answered(),
                Err(error) => self.retry.note("probe", 0, &error),
            }
        }
    }
}
