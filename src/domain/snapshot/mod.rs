//! Row snapshots: what a platform hands over that has no events, only the task row as it stands now.
//! Successive rows of a case are compared, in the order of their times, and give the facts that lie between them.
//!
//! A field that a row leaves out says nothing: what another row stated before stays. So rows of several tables
//! (task, assignments, revisits) can be given apart, in any order. See docs/snapshots.md.

mod assignment;
mod changes;
mod dispatches;
mod facts;
mod known;
mod milestones;
#[cfg(test)]
mod properties;
mod restate;
mod revisits;
mod row;
mod status;
mod step;
#[cfg(test)]
mod tests;

pub use self::{
    assignment::{AssignmentStatus, SnapshotAssignment},
    row::{Snapshot, Status},
};
use self::{facts::Facts, known::Known};
use super::{
    event::Event,
    fact::{Fact, FactKind},
    stream::{Meaning, Stream},
};

/// The facts of all the snapshots among the events, each as an event of its own with a derived id. `sorted` is in the order of
/// the fold. When the row's time of the fact from which the stream counts its cases changes, the time of receipt is corrected.
/// Ends after so many rows or facts: the fold takes no more.
pub(super) fn expand(stream: &Stream, sorted: &[&Event], most: usize) -> Vec<Event> {
    let is_receipt = |kind: FactKind| stream.meaning(kind) == Meaning::Received;
    let mut derived = Vec::new();
    let mut known = Known::default();
    let (mut last, mut taken): (Option<&Snapshot>, usize) = (None, 0);
    for (event, row) in in_order(sorted) {
        // Platforms are polled by the minute; a row that says what the row before said adds nothing.
        if last.replace(row) == Some(row) {
            continue;
        }
        taken += 1;
        if derived.len() > most || taken > most {
            break;
        }
        let mut facts = Facts::new(event, &mut derived);
        known.take(row, &is_receipt, &mut facts);
    }
    derived
}

/// Rows by time; of one instant the row that says more comes later, since rows only grow.
fn in_order<'a>(sorted: &[&'a Event]) -> Vec<(&'a Event, &'a Snapshot)> {
    let mut rows: Vec<(&Event, &Snapshot)> = sorted
        .iter()
        .filter_map(|event| match &event.fact {
            Fact::Snapshot(row) => Some((*event, &**row)),
            _ => None,
        })
        .collect();
    rows.sort_by(|(a, row_a), (b, row_b)| {
        (a.occurred_at, a.seq)
            .cmp(&(b.occurred_at, b.seq))
            .then_with(|| row_a.progress().cmp(&row_b.progress()))
            .then_with(|| (&a.source, &a.id).cmp(&(&b.source, &b.id)))
    });
    rows
}
