//! The fold: all that was said about one case becomes the case. Pure, and the same for any order of the messages,
//! any duplication and any split into batches.
//!
//! Facts are taken in the order (occurred_at, seq, usual order of the types, source, id).

use std::collections::HashMap;

use foldhash::fast::RandomState;
use smol_str::SmolStr;

use super::{
    case::Case,
    event::Event,
    fact::{Correction, Dispatch, Fact, FactKind, Intake},
    history::{Standing, Step},
    lifecycle::{self, Phase},
    snapshot,
    stream::{Meaning, Stream},
    time::{Due, Millis},
};

/// A fact recorded earlier than this before it happened points to a clock that is wrong.
const CLOCK_SKEW_TOLERANCE_MS: i64 = 60_000;

/// Folds every ledger row of one case. Rows may come in any order and more than once.
pub fn fold(stream: &Stream, rows: &[&Event]) -> Case {
    let mut case = Case::default();
    let Some(first) = rows.first() else { return case };
    case.stream = first.stream.clone();
    case.case_id = first.case_id.clone();
    let mut events = distinct(rows, &mut case);
    events.sort_by(|a, b| order(a).cmp(&order(b)));
    case.counts.clock_skew = events.iter().filter(|event| is_skewed(event)).count() as u32;
    let derived = snapshot::expand(&events);
    if !derived.is_empty() {
        events.extend(&derived);
        events.sort_by(|a, b| order(a).cmp(&order(b)));
    }
    let mut folding = Folding { stream, case, first_at: None, received: None, paused_at: None, excluded: false };
    for event in events {
        folding.take(event);
    }
    folding.case
}

/// One event for each identity, the one at the first place; counts what the others are.
fn distinct<'a>(rows: &[&'a Event], case: &mut Case) -> Vec<&'a Event> {
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| a.place.cmp(&b.place));
    rows.dedup_by(|a, b| a.place == b.place);
    let counts = &mut case.counts;
    counts.rows = rows.len() as u32;
    let mut kept: Vec<&Event> = Vec::with_capacity(rows.len());
    let mut seen: HashMap<(&SmolStr, &SmolStr), usize, RandomState> =
        HashMap::with_capacity_and_hasher(rows.len(), RandomState::default());
    let mut latest: Option<&Event> = None;
    for row in rows {
        case.milestones.last_ingested_at = case.milestones.last_ingested_at.max(Some(row.ingested_at));
        if let Some(index) = seen.get(&(&row.source, &row.id)) {
            if kept[*index].says_the_same(row) {
                counts.duplicates += 1;
            } else {
                counts.conflicts += 1;
            }
            continue;
        }
        seen.insert((&row.source, &row.id), kept.len());
        kept.push(row);
        match latest {
            Some(event) if same_partition(event, row) && row.occurred_at < event.occurred_at => {
                counts.out_of_order += 1
            }
            _ => latest = Some(row),
        }
    }
    counts.events = kept.len() as u32;
    kept
}

fn same_partition(a: &Event, b: &Event) -> bool {
    a.place.partition == b.place.partition && a.place.topic == b.place.topic
}

fn order(event: &Event) -> (Millis, u64, FactKind, &str, &str) {
    (event.occurred_at, event.seq, event.fact.kind(), &event.source, &event.id)
}

fn is_skewed(event: &Event) -> bool {
    event.recorded_at.is_some_and(|recorded| event.occurred_at.since(recorded) > CLOCK_SKEW_TOLERANCE_MS)
}

/// The state between two facts. What is not in `case` is needed only on the way.
struct Folding<'a> {
    stream: &'a Stream,
    case: Case,
    first_at: Option<Millis>,
    received: Option<Millis>,
    paused_at: Option<Millis>,
    excluded: bool,
}

impl Folding<'_> {
    fn take(&mut self, event: &Event) {
        let (at, fact) = (event.occurred_at, &event.fact);
        if fact.kind() == FactKind::Snapshot {
            return; // its facts stand beside it
        }
        self.first_at.get_or_insert(at);
        self.case.milestones.last_event_at = Some(at);
        let (phase, expected) = lifecycle::advance(self.case.phase, fact);
        self.case.counts.irregular += u32::from(!expected);
        let meaning = self.stream.meaning(fact.kind());
        self.case.phase = phase;
        self.effect(at, fact);
        match meaning {
            Meaning::Received => self.receive(at),
            Meaning::Closed => self.close(at),
            Meaning::Void => self.void(at),
            Meaning::Excluded => self.excluded = true,
            Meaning::Progress => {}
        }
        if matches!(meaning, Meaning::Received) || is_work(fact.kind()) {
            self.excluded = false;
        }
        self.note(at, fact.kind());
    }

    /// What a fact does besides its meaning for the stream.
    fn effect(&mut self, at: Millis, fact: &Fact) {
        let case = &mut self.case;
        let marks = &mut case.milestones;
        match fact {
            Fact::Reported(intake) => {
                marks.reported_at.get_or_insert(at);
                self.intake(at, intake);
            }
            Fact::Accepted(intake) => {
                marks.accepted_at.get_or_insert(at);
                self.intake(at, intake);
            }
            Fact::Filed { urgency, due, .. } => {
                marks.filed_at.get_or_insert(at);
                if case.attributes.urgency.is_empty() {
                    case.attributes.urgency = urgency.clone();
                }
                self.state_due(*due);
            }
            Fact::Dispatched(dispatch) => self.dispatch(at, dispatch),
            Fact::Signed { .. } => {
                marks.signed_at.get_or_insert(at);
            }
            Fact::Contacted { contacted, .. } => {
                if *contacted {
                    marks.contacted_at.get_or_insert(at);
                }
                case.contacted = Some(case.contacted.unwrap_or(false) || *contacted);
            }
            Fact::ExtensionDecided { approved, due, .. } => self.extend(at, *approved, *due),
            Fact::Suspended { .. } => self.suspend(at),
            Fact::Resumed { due } => self.resume(at, *due),
            Fact::Submitted { result, .. } => {
                marks.last_submitted_at = Some(at);
                set_if_stated(&mut case.result, result);
            }
            Fact::Checked { passed, .. } => case.counts.reworks += u32::from(!passed),
            Fact::Closed { result, .. } => set_if_stated(&mut case.result, result),
            Fact::Reopened { due, .. } => self.reopen(*due),
            Fact::VoidRevoked(_) => {
                case.is_void = false;
                marks.voided_at = None;
            }
            Fact::Corrected { correction, .. } => self.correct(correction),
            _ => {}
        }
    }

    fn intake(&mut self, at: Millis, intake: &Intake) {
        let case = &mut self.case;
        case.attributes.fill_from(&intake.attributes);
        if case.title.is_empty() {
            case.title = intake.title.clone();
        }
        if case.reporter.key_id.is_empty() {
            case.reporter = intake.reporter.clone();
        }
        self.state_due(intake.due);
        if intake.is_patrol_dealt {
            self.case.is_patrol_dealt = true;
            self.case.phase = Phase::Closed;
            self.receive(at);
            self.close(at);
        }
    }

    /// The first due that is stated is the case's. Later it moves only by extension, pause or correction,
    /// so that sending a late case to another unit cannot cure it.
    fn state_due(&mut self, due: Option<Due>) {
        if self.case.original_due.is_none() && due.is_some() {
            self.case.original_due = due;
            self.case.due = self.case.due.or(due);
        }
    }

    fn dispatch(&mut self, at: Millis, dispatch: &Dispatch) {
        let case = &mut self.case;
        case.milestones.dispatched_at.get_or_insert(at);
        case.counts.dispatches += 1;
        if dispatch.role != "support" {
            case.unit = dispatch.unit.clone();
            case.unit_name = dispatch.unit_name.clone();
        }
        self.state_due(dispatch.due);
    }

    fn extend(&mut self, at: Millis, approved: bool, due: Option<Due>) {
        let (true, Some(new)) = (approved, due) else { return };
        let counts = &mut self.case.counts;
        if self.case.due.is_some_and(|old| !old.is_met_at(at)) && self.paused_at.is_none() {
            counts.late_extensions += 1;
        } else {
            counts.extensions += 1;
            self.case.due = Some(new);
        }
    }

    fn suspend(&mut self, at: Millis) {
        if self.paused_at.is_none() && self.case.milestones.closed_at.is_none() {
            self.case.counts.suspensions += 1;
            self.case.is_suspended = true;
            self.paused_at = Some(at);
        }
    }

    fn resume(&mut self, at: Millis, due: Option<Due>) {
        let Some(paused_at) = self.paused_at.take() else { return };
        self.case.is_suspended = false;
        self.case.counts.paused_ms += at.since(paused_at);
        self.case.due = due.or_else(|| self.case.due.map(|old| old.after_pause(paused_at, at)));
    }

    fn receive(&mut self, at: Millis) {
        self.received.get_or_insert(at);
        self.case.milestones.received_at = self.received;
    }

    fn close(&mut self, at: Millis) {
        if self.case.milestones.closed_at.is_some() {
            return; // closed already; the first close stands until the case is reopened
        }
        self.resume(at, None);
        self.case.milestones.closed_at = Some(at);
        self.case.milestones.first_closed_at.get_or_insert(at);
    }

    fn reopen(&mut self, due: Option<Due>) {
        if self.case.milestones.closed_at.take().is_some() {
            self.case.counts.reopens += 1;
            self.case.due = due.or(self.case.due);
        }
    }

    fn void(&mut self, at: Millis) {
        self.case.is_void = true;
        self.case.milestones.voided_at.get_or_insert(at);
    }

    fn correct(&mut self, correction: &Correction) {
        let case = &mut self.case;
        case.counts.corrections += 1;
        match correction {
            Correction::Attribute(attribute, value) => case.attributes.set(*attribute, value.clone()),
            Correction::Unit(unit) => {
                case.unit = unit.clone();
                case.unit_name = SmolStr::default();
            }
            Correction::ReceivedAt(at) => {
                self.received = Some(*at);
                case.milestones.received_at = Some(*at);
            }
            Correction::ClosedAt(at) if case.milestones.closed_at.is_some() => {
                if case.milestones.first_closed_at == case.milestones.closed_at {
                    case.milestones.first_closed_at = Some(*at);
                }
                case.milestones.closed_at = Some(*at);
            }
            Correction::ClosedAt(_) => case.counts.irregular += 1,
            Correction::DueAt(due) => {
                if case.original_due == case.due {
                    case.original_due = Some(*due);
                }
                case.due = Some(*due);
            }
            _ => {}
        }
    }

    /// Puts the standing after this fact into the history.
    fn note(&mut self, at: Millis, kind: FactKind) {
        // A case that is worked on was received, even if nobody said so: it counts from its first event,
        // and from its received event as soon as that comes.
        if self.received.is_none() && is_work(kind) {
            self.case.milestones.received_at = self.case.milestones.received_at.or(self.first_at);
        }
        let Some(received_at) = self.case.milestones.received_at else { return };
        let closed_at = self.case.milestones.closed_at;
        let standing = if self.case.is_void {
            Standing::Void
        } else if self.excluded {
            Standing::Excluded
        } else if closed_at.is_some() {
            Standing::Closed
        } else if self.case.is_suspended {
            Standing::Suspended
        } else {
            Standing::Open
        };
        self.case.history.note(Step { at, standing, received_at, closed_at, due: self.case.due });
    }
}

/// Facts that only a received case can have.
fn is_work(kind: FactKind) -> bool {
    use FactKind::{Checked, Closed, Contacted, Dispatched, Filed, Signed, Submitted};
    matches!(kind, Filed | Dispatched | Signed | Contacted | Submitted | Checked | Closed)
}

fn set_if_stated(slot: &mut SmolStr, value: &SmolStr) {
    if !value.is_empty() {
        *slot = value.clone();
    }
}
