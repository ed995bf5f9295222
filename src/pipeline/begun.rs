//! The beginning of a batch: its messages go into the ledger, understood or not. This goes on by itself while the cases of
//! the batch before are folded: ClickHouse and the fold would otherwise wait for each other.

use tokio::{task::JoinSet, time::Instant};

use super::{
    batch::{Batch, TakenRanges},
    notes::Reader,
    retry::Retry,
    touched::Touched,
};
use crate::{
    domain::time::Millis,
    feed::{
        ours::PartitionAssignment,
        rejected::{RejectionNotice, RejectionTopic},
    },
    metrics::{self, Holding, MetricStage},
    store::{Store, ledger, native::Body, quarantine},
};

/// A batch whose messages are on their way.
#[derive(Debug)]
pub struct Begun {
    pub touched: Touched,
    pub taken: TakenRanges,
    /// Of these ranges the batch brings all that the ledger has. Where a message is rejected, the ledger may have it from a replay.
    pub in_hand: TakenRanges,
    pub stamped: Vec<Millis>,
    pub messages: u64,
    /// Since its cases were looked up.
    pub basis: Basis,
    /// Of the budget: its events.
    _written: Holding,
    /// One task, which ends with this.
    ledger: JoinSet<Body>,
}

/// How things stood when the ledger had a batch and its cases were recalled.
#[derive(Clone, Debug, Default)]
pub struct Basis {
    /// Notes up to here were heeded.
    pub reader: Reader,
    pub ours: PartitionAssignment,
}

/// What is taken from the channel before its turn.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one lives, for one turn")]
pub enum NextBegun {
    Batch(Begun),
    /// Partitions were taken away.
    Revoked,
}

impl Begun {
    pub fn begin(
        batch: Batch,
        rows: &mut ledger::LedgerRows,
        (store, retry): (&Store, &Retry),
        notified: Option<RejectionTopic>,
    ) -> Self {
        let started = Instant::now();
        let messages = batch.messages() as u64;
        let written = Holding::new("written", batch.bytes());
        let Batch { events, rejected, notices, taken, stamped, .. } = batch;
        let mut in_hand = taken.clone();
        in_hand.retain(|of, _| !rejected.iter().any(|one| one.partition == of.partition && one.topic == of.topic));
        let mut touched = Touched::by(events);
        let understood = rows.encode(touched.fresh().into_iter());
        touched.lighten();
        let rejected = quarantine::encode(rejected.iter());
        let encoded = Holding::new("encoded", understood.size() + rejected.size());
        let mut ledger = JoinSet::new();
        let sending = send(understood, rejected, store.clone(), retry.clone(), started);
        ledger.spawn(async move {
            let body = sending.await;
            drop(encoded);
            notify(notified, notices).await;
            body
        });
        let basis = Basis::default();
        Self { touched, taken, in_hand, stamped, messages, basis, _written: written, ledger }
    }

    /// Waits until the ledger has everything. Gives back the memory that it was written down in.
    pub async fn acknowledged(&mut self) -> Body {
        match self.ledger.join_next().await {
            Some(Ok(body)) => body,
            Some(Err(broken)) => std::panic::resume_unwind(broken.into_panic()),
            None => Body::default(),
        }
    }
}

/// After the quarantine has them, before anything is committed: killed in between they are told twice, and never not at all.
async fn notify(notified: Option<RejectionTopic>, notices: Vec<RejectionNotice>) {
    let Some(topic) = notified.filter(|_| !notices.is_empty()) else { return };
    let telling = tokio::task::spawn_blocking(move || topic.tell(&notices));
    metrics::rejections_untold(telling.await.unwrap_or_default());
}

async fn send(understood: Body, rejected: Body, store: Store, retry: Retry, started: Instant) -> Body {
    let events = async {
        if !understood.is_empty() {
            retry.until_done("ledger", || ledger::insert(&store, understood.clone())).await;
            metrics::stage_took(MetricStage::Ledger, started.elapsed());
        }
    };
    let entries = async {
        if !rejected.is_empty() {
            retry.until_done("quarantine", || quarantine::insert(&store, rejected.clone())).await;
            metrics::stage_took(MetricStage::Quarantine, started.elapsed());
        }
    };
    tokio::join!(events, entries);
    understood
}
