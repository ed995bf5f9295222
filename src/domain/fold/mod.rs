//! The fold: all that was said about one case becomes the case. Pure, and the same for any order of the messages,
//! any duplication and any split into batches.
//!
//! Facts are taken in the order (occurred_at, seq, usual order of the types, source, id).

mod answers;
mod assignments;
mod clocks;
mod codes;
mod corrections;
mod dues;
mod effects;
mod folding;
mod input;
mod kept;
mod reckoned;
mod running;
mod spans;
mod standing;
#[cfg(test)]
mod tests;
mod timing;
mod told;
mod trails;
pub(crate) mod watch;

use self::{folding::Folding, kept::Kept};
use super::{case::Case, event::Event, fact::FactKind, rules::Rules, snapshot, time::Millis};

/// A fact recorded earlier than this before it happened points to a clock that is wrong.
const CLOCK_SKEW_TOLERANCE_MS: i64 = 60_000;

/// So many facts of a case are taken; a feeder that sends everything under one number would else cost more with every message.
const FACTS_MAX: usize = 10_000;

/// In place of the number of an assignment: one of those that are not followed.
const BEYOND: u16 = u16::MAX;

/// Folds every ledger row of one case. Rows may come in any order and more than once.
pub fn fold(rules: &Rules, rows: &[&Event]) -> Case {
    let Some((case, mut events)) = begin(rows) else { return Case::default() };
    let derived = snapshot::expand(&rules.stream, &events, FACTS_MAX);
    if !derived.is_empty() {
        events.extend(&derived);
        events.sort_by(|a, b| order(a).cmp(&order(b)));
    }
    let mut folding = Folding::new(rules, case);
    for event in events {
        folding.take(event);
    }
    folding.finish()
}

/// Duplicates, conflicts and messages out of order among the rows, without folding them.
pub fn doubles(rows: &[&Event]) -> [u32; 3] {
    let mut case = Case::default();
    distinct(rows, &mut case);
    [case.counts.duplicates, case.counts.conflicts, case.counts.out_of_order]
}

/// The case before its first fact, and its events in the order of the fold. None: there are no rows.
fn begin<'a>(rows: &[&'a Event]) -> Option<(Case, Vec<&'a Event>)> {
    let first = rows.first()?;
    let mut case =
        Case { stream: first.stream.clone(), case_id: first.case_id.clone(), quantity: 1, ..Case::default() };
    let mut events = distinct(rows, &mut case);
    events.sort_by(|a, b| order(a).cmp(&order(b)));
    case.counts.clock_skew = events.iter().filter(|event| is_skewed(event)).count() as u32;
    Some((case, events))
}

/// One event for each identity, the one at the first place; counts what the others are.
fn distinct<'a>(rows: &[&'a Event], case: &mut Case) -> Vec<&'a Event> {
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| a.place.cmp(&b.place));
    rows.dedup_by(|a, b| a.place == b.place);
    let counts = &mut case.counts;
    counts.rows = rows.len() as u32;
    let mut kept = Kept::of(rows.len());
    let mut latest: Option<&Event> = None;
    for row in rows {
        let marks = &mut case.milestones;
        marks.last_ingested_at = marks.last_ingested_at.max(Some(row.ingested_at));
        marks.last_recorded_at = marks.last_recorded_at.max(Some(known_at(row)));
        if let Some(first) = kept.find(row) {
            if first.says_the_same(row) {
                counts.duplicates += 1;
            } else {
                counts.conflicts += 1;
            }
            continue;
        }
        kept.add(row);
        match latest {
            Some(event) if same_partition(event, row) && row.occurred_at < event.occurred_at => {
                counts.out_of_order += 1
            }
            _ => latest = Some(row),
        }
    }
    counts.events = kept.events.len() as u32;
    kept.events
}

/// When the source system could know of it; without its word, when we did.
fn known_at(event: &Event) -> Millis {
    event.recorded_at.unwrap_or(event.ingested_at)
}

fn same_partition(a: &Event, b: &Event) -> bool {
    a.place.partition == b.place.partition && a.place.topic == b.place.topic
}

fn order(event: &Event) -> (Millis, u64, FactKind, &str, &str) {
    order_at(event.occurred_at, event)
}

/// Had it happened then.
fn order_at(at: Millis, event: &Event) -> (Millis, u64, FactKind, &str, &str) {
    (at, event.seq, event.fact.kind(), &event.source, &event.id)
}

fn is_skewed(event: &Event) -> bool {
    event.recorded_at.is_some_and(|recorded| event.occurred_at.since(recorded) > CLOCK_SKEW_TOLERANCE_MS)
}
