//! The way to a trial of other rules: whoever made the site hands in how a rule file is read and how cases are folded by it; one trial
//! at a time is begun, of no more cases than a page may ask for, and it is kept for a while.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use axum::http::StatusCode;
use tokio::sync::Semaphore;

use super::trials::{Trial, Trials, WhatifProgress};
use crate::{
    ask::unclear::{AskError, Unclear},
    domain::{policy::Policy, rules::Limits, time::Millis},
    report::whatif::{WhatifAsked, WhatifTold},
    store::{Store, ledger_stream},
};

/// What is to be tried.
#[derive(Clone, Debug)]
pub struct WhatifOrder {
    pub asked: WhatifAsked,
    pub limits: Arc<Limits>,
}

/// A fault of a rule file, as `policy check` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatifFault {
    pub place: String,
    pub what: String,
    pub remedy: String,
}

/// Why nothing was begun.
#[derive(Debug)]
pub(super) enum Refusal {
    Ask(AskError),
    File(Vec<WhatifFault>),
    TooMany {
        cases: u64,
        most: u64,
    },
    /// Another one is under way.
    Busy(Option<String>),
}

impl From<Unclear> for Refusal {
    fn from(unclear: Unclear) -> Self {
        Self::Ask(unclear.into())
    }
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Ask(AskError::Store(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Busy(_) => StatusCode::CONFLICT,
            Self::Ask(AskError::Unclear(_)) | Self::File(_) | Self::TooMany { .. } => StatusCode::BAD_REQUEST,
        }
    }
}

pub type WhatifFuture = Pin<Box<dyn Future<Output = Result<WhatifTold, String>> + Send>>;
type Read = Box<dyn Fn(&str) -> Result<Policy, Vec<WhatifFault>> + Send + Sync>;
type Run = Box<dyn Fn(WhatifOrder, Arc<WhatifProgress>) -> WhatifFuture + Send + Sync>;

pub struct WhatifDoor {
    /// By which cases are judged now.
    pub(super) limits: Arc<Limits>,
    pub(super) read: Read,
    run: Run,
    /// More cases are not folded for a page.
    cases_max: u64,
    trials: Trials,
    /// One at a time: it takes a core, and a database of its own.
    turn: Arc<Semaphore>,
}

impl std::fmt::Debug for WhatifDoor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WhatifDoor").field("cases_max", &self.cases_max).finish_non_exhaustive()
    }
}

impl WhatifDoor {
    pub fn new(
        limits: Arc<Limits>,
        cases_max: u64,
        read: impl Fn(&str) -> Result<Policy, Vec<WhatifFault>> + Send + Sync + 'static,
        run: impl Fn(WhatifOrder, Arc<WhatifProgress>) -> WhatifFuture + Send + Sync + 'static,
    ) -> Self {
        let (trials, turn) = (Trials::default(), Arc::new(Semaphore::new(1)));
        Self { limits, read: Box::new(read), run: Box::new(run), cases_max, trials, turn }
    }

    pub(super) async fn check_size(&self, store: &Store, order: &WhatifOrder) -> Result<(), Refusal> {
        let size = ledger_stream::size(store, &order.asked.selection()).await;
        let size = size.map_err(|error| Refusal::Ask(error.into()))?;
        if size.cases > self.cases_max {
            Err(Refusal::TooMany { cases: size.cases, most: self.cases_max })
        } else {
            Ok(())
        }
    }

    pub(super) fn begin(&self, order: WhatifOrder, what: String, now: Millis) -> Result<Arc<Trial>, Refusal> {
        let Ok(turn) = Arc::clone(&self.turn).try_acquire_owned() else {
            return Err(Refusal::Busy(self.trials.running()));
        };
        let trial = Arc::new(Trial::new(order.asked.clone(), what, now));
        self.trials.add(Arc::clone(&trial), now);
        let answer = (self.run)(order, Arc::clone(&trial.progress));
        let own = Arc::clone(&trial);
        tokio::spawn(async move {
            // A trial that panics is told as one, rather than being under way for ever.
            let broke = |error| Err(format!("the trial broke off, which is a fault of this program: {error}"));
            own.end(tokio::spawn(answer).await.unwrap_or_else(broke));
            drop(turn);
        });
        Ok(trial)
    }

    pub(super) fn trial(&self, id: &str, now: Millis) -> Option<Arc<Trial>> {
        self.trials.find(id, now)
    }

    pub(super) fn kept(&self, now: Millis) -> Vec<Arc<Trial>> {
        self.trials.kept(now)
    }

    /// Waits for the one that is under way, which has been told to stop, so that its database is dropped.
    pub async fn ended(&self) {
        const PATIENCE: Duration = Duration::from_secs(15);
        if tokio::time::timeout(PATIENCE, self.turn.acquire()).await.is_err() {
            tracing::warn!("a trial has not ended; its database is dropped by the next one after a day");
        }
    }
}
