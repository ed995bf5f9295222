//! From what is known of the cases to their rows, and what is held of them for the next batch.

use tokio::time::Instant;

use super::{
    cache::Held,
    closing::{FoldedCase, Rows},
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
    metrics::{self, Holding, Stage},
};

impl Writer {
    /// The rows of the cases; those that are not split are in memory then.
    pub(super) fn fold(&mut self, touched: Touched) -> Option<Rows> {
        let started = Instant::now();
        let (looked_up, count) = (touched.looked_up(), touched.len());
        let mut touched = touched.whole();
        let generation = self.current.generation();
        self.case_rows.set_generation(generation);
        let mut cases: Vec<FoldedCase> = Vec::with_capacity(touched.len());
        for Touch { key, held, is_unknown, earlier, .. } in &mut touched {
            let Some(rules) = self.rules.get(&key.0) else {
                continue; // a stream that is no longer declared: its rows stay as they are
            };
            let case = folded(rules, held);
            let counts = [case.counts.duplicates, case.counts.conflicts, case.counts.out_of_order];
            if *is_unknown && counts != held.counted {
                held.counted = doubles(&held.events[..*earlier].iter().collect::<Vec<_>>());
            }
            let new = |index: usize| u64::from(counts[index].saturating_sub(held.counted[index]));
            if counts != held.counted {
                metrics::duplicates(&key.0, new(0));
                metrics::conflicts(&key.0, new(1));
                metrics::out_of_order(&key.0, new(2));
                held.counted = counts;
            }
            self.case_rows.push(&case);
            cases.push(FoldedCase { key: key.clone(), is_from_memory: !*is_unknown });
        }
        let rows = (!cases.is_empty()).then(|| {
            let body = self.case_rows.encode();
            Rows { encoded: Holding::new("encoded", body.size()), body, generation, cases }
        });
        self.part.took(count, looked_up + rows.as_ref().map_or(0, |rows| rows.body.size()));
        metrics::stage_took(Stage::Fold, started.elapsed());
        for Touch { key, held, .. } in touched.into_iter().filter(|case| !case.is_split) {
            self.cache.put(key, held);
        }
        metrics::held("cached", self.cache.bytes());
        rows
    }
}

fn folded(rules: &Rules, held: &Held) -> Case {
    let rows: Vec<&Event> = held.events.iter().collect();
    fold(rules, &rows)
}
