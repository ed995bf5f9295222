//! What becomes of one row, wherever it came from: filtered out, rejected, or sent as its events.

use std::error::Error;

use super::{
    clock::Clock,
    fault::{Damage, Fault, RowProblem},
    mapping::{Mapping, Row, Unmatched},
    profile::Profile,
    record::{Mark, Record},
    row_events::RowEvents,
    summary::Summary,
};
use crate::feed::seen::{Seen, Sight};

/// An event on its way out: the key and the value of a Kafka message.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    pub case_id: &'a str,
    pub payload: &'a [u8],
}

/// Where events go.
pub(super) type Sink<'s, E> = dyn FnMut(Outgoing<'_>) -> Result<(), E> + 's;

/// The mapping at work, and what is remembered from row to row.
pub(super) struct Taking<'m> {
    pub(super) mapping: &'m Mapping,
    pub(super) clock: Clock,
    pub(super) profile: Profile,
    pub(super) summary: Summary,
    made: RowEvents,
    seen: Seen,
}

impl<'m> Taking<'m> {
    pub(super) fn new(mapping: &'m Mapping) -> Self {
        Self {
            mapping,
            clock: mapping.clock.clone(),
            profile: Profile::new(&mapping.columns),
            summary: Summary::default(),
            made: RowEvents::default(),
            seen: Seen::default(),
        }
    }

    /// The outer error ends the run, the inner one rejects the row.
    pub(super) fn take<E: Error>(
        &mut self,
        row: Row<'_>,
        line: u64,
        width: usize,
        sink: &mut Sink<'_, E>,
    ) -> Result<Result<(), RowProblem>, E> {
        if let Err(fault) = check_shape(row.record, width) {
            return Ok(Err(fault.at("")));
        }
        if let Err(problem) = check_text(self.mapping, row) {
            return Ok(Err(problem));
        }
        if !self.mapping.filters.iter().all(|filter| filter.holds(row)) {
            self.summary.filtered += 1;
            return Ok(Ok(()));
        }
        self.profile.kept(row, &self.mapping.watches);
        if let Err(problem) = self.made.make(self.mapping, &self.clock, row) {
            return Ok(Err(problem));
        }
        if !self.made.has_own {
            match self.mapping.unmatched {
                Unmatched::Reject => return Ok(Err(Fault::NoRule.at(""))),
                Unmatched::Skip => self.summary.no_event += 1,
            }
        }
        self.profile.made(&self.made, row);
        self.send(line, sink)?;
        Ok(Ok(()))
    }

    /// Notes it; whoever keeps rejected rows writes it down.
    pub(super) fn reject(&mut self, problem: &RowProblem, row: Row<'_>, line: u64) {
        self.profile.rejected(problem, row, self.mapping, &self.clock);
        self.summary.reject(problem, line);
    }

    /// Would it be a row by itself?
    pub(super) fn is_sound(&self, row: Row<'_>, width: usize, made: &mut RowEvents) -> bool {
        let is_shaped = check_shape(row.record, width).is_ok() && check_text(self.mapping, row).is_ok();
        is_shaped && made.make(self.mapping, &self.clock, row).is_ok() && !made.events.is_empty()
    }

    fn send<E: Error>(&mut self, line: u64, sink: &mut Sink<'_, E>) -> Result<(), E> {
        for kind in &self.made.without_time {
            self.summary.events.entry(*kind).or_default().without_time += 1;
        }
        for event in &self.made.events {
            let payload = self.made.payload(event);
            let tally = self.summary.events.entry(event.kind).or_default();
            match self.seen.look(&event.id, payload) {
                Sight::New => {}
                Sight::Identical => {
                    tally.identical += 1;
                    continue;
                }
                Sight::Conflicting => {
                    if tally.conflicting == 0 {
                        tally.first_conflict = line;
                    }
                    tally.conflicting += 1;
                }
            }
            sink(Outgoing { case_id: &self.made.case_id, payload })?;
            tally.sent += 1;
        }
        Ok(())
    }
}

/// Empty fields behind the last column come from a delimiter at the end of the line and say nothing.
fn check_shape(record: &Record, expected: usize) -> Result<(), Fault> {
    let found = record.cells.len();
    if found < expected || record.cells.iter().skip(expected).any(|field| !field.trim().is_empty()) {
        return Err(Fault::FieldCount { expected, found });
    }
    Ok(())
}

/// Columns that the mapping does not use may be damaged: exports often cut long text in the middle of a character.
pub(super) fn check_text(mapping: &Mapping, row: Row<'_>) -> Result<(), RowProblem> {
    // The decoder writes this character where bytes were none.
    let is_suspect = row.record.cells.as_slice().contains(['\u{fffd}', '\0']);
    for slot in row.slots() {
        let text = row.cell(slot).unwrap_or_default();
        let fault = match row.mark(slot) {
            _ if is_suspect && text.contains(['\u{fffd}', '\0']) => Some(Fault::DamagedText),
            Some(Mark::TooManyDigits) => Some(Fault::Damaged { how: Damage::TooManyDigits }),
            Some(Mark::WithoutValue) => Some(Fault::Damaged { how: Damage::WithoutValue }),
            Some(Mark::Date) | None => Damage::of(text).map(|how| Fault::Damaged { how }),
        };
        if let Some(fault) = fault {
            return Err(fault.at(mapping.columns.name(slot)));
        }
    }
    Ok(())
}
