//! 提醒: finds what is to be told and tells it once (docs/alerts.md, decision 0019).
//!
//! ```text
//! open (fence) ─ read back ─┬─ pass: ask ─ reckon ─ look up ─ send ─ write down ─┐
//!        ▲                  └────────────────────────────────────────────────────┘
//!        └── any doubt, or standing by until the other one says nothing any more
//! ```

mod pass;
mod reign;
mod remembered;
mod repair;
mod standby;

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;

use self::{reign::Reign, standby::wait_for_silence};
use super::{clock, retry::Retry};
use crate::{
    domain::{
        alert::{AlertKind, QuietHours},
        policy::StageName,
        rules::Limits,
        time::Millis,
    },
    feed::{
        alerts::{AlertReadError, AlertSendError},
        connection::Connection,
    },
    health::HealthCheck,
    metrics,
    store::{Store, StoreError},
};

/// Alerts in one transaction, and in one look-up.
const TOGETHER: usize = 500;

/// What the sender of alerts is made of.
#[derive(Clone, Debug)]
pub struct AlertParts {
    pub store: Store,
    pub retry: Retry,
    pub connection: Connection,
    pub topic: String,
    /// Kafka's `transactional.id`: of all that carry it one sends.
    pub name: String,
    /// Of the CloudEvents.
    pub source: String,
    pub zone: TimeZone,
    pub limits: Arc<Limits>,
    pub kinds: Vec<AlertKind>,
    pub of_case: bool,
    pub stages: Vec<StageName>,
    pub quiet: QuietHours,
    pub interval: Duration,
    pub late_after_ms: i64,
    pub old_after_ms: i64,
    pub take_over_after: Duration,
    /// Added to the clock: for trying what a later day would say.
    pub shift_ms: i64,
}

impl AlertParts {
    fn now(&self) -> Millis {
        clock::now().plus(self.shift_ms)
    }
}

/// Why a reign ended.
#[derive(Debug, thiserror::Error)]
enum ReignError {
    #[error(transparent)]
    Send(#[from] AlertSendError),
    #[error(transparent)]
    Read(#[from] AlertReadError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a task of the alerts ended: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// Sends until it is asked to stop, or, with `once`, until one pass is done.
pub async fn keep_alerting(parts: AlertParts, once: bool, stop: CancellationToken) {
    let _ = stop.run_until_cancelled(go_on(parts, once)).await;
    metrics::alerts_sending(false);
}

async fn go_on(parts: AlertParts, once: bool) {
    let mut attempt = 0;
    loop {
        let mut passes = 0;
        let ended = reign(&parts, once, &mut passes).await;
        metrics::alerts_sending(false);
        if passes > 0 {
            attempt = 0;
        }
        match ended {
            Ok(()) => return,
            Err(ReignError::Send(AlertSendError::Fenced)) => {
                parts.retry.health.set(HealthCheck::Assignment, Ok("another instance sends the alerts; standing by"));
                tracing::info!("another instance sends now; standing by");
                wait_for_silence(&parts).await;
                tracing::info!("the other instance says nothing any more; taking over");
            }
            Err(error) => {
                tell(&parts, &error, attempt);
                tokio::time::sleep(parts.retry.backoff(attempt)).await;
                attempt = attempt.saturating_add(1);
            }
        }
    }
}

fn tell(parts: &AlertParts, error: &ReignError, attempt: u32) {
    match error {
        ReignError::Store(error) => parts.retry.note("alerts", attempt, error),
        _ => {
            let told = error.to_string();
            parts.retry.health.set(HealthCheck::Kafka, Err(&told));
            tracing::warn!(error = told, attempt, "alerts wait; nothing is lost");
        }
    }
}

/// From taking over until somebody else does, or until something is in doubt.
async fn reign(parts: &AlertParts, once: bool, passes: &mut u64) -> Result<(), ReignError> {
    let mut reign = Reign::begin(parts).await?;
    loop {
        reign.pass().await?;
        *passes += 1;
        if once {
            return Ok(());
        }
        tokio::time::sleep(parts.interval).await;
    }
}
