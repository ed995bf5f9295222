//! What every page needs.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use smol_str::SmolStr;
use tokio::sync::Semaphore;

use super::{Overviews, UploadDesk, WallMap, WhatifDoor, running::Running, sources::PageSources};
use crate::{
    ask::{GroupNames, unclear::AskError},
    domain::{
        calendar::civil::{Day, Wall},
        rules::Rules,
        stream::Stream,
        time::Millis,
    },
    http::auth::Auth,
    store::{
        Store,
        kpi::{Dimension, Question},
    },
};

/// Made from the configuration by the caller.
pub struct Site {
    pub store: Store,
    /// Who may ask for what.
    pub auth: Auth,
    /// Of dates where the address names none.
    pub zone: String,
    /// What the head of every page says.
    pub town: String,
    pub streams: Vec<Arc<Stream>>,
    /// By what the cases of each are folded.
    pub rules: HashMap<SmolStr, Rules>,
    pub overviews: Overviews,
    /// Of the town, on the wall.
    pub map: Option<WallMap>,
    /// Names of codes, by the dimension.
    pub names: Box<dyn Fn(Dimension) -> BTreeMap<String, String> + Send + Sync>,
    pub now: fn() -> Millis,
    /// Questions that are asked at once; the others wait, so that readers never take what the service needs.
    pub turns: Semaphore,
    /// What is seen of the service.
    pub running: Running,
    /// None: nothing is tried here.
    pub what_if: Option<WhatifDoor>,
    /// None: no files are taken here.
    pub uploads: Option<Arc<UploadDesk>>,
    /// What reports and words are made of besides the data.
    pub sources: PageSources,
    pub limits: ReaderLimits,
}

/// What a reader may ask for.
#[derive(Debug)]
pub struct ReaderLimits {
    /// Cases of a list that is taken whole.
    pub export_rows_max: u64,
    /// Requests of programs that wait for their turn; more are sent away.
    pub waiting_max: usize,
    /// What takes longer to make is given up, or ends with a line that says so.
    pub answer_within: Duration,
    /// Lists that are taken whole at once; each holds some megabytes.
    pub exports: Arc<Semaphore>,
}

/// Lists taken whole at once.
const EXPORTS_MAX: usize = 4;

impl Default for ReaderLimits {
    fn default() -> Self {
        Self {
            export_rows_max: 1_000_000,
            waiting_max: 64,
            answer_within: Duration::from_secs(50),
            exports: Arc::new(Semaphore::new(EXPORTS_MAX)),
        }
    }
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site").field("store", &self.store).field("town", &self.town).finish_non_exhaustive()
    }
}

impl Site {
    /// What an address that names no as-of is about: now, to ten seconds, so that many who look ask the same question.
    pub(super) fn as_of(&self) -> Millis {
        const STEP: i64 = 10_000;
        Millis((self.now)().0.div_euclid(STEP) * STEP)
    }

    /// How long a working day is.
    pub(in crate::http) fn workday_ms(&self) -> i64 {
        self.sources.limits.workday_ms()
    }

    /// The first instant after the next working day.
    pub(super) fn next_workday_ends(&self, at: Millis) -> Millis {
        let calendar = &self.sources.limits.calendar;
        let today = Wall::at(at, &calendar.zone).day;
        let next = Day::of(calendar.nth_workday(today.date(), 1));
        Wall { day: next.plus(1), clock: 0 }.instant(&calendar.zone)
    }

    /// The codes of the groups as people call them.
    pub(super) async fn group_names(&self, question: &Question) -> Result<GroupNames, AskError> {
        Ok(GroupNames::read(&question.group_by, &self.store, &self.names).await?)
    }
}

/// How long the questions of a page took.
#[derive(Debug)]
pub(super) struct Took(tokio::time::Instant);

impl Took {
    pub(super) fn begin() -> Self {
        Self(tokio::time::Instant::now())
    }

    pub(super) fn ms(&self) -> u128 {
        self.0.elapsed().as_millis()
    }
}
