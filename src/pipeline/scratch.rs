//! Folds cases into a database of its own, asks it something, and drops it again, whatever happened.

use std::{collections::HashMap, future::Future};

use smol_str::SmolStr;

use super::{
    clock,
    refold::{Refold, RefoldError, RefoldTally},
    retry::Retry,
};
use crate::{
    domain::rules::Rules,
    store::{Store, StoreError, ledger_stream::LedgerSelection, migrate, scratch},
};

/// Above every generation there is; a scratch database has no rebuilds.
const GENERATION: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped; nothing was changed")]
pub struct Stopped;

/// The cases of `live` that are selected are folded by `rules`, the others copied as they are.
#[derive(Debug)]
pub struct ScratchFold {
    pub live: Store,
    pub selection: LedgerSelection,
    pub rules: HashMap<SmolStr, Rules>,
    pub retry: Retry,
}

impl ScratchFold {
    /// Asks until there is an answer or `stop` comes. What a kill leaves behind, the next use after a day drops.
    pub async fn ask<T, E, F>(
        self,
        stop: impl Future<Output = ()>,
        progress: impl FnMut(&RefoldTally),
        ask: impl FnOnce(Store) -> F,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
        E: From<StoreError> + From<RefoldError> + From<Stopped>,
    {
        let (live, retry) = (self.live.clone(), self.retry.clone());
        let scratch = scratch::create(&live, clock::now(), rand::random()).await?;
        let asked = async {
            self.fill(&scratch, progress).await?;
            ask(scratch.clone()).await
        };
        let outcome = tokio::select! {
            biased;
            () = stop => Err(Stopped.into()),
            outcome = asked => outcome,
        };
        let dropped = retry.a_while(|| migrate::drop_all(&scratch)).await;
        let answer = outcome?;
        dropped?;
        Ok(answer)
    }

    async fn fill(self, scratch: &Store, progress: impl FnMut(&RefoldTally)) -> Result<(), RefoldError> {
        scratch::copy_others(&self.live, scratch, self.selection.chosen).await?;
        let Self { live, selection, rules, retry } = self;
        let into = scratch.clone();
        Refold { from: live, selection, rules, into, generation: GENERATION, retry }.run(progress).await?;
        Ok(())
    }
}
