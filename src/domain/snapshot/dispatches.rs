//! Who was given the case, signed for it, answered, and was rid of it again: from child rows where the source has them,
//! else from the task row itself.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{
    assignment::{AssignmentStatus, SnapshotAssignment},
    facts::Facts,
    row::Snapshot,
    step::{Step, once_more},
};
use crate::domain::{
    fact::{Dispatch, Fact, OfUnit, Reason},
    time::Millis,
};

pub(super) fn derive(
    step: &Step<'_>,
    known: &mut BTreeMap<SmolStr, SnapshotAssignment>,
    rows: &[SnapshotAssignment],
    facts: &mut Facts<'_>,
) {
    let result = if step.before.result == step.after.result { SmolStr::default() } else { step.after.result.clone() };
    if !step.has_assignments {
        let (before, after) = (of_task(step.before), of_task(step.after));
        let is_known = before.dispatched_at.is_some();
        if after.dispatched_at.is_some() && (!is_known || is_sent_again(&before, &after)) {
            dispatched(&after, after.dispatched_at.unwrap_or(facts.seen_at()), facts);
        }
        worked_on(&before, &after, &result, facts);
        return;
    }
    // What the task row said before there were child rows is not said again.
    let taken_over = Some(of_task(step.before)).filter(|task| known.is_empty() && task.dispatched_at.is_some());
    for row in rows {
        let before = match (known.get(row.key()), &taken_over) {
            (Some(before), _) => Some(before.clone()),
            (None, Some(task)) if is_same(task, row) => Some(task.clone()),
            (None, _) => None,
        };
        let mut after = before.clone().unwrap_or_default();
        after.restate(row);
        one(before.as_ref(), &after, &result, facts);
        known.insert(row.key().clone(), after);
    }
}

/// The only assignment that a task row without child rows tells of.
fn of_task(row: &Snapshot) -> SnapshotAssignment {
    SnapshotAssignment {
        unit: row.unit.clone(),
        unit_name: row.unit_name.clone(),
        dispatched_at: row.dispatched_at,
        signed_at: row.signed_at,
        submitted_at: row.submitted_at,
        ..SnapshotAssignment::default()
    }
}

fn is_same(task: &SnapshotAssignment, row: &SnapshotAssignment) -> bool {
    task.unit == row.unit && row.dispatched_at.is_none_or(|at| task.dispatched_at == Some(at))
}

fn is_sent_again(before: &SnapshotAssignment, after: &SnapshotAssignment) -> bool {
    before.dispatched_at.is_some() && once_more(before.dispatched_at, after.dispatched_at).is_some()
}

fn one(before: Option<&SnapshotAssignment>, after: &SnapshotAssignment, result: &SmolStr, facts: &mut Facts<'_>) {
    let nothing = SnapshotAssignment::default();
    let (is_new, before) = (before.is_none(), before.unwrap_or(&nothing));
    let sent_at = once_more(before.dispatched_at, after.dispatched_at).unwrap_or(facts.seen_at());
    let has_moved = !is_new && before.unit != after.unit;
    if has_moved && !before.is_over() {
        add(after, sent_at, Fact::Withdrawn(of_unit(&before.unit)), facts);
    }
    let is_back = before.is_over() && !after.is_over();
    if is_new || has_moved || is_back || is_sent_again(before, after) {
        dispatched(after, sent_at, facts);
    }
    worked_on(before, after, result, facts);
    over(before, after, facts);
}

fn dispatched(to: &SnapshotAssignment, at: Millis, facts: &mut Facts<'_>) {
    let dispatch = Dispatch {
        unit: to.unit.clone(),
        unit_name: to.unit_name.clone(),
        level: to.level.unwrap_or(0),
        role: to.role.clone(),
        due: to.due,
    };
    add(to, at, Fact::Dispatched(Box::new(dispatch)), facts);
}

fn worked_on(before: &SnapshotAssignment, after: &SnapshotAssignment, result: &SmolStr, facts: &mut Facts<'_>) {
    if let Some(at) = once_more(before.signed_at, after.signed_at) {
        add(after, at, Fact::Signed { unit: after.unit.clone() }, facts);
    }
    let is_done = after.status == Some(AssignmentStatus::Done) && before.status != after.status;
    let unsaid = (is_done && after.submitted_at.is_none()).then_some(facts.seen_at());
    if let Some(at) = once_more(before.submitted_at, after.submitted_at).or(unsaid) {
        facts.carries_result = true;
        let (unit, result) = (after.unit.clone(), result.clone());
        add(after, at, Fact::Submitted { unit, result, note: SmolStr::default() }, facts);
    }
}

fn over(before: &SnapshotAssignment, after: &SnapshotAssignment, facts: &mut Facts<'_>) {
    if before.status == after.status {
        return;
    }
    let at = after.ended_at.filter(|at| before.ended_at != Some(*at)).unwrap_or(facts.seen_at());
    match after.status {
        Some(AssignmentStatus::Returned) => {
            add(after, at, Fact::Returned(of_unit(&after.unit)), facts);
            add(after, at, Fact::ReturnDecided { accepted: true, of: of_unit(&after.unit) }, facts);
        }
        Some(AssignmentStatus::Withdrawn) => add(after, at, Fact::Withdrawn(of_unit(&after.unit)), facts),
        _ => {}
    }
}

fn of_unit(unit: &SmolStr) -> OfUnit {
    OfUnit { unit: unit.clone(), reason: Reason::default() }
}

fn add(of: &SnapshotAssignment, at: Millis, fact: Fact, facts: &mut Facts<'_>) {
    facts.add_of(of.key(), at, fact);
}
