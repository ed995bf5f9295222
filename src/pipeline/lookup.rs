//! What the ledger holds of the cases that a batch touches, and which of them are split: with messages on partitions that are
//! not ours. Another writer may hold such a case in memory without our messages, so it is noted before it is folded, looked up
//! after that, and never held in memory here (decision 0010).

use std::collections::BTreeSet;

use tokio::time::Instant;

use super::{
    batch::TakenRanges,
    begun::{Basis, Begun},
    cache::CaseKey,
    touched::{Touch, Touched},
    writer::Writer,
};
use crate::{
    domain::events::Events,
    feed::ours::PartitionAssignment,
    metrics::{self, MetricStage},
    store::ledger_read::{self, OffsetRange},
};

impl Writer {
    /// When the ledger has a batch: which of its cases are in memory, and which may be split.
    pub(super) async fn recall_begun(&mut self, begun: &mut Begun) {
        let body = begun.acknowledged().await;
        self.ledger_rows.give_back(body);
        // Asked only now: whoever is given a partition after this finds the batch in the ledger.
        let ours = self.assignment();
        begun.basis = Basis { reader: self.notes.reader(), ours: ours.clone() };
        begun.touched.recall(&mut self.cache);
        // A replay took nothing from Kafka, and nothing is its own.
        if begun.taken.is_empty() || begun.taken.keys().any(|of| !ours.has(&of.topic, of.partition)) {
            begun.touched.doubt_fresh(&ours);
        }
    }

    /// Before messages that no offset brings back reach the ledger: should this process end after that, somebody folds them.
    pub async fn note_before(&mut self, events: &Events) {
        let keys: BTreeSet<CaseKey> =
            events.iter().map(|event| (event.stream.clone(), event.case_id.clone())).collect();
        self.notes.write(&self.store, &self.retry, &keys.into_iter().collect::<Vec<_>>()).await;
    }

    /// What is ours now. Cases with messages of what was taken away are let go.
    pub(super) fn assignment(&mut self) -> PartitionAssignment {
        let now = self.ours.now();
        if now.losses() != self.cached_at_losses {
            self.cache.keep(&now);
            self.cached_at_losses = now.losses();
        }
        now
    }

    /// A case that is known to be split is noted and then looked up; one that turns out to be is noted and looked up again.
    pub(super) async fn look_up_split(
        &mut self,
        touched: &mut Touched,
        in_hand: &TakenRanges,
        ours: &PartitionAssignment,
    ) {
        let known: Vec<CaseKey> = touched.unknown().filter(|case| self.expects_split(case)).map(Touch::key).collect();
        self.notes.write(&self.store, &self.retry, &known).await;
        touched.unknown_mut().for_each(|case| case.is_noted = known.binary_search(&case.key).is_ok());
        self.look_up(touched, in_hand, |_| true).await;
        touched.mark_split(ours);
        let is_new = |case: &&Touch| case.is_split && !case.is_noted;
        let found: Vec<CaseKey> = touched.unknown().filter(is_new).map(Touch::key).collect();
        if !found.is_empty() {
            metrics::split_cases(found.len() as u64);
            self.notes.write(&self.store, &self.retry, &found).await;
            touched.unknown_mut().filter(|case| case.is_split && !case.is_noted).for_each(Touch::forget_held);
            self.look_up(touched, in_hand, |case| case.is_split && !case.is_noted).await;
        }
        for case in touched.unknown() {
            if case.is_split { self.notes.is_split(&case.key) } else { self.notes.is_whole(&case.key) }
        }
    }

    fn expects_split(&self, case: &Touch) -> bool {
        case.is_split || self.notes.knows_split(&case.key)
    }

    /// Reads what the ledger holds of cases that are not in memory, without what the batch itself put there just now.
    pub(super) async fn look_up(&self, touched: &mut Touched, in_hand: &TakenRanges, which: fn(&Touch) -> bool) {
        let asked = |case: &&Touch| which(case);
        let ids: Vec<&str> = touched.unknown().filter(asked).map(|case| case.key.1.as_str()).collect();
        if ids.is_empty() {
            return;
        }
        let started = Instant::now();
        let own: Vec<OffsetRange<'_>> = in_hand
            .iter()
            .map(|(of, (first, next))| OffsetRange {
                topic: &of.topic,
                partition: of.partition,
                first: *first,
                next: *next,
            })
            .collect();
        let earlier = self.retry.until_done("look up", || ledger_read::of_cases(&self.store, &ids, &own)).await;
        metrics::cases_looked_up(ids.len() as u64);
        for event in earlier {
            touched.add(event);
        }
        metrics::stage_took(MetricStage::Lookup, started.elapsed());
    }
}
