//! What ClickHouse keeps from being done, seen over everybody who tries at the same time: it is back when nobody waits any
//! more, and a probe that is answered does not say that a table is there again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::{
    health::{Health, HealthCheck},
    metrics,
    said::Said,
    store::StoreError,
};

/// Shared; clones see the same.
#[derive(Debug, Clone, Default)]
pub struct Trouble(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Acts that were refused and will be tried again.
    waiting: usize,
    said: Said,
    /// The log says that something is wrong, and nothing since.
    is_open: bool,
}

/// An act that waits, until it is dropped.
#[derive(Debug)]
pub struct WaitingAct(Trouble);

impl Trouble {
    /// Somebody was refused, and waits as long as what this gives lives.
    pub fn waits(&self) -> WaitingAct {
        self.state().waiting += 1;
        WaitingAct(self.clone())
    }

    pub fn note(&self, health: &Health, what: &str, attempt: u32, error: &StoreError) {
        metrics::clickhouse_up(false);
        health.set(HealthCheck::ClickHouse, Err(&error.to_string()));
        if let Some(times) = self.seen("", error) {
            self.state().is_open = true;
            tracing::warn!(what, attempt, times, %error, "clickhouse cannot take it, waiting; nothing is lost");
        }
    }

    /// Something was asked that can be asked later as well.
    pub fn put_off(&self, health: &Health, what: &str, error: &StoreError) {
        if matches!(error, StoreError::Unreachable { .. }) {
            self.note(health, what, 0, error);
        } else if let Some(times) = self.seen(what, error) {
            tracing::warn!(what, times, %error, "put off");
        }
    }

    /// How often it was seen since it was last said, if it is to be said again.
    fn seen(&self, what: &str, error: &StoreError) -> Option<u64> {
        let label = error.label();
        metrics::clickhouse_error(&label);
        self.state().said.seen(&format!("{what} {label}"), Instant::now())
    }

    /// Somebody had an answer.
    pub fn answered(&self, health: &Health) {
        let mut state = self.state();
        if state.waiting > 0 {
            return;
        }
        health.set(HealthCheck::ClickHouse, Ok("answers"));
        metrics::clickhouse_up(true);
        metrics::paused(false);
        if std::mem::take(&mut state.is_open) {
            tracing::info!("clickhouse is back");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for WaitingAct {
    fn drop(&mut self) {
        self.0.state().waiting -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_back_when_nobody_waits_any_more() {
        let (trouble, health) = (Trouble::default(), Health::default());
        let error = StoreError::Busy { code: 252, detail: "too many parts".to_owned() };
        let (one, other) = (trouble.waits(), trouble.waits());
        trouble.note(&health, "ledger", 0, &error);
        for left in [one, other] {
            trouble.answered(&health);
            assert!(health.trouble(HealthCheck::ClickHouse).is_some(), "somebody waits");
            drop(left);
        }
        trouble.answered(&health);
        assert_eq!(health.trouble(HealthCheck::ClickHouse), None);
    }
}
