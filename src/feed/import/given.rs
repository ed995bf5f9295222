//! Rows of a table that is no file: their cells are given one by one, and become the same events as the same table exported to CSV.

use std::error::Error;

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};

use super::{
    clock::{Clock, Format},
    fault::RowProblem,
    mapping::{Mapping, MappingError, Row},
    record::Record,
    summary::Summary,
    table::How,
    taking::{Outgoing, Taking},
};

/// A cell, before it is text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenCell {
    Empty,
    Text(String),
    /// As a clock of the mapping's zone shows it.
    Civil(DateTime),
    Day(Date),
    Instant(Timestamp),
}

/// The mapping at work on rows that are given.
pub struct GivenRows<'m> {
    taking: Taking<'m>,
    places: Vec<usize>,
    width: usize,
    record: Record,
}

impl std::fmt::Debug for GivenRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GivenRows").field("summary", &self.taking.summary).finish_non_exhaustive()
    }
}

impl<'m> GivenRows<'m> {
    /// Under these names the cells are given, in this order.
    pub fn new(mapping: &'m Mapping, header: &[&str], from: &'static str) -> Result<Self, MappingError> {
        let places = mapping.columns.bind(header)?;
        let mut taking = Taking::new(mapping);
        taking.clock = with_instants(&mapping.clock);
        taking.summary.how = How { encoding: from, ..How::default() };
        Ok(Self { taking, places, width: header.len(), record: Record::default() })
    }

    /// The outer error is the sink's; the inner one says why the row is rejected.
    pub fn take<E: Error>(
        &mut self,
        cells: &[GivenCell],
        sink: &mut dyn FnMut(Outgoing<'_>) -> Result<(), E>,
    ) -> Result<Result<(), RowProblem>, E> {
        self.record.clear();
        for cell in cells {
            self.record.push(&text(cell, &self.taking.clock), None);
        }
        self.taking.summary.rows += 1;
        let line = self.taking.summary.rows;
        let null_values = &self.taking.mapping.layout.null_values;
        let row = Row { record: &self.record, places: &self.places, null_values };
        let taken = self.taking.take(row, line, self.width, sink)?;
        if let Err(problem) = &taken {
            self.taking.reject(problem, row, line);
        }
        Ok(taken)
    }

    /// What came of all rows so far, in numbers.
    pub fn counts(&self) -> &Summary {
        &self.taking.summary
    }

    /// The same, with what the columns are like.
    pub fn finish(self) -> Summary {
        let Taking { profile, mut summary, mapping, .. } = self.taking;
        profile.tell(&mut summary, mapping);
        summary
    }
}

impl Mapping {
    /// Whether rows under this header have all that it names, each once.
    pub fn fits(&self, header: &[&str]) -> Result<(), MappingError> {
        self.columns.bind(header).map(|_| ())
    }

    /// The zone of times that carry no offset.
    pub fn zone(&self) -> &jiff::tz::TimeZone {
        &self.clock.zone
    }
}

/// The clock of workbooks, which reads any date as `Clock::written` writes it, and times with an offset.
pub(super) fn with_instants(clock: &Clock) -> Clock {
    let mut clock = clock.with_dates();
    clock.formats.push(Format::Strptime(WITH_OFFSET.to_owned()));
    clock
}

const WITH_OFFSET: &str = "%Y-%m-%dT%H:%M:%S%.f%:z";

pub(super) fn text<'c>(cell: &'c GivenCell, clock: &Clock) -> std::borrow::Cow<'c, str> {
    match cell {
        GivenCell::Empty => "".into(),
        GivenCell::Text(text) => text.into(),
        GivenCell::Civil(at) => clock.written(*at, false).into(),
        GivenCell::Day(day) => clock.written(day.to_datetime(jiff::civil::Time::midnight()), true).into(),
        GivenCell::Instant(at) => {
            let here = at.to_zoned(clock.zone.clone());
            let is_once = clock.zone.to_ambiguous_timestamp(here.datetime()).offset();
            match is_once {
                jiff::tz::AmbiguousOffset::Unambiguous { .. } => clock.written(here.datetime(), false).into(),
                _ => here.strftime(WITH_OFFSET).to_string().into(),
            }
        }
    }
}
