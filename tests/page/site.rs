//! A site in this process: without a service, a quarantine or people, on a store of the test's own. A test says what is other.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tongguan::{
    config::{calendar, policy},
    domain::{rules::Limits, time::Millis},
    http::{
        ServiceAt,
        auth::{Auth, AuthPlan},
        page::{Overviews, PageSources, QuarantineHands, ReaderLimits, ReplayOutcome, Running, RunningGiven, Site},
    },
    report::{notice::NoticeBasis, quarantine::EntryPreviews},
    store::{
        Store,
        quarantine::{Entry, QuarantineSelection},
    },
};

struct NoHands;

impl QuarantineHands for NoHands {
    fn previews(&self, _: &Entry) -> Result<EntryPreviews, String> {
        Err("none".to_owned())
    }

    fn replay(&self, _: QuarantineSelection, _: String) -> BoxFuture<'static, Result<ReplayOutcome, String>> {
        Box::pin(async { Err("none".to_owned()) })
    }
}

pub fn site(store: Store) -> Site {
    Site {
        store,
        auth: Auth::new(AuthPlan::nobody(|| Millis(0))).unwrap(),
        zone: "Asia/Shanghai".to_owned(),
        town: "town".to_owned(),
        streams: Vec::new(),
        rules: HashMap::new(),
        overviews: Overviews::kept_for(Duration::from_secs(10)),
        map: None,
        names: Box::new(|_| BTreeMap::new()),
        now: || Millis(0),
        turns: Semaphore::new(2),
        running: Running::new(RunningGiven {
            service: ServiceAt::Nowhere,
            live_max: 1,
            stale_after_ms: 3_600_000,
            reasons: Vec::new(),
            hands: Box::new(NoHands),
            stop: CancellationToken::new(),
        }),
        what_if: None,
        uploads: None,
        sources: PageSources {
            notice: NoticeBasis::default(),
            streams: Vec::new(),
            examples: Vec::new(),
            limits: Arc::new(Limits::new(policy::load(None).unwrap(), calendar::load(None).unwrap())),
            making: Semaphore::new(1),
            patience: Duration::from_secs(30),
        },
        limits: ReaderLimits::default(),
    }
}
