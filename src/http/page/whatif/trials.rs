//! What has been tried: kept in memory for an hour, a few at most.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use serde_json::{Value, json};

use crate::{
    domain::time::Millis,
    report::whatif::{WhatifAsked, WhatifTold, cases_json, figures_json},
};

const KEPT_MS: i64 = 3_600_000;
const KEPT_MAX: usize = 8;

/// How far it is.
#[derive(Debug, Default)]
pub struct WhatifProgress {
    cases: AtomicU64,
    events: AtomicU64,
}

impl WhatifProgress {
    pub fn reached(&self, cases: u64, events: u64) {
        self.cases.store(cases, Relaxed);
        self.events.store(events, Relaxed);
    }

    pub fn cases(&self) -> u64 {
        self.cases.load(Relaxed)
    }

    pub fn events(&self) -> u64 {
        self.events.load(Relaxed)
    }
}

#[derive(Debug)]
pub(super) struct Trial {
    /// Of its address.
    pub(super) id: String,
    pub(super) begun_at: Millis,
    pub(super) asked: WhatifAsked,
    /// What was changed, in words.
    pub(super) what: String,
    pub(super) progress: Arc<WhatifProgress>,
    outcome: OnceLock<Result<WhatifTold, String>>,
}

impl Trial {
    pub(super) fn new(asked: WhatifAsked, what: String, now: Millis) -> Self {
        Self {
            id: format!("{:032x}", rand::random::<u128>()),
            begun_at: now,
            asked,
            what,
            progress: Arc::default(),
            outcome: OnceLock::new(),
        }
    }

    pub(super) fn end(&self, outcome: Result<WhatifTold, String>) {
        if let Err(error) = &outcome {
            tracing::warn!(error, "a trial came to nothing");
        }
        let _ = self.outcome.set(outcome);
    }

    pub(super) fn is_running(&self) -> bool {
        self.outcome.get().is_none()
    }

    pub(super) fn told(&self) -> Option<&WhatifTold> {
        self.outcome.get()?.as_ref().ok()
    }

    pub(super) fn error(&self) -> Option<&str> {
        self.outcome.get()?.as_ref().err().map(String::as_str)
    }

    /// As `tongguan whatif --json` tells it, figures and cases at once.
    pub(super) fn json(&self) -> Value {
        let mut told = self.asked.heading_json();
        told.insert("tried".to_owned(), self.what.as_str().into());
        let state = match self.outcome.get() {
            None => "running",
            Some(Ok(_)) => "done",
            Some(Err(_)) => "failed",
        };
        told.insert("state".to_owned(), state.into());
        if let Some(error) = self.error() {
            told.insert("error".to_owned(), error.into());
        }
        if self.is_running() {
            let progress = json!({ "cases": self.progress.cases(), "events": self.progress.events() });
            told.insert("progress".to_owned(), progress);
        }
        if let Some(answer) = self.told() {
            told.insert("figures".to_owned(), figures_json(&self.asked, &answer.figures));
            told.insert("cases".to_owned(), cases_json(&self.asked, &answer.cases));
            told.insert("has_more_cases".to_owned(), answer.has_more.into());
        }
        told.into()
    }
}

/// The newest last.
#[derive(Debug, Default)]
pub(super) struct Trials(Mutex<VecDeque<Arc<Trial>>>);

impl Trials {
    pub(super) fn add(&self, trial: Arc<Trial>, now: Millis) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut all, now);
        while all.len() >= KEPT_MAX {
            all.pop_front();
        }
        all.push_back(trial);
    }

    pub(super) fn find(&self, id: &str, now: Millis) -> Option<Arc<Trial>> {
        self.kept(now).into_iter().find(|trial| trial.id == id)
    }

    pub(super) fn kept(&self, now: Millis) -> Vec<Arc<Trial>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forget(&mut all, now);
        all.iter().cloned().collect()
    }

    pub(super) fn running(&self) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|trial| trial.is_running()).map(|trial| trial.id.clone())
    }
}

fn forget(all: &mut VecDeque<Arc<Trial>>, now: Millis) {
    all.retain(|trial| trial.is_running() || now.since(trial.begun_at) <= KEPT_MS);
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::kpi::Period;

    fn trial(at: i64) -> Arc<Trial> {
        let period = Period { from: Millis(0), to: Millis(1), as_of: Millis(1) };
        let asked = WhatifAsked {
            period,
            zone: TimeZone::UTC,
            stream: None,
            group_by: Vec::new(),
            policy: String::new(),
            calendar: String::new(),
        };
        Arc::new(Trial::new(asked, String::new(), Millis(at)))
    }

    #[test]
    fn eight_are_kept_for_an_hour_and_one_that_runs_for_as_long_as_it_runs() {
        let trials = Trials::default();
        let all: Vec<Arc<Trial>> = (0..9).map(trial).collect();
        for one in &all {
            trials.add(Arc::clone(one), Millis(9));
        }
        assert!(trials.find(&all[0].id, Millis(9)).is_none(), "the ninth takes the place of the first");
        assert!(trials.find(&all[1].id, Millis(9)).is_some() && trials.find("no such", Millis(9)).is_none());
        for one in &all[..8] {
            one.end(Err("stopped".to_owned()));
        }
        let kept = trials.kept(Millis(KEPT_MS + 100));
        assert_eq!(kept.iter().map(|one| &one.id).collect::<Vec<_>>(), [&all[8].id]);
        assert_eq!((kept[0].is_running(), trials.running().as_deref()), (true, Some(all[8].id.as_str())));
        assert_eq!(all[8].json()["state"], "running");
        assert_eq!((&all[1].json()["state"], &all[1].json()["error"]), (&json!("failed"), &json!("stopped")));
    }
}
