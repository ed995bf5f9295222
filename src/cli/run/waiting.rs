//! Before anything is taken, the servers are waited for: as long as it takes.

use std::time::Duration;

use crate::{
    cli::{Exit, setup::Setup},
    feed::topics::TopicError,
    health::{Health, HealthCheck},
    pipeline::retry::Retry,
    store::{Store, migrate},
};

/// A stop before anything was taken is in order, unless it was a server that kept us from it.
pub fn stopped_early(health: &Health) -> Exit {
    let trouble = [HealthCheck::ClickHouse, HealthCheck::Kafka].into_iter().find_map(|check| health.trouble(check));
    match trouble {
        Some(reason) => {
            tracing::error!(reason, "stopped while waiting: nothing was taken, and what waits on the topics is left");
            Exit::Unreachable
        }
        None => Exit::Ok,
    }
}

/// Waits for ClickHouse as long as it takes; a schema that is missing or wrong is for a person to mend.
pub(in crate::cli) async fn await_schema(store: &Store, retry: &Retry, health: &Health) -> anyhow::Result<()> {
    let checked = retry.until_done("schema", || async {
        match migrate::check(store).await {
            Err(error) if error.passes() => Err(error),
            outcome => Ok(outcome),
        }
    });
    match checked.await {
        Ok(()) => {
            health.set(HealthCheck::Schema, Ok("as this program writes it"));
            Ok(())
        }
        Err(error) => {
            health.set(HealthCheck::Schema, Err(&error.to_string()));
            Err(error.into())
        }
    }
}

/// Waits for Kafka as long as it takes; anything else about the topics is for a person to mend.
pub async fn await_topics(setup: &Setup, health: &Health) -> anyhow::Result<()> {
    loop {
        let Err(error) = setup.ensure_topics().await else { return Ok(()) };
        if !matches!(error.downcast_ref(), Some(TopicError::Unreachable { .. })) {
            return Err(error);
        }
        let reason = format!("{error:#}");
        health.set(HealthCheck::Kafka, Err(&reason));
        tracing::warn!(reason, "kafka does not answer, waiting");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
