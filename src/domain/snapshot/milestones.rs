//! The times that a row names itself: each once, when it is first there.

use smol_str::SmolStr;

use super::{
    facts::Facts,
    row::Snapshot,
    step::{Step, newly},
};
use crate::domain::{
    fact::{Fact, Intake, Reason},
    time::Millis,
};

pub(super) fn derive(step: &Step<'_>, facts: &mut Facts<'_>) {
    intake(step, facts);
    let Step { before, after, .. } = *step;
    if let Some(at) = newly(before.filed_at, after.filed_at) {
        let due = newly(before.intake.due, after.intake.due).filter(|_| !facts.carries_due);
        facts.carries_due |= due.is_some();
        let condition = after.filing_condition.clone();
        facts.add(at, Fact::Filed { condition, urgency: SmolStr::default(), due });
    }
    contact(before, after, facts);
}

/// What the case is about goes with the first fact of it; a case of which nothing but its standing is known was at least
/// reported.
fn intake(step: &Step<'_>, facts: &mut Facts<'_>) {
    let Step { before, after, .. } = *step;
    let nameless = step.is_first && after.reported_at.is_none() && after.accepted_at.is_none();
    let reported = newly(before.reported_at, after.reported_at).or_else(|| nameless.then(|| earliest(after, facts)));
    let accepted = newly(before.accepted_at, after.accepted_at);
    if let Some(at) = reported {
        facts.add(at, Fact::Reported(Box::new(stated(before, after))));
    }
    if let Some(at) = accepted {
        let intake = if reported.is_some() { Intake::default() } else { stated(before, after) };
        facts.add(at, Fact::Accepted(Box::new(intake)));
    }
    if reported.or(accepted).is_some() {
        facts.carries_intake = true;
        facts.carries_due |= before.intake.due.is_none() && after.intake.due.is_some();
    }
}

/// A due that was stated before has made its fact, and a patrol closes a case once.
fn stated(before: &Snapshot, after: &Snapshot) -> Intake {
    let is_patrol_dealt = after.intake.is_patrol_dealt && !before.intake.is_patrol_dealt;
    Intake { is_patrol_dealt, due: newly(before.intake.due, after.intake.due), ..after.intake.clone() }
}

/// The first time that the row knows of the case.
pub(super) fn earliest(row: &Snapshot, facts: &Facts<'_>) -> Millis {
    let own = [row.reported_at, row.accepted_at, row.filed_at, row.dispatched_at, row.submitted_at, row.closed_at];
    let first = own.into_iter().flatten().min();
    first.map_or(facts.seen_at(), |at| at.min(facts.seen_at()))
}

fn contact(before: &Snapshot, after: &Snapshot, facts: &mut Facts<'_>) {
    let timed = newly(before.contacted_at, after.contacted_at);
    let said = after.contacted.filter(|said| before.contacted != Some(*said));
    let contacted = after.contacted.unwrap_or(true);
    let at = match (timed, said) {
        (Some(at), _) => at,
        // The time was there before: it has made its fact.
        (None, Some(true)) if before.contacted_at.is_some() => return,
        (None, Some(_)) => facts.seen_at(),
        (None, None) => return,
    };
    facts.add(at, Fact::Contacted { contacted, unit: SmolStr::default(), reason: Reason::default() });
}
