//! A mapping by which one row is one event, for rows that come one by one as messages.

use jiff::Timestamp;

use super::{
    clock::Clock,
    fault::RowProblem,
    given::{GivenCell, text, with_instants},
    mapping::{Mapping, Row},
    record::Record,
    row_events::RowEvents,
    taking::check_text,
};
use crate::{domain::time::Millis, feed::contract::WireTime};

#[derive(Clone, Debug)]
pub struct RowMapping {
    mapping: Mapping,
    clock: Clock,
    /// Each column is given, in the mapping's own order.
    places: Vec<usize>,
}

impl RowMapping {
    /// Or why not.
    pub fn new(mapping: Mapping) -> Result<Self, &'static str> {
        match mapping.events.as_slice() {
            [rule] if rule.is_conditional() => return Err("its rule has `when`, and a message is always one event"),
            [_] => {}
            _ => return Err("it has several [[event]] rules, and a message is one event"),
        }
        if !mapping.filters.is_empty() {
            return Err("it has a [[filter]], and a message is always one event: filter before Kafka");
        }
        let (clock, places) = (with_instants(&mapping.clock), (0..mapping.columns.len()).collect());
        Ok(Self { mapping, clock, places })
    }

    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.mapping.columns.names()
    }

    /// The columns of its rule's time, in words.
    pub fn time_label(&self) -> &str {
        self.mapping.events.first().map_or("", |rule| &rule.time.label)
    }

    /// The event as a structured CloudEvent. Where the rule's time is empty it is `else_at`.
    pub fn event(&self, cells: &[GivenCell], else_at: Option<Timestamp>) -> Result<Vec<u8>, RowProblem> {
        let mut record = Record::default();
        cells.iter().for_each(|cell| record.push(&text(cell, &self.clock), None));
        let row = Row { record: &record, places: &self.places, null_values: &self.mapping.layout.null_values };
        check_text(&self.mapping, row)?;
        let else_at =
            else_at.map(|at| WireTime::new(Millis(at.as_millisecond()), self.clock.zone.to_offset(at).seconds()));
        let mut made = RowEvents::default();
        made.else_at = else_at;
        made.make(&self.mapping, &self.clock, row)?;
        made.only()
    }
}
