//! The facts of one row, as events with ids of their own.

use smol_str::format_smolstr;

use crate::domain::{
    event::Event,
    fact::{Correction, Fact, Reason},
    time::Millis,
};

#[derive(Debug)]
pub(super) struct Facts<'a> {
    row: &'a Event,
    derived: &'a mut Vec<Event>,
    /// A fact of this row says what the case is about, so that what was not known before is no correction.
    pub(super) carries_intake: bool,
    pub(super) carries_due: bool,
    pub(super) carries_result: bool,
}

impl<'a> Facts<'a> {
    pub(super) fn new(row: &'a Event, derived: &'a mut Vec<Event>) -> Self {
        Self { row, derived, carries_intake: false, carries_due: false, carries_result: false }
    }

    /// When the row was so: the time of what has no time of its own.
    pub(super) fn seen_at(&self) -> Millis {
        self.row.occurred_at
    }

    pub(super) fn add(&mut self, at: Millis, fact: Fact) {
        self.add_of("", at, fact);
    }

    /// `part` tells facts of one type of one row apart: the assignment, or the field put right.
    pub(super) fn add_of(&mut self, part: &str, at: Millis, fact: Fact) {
        let dot = if part.is_empty() { "" } else { "." };
        let row = self.row;
        self.derived.push(Event {
            place: row.place.clone(),
            envelope: row.envelope,
            ingested_at: row.ingested_at,
            stream: row.stream.clone(),
            case_id: row.case_id.clone(),
            source: row.source.clone(),
            id: format_smolstr!("{}#{}{dot}{part}@{}", row.id, fact.kind().name(), at.0),
            occurred_at: at,
            recorded_at: None,
            seq: row.seq,
            fact,
        });
    }

    /// A stated value changed; it is known from this row on.
    pub(super) fn correct(&mut self, field: &str, correction: Correction, old: &str) {
        let fact = Fact::Corrected { correction, old: old.into(), reason: Reason::default() };
        self.add_of(field, self.seen_at(), fact);
    }
}
