//! Values that differ from what was stated before: corrections, extensions, links; known from this row on.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{
    assignment::SnapshotAssignment,
    facts::Facts,
    milestones::earliest,
    row::Snapshot,
    step::{Step, newly},
};
use crate::domain::{
    attributes::Attribute,
    fact::{Correction, Fact, FactKind, Reason},
};

pub(super) fn derive(
    step: &Step<'_>,
    was_closed: bool,
    assignments: &BTreeMap<SmolStr, SnapshotAssignment>,
    is_receipt: &impl Fn(FactKind) -> bool,
    facts: &mut Facts<'_>,
) {
    attributes(step, facts);
    unit(step, facts);
    due(step, was_closed, assignments, facts);
    receipt(step, is_receipt, facts);
    rest(step.before, step.after, facts);
}

fn attributes(step: &Step<'_>, facts: &mut Facts<'_>) {
    for (attribute, name) in Attribute::ALL {
        let (old, new) = (step.before.intake.attributes.get(attribute), step.after.intake.attributes.get(attribute));
        if old != new && !(old.is_empty() && facts.carries_intake) {
            facts.correct(name, Correction::Attribute(attribute, new.clone()), old);
        }
    }
}

/// The unit of the task row counts only while no child row says who has the case.
fn unit(step: &Step<'_>, facts: &mut Facts<'_>) {
    let Step { before, after, .. } = *step;
    let is_dispatched = before.dispatched_at != after.dispatched_at;
    if step.has_assignments || is_dispatched || before.unit == after.unit {
        return;
    }
    // Stated with the case itself, it was so from the beginning; a dispatch that is told of later comes after it.
    let at = if step.is_first { earliest(after, facts) } else { facts.seen_at() };
    let (correction, old) = (Correction::Unit(after.unit.clone()), before.unit.clone());
    facts.add_of("unit", at, Fact::Corrected { correction, old, reason: Reason::default() });
}

/// A later due is an extension, granted when the row was written: whether that was in time, the fold judges.
fn due(step: &Step<'_>, was_closed: bool, assignments: &BTreeMap<SmolStr, SnapshotAssignment>, facts: &mut Facts<'_>) {
    let (old, Some(new)) = (step.before.intake.due, step.after.intake.due) else { return };
    if facts.carries_due || old == Some(new) {
        return;
    }
    match old {
        None if assignments.values().any(|assignment| assignment.due == Some(new)) => {} // the dispatch says it
        Some(old) if new.at > old.at && !was_closed => {
            let reason = Reason::default();
            facts.add(facts.seen_at(), Fact::ExtensionDecided { approved: true, due: Some(new), reason });
        }
        _ => facts.correct("due_at", Correction::DueAt(new), ""),
    }
}

/// The time from which the case counts was another one.
fn receipt(step: &Step<'_>, is_receipt: &impl Fn(FactKind) -> bool, facts: &mut Facts<'_>) {
    let times = [
        (FactKind::Reported, step.before.reported_at, step.after.reported_at),
        (FactKind::Accepted, step.before.accepted_at, step.after.accepted_at),
        (FactKind::Filed, step.before.filed_at, step.after.filed_at),
    ];
    // Where several count, the first to come is the receipt.
    match times.into_iter().find(|(kind, before, _)| is_receipt(*kind) && before.is_some()) {
        Some((_, Some(old), Some(new))) if old != new => {
            facts.correct("received_at", Correction::ReceivedAt(new), "");
        }
        _ => {}
    }
}

fn rest(before: &Snapshot, after: &Snapshot, facts: &mut Facts<'_>) {
    let is_filed_now = newly(before.filed_at, after.filed_at).is_some();
    if before.filing_condition != after.filing_condition && after.filed_at.is_some() && !is_filed_now {
        let correction = Correction::FilingCondition(after.filing_condition.clone());
        facts.correct("filing_condition", correction, &before.filing_condition);
    }
    if before.result != after.result && !facts.carries_result {
        facts.correct("result", Correction::Result(after.result.clone()), &before.result);
    }
    assessed(before, after, facts);
    if before.duplicate_of.as_deref().unwrap_or("") != after.duplicate_of.as_deref().unwrap_or("") {
        let parent = after.duplicate_of.clone().unwrap_or_default();
        let linked = !parent.is_empty();
        let fact = if linked { Fact::DuplicateLinked { parent } } else { Fact::DuplicateUnlinked(Reason::default()) };
        facts.add(facts.seen_at(), fact);
    }
}

/// 是否考核; not stated means yes.
fn assessed(before: &Snapshot, after: &Snapshot, facts: &mut Facts<'_>) {
    let (old, new) = (before.intake.is_assessed, after.intake.is_assessed);
    let is_carried = old.is_none() && facts.carries_intake;
    let (was, is) = (old.unwrap_or(true), new.unwrap_or(true));
    if was != is && !is_carried {
        facts.correct("assessed", Correction::Assessed(is), if was { "true" } else { "false" });
    }
}
