//! One look a second for everybody: whoever reads takes the last one, and only while somebody reads is the service or ClickHouse asked.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, Semaphore, watch},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    QuarantineHands,
    seen::{Held, RunningSeen},
};
use crate::{
    http::{ServiceAt, page::site::Site},
    store::running::{self, StoreStanding},
};

/// The service is asked this often.
const EVERY: Duration = Duration::from_secs(1);
/// ClickHouse is asked this often, and rests twenty times as long as its answer took.
const STORE_EVERY: Duration = Duration::from_secs(3);
const STORE_REST: u32 = 20;
const STORE_WITHIN: Duration = Duration::from_secs(3);
/// After the last look of anybody we stop looking.
const WATCHED: Duration = Duration::from_secs(10);
/// A look that is as old is as good as a new one.
const FRESH: Duration = Duration::from_secs(2);

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

    /// A look of just now, or what there is when none comes within that time.
    pub(in crate::http::page) async fn fresh(site: &Arc<Site>, patience: Duration) -> Option<Arc<RunningSeen>> {
        let running = &site.running;
        let mut changes = running.watch(site);
        let is_fresh = running.seen.borrow().as_ref().is_some_and(|(at, _)| at.elapsed() < FRESH);
        if !is_fresh {
            let _ = timeout(patience, changes.changed()).await;
        }
        running.last()
    }

    /// Somebody looks: what is seen from now on comes by this.
    pub(super) fn watch(&self, site: &Arc<Site>) -> watch::Receiver<Option<(Instant, Arc<RunningSeen>)>> {
        *self.last_look.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.looked.notify_one();
        if !self.is_kept.swap(true, Ordering::Relaxed) {
            tokio::spawn(keep(Arc::clone(site)));
        }
        self.seen.subscribe()
    }

    /// Those who are kept up to date hold a receiver.
    fn is_watched(&self) -> bool {
        let last = *self.last_look.lock().unwrap_or_else(PoisonError::into_inner);
        self.seen.receiver_count() > 0 || last.is_some_and(|at| at.elapsed() < WATCHED)
    }
}

async fn keep(site: Arc<Site>) {
    let running = &site.running;
    let stop = running.given.stop.clone();
    let looking = async {
        let mut store_next = Instant::now();
        loop {
            if !running.is_watched() {
                running.looked.notified().await;
            }
            let began = Instant::now();
            let before = running.last();
            let (service, store) = before
                .map_or_else(|| (Held::nothing(), Held::nothing()), |seen| (seen.service.clone(), seen.store.clone()));
            let asks_store = began >= store_next;
            let (status, standing) = tokio::join!(running.given.service.ask(), async {
                if asks_store { Some(standing(&site).await) } else { None }
            });
            if asks_store {
                store_next = Instant::now() + STORE_EVERY.max(began.elapsed() * STORE_REST);
            }
            let now = (site.now)();
            let service = service.then(status, now);
            let store = standing.map_or(store.clone(), |answer| store.then(answer, now));
            running.seen.send_replace(Some((Instant::now(), Arc::new(RunningSeen::new(now, service, store)))));
            tokio::time::sleep_until(began + EVERY).await;
        }
    };
    let _: Option<()> = stop.run_until_cancelled(looking).await;
}

async fn standing(site: &Site) -> Result<StoreStanding, String> {
    match timeout(STORE_WITHIN, running::standing(&site.store)).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err(format!("ClickHouse: no answer within {} s", STORE_WITHIN.as_secs())),
    }
}
