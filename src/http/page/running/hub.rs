//! What was last seen, for everybody, and who looks.

mod look;

use std::{
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
    time::Duration,
};

use tokio::{
    sync::{Notify, Semaphore, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{QuarantineHands, seen::RunningSeen};
use crate::http::ServiceAt;

/// After the last look of anybody we stop looking.
const WATCHED: Duration = Duration::from_secs(10);

/// What the caller knows of the service that the page tells of.
pub struct RunningGiven {
    pub service: ServiceAt,
    pub live_max: usize,
    pub stale_after_ms: i64,
    /// Why messages are set aside, by name.
    pub reasons: Vec<&'static str>,
    pub hands: Box<dyn QuarantineHands>,
    /// What lasts ends with it.
    pub stop: CancellationToken,
}

impl std::fmt::Debug for RunningGiven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningGiven").field("service", &self.service).finish_non_exhaustive()
    }
}

/// One for each page that is served.
pub struct Running {
    pub(in crate::http) given: RunningGiven,
    pub(super) live: Arc<Semaphore>,
    seen: watch::Sender<Option<(Instant, Arc<RunningSeen>)>>,
    looked: Notify,
    last_look: Mutex<Option<Instant>>,
    is_kept: AtomicBool,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("given", &self.given).finish_non_exhaustive()
    }
}

impl Running {
    pub fn new(given: RunningGiven) -> Self {
        Self {
            live: Arc::new(Semaphore::new(given.live_max)),
            given,
            seen: watch::Sender::new(None),
            looked: Notify::new(),
            last_look: Mutex::new(None),
            is_kept: AtomicBool::new(false),
        }
    }

    /// What lasts ends with it.
    pub(in crate::http::page) fn stop(&self) -> CancellationToken {
        self.given.stop.clone()
    }

    /// The last look, however old.
    pub(in crate::http::page) fn last(&self) -> Option<Arc<RunningSeen>> {
        self.seen.borrow().as_ref().map(|(_, seen)| Arc::clone(seen))
    }

    /// Those who are kept up to date hold a receiver.
    fn is_watched(&self) -> bool {
        let last = *self.last_look.lock().unwrap_or_else(PoisonError::into_inner);
        self.seen.receiver_count() > 0 || last.is_some_and(|at| at.elapsed() < WATCHED)
    }
}
