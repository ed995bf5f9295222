//! Comparisons of the ledger with the cases, beside the writer: of cases that were noted, soon and however old the note is; and
//! of everything since the last comparison, seldom, as a net under the notes. Only what is found is folded by the writer.

use std::time::Duration;

use tokio::{task::JoinSet, time::Instant};

use super::{cache::CaseKey, clock};
use crate::{
    metrics::{self, MetricStage},
    store::{
        Store, StoreError, behind,
        sweep::{self, Bound},
    },
};

/// A comparison takes at most one part in so many of the time: with millions of rows to look at it comes less often.
const REST: u32 = 20;

/// The least time between two looks at the open notes; they also rest for the grace.
const NOTES_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Checks {
    store: Store,
    /// Others are none of ours: nobody could fold their cases.
    streams: Vec<String>,
    interval: Duration,
    grace: Duration,
    notes_at: Instant,
    sweep_at: Instant,
    /// One at a time.
    running: JoinSet<Checked>,
}

/// Cases that are not folded from everything.
#[derive(Debug)]
pub enum CheckFound {
    Noted(Vec<CaseKey>),
    /// And from where the next sweep goes on when they are folded; None: there are more of them.
    Swept(Vec<CaseKey>, Option<Vec<Bound>>),
}

impl CheckFound {
    /// Says it. Gives the cases that are to be folded again, and from where the next sweep goes on then.
    pub(super) fn told(self) -> (Vec<CaseKey>, Option<Vec<Bound>>) {
        match self {
            Self::Noted(keys) => {
                tracing::info!(
                    cases = keys.len(),
                    "noted cases were folded from a part of their messages, folding again"
                );
                (keys, None)
            }
            Self::Swept(keys, ahead) => {
                tracing::warn!(
                    cases = keys.len(),
                    "cases that nobody had noted were folded from a part of their messages, folding again"
                );
                metrics::swept_cases(keys.len() as u64);
                (keys, ahead)
            }
        }
    }
}

/// A check, and how long to rest after it.
#[derive(Debug)]
enum Checked {
    Notes(Option<CheckFound>, Duration),
    Sweep(Option<CheckFound>, Duration),
}

impl Checks {
    /// `interval` of the sweep. `grace` leaves alone what another instance may just be folding.
    pub fn new(store: Store, streams: Vec<String>, interval: Duration, grace: Duration) -> Self {
        let now = Instant::now();
        Self { store, streams, interval, grace, notes_at: now, sweep_at: now, running: JoinSet::new() }
    }

    /// Waits for the next check that finds something.
    pub async fn next(&mut self) -> CheckFound {
        loop {
            if self.running.is_empty() {
                tokio::time::sleep_until(self.notes_at.min(self.sweep_at)).await;
                self.begin();
            }
            if let Some(found) = self.running.join_next().await.and_then(|ended| self.ended(ended)) {
                return found;
            }
        }
    }

    /// What a check has found by now, if one did.
    pub fn now(&mut self) -> Option<CheckFound> {
        if self.running.is_empty() && self.notes_at.min(self.sweep_at) <= Instant::now() {
            self.begin();
        }
        let ended = self.running.try_join_next()?;
        self.ended(ended)
    }

    fn begin(&mut self) {
        let (store, streams) = (self.store.clone(), self.streams.clone());
        if self.notes_at <= self.sweep_at {
            self.running.spawn(check_notes(store, streams, self.grace));
        } else {
            self.running.spawn(sweep(store, streams, self.interval));
        }
    }

    fn ended(&mut self, ended: Result<Checked, tokio::task::JoinError>) -> Option<CheckFound> {
        match ended {
            Ok(Checked::Notes(found, rest)) => {
                self.notes_at = Instant::now() + rest;
                found
            }
            Ok(Checked::Sweep(found, rest)) => {
                self.sweep_at = Instant::now() + rest;
                found
            }
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        }
    }
}

async fn check_notes(store: Store, streams: Vec<String>, grace: Duration) -> Checked {
    let started = Instant::now();
    let found = open_notes(&store, &streams, grace.as_millis() as u64).await;
    let (took, least) = (started.elapsed(), grace.max(NOTES_EVERY));
    match answered(found, "the open notes") {
        // Each look takes a bounded number of cases, and they are not to wait long.
        Some(Looked { found, had_ripe: true }) => Checked::Notes(found, least.max(took)),
        _ => Checked::Notes(None, pause_after(took, least)),
    }
}

struct Looked {
    found: Option<CheckFound>,
    had_ripe: bool,
}

async fn open_notes(store: &Store, streams: &[String], grace_ms: u64) -> Result<Looked, StoreError> {
    let mut open = behind::open(store, streams, grace_ms).await?;
    let had_ripe = open.ripe > 0;
    let mut keys = Vec::new();
    if had_ripe {
        behind::settle(store, streams, grace_ms).await?;
        keys = behind::differing(store, streams, grace_ms).await?;
        open = behind::open(store, streams, grace_ms).await?;
    }
    metrics::cases_behind(open.cases);
    Ok(Looked { found: (!keys.is_empty()).then_some(CheckFound::Noted(keys)), had_ripe })
}

async fn sweep(store: Store, streams: Vec<String>, interval: Duration) -> Checked {
    let started = Instant::now();
    let swept = sweep_once(&store, &streams, interval).await;
    let rest = pause_after(started.elapsed(), interval);
    match answered(swept, "the sweep") {
        // Somebody else did it lately.
        Some(Swept::NotDue(age)) => Checked::Sweep(None, interval.saturating_sub(age)),
        Some(Swept::Done(found)) => {
            metrics::swept(clock::now().0);
            metrics::stage_took(MetricStage::Sweep, started.elapsed());
            // What it found may not be all.
            let rest = if found.is_some() { interval } else { rest };
            Checked::Sweep(found, rest)
        }
        None => Checked::Sweep(None, rest),
    }
}

enum Swept {
    NotDue(Duration),
    Done(Option<CheckFound>),
}

async fn sweep_once(store: &Store, streams: &[String], interval: Duration) -> Result<Swept, StoreError> {
    let last = sweep::remembered(store, streams).await?;
    if let Some(age) = last.age_ms.map(Duration::from_millis).filter(|age| *age < interval) {
        return Ok(Swept::NotDue(age));
    }
    let keys = sweep::behind(store, &last.bounds).await?;
    let ahead = sweep::ahead(store, streams, &last.bounds).await?;
    if keys.is_empty() {
        sweep::remember(store, &ahead).await?;
        return Ok(Swept::Done(None));
    }
    let is_all = keys.len() < sweep::MOST;
    Ok(Swept::Done(Some(CheckFound::Swept(keys, is_all.then_some(ahead)))))
}

/// None when ClickHouse does not answer, which the next batch will notice.
pub(super) fn answered<T>(answer: Result<T, StoreError>, what: &str) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(error) => {
            tracing::warn!(what, %error, "a comparison of the ledger with the cases is put off");
            None
        }
    }
}

fn pause_after(took: Duration, interval: Duration) -> Duration {
    interval.max(took * REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_check_comes_at_its_interval_and_a_long_one_rests_longer() {
        let minute = Duration::from_secs(60);
        assert_eq!(pause_after(Duration::from_secs(1), minute), minute);
        assert_eq!(pause_after(Duration::from_secs(27), minute), Duration::from_secs(540));
    }
}
