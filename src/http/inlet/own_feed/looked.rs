//! A look at Kafka on behalf of a feeder: one at a time for each, a few in all, on a thread that may wait.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{AGAIN, InletSite, question::Asker};
use crate::{
    domain::stream::Stream,
    feed::{own_feed::FeedLook, topics::TopicError},
    http::inlet::{refusal::Refusal, who::Feeder},
};

/// A feeder who looks; until it is dropped he looks at nothing else.
pub(super) struct Looked {
    site: Arc<InletSite>,
    feeder: Feeder,
    stream: Arc<Stream>,
    _room: OwnedSemaphorePermit,
}

/// Longer than any look takes, by the time that it is given.
const GIVEN_UP: Duration = Duration::from_secs(20);

/// Set when it is dropped: whoever asked has gone away, or was answered.
struct Unawaited(Arc<AtomicBool>);

impl Drop for Unawaited {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Looked {
    pub(super) fn begin(site: &Arc<InletSite>, asker: &Asker, room: &Arc<Semaphore>) -> Result<Self, Refusal> {
        let Asker { feeder, stream } = asker;
        let desk = &site.own_feed;
        if !site.is_ready.load(Ordering::Relaxed) {
            return Err(Refusal::Away);
        }
        if !desk.looking().insert(feeder.id().to_owned()) {
            return Err(Refusal::Looking(AGAIN));
        }
        let Ok(room) = Arc::clone(room).try_acquire_owned() else {
            desk.looking().remove(feeder.id());
            return Err(Refusal::Busy);
        };
        Ok(Self { site: Arc::clone(site), feeder: feeder.clone(), stream: Arc::clone(stream), _room: room })
    }

    pub(super) async fn look<T: Send + 'static>(
        self,
        work: impl FnOnce(&FeedLook<'_>, &Feeder, &dyn Fn() -> bool) -> Result<T, TopicError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let unawaited = Unawaited(Arc::default());
        let is_unawaited = Arc::clone(&unawaited.0);
        let looking = tokio::task::spawn_blocking(move || {
            let plan = &self.site.own_feed.plan;
            let look = FeedLook {
                connection: &plan.connection,
                stream: &self.stream,
                limits: plan.limits,
                key: &plan.key,
                changes: &plan.changes,
                zone: &self.site.zone,
                now: self.site.now,
            };
            work(&look, &self.feeder, &|| !is_unawaited.load(Ordering::Relaxed))
        });
        match tokio::time::timeout(GIVEN_UP, looking).await {
            Ok(Ok(Ok(found))) => Ok(found),
            Ok(Ok(Err(error))) => {
                tracing::warn!(%error, "a feeder could not be told what became of his events");
                Err(Refusal::Away)
            }
            // Kafka answers or says that it cannot; what takes so long is the work.
            Ok(Err(_)) | Err(_) => Err(Refusal::Busy),
        }
    }
}

impl Drop for Looked {
    fn drop(&mut self) {
        self.site.own_feed.looking().remove(self.feeder.id());
    }
}
