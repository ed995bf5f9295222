//! One look a second for everybody: whoever reads takes the last one, and only while somebody reads is the service or ClickHouse asked.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use super::Running;
use crate::{
    http::page::{
        running::seen::{Held, RunningSeen},
        site::Site,
    },
    store::running::{self, StoreStanding},
};

/// The service is asked this often.
const EVERY: Duration = Duration::from_secs(1);
/// ClickHouse is asked this often, and rests twenty times as long as its answer took.
const STORE_EVERY: Duration = Duration::from_secs(3);
const STORE_REST: u32 = 20;
const STORE_WITHIN: Duration = Duration::from_secs(3);
/// A look that is as old is as good as a new one.
const FRESH: Duration = Duration::from_secs(2);

impl Running {
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
    pub(in crate::http::page::running) fn watch(
        &self,
        site: &Arc<Site>,
    ) -> watch::Receiver<Option<(Instant, Arc<RunningSeen>)>> {
        *self.last_look.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.looked.notify_one();
        if !self.is_kept.swap(true, Ordering::Relaxed) {
            tokio::spawn(keep(Arc::clone(site)));
        }
        self.seen.subscribe()
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
