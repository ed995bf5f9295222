//! Values that differ from what was stated before: corrections, extensions, links; known from this row on.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{
    assignment::Assignment,
    facts::Facts,
    known::{Step, newly},
    milestones::earliest,
    row::Snapshot,
};
use crate::domain::{
    attributes::Attribute,
    fact::{Correction, Fact, FactKind, Reason},
    time::Millis,
};

pub(super) fn derive(
    step: &Step<'_>,
    was_closed: bool,
    assignments: &BTreeMap<SmolStr, Assignment>,
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
fn due(step: &Step<'_>, was_closed: bool, assignments: &BTreeMap<SmolStr, Assignment>, facts: &mut Facts<'_>) {
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
    let times: [(FactKind, fn(&Snapshot) -> Option<Millis>); 3] = [
        (FactKind::Reported, |row| row.reported_at),
        (FactKind::Accepted, |row| row.accepted_at),
        (FactKind::Filed, |row| row.filed_at),
    ];
    // Where several count, the first to come is the receipt.
    let stated = times.iter().filter(|(kind, _)| is_receipt(*kind));
    let Some((_, time)) = stated.into_iter().find(|(_, time)| time(step.before).is_some()) else { return };
    if let (Some(old), Some(new)) = (time(step.before), time(step.after))
        && old != new
    {
        facts.correct("received_at", Correction::ReceivedAt(new), "");
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
