//! Row snapshots: what a platform hands over that has no events, only the task row as it stands now.
//! Successive rows of a case are compared, in the order of their times, and give the facts that lie between them.

use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

use super::{
    attributes::Attribute,
    event::Event,
    fact::{Correction, Dispatch, Fact, Intake, Reason},
    time::Millis,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Open,
    Suspended,
    Closed,
    Void,
    Rejected,
    NotFiled,
}

impl Status {
    pub const ALL: [Self; 6] = [Self::Open, Self::Suspended, Self::Closed, Self::Void, Self::Rejected, Self::NotFiled];
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    pub status: Status,
    #[serde(flatten)]
    pub intake: Intake,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub unit: SmolStr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filed_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatched_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Millis>,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub result: SmolStr,
}

/// The facts of all the snapshots among the events, each as an event of its own with a derived id.
/// `sorted` is in the order of the fold.
pub fn expand(sorted: &[&Event]) -> Vec<Event> {
    let mut derived = Vec::new();
    let mut before: Option<&Snapshot> = None;
    for event in sorted {
        let Fact::Snapshot(now) = &event.fact else { continue };
        let mut add = |at: Millis, fact: Fact| derived.push(derive(event, at, fact));
        milestones(before, now, event.occurred_at, &mut add);
        changes(before, now, event.occurred_at, &mut add);
        status(before, now, event.occurred_at, &mut add);
        before = Some(now);
    }
    derived
}

/// The times that the row names itself: each once, when it is first there.
fn milestones(before: Option<&Snapshot>, now: &Snapshot, seen_at: Millis, add: &mut impl FnMut(Millis, Fact)) {
    let first = |time: fn(&Snapshot) -> Option<Millis>| match before.and_then(time) {
        None => time(now),
        Some(_) => None,
    };
    if before.is_none() {
        let at = now.reported_at.or(now.accepted_at).unwrap_or(seen_at);
        add(at, Fact::Reported(Box::new(now.intake.clone())));
    }
    if let Some(at) = first(|row| row.accepted_at) {
        add(at, Fact::Accepted(Box::default()));
    }
    if let Some(at) = first(|row| row.filed_at) {
        add(at, Fact::Filed { condition: SmolStr::default(), urgency: SmolStr::default(), due: None });
    }
    if let Some(at) = first(|row| row.dispatched_at) {
        add(at, Fact::Dispatched(Box::new(Dispatch { unit: now.unit.clone(), ..Dispatch::default() })));
    }
    if let Some(at) = first(|row| row.submitted_at) {
        add(at, Fact::Submitted { unit: now.unit.clone(), result: now.result.clone(), note: SmolStr::default() });
    }
}

/// Values that differ from the row before are corrections, known from this row on.
fn changes(before: Option<&Snapshot>, now: &Snapshot, seen_at: Millis, add: &mut impl FnMut(Millis, Fact)) {
    let Some(before) = before else { return };
    let mut correct = |correction, old| add(seen_at, Fact::Corrected { correction, old, reason: Reason::default() });
    for (attribute, _) in Attribute::ALL {
        let (old, new) = (before.intake.attributes.get(attribute), now.intake.attributes.get(attribute));
        if old != new && !new.is_empty() {
            correct(Correction::Attribute(attribute, new.clone()), old.clone());
        }
    }
    if before.unit != now.unit && !now.unit.is_empty() && before.dispatched_at.is_some() {
        correct(Correction::Unit(now.unit.clone()), before.unit.clone());
    }
    match now.intake.due {
        Some(due) if before.intake.due != Some(due) => correct(Correction::DueAt(due), SmolStr::default()),
        _ => {}
    }
}

fn status(before: Option<&Snapshot>, now: &Snapshot, seen_at: Millis, add: &mut impl FnMut(Millis, Fact)) {
    let was = before.map_or(Status::Open, |row| row.status);
    let reason = Reason::default;
    if was != now.status {
        match was {
            Status::Suspended => add(seen_at, Fact::Resumed { due: None }),
            Status::Void => add(seen_at, Fact::VoidRevoked(reason())),
            // A void case keeps its close underneath; only a case at work again was reopened.
            Status::Closed if now.status != Status::Void => {
                add(seen_at, Fact::Reopened { due: None, reason: reason() })
            }
            _ => {}
        }
        match now.status {
            Status::Suspended => add(seen_at, Fact::Suspended { reason: reason() }),
            Status::Closed => {
                let at = now.closed_at.unwrap_or(seen_at);
                add(at, Fact::Closed { how: SmolStr::default(), result: now.result.clone() });
            }
            Status::Void => add(seen_at, Fact::Voided(reason())),
            Status::Rejected => add(seen_at, Fact::Rejected(reason())),
            Status::NotFiled => add(seen_at, Fact::NotFiled(reason())),
            Status::Open => {}
        }
    } else if let (Status::Closed, Some(old), Some(at)) = (was, before.and_then(|row| row.closed_at), now.closed_at)
        && old != at
    {
        let correction = Correction::ClosedAt(at);
        add(seen_at, Fact::Corrected { correction, old: SmolStr::default(), reason: reason() });
    }
}

fn derive(snapshot: &Event, at: Millis, fact: Fact) -> Event {
    Event {
        id: format_smolstr!("{}#{}@{}", snapshot.id, fact.kind().name(), at.0),
        occurred_at: at,
        recorded_at: None,
        fact,
        ..snapshot.clone()
    }
}
