//! The end of a batch: its cases go in, then its positions are committed. This goes on by itself while the ledger takes
//! the next batch; the writer waits for it before it hands over the next cases.

use std::sync::{Arc, atomic::Ordering};

use bytes::Bytes;
use tokio::time::Instant;

use super::{clock, retry::Retry, writer::Done};
use crate::{
    domain::time::Millis,
    feed::consumer::{Committer, Partition},
    metrics::{self, Stage},
    store::{Store, cases},
};

/// What is left to do for a batch whose messages are in the ledger.
#[derive(Debug)]
pub struct Closing {
    /// The rows of the cases, if there are any.
    pub cases: Option<Bytes>,
    /// Where to go on, for each partition.
    pub next: Vec<(Partition, i64)>,
    /// When some of the messages were stamped.
    pub stamped: Vec<Millis>,
    pub messages: u64,
}

impl Closing {
    /// The positions that are reached with it.
    pub async fn run(
        self,
        store: Store,
        retry: Retry,
        committer: Option<Committer>,
        done: Arc<Done>,
    ) -> Vec<(Partition, i64)> {
        if let Some(body) = self.cases {
            let started = Instant::now();
            retry.until_done("cases", || cases::insert(&store, body.clone())).await;
            metrics::stage_took(Stage::Cases, started.elapsed());
        }
        if let Some(committer) = committer {
            let started = Instant::now();
            committer.commit(self.next.iter().cloned(), false);
            metrics::committed(jiff::Timestamp::now());
            metrics::stage_took(Stage::Commit, started.elapsed());
        }
        let now = clock::now();
        metrics::visible_delays(self.stamped.iter().map(|at| now.since(*at) as f64 / 1000.0));
        metrics::batch_rows(self.messages as usize);
        done.messages.fetch_add(self.messages, Ordering::Relaxed);
        done.batches.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(messages = self.messages, "batch written");
        self.next
    }
}
