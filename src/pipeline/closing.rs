//! The end of a batch: its cases go in, then its positions are committed. This goes on by itself while the ledger takes
//! the next batch; the writer waits for it before it hands over the next cases.

use std::sync::{Arc, atomic::Ordering};

use tokio::time::Instant;

use super::{cache::CaseKey, clock, retry::Retry, writer::Done};
use crate::{
    domain::time::Millis,
    feed::consumer::{Committer, Partition},
    metrics::{self, Stage},
    store::{
        Store, cases,
        native::Body,
        rebuilds::{self, Generation},
    },
};

/// Rows of cases, ready to be sent.
#[derive(Debug)]
pub struct Rows {
    pub body: Body,
    /// Under which they are encoded.
    pub generation: u32,
    pub keys: Vec<CaseKey>,
}

/// What is left to do for a batch whose messages are in the ledger.
#[derive(Debug)]
pub struct Closing {
    /// The rows of the cases, if there are any.
    pub rows: Option<Rows>,
    /// Where to go on, for each partition.
    pub next: Vec<(Partition, i64)>,
    /// When some of the messages were stamped.
    pub stamped: Vec<Millis>,
    pub messages: u64,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one lives at a time")]
pub enum Closed {
    Committed { body: Body },
    /// A rebuild began before the rows were written. It may have read the ledger without this batch, so these cases have
    /// to be folded under the newest generation before the positions are committed.
    Overtaken { newest: Generation, keys: Vec<CaseKey>, rest: Closing },
}

impl Closing {
    pub async fn run(mut self, store: Store, retry: Retry, committer: Option<Committer>, done: Arc<Done>) -> Closed {
        let mut body = Body::default();
        if let Some(rows) = self.rows.take() {
            let started = Instant::now();
            retry.until_done("cases", || cases::insert(&store, rows.body.clone())).await;
            metrics::stage_took(Stage::Cases, started.elapsed());
            let newest = retry.until_done("generation", || rebuilds::newest(&store)).await;
            if let Some(newest) = newest.filter(|newest| newest.generation != rows.generation) {
                return Closed::Overtaken { newest, keys: rows.keys, rest: self };
            }
            body = rows.body;
        }
        self.commit(committer.as_ref(), &done);
        Closed::Committed { body }
    }

    pub fn commit(self, committer: Option<&Committer>, done: &Done) {
        if let Some(committer) = committer {
            let started = Instant::now();
            committer.commit(self.next.into_iter());
            metrics::committed(jiff::Timestamp::now());
            metrics::stage_took(Stage::Commit, started.elapsed());
        }
        let now = clock::now();
        metrics::visible_delays(self.stamped.iter().map(|at| now.since(*at) as f64 / 1000.0));
        metrics::batch_rows(self.messages as usize);
        done.messages.fetch_add(self.messages, Ordering::Relaxed);
        done.batches.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(messages = self.messages, "batch written");
    }
}
