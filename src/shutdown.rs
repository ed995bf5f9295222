//! Stopping: the first SIGTERM or SIGINT asks for an orderly end, the second for an end at once.
//!
//! It only says what was asked for; what to finish, and in which order, is the pipeline's.

use std::{future::Future, io, pin::pin, time::Duration};

use tokio::{
    signal::unix::{SignalKind, signal},
    time,
};
use tokio_util::sync::CancellationToken;

/// Clones share one state.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    orderly: CancellationToken,
    immediate: CancellationToken,
}

/// Why work was not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfinished {
    #[error("the time to end was over")]
    OutOfTime,
    #[error("a second signal asked for an end at once")]
    Forced,
}

impl Shutdown {
    /// Listens from now on. Needs a runtime, because it starts a task that listens until the end.
    pub fn on_signals() -> io::Result<Self> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let shutdown = Self::default();
        let noted = shutdown.clone();
        tokio::spawn(async move {
            loop {
                let name = tokio::select! {
                    _ = terminate.recv() => "SIGTERM",
                    _ = interrupt.recv() => "SIGINT",
                };
                let again = noted.request();
                tracing::info!(signal = name, again, "asked to stop");
            }
        });
        Ok(shutdown)
    }

    /// Asks for an end as a signal does; true when it had been asked for before.
    pub fn request(&self) -> bool {
        let again = self.orderly.is_cancelled();
        if again {
            self.immediate.cancel();
        }
        self.orderly.cancel();
        again
    }

    /// For those who only need to know when to begin to stop.
    pub fn token(&self) -> CancellationToken {
        self.orderly.clone()
    }

    pub fn is_requested(&self) -> bool {
        self.orderly.is_cancelled()
    }

    pub async fn requested(&self) {
        self.orderly.cancelled().await;
    }

    /// Lets work go on for as long as it takes, but after the wish to stop only for so long, and not at all after a
    /// second signal.
    pub async fn bounded<T>(&self, work: impl Future<Output = T>, patience: Duration) -> Result<T, Unfinished> {
        let mut work = pin!(work);
        tokio::select! {
            biased;
            done = &mut work => return Ok(done),
            () = self.requested() => {}
        }
        tokio::select! {
            biased;
            done = time::timeout(patience, work) => done.map_err(|_| Unfinished::OutOfTime),
            () = self.immediate.cancelled() => Err(Unfinished::Forced),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_signal_asks_for_an_orderly_end_and_a_second_ends_the_last_work() {
        let shutdown = Shutdown::on_signals().unwrap();
        assert!(!shutdown.is_requested());
        send_sigterm().await;
        time::timeout(LONG, shutdown.requested()).await.unwrap();
        assert_eq!(shutdown.bounded(async { 7 }, LONG).await, Ok(7));
        send_sigterm().await;
        assert_eq!(shutdown.bounded(pending::<()>(), LONG).await, Err(Unfinished::Forced));
    }

    #[tokio::test]
    async fn patience_begins_with_the_wish_to_stop_and_has_an_end() {
        let shutdown = Shutdown::default();
        let brief = Duration::from_millis(5);
        let slow = async { time::sleep(brief * 4).await };
        assert_eq!(shutdown.bounded(slow, brief).await, Ok(()));
        shutdown.request();
        assert_eq!(shutdown.bounded(pending::<()>(), brief).await, Err(Unfinished::OutOfTime));
    }

    async fn send_sigterm() {
        let pid = std::process::id().to_string();
        let status = tokio::process::Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(status.unwrap().success());
    }
}
