//! From what is known of the cases to their rows, and what is held of them for the next batch.

use tokio::time::Instant;

use super::{
    cache::HeldCase,
    closing::{ClosingRows, FoldedCase},
    touched::{Touch, Touched},
    writer::Writer,
};
use crate::{
    domain::{
        case::Case,
        event::Event,
        fold::{doubles, fold},
        rules::Rules,
    },
    metrics::{self, Holding, MetricStage},
};

impl Writer {
    /// Folds the cases and writes down their rows, one after the other, so that no case is kept; those that are not split are in
    /// memory then.
    pub(super) fn written_down(&mut self, touched: Touched) -> Option<ClosingRows> {
        let started = Instant::now();
        let (looked_up, count) = (touched.looked_up(), touched.len());
        let mut touched = touched.whole();
        self.case_rows.set_generation(self.current.generation());
        let mut cases: Vec<FoldedCase> = Vec::with_capacity(touched.len());
        for touch in &mut touched {
            let Some(rules) = self.rules.get(&touch.key.0) else {
                continue; // a stream that is no longer declared: its rows stay as they are
            };
            let case = folded(rules, &touch.held);
            account(touch, &case);
            self.case_rows.push(&case);
            cases.push(FoldedCase { key: touch.key.clone(), is_from_memory: !touch.is_unknown });
        }
        let rows = self.encoded(cases);
        self.part.took(count, looked_up + rows.as_ref().map_or(0, |rows| rows.body.size()));
        metrics::stage_took(MetricStage::Fold, started.elapsed());
        for Touch { key, held, .. } in touched.into_iter().filter(|case| !case.is_split) {
            self.cache.put(key, held);
        }
        metrics::held("cached", self.cache.bytes());
        rows
    }

    fn encoded(&mut self, cases: Vec<FoldedCase>) -> Option<ClosingRows> {
        if cases.is_empty() {
            return None;
        }
        let body = self.case_rows.encode();
        let generation = self.current.generation();
        Some(ClosingRows { _encoded: Holding::new("encoded", body.size()), body, generation, cases })
    }
}

fn folded(rules: &Rules, held: &HeldCase) -> Case {
    let rows: Vec<&Event> = held.events.iter().collect();
    fold(rules, &rows)
}

/// What is new of duplicates, conflicts and disorder goes into the metrics. Of what the ledger had before, nothing is new.
fn account(touch: &mut Touch, case: &Case) {
    let Touch { key, held, is_unknown, earlier, .. } = touch;
    let counts = [case.counts.duplicates, case.counts.conflicts, case.counts.out_of_order];
    if *is_unknown && counts != held.counted {
        held.counted = doubles(&held.events[..*earlier].iter().collect::<Vec<_>>());
    }
    if counts == held.counted {
        return;
    }
    let new = |index: usize| u64::from(counts[index].saturating_sub(held.counted[index]));
    metrics::duplicates(&key.0, new(0));
    metrics::conflicts(&key.0, new(1));
    metrics::out_of_order(&key.0, new(2));
    held.counted = counts;
}
