//! The end of a batch: its cases go in, then its positions are committed. This goes on by itself while the ledger takes
//! the next batch; the writer waits for it before it hands over the next cases.

use std::sync::Arc;

use tokio::time::Instant;

use super::{begun::Basis, cache::CaseKey, clock, notes::News, progress::Progress, retry::Retry};
use crate::{
    domain::time::Millis,
    feed::{consumer::Committer, ours::Ours, partition::Partition},
    metrics::{self, Holding, MetricStage},
    store::{
        Store, cases,
        native::Body,
        rebuilds::{self, Generation},
    },
};

/// Rows of cases, ready to be sent.
#[derive(Debug)]
pub struct ClosingRows {
    pub body: Body,
    /// Of the budget.
    pub _encoded: Holding,
    /// Under which they are encoded.
    pub generation: u32,
    pub cases: Vec<FoldedCase>,
}

#[derive(Debug)]
pub struct FoldedCase {
    pub key: CaseKey,
    /// Folded from what was held of it, without asking the ledger?
    pub is_from_memory: bool,
}

/// What is left to do for a batch whose messages are in the ledger.
#[derive(Debug)]
pub struct Closing {
    /// The rows of the cases, if there are any.
    pub rows: Option<ClosingRows>,
    /// Where to go on, for each partition.
    pub next: Vec<(Partition, i64)>,
    /// When some of the messages were stamped.
    pub stamped: Vec<Millis>,
    pub messages: u64,
    pub basis: Basis,
    pub ours: Ours,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one lives at a time")]
pub enum Closed {
    Committed {
        body: Body,
        news: Option<News>,
    },
    /// Before the rows were written a rebuild began, which may have read the ledger without this batch; or another writer noted
    /// cases that were folded from memory. These have to be folded from the ledger before the positions are committed.
    Overtaken {
        newest: Option<Generation>,
        news: News,
        keys: Vec<CaseKey>,
        rest: Closing,
    },
}

impl Closing {
    pub async fn run(
        mut self,
        store: Store,
        retry: Retry,
        committer: Option<Committer>,
        progress: Arc<Progress>,
    ) -> Closed {
        let Some(rows) = self.rows.take() else {
            self.commit(committer.as_ref(), &progress);
            return Closed::Committed { body: Body::default(), news: None };
        };
        let started = Instant::now();
        retry.until_done("cases", || cases::insert(&store, rows.body.clone())).await;
        metrics::stage_took(MetricStage::Cases, started.elapsed());
        let (newest, news) = tokio::join!(
            retry.until_done("generation", || rebuilds::newest(&store)),
            retry.until_done("notes", || self.basis.reader.read(&store)),
        );
        let is_overtaken = newest.as_ref().is_some_and(|newest| newest.generation != rows.generation);
        let is_stale = |case: &FoldedCase| is_overtaken || case.is_from_memory && news.concerns(&case.key);
        let keys: Vec<CaseKey> = rows.cases.into_iter().filter(is_stale).map(|case| case.key).collect();
        if is_overtaken || !keys.is_empty() {
            return Closed::Overtaken { newest, news, keys, rest: self };
        }
        self.commit(committer.as_ref(), &progress);
        Closed::Committed { body: rows.body, news: Some(news) }
    }

    /// Of a part that is not the batch's last, nothing is due yet.
    fn is_part(&self) -> bool {
        self.next.is_empty() && self.messages == 0
    }

    pub fn commit(mut self, committer: Option<&Committer>, progress: &Progress) {
        if self.is_part() {
            return;
        }
        // What was taken away meanwhile was asked about too early: whoever has it reads it again, and if that is us.
        let now = self.ours.now();
        self.next.retain(|(partition, _)| now.is_as_in(&self.basis.ours, partition));
        if let Some(committer) = committer {
            let started = Instant::now();
            committer.commit(self.next.into_iter());
            metrics::committed(clock::now().0);
            metrics::stage_took(MetricStage::Commit, started.elapsed());
        }
        let now = clock::now();
        metrics::visible_delays(self.stamped.iter().map(|at| now.since(*at) as f64 / 1000.0));
        metrics::batch_rows(self.messages as usize);
        progress.batch_written(self.messages);
        tracing::debug!(messages = self.messages, "batch written");
    }
}
