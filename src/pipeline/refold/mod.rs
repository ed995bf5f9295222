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
    store::{Store, StoreError, cases, ledger_stream::LedgerSelection, rebuilds},
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
    pub selection: LedgerSelection,
    pub rules: HashMap<SmolStr, Rules>,
    pub into: Store,
    /// The version of the rows begins with it.
    pub generation: u32,
    pub retry: Retry,
}

/// Rows in one insert; a chunk may make it a little more. Each costs ClickHouse a part of a hundred and forty columns and its
/// merges: for a million cases it spent 45 s of CPU at 2,700 rows and 32 s at 10,000.
const ROWS: usize = 10_000;

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RefoldTally {
    pub cases: u64,
    pub events: u64,
    /// Of streams that are not declared (any more); their rows stay as they are.
    pub left_alone: u64,
}

impl Refold {
    /// Folds everything that is selected; `progress` is told after each insert.
    pub async fn run(self, mut progress: impl FnMut(&RefoldTally)) -> Result<RefoldTally, RefoldError> {
        let (give, mut chunks) = mpsc::channel(1);
        let reading = reading::read(self.from.clone(), self.selection.clone(), self.retry.clone(), give);
        let mut reading = JoinSet::from_iter([reading]);
        let rules = Arc::new(self.rules);
        let (mut tally, mut writing, mut folded) =
            (RefoldTally::default(), JoinSet::new(), Folded::new(self.generation));
        while let Some(events) = chunks.recv().await {
            let rules = Arc::clone(&rules);
            let folding = tokio::task::spawn_blocking(move || {
                folded.fold(&rules, &events);
                folded
            });
            folded = folding.await?;
            if folded.rows.count() >= ROWS {
                written(&mut writing, &mut tally, &mut progress).await?;
                let full = std::mem::replace(&mut folded, Folded::new(self.generation));
                writing.spawn(write(self.into.clone(), self.generation, self.retry.clone(), full));
            }
        }
        written(&mut writing, &mut tally, &mut progress).await?;
        writing.spawn(write(self.into.clone(), self.generation, self.retry.clone(), folded));
        written(&mut writing, &mut tally, &mut progress).await?;
        while let Some(read) = reading.join_next().await {
            read??;
        }
        Ok(tally)
    }
}

/// Waits for the chunk before.
async fn written(
    writing: &mut JoinSet<Result<RefoldTally, RefoldError>>,
    tally: &mut RefoldTally,
    progress: &mut impl FnMut(&RefoldTally),
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

/// Writes what is folded, unless another rebuild has begun: its rows would stand above these anyway.
async fn write(into: Store, generation: u32, retry: Retry, mut folded: Folded) -> Result<RefoldTally, RefoldError> {
    if let Some(newest) = retry.a_while(|| rebuilds::newest(&into)).await?
        && newest.generation > generation
    {
        return Err(RefoldError::Overtaken(newest.generation));
    }
    if folded.rows.count() > 0 {
        let body = folded.rows.encode();
        retry.a_while(|| cases::insert(&into, body.clone())).await?;
    }
    Ok(folded.tally)
}
