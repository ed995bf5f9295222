//! Compares Kafka with the ledger and the quarantine, and the ledger with the cases. It writes nothing but its own verdict, and
//! everything may go on meanwhile: what is just on its way into the ledger or into a case is no finding.

mod cases;
mod holes;
mod partitions;
mod places;
mod refolded;
mod samples;

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use smol_str::SmolStr;
use tokio::task::JoinError;

use super::{clock, generation::Judges, refold::RefoldError, retry::Retry, scratch::Stopped};
use crate::{
    domain::{rules::Rules, stream::Stream, time::Millis, verify::Verdict},
    feed::{connection::Connection, decode, topics::TopicError},
    store::{Store, StoreError, verify as query},
};

/// What is to be verified.
#[derive(Debug)]
pub struct Verify {
    pub store: Store,
    pub connection: Connection,
    /// Those that are declared and asked for.
    pub streams: Vec<Arc<Stream>>,
    /// Only these topics; empty: every one that a stream or the ledger names.
    pub topics: Vec<String>,
    /// All declared streams are asked for.
    pub is_every_stream: bool,
    /// Only what was taken in since, and the cases that it touched.
    pub since: Option<Millis>,
    /// So many findings of each kind are listed.
    pub most: u64,
    /// How long a case may be behind the ledger while it is being folded.
    pub grace: Duration,
    pub times: decode::TimeLimits,
    pub retry: Retry,
}

/// To fold every case afresh and compare.
#[derive(Debug)]
pub struct VerifyRefold {
    pub rules: HashMap<SmolStr, Rules>,
    pub judges: Judges,
}

#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Kafka(#[from] TopicError),
    #[error(transparent)]
    Refold(#[from] RefoldError),
    #[error(transparent)]
    Stopped(#[from] Stopped),
    #[error("asking Kafka broke off, which is a fault of this program: {0}")]
    Broken(#[from] JoinError),
}

/// How far it is: which part, and how much of it in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyProgress {
    pub part: VerifyPart,
    pub done: u64,
    pub all: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyPart {
    Places,
    Holes,
    Cases,
    Identities,
    Refold,
}

impl Verify {
    /// Everything but the fresh fold. It may be dropped at any moment.
    pub async fn compare(&self, mut progress: impl FnMut(VerifyProgress)) -> Result<Verdict, VerifyError> {
        let mut verdict = Verdict::new(clock::now(), self.since, self.most);
        let rows = query::ledger_rows(&self.store).await?;
        places::look(self, rows, &mut verdict, &mut progress).await?;
        if self.topics.is_empty() {
            cases::look(self, rows, &mut verdict, &mut progress).await?;
            cases::identities(self, &mut verdict, &mut progress).await?;
        }
        Ok(verdict)
    }

    /// Folds every case afresh and compares, until `stop` comes: then what was made for it is dropped.
    pub async fn refold(
        &self,
        refold: VerifyRefold,
        stop: impl Future<Output = ()>,
        verdict: &mut Verdict,
        mut progress: impl FnMut(VerifyProgress),
    ) -> Result<(), VerifyError> {
        refolded::look(self, refold, stop, verdict, &mut progress).await
    }

    /// Writes down what came out.
    pub async fn close(&self, verdict: &mut Verdict) -> Result<(), VerifyError> {
        verdict.finished_at = clock::now();
        Ok(query::record::note(&self.store, verdict, &self.scope()).await?)
    }

    /// As it is written down.
    fn scope(&self) -> String {
        match (self.topics.as_slice(), self.is_every_stream) {
            ([], true) => "all".to_owned(),
            ([], false) => self.streams.iter().map(|stream| stream.name.as_str()).collect::<Vec<&str>>().join(","),
            (topics, _) => topics.join(","),
        }
    }

    fn stream_names(&self) -> Vec<String> {
        self.streams.iter().map(|stream| stream.name.to_string()).collect()
    }

    fn stream_of(&self, topic: &str) -> Option<&Arc<Stream>> {
        self.streams.iter().find(|stream| stream.topic == topic)
    }
}
