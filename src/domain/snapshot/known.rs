//! What the rows of a case have said so far, and what one more row adds to it.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{
    assignment::SnapshotAssignment, changes, dispatches, facts::Facts, milestones, revisits, row::Snapshot,
    status::Standing,
};
use crate::domain::{fact::FactKind, time::Due};

#[derive(Debug, Default)]
pub(super) struct Known {
    row: Snapshot,
    /// By key. While there are none, the unit and the times of the task row itself stand for the only assignment.
    assignments: BTreeMap<SmolStr, SnapshotAssignment>,
    standing: Standing,
}

/// The row's statement between what was known and what is known with it.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) before: &'a Snapshot,
    pub(super) after: &'a Snapshot,
    /// As this row states it, and not an earlier one.
    pub(super) due: Option<Due>,
    /// The first row that says where the case stands.
    pub(super) is_first: bool,
    /// Child rows are known, so that they alone say who was given the case, and when.
    pub(super) has_assignments: bool,
}

impl Known {
    pub(super) fn take(&mut self, row: &Snapshot, is_receipt: &impl Fn(FactKind) -> bool, facts: &mut Facts<'_>) {
        let mut after = self.row.clone();
        after.restate(row);
        let before = std::mem::replace(&mut self.row, after);
        let step = Step {
            before: &before,
            after: &self.row,
            due: row.intake.due,
            is_first: before.status.is_none() && self.row.status.is_some(),
            has_assignments: !self.assignments.is_empty() || !row.assignments.is_empty(),
        };
        let was_closed = self.standing.is_closed();
        milestones::derive(&step, facts);
        dispatches::derive(&step, &mut self.assignments, &row.assignments, facts);
        // An answer after the close changes no result; that the row says another one is a correction.
        facts.carries_result &= !was_closed;
        if let Some(status) = row.status {
            self.standing.follow(status, &step, facts);
        }
        revisits::derive(&step, facts);
        changes::derive(&step, was_closed, &self.assignments, is_receipt, facts);
    }
}

/// A time that the row states and nobody did before.
pub(super) fn newly<T>(before: Option<T>, after: Option<T>) -> Option<T> {
    if before.is_none() { after } else { None }
}

/// A time that is new, or later than the one known: it happened, or happened once more.
pub(super) fn once_more<T: PartialOrd + Copy>(before: Option<T>, after: Option<T>) -> Option<T> {
    after.filter(|after| before.is_none_or(|before| *after > before))
}
