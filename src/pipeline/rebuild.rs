//! A rebuild: a generation of its own, written down before its first row and after its last.
//! Cut off at any moment and started again it ends the same, because it goes on under the generation that it had.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::{
    clock,
    generation::{FIRST, Judges},
    refold::{Refold, RefoldError, RefoldTally},
    retry::Retry,
};
use crate::{
    domain::rules::Rules,
    store::{
        Store, StoreError,
        ledger_stream::{Chosen, LedgerSelection},
        rebuilds::{self, Generation, Scope},
    },
};

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct RebuildOrder {
    pub scope: Scope,
    /// None: every stream.
    pub stream: Option<SmolStr>,
    pub judges: Judges,
}

/// What will be done about it.
#[derive(Clone, Debug)]
pub struct Rebuild {
    pub made: Generation,
    /// The newest generation until now.
    pub before: Option<Generation>,
}

#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Refold(#[from] RefoldError),
    #[error(
        "another rebuild, by other rules or of other cases, began at the same moment. Nothing was folded; start one of them again"
    )]
    Together,
}

impl Rebuild {
    pub async fn plan(store: &Store, order: RebuildOrder) -> Result<Self, StoreError> {
        let before = rebuilds::newest(store).await?;
        let mut made = Generation {
            generation: before.as_ref().map_or(FIRST, |before| before.generation) + 1,
            scope: order.scope,
            stream: order.stream.unwrap_or_default(),
            policy: order.judges.policy,
            calendar: order.judges.calendar,
            started_at: clock::now(),
            finished_at: None,
            cases: 0,
            events: 0,
        };
        if let Some(cut_off) =
            before.as_ref().filter(|before| before.finished_at.is_none() && before.is_the_same_work(&made))
        {
            (made.generation, made.started_at) = (cut_off.generation, cut_off.started_at);
        }
        Ok(Self { made, before })
    }

    /// Goes on with one that was cut off.
    pub fn is_resumed(&self) -> bool {
        self.before.as_ref().is_some_and(|before| before.generation == self.made.generation)
    }

    /// One by other rules or of other cases was never finished: some of its rows stand.
    pub fn left_unfinished(&self) -> Option<&Generation> {
        self.before.as_ref().filter(|before| before.finished_at.is_none() && !self.is_resumed())
    }

    pub fn selection(&self) -> LedgerSelection {
        let chosen = match self.made.scope {
            Scope::All | Scope::Founding => Chosen::All,
            Scope::Open => Chosen::UnfinishedBefore(self.made.generation),
        };
        let stream = (!self.made.stream.is_empty()).then(|| self.made.stream.to_string());
        LedgerSelection { chosen, stream, known_by: None }
    }

    pub async fn run(
        mut self,
        store: &Store,
        rules: HashMap<SmolStr, Rules>,
        retry: Retry,
        progress: impl FnMut(&RefoldTally),
    ) -> Result<RefoldTally, RebuildError> {
        rebuilds::note(store, &self.made).await?;
        let latest = rebuilds::latest(store, 2).await?;
        if latest.iter().any(|one| one.generation >= self.made.generation && !one.is_the_same_work(&self.made)) {
            return Err(RebuildError::Together);
        }
        let refold = Refold {
            from: store.clone(),
            selection: self.selection(),
            rules,
            into: store.clone(),
            generation: self.made.generation,
            retry: retry.clone(),
        };
        let tally = refold.run(progress).await?;
        self.made.finished_at = Some(clock::now());
        (self.made.cases, self.made.events) = (tally.cases, tally.events);
        retry.a_while(|| rebuilds::note(store, &self.made)).await?;
        Ok(tally)
    }
}
