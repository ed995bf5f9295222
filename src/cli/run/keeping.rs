//! Keeps a pipeline going: one that breaks off by a fault of this program costs a new beginning, not the service.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, timeout};

use super::{
    RunArgs,
    parts::{parts, writer},
    waiting::stopped_early,
};
use crate::{
    cli::{Exit, setup::Setup},
    feed::observer::Observer,
    health::{Health, HealthCheck},
    metrics,
    pipeline::{self, Latest, RunError, progress::ProgressCounts, renewal::Renewal, retry::Retry},
    shutdown::{Shutdown, Unfinished},
};

/// How one pipeline ended: by itself, or before everything was written.
type Ended = Result<Result<(), RunError>, Unfinished>;

/// Until a pipeline ends in order, by an error that a new beginning would not mend, or because it was asked to stop.
pub async fn keep(
    args: &RunArgs,
    setup: &Setup,
    seen: (Arc<Observer>, Latest),
    health: &Health,
    shutdown: &Shutdown,
) -> anyhow::Result<Exit> {
    let store = setup.store()?;
    let retry = Retry { health: health.clone(), ..setup.retry() };
    let stop = shutdown.token();
    let mut renewal = Renewal::new(retry.clone());
    loop {
        let mut writer = writer(setup, store.clone(), retry.clone());
        tokio::select! {
            begun = writer.begin() => begun?,
            () = stop.cancelled() => return Ok(stopped_early(health)),
        }
        let parts = parts(args, setup, seen.clone(), health, writer)?;
        let (progress, patience, started) = (Arc::clone(&parts.writer.progress), parts.drain_timeout, Instant::now());
        let ended = shutdown.bounded(pipeline::run(parts, stop.clone()), patience).await;
        match broken(&ended, shutdown.is_requested()) {
            Some(broken) => {
                let pause = renewal.pause(Instant::now());
                health.set(HealthCheck::Assignment, Err(&broken.to_string()));
                metrics::restarted(1);
                tracing::error!(%broken, pause_ms = pause.as_millis(), "the pipeline broke off, starting it anew");
                let _ = timeout(pause, stop.cancelled()).await;
            }
            None => return last_words(ended, progress.counts(), started.elapsed()),
        }
    }
}

/// Does a new beginning help? Nothing is lost by it: what is not committed is taken again.
fn broken(ended: &Ended, is_stopping: bool) -> Option<&RunError> {
    match ended {
        Ok(Err(broken @ RunError::Broken(..))) if !is_stopping => Some(broken),
        _ => None,
    }
}

fn last_words(ended: Ended, counts: ProgressCounts, took: Duration) -> anyhow::Result<Exit> {
    let messages = counts.written;
    match ended {
        Ok(ended) => {
            ended?;
            tracing::info!(messages, seconds = took.as_secs_f64(), "everything taken is written and committed");
            Ok(Exit::Ok)
        }
        Err(why) => {
            let left = counts.in_hand();
            tracing::error!(
                %why,
                messages,
                left,
                "stopped before everything was written and committed: what is left is taken again by the next run"
            );
            Ok(Exit::Unreachable)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{ReceiveError, progress::Progress};

    async fn broken_off() -> RunError {
        let task = tokio::spawn(async { panic!("a fault of this program") });
        RunError::Broken("the writer", task.await.unwrap_err())
    }

    #[tokio::test]
    async fn only_a_fault_of_ours_is_worth_a_new_beginning_and_not_while_stopping() {
        let unreadable = || RunError::Receive(ReceiveError::Unreadable("t/0/3".to_owned()));
        assert!(broken(&Ok(Err(broken_off().await)), false).is_some());
        assert!(broken(&Ok(Err(broken_off().await)), true).is_none());
        assert!(broken(&Ok(Err(unreadable())), false).is_none());
        assert!(broken(&Ok(Ok(())), false).is_none());
        assert!(broken(&Err(Unfinished::OutOfTime), false).is_none());
        let ended = last_words(Ok(Err(broken_off().await)), Progress::default().counts(), Duration::ZERO);
        assert!(ended.is_err(), "that a stop came in between makes no success of it");
    }
}
