//! Folding again: cases of the ledger, under the rules given, into the table of cases of the same database or of another.
//! Three steps at once, each a bounded chunk ahead of the next: read, fold, write.

mod chunk;
mod reading;

use std::{collections::HashMap, sync::Arc};

use smol_str::SmolStr;
use tokio::{
    sync::mpsc,
    task::{JoinError, JoinSet},
};

use self::chunk::Folded;
use super::retry::Retry;
use crate::{
    domain::rules::Rules,
    store::{Store, StoreError, cases, ledger_stream::Selection, rebuilds},
};

#[derive(Debug, thiserror::Error)]
pub enum RefoldError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "overtaken: generation {0} was begun meanwhile, and its rows stand above these. Nothing is wrong with the cases"
    )]
    Overtaken(u32),
    #[error("folding broke off, which is a fault of this program: {0}")]
    Broken(#[from] JoinError),
}

/// What is to be folded, by what, and where to.
#[derive(Debug)]
pub struct Refold {
    pub from: Store,
    pub selection: Selection,
    pub rules: HashMap<SmolStr, Rules>,
    pub into: Store,
    /// The version of the rows begins with it.
    pub generation: u32,
    pub retry: Retry,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub cases: u64,
    pub events: u64,
    /// Of streams that are not declared (any more); their rows stay as they are.
    pub left_alone: u64,
}

impl Refold {
    /// Folds everything that is selected; `progress` is told after each chunk that is written.
    pub async fn run(self, mut progress: impl FnMut(&Tally)) -> Result<Tally, RefoldError> {
        let (give, mut chunks) = mpsc::channel(1);
        let reading = reading::read(self.from.clone(), self.selection.clone(), self.retry.clone(), give);
        let mut reading = JoinSet::from_iter([reading]);
        let rules = Arc::new(self.rules);
        let (mut tally, mut writing) = (Tally::default(), JoinSet::new());
        while let Some(events) = chunks.recv().await {
            let (rules, generation) = (Arc::clone(&rules), self.generation);
            let folded = tokio::task::spawn_blocking(move || chunk::fold(&rules, events, generation)).await?;
            written(&mut writing, &mut tally, &mut progress).await?;
            writing.spawn(write(self.into.clone(), generation, self.retry.clone(), folded));
        }
        written(&mut writing, &mut tally, &mut progress).await?;
        while let Some(read) = reading.join_next().await {
            read??;
        }
        Ok(tally)
    }
}

/// Waits for the chunk before.
async fn written(
    writing: &mut JoinSet<Result<Tally, RefoldError>>,
    tally: &mut Tally,
    progress: &mut impl FnMut(&Tally),
) -> Result<(), RefoldError> {
    while let Some(written) = writing.join_next().await {
        let more = written??;
        tally.cases += more.cases;
        tally.events += more.events;
        tally.left_alone += more.left_alone;
        progress(tally);
    }
    Ok(())
}

/// Writes one chunk, unless another rebuild has begun: its rows would stand above these anyway.
async fn write(into: Store, generation: u32, retry: Retry, folded: Folded) -> Result<Tally, RefoldError> {
    if let Some(newest) = retry.a_while(|| rebuilds::newest(&into)).await?
        && newest.generation > generation
    {
        return Err(RefoldError::Overtaken(newest.generation));
    }
    retry.a_while(|| cases::insert(&into, folded.body.clone())).await?;
    Ok(folded.tally)
}
