//! What the citizen says: first seen it was a revisit (回访), another answer later is a review (复核).

use smol_str::{SmolStr, format_smolstr};

use super::{
    facts::Facts,
    row::Snapshot,
    step::{Step, once_more},
};
use crate::domain::fact::{Correction, Fact, Reason, Revisit};

pub(super) fn derive(step: &Step<'_>, facts: &mut Facts<'_>) {
    let Step { before, after, .. } = *step;
    let timed = once_more(before.revisited_at, after.revisited_at);
    if timed.is_some() || answers(after) > answers(before) {
        let revisit = Revisit {
            channel: SmolStr::default(),
            reached: after.reached.unwrap_or(true),
            first_contact: after.first_contact,
            solved: after.solved,
            satisfaction: after.satisfaction,
            reason: Reason::default(),
        };
        facts.add(timed.unwrap_or(facts.seen_at()), Fact::Revisited(Box::new(revisit)));
    }
    if timed.is_none() {
        overturned(before, after, facts);
    }
}

/// How many of the questions have an answer.
fn answers(row: &Snapshot) -> usize {
    usize::from(row.reached.is_some())
        + usize::from(row.first_contact.is_some())
        + usize::from(row.solved.is_some())
        + usize::from(row.satisfaction.is_some())
}

fn overturned(before: &Snapshot, after: &Snapshot, facts: &mut Facts<'_>) {
    if let Some((old, new)) = changed(before.first_contact, after.first_contact) {
        review("first_contact", Correction::FirstContact(new), format_smolstr!("{old}"), facts);
    }
    if let Some((old, new)) = changed(before.solved, after.solved) {
        review("solved", Correction::Solved(new), format_smolstr!("{old}"), facts);
    }
    if let Some((old, new)) = changed(before.satisfaction, after.satisfaction) {
        review("satisfaction", Correction::Satisfaction(new), old.name().into(), facts);
    }
}

fn changed<T: PartialEq>(before: Option<T>, after: Option<T>) -> Option<(T, T)> {
    before.zip(after).filter(|(old, new)| old != new)
}

fn review(field: &str, correction: Correction, old: SmolStr, facts: &mut Facts<'_>) {
    facts.add_of(field, facts.seen_at(), Fact::Reviewed { correction, old, reason: Reason::default() });
}
