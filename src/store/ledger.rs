//! The rows of `events`, the ledger: one column list, and the function that fills a row from an event.

use bytes::Bytes;
use smol_str::{SmolStr, format_smolstr};

use super::{
    cases::{attributes, reporter},
    client::Store,
    error::StoreError,
    native::{
        Block,
        Type::{Bool, I32, I64, Low, MaybeBool, MaybeTime, Text, Time, U8, U32, U64},
    },
};
use crate::domain::{
    event::Event,
    fact::{Correction, Dispatch, Fact, Intake, Reason},
    snapshot::Snapshot,
    time::{Due, Millis},
};

const COLUMNS: &[(&str, super::native::Type)] = &[
    ("case_id", Text),
    ("source", Low),
    ("event_id", Text),
    ("topic", Low),
    ("partition", I32),
    ("offset", I64),
    ("stream", Low),
    ("type", Low),
    ("envelope", Low),
    ("occurred_at", Time),
    ("recorded_at", MaybeTime),
    ("ingested_at", Time),
    ("seq", U64),
    ("kind", Low),
    ("channel", Low),
    ("category_standard", Low),
    ("category_code", Low),
    ("category_name", Low),
    ("area", Low),
    ("town", Low),
    ("community", Low),
    ("cell", Low),
    ("duty_grid", Low),
    ("urgency", Low),
    ("external_no", Text),
    ("repeat_of", Text),
    ("reporter_name", Text),
    ("reporter_phone", Text),
    ("reporter_id_number", Text),
    ("reporter_id_region", Low),
    ("key_id", Low),
    ("title", Text),
    ("description", Text),
    ("patrol_dealt", Bool),
    ("media_count", U32),
    ("unit", Low),
    ("unit_name", Low),
    ("level", U8),
    ("role", Low),
    ("due_at", MaybeTime),
    ("due_is_exclusive", Bool),
    ("outcome", MaybeBool),
    ("filing_condition", Low),
    ("how", Low),
    ("result", Low),
    ("note", Text),
    ("reason_code", Low),
    ("reason", Text),
    ("field", Low),
    ("value", Text),
    ("old_value", Text),
    ("status", Low),
    ("reported_at", MaybeTime),
    ("accepted_at", MaybeTime),
    ("filed_at", MaybeTime),
    ("dispatched_at", MaybeTime),
    ("submitted_at", MaybeTime),
    ("closed_at", MaybeTime),
];

/// The columns, for a query that reads them back.
pub(super) fn names() -> String {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

pub fn encode<'a>(events: impl Iterator<Item = &'a Event>) -> Bytes {
    let mut block = Block::new(COLUMNS);
    let nothing = Intake::default();
    for event in events {
        row(&mut block, event, &nothing);
    }
    block.encode()
}

pub async fn insert(store: &Store, body: Bytes) -> Result<(), StoreError> {
    store.insert_native("events", body).await
}

fn row(block: &mut Block, event: &Event, nothing: &Intake) {
    block.text(&event.case_id);
    block.low(&event.source);
    block.text(&event.id);
    block.low(&event.place.topic);
    block.i32(event.place.partition);
    block.i64(event.place.offset);
    block.low(&event.stream);
    block.low(event.fact.kind().name());
    block.low(event.envelope.name());
    block.time(event.occurred_at);
    block.maybe_time(event.recorded_at);
    block.time(event.ingested_at);
    block.u64(event.seq);
    let said = Said::by(&event.fact, nothing);
    attributes(block, &said.intake.attributes, said.urgency.unwrap_or(&said.intake.attributes.urgency));
    intake(block, said.intake);
    said.fill(block);
    block.end_row();
}

fn intake(block: &mut Block, intake: &Intake) {
    reporter(block, &intake.reporter);
    block.text(&intake.title);
    block.text(&intake.description);
    block.bool(intake.is_patrol_dealt);
    block.u32(intake.media_count);
}

/// What a fact says, spread over the columns that the types share. Every event type fills a few of them.
struct Said<'a> {
    intake: &'a Intake,
    unit: &'a str,
    dispatch: Option<&'a Dispatch>,
    due: Option<Due>,
    outcome: Option<bool>,
    /// Stated when filing; an intake's own stands in its attributes.
    urgency: Option<&'a str>,
    condition: &'a str,
    how: &'a str,
    result: &'a str,
    note: &'a str,
    reason: Option<&'a Reason>,
    correction: (&'static str, SmolStr, &'a str),
    snapshot: Option<&'a Snapshot>,
}

impl<'a> Said<'a> {
    fn nothing(intake: &'a Intake) -> Self {
        Self {
            intake,
            unit: "",
            dispatch: None,
            due: None,
            outcome: None,
            urgency: None,
            condition: "",
            how: "",
            result: "",
            note: "",
            reason: None,
            correction: ("", SmolStr::default(), ""),
            snapshot: None,
        }
    }

    fn by(fact: &'a Fact, nothing: &'a Intake) -> Self {
        let blank = Self::nothing(nothing);
        match fact {
            Fact::Reported(intake) | Fact::Accepted(intake) => Self { intake, due: intake.due, ..blank },
            Fact::Rejected(reason) | Fact::NotFiled(reason) | Fact::Voided(reason) | Fact::VoidRevoked(reason) => {
                Self { reason: Some(reason), ..blank }
            }
            Fact::Suspended { reason } => Self { reason: Some(reason), ..blank },
            Fact::Filed { condition, urgency, due } => Self { condition, due: *due, urgency: Some(urgency), ..blank },
            Fact::Dispatched(dispatch) => {
                Self { unit: &dispatch.unit, dispatch: Some(dispatch), due: dispatch.due, ..blank }
            }
            Fact::Signed { unit } => Self { unit, ..blank },
            Fact::Contacted { contacted, unit, reason } => {
                Self { outcome: Some(*contacted), unit, reason: Some(reason), ..blank }
            }
            Fact::ExtensionDecided { approved, due, reason } => {
                Self { outcome: Some(*approved), due: *due, reason: Some(reason), ..blank }
            }
            Fact::Resumed { due } => Self { due: *due, ..blank },
            Fact::Submitted { unit, result, note } => Self { unit, result, note, ..blank },
            Fact::Checked { passed, reason } => Self { outcome: Some(*passed), reason: Some(reason), ..blank },
            Fact::Closed { how, result } => Self { how, result, ..blank },
            Fact::Reopened { due, reason } => Self { due: *due, reason: Some(reason), ..blank },
            Fact::Corrected { correction, old, reason } => Self {
                correction: corrected(correction, old),
                due: corrected_due(correction),
                reason: Some(reason),
                ..blank
            },
            Fact::Snapshot(snapshot) => Self {
                intake: &snapshot.intake,
                due: snapshot.intake.due,
                unit: &snapshot.unit,
                result: &snapshot.result,
                snapshot: Some(snapshot),
                ..blank
            },
        }
    }

    fn fill(&self, block: &mut Block) {
        block.low(self.unit);
        block.low(self.dispatch.map_or("", |dispatch| &dispatch.unit_name));
        block.u8(self.dispatch.map_or(0, |dispatch| dispatch.level));
        block.low(self.dispatch.map_or("", |dispatch| &dispatch.role));
        block.maybe_time(self.due.map(|due| due.at));
        block.bool(self.due.is_some_and(|due| due.is_exclusive));
        block.maybe_bool(self.outcome);
        block.low(self.condition);
        block.low(self.how);
        block.low(self.result);
        block.text(self.note);
        block.low(self.reason.map_or("", |reason| &reason.code));
        block.text(self.reason.map_or("", |reason| &reason.text));
        block.low(self.correction.0);
        block.text(&self.correction.1);
        block.text(self.correction.2);
        block.low(self.snapshot.map_or("", |row| row.status.name()));
        let row = self.snapshot;
        let time = |read: fn(&Snapshot) -> Option<Millis>| row.and_then(read);
        for at in [
            time(|row| row.reported_at),
            time(|row| row.accepted_at),
            time(|row| row.filed_at),
            time(|row| row.dispatched_at),
            time(|row| row.submitted_at),
            time(|row| row.closed_at),
        ] {
            block.maybe_time(at);
        }
    }
}

/// Field, value and old value. Times are kept as milliseconds, which read back exactly.
fn corrected<'a>(correction: &Correction, old: &'a str) -> (&'static str, SmolStr, &'a str) {
    match correction {
        Correction::Attribute(attribute, value) => (attribute.name(), value.clone(), old),
        Correction::Unit(unit) => ("unit", unit.clone(), old),
        Correction::ReceivedAt(at) => ("received_at", format_smolstr!("{}", at.0), old),
        Correction::ClosedAt(at) => ("closed_at", format_smolstr!("{}", at.0), old),
        Correction::DueAt(due) => ("due_at", format_smolstr!("{}", due.at.0), old),
    }
}

fn corrected_due(correction: &Correction) -> Option<Due> {
    match correction {
        Correction::DueAt(due) => Some(*due),
        _ => None,
    }
}
