//! What the rows of a case have said so far, and what one more row adds to it.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{
    assignment::SnapshotAssignment, changes, dispatches, facts::Facts, milestones, revisits, row::Snapshot,
    status::Standing, step::Step,
};
use crate::domain::fact::FactKind;

#[derive(Debug, Default)]
pub(super) struct Known {
    row: Snapshot,
    /// By key. While there are none, the unit and the times of the task row itself stand for the only assignment.
    assignments: BTreeMap<SmolStr, SnapshotAssignment>,
    standing: Standing,
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
