//! What every page needs.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use smol_str::SmolStr;
use tokio::sync::Semaphore;

use crate::{
    ask::{GroupNames, unclear::AskError},
    domain::{rules::Rules, stream::Stream, time::Millis},
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
    /// How long a working day is.
    pub workday_ms: i64,
    /// Names of codes, by the dimension.
    pub names: Box<dyn Fn(Dimension) -> BTreeMap<String, String> + Send + Sync>,
    pub now: fn() -> Millis,
    /// Questions that are asked at once; the others wait, so that readers never take what the service needs.
    pub turns: Semaphore,
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site").field("store", &self.store).field("town", &self.town).finish_non_exhaustive()
    }
}

impl Site {
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
