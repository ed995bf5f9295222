//! The beginning of a batch: its messages go into the ledger, understood or not. This goes on by itself while the cases of
//! the batch before are folded: ClickHouse and the fold would otherwise wait for each other.

use bytes::Bytes;
use tokio::{task::JoinSet, time::Instant};

use super::{batch::Batch, retry::Retry};
use crate::{
    feed::consumer::Partition,
    metrics::{self, Stage},
    store::{Store, ledger, quarantine},
};

/// A batch whose messages are on their way.
#[derive(Debug)]
pub struct Begun {
    batch: Batch,
    /// One task, which ends with this.
    ledger: JoinSet<Bytes>,
}

/// What is taken from the channel before its turn.
#[derive(Debug)]
pub enum Next {
    Batch(Begun),
    Revoked(Vec<Partition>),
}

impl Begun {
    pub fn begin(batch: Batch, rows: &mut ledger::Rows, store: &Store, retry: &Retry) -> Self {
        let started = Instant::now();
        let understood = rows.encode(batch.events.iter());
        let rejected = quarantine::encode(batch.rejected.iter());
        let mut ledger = JoinSet::new();
        ledger.spawn(send(understood, rejected, store.clone(), retry.clone(), started));
        Self { batch, ledger }
    }

    /// Waits until the ledger has everything. Gives back the batch, and the memory that it was written down in.
    pub async fn acknowledged(mut self) -> (Batch, Bytes) {
        match self.ledger.join_next().await {
            Some(Ok(body)) => (self.batch, body),
            Some(Err(broken)) => std::panic::resume_unwind(broken.into_panic()),
            // There is one task, and this is the one place that asks for it.
            None => (self.batch, Bytes::new()),
        }
    }
}

async fn send(understood: Bytes, rejected: Bytes, store: Store, retry: Retry, started: Instant) -> Bytes {
    let events = async {
        if !understood.is_empty() {
            retry.until_done("ledger", || ledger::insert(&store, understood.clone())).await;
            metrics::stage_took(Stage::Ledger, started.elapsed());
        }
    };
    let entries = async {
        if !rejected.is_empty() {
            retry.until_done("quarantine", || quarantine::insert(&store, rejected.clone())).await;
            metrics::stage_took(Stage::Quarantine, started.elapsed());
        }
    };
    tokio::join!(events, entries);
    understood
}
