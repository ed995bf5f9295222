//! One report at a time: it asks for more than a figure does, and readers must not take what the service needs.

use std::sync::Arc;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::trouble::ReportTrouble;
use crate::http::page::site::Site;

/// Who stops in time has this part of the patience more for dropping what it made for itself.
const GRACE: u32 = 10;

/// Until when somebody waits who asks now.
pub(super) fn deadline(site: &Site) -> Instant {
    Instant::now() + site.sources.patience
}

/// What may be dropped at any point.
pub(super) async fn in_turn<T>(
    site: &Site,
    work: impl Future<Output = Result<T, ReportTrouble>>,
) -> Result<T, ReportTrouble> {
    let work = async {
        let _turn = site.sources.making.acquire().await;
        work.await
    };
    timeout_at(deadline(site), work).await.unwrap_or_else(|_| Err(ReportTrouble::too_long()))
}

/// What has to come to its end, or to stop by itself, whether or not anybody still waits: it drops what it made for itself.
/// `work` is given when to stop.
pub(super) async fn by_itself<T, F>(
    site: &Arc<Site>,
    work: impl FnOnce(Arc<Site>, Instant) -> F + Send + 'static,
) -> Result<T, ReportTrouble>
where
    T: Send + 'static,
    F: Future<Output = Result<T, ReportTrouble>> + Send,
{
    let (deadline, own) = (deadline(site), Arc::clone(site));
    let task = tokio::spawn(async move {
        let turn = timeout_at(deadline, own.sources.making.acquire()).await;
        if turn.is_err() {
            return Err(ReportTrouble::too_long());
        }
        work(Arc::clone(&own), deadline).await
    });
    match timeout_at(deadline + site.sources.patience / GRACE, task).await {
        Ok(Ok(done)) => done,
        Ok(Err(broken)) => Err(ReportTrouble::broken(&broken)),
        Err(_) => Err(ReportTrouble::going_on()),
    }
}

pub(super) async fn until(deadline: Instant) {
    sleep_until(deadline).await;
}
