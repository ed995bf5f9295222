//! The run: rows in, events out, rejects aside. Streaming, so that memory does not grow with the file.

use std::{
    error::Error,
    io::{self, Read, Write},
};

use csv::StringRecord;

use super::{
    fault::{Fault, RowProblem},
    mapping::{Mapping, MappingError, Row, Unmatched},
    records::{ReadError, Records},
    rejects::{LEAD, Rejects},
    row_events::RowEvents,
    seen::{Seen, Sight},
    summary::Summary,
};

/// Rows between two reports of progress.
const REPORT_EVERY: u64 = 1024;

/// An event on its way out: the key and the value of a Kafka message.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    pub case_id: &'a str,
    pub payload: &'a [u8],
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    pub rows: u64,
    /// Of the file as it lies on the disk, packed or not.
    pub bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError<E: Error + 'static> {
    /// The mapping does not fit this file: mend it, or take the right file.
    #[error(transparent)]
    Mapping(MappingError),
    /// The file cannot be read on; what was read before was sent, and is the same when sent again.
    #[error("cannot read the data file: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Sink(E),
    #[error("cannot write the rejects file: {0}")]
    Rejects(io::Error),
}

impl<E: Error + 'static> From<ReadError> for ImportError<E> {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

pub struct Importer<'i, E> {
    mapping: &'i Mapping,
    sink: &'i mut dyn FnMut(Outgoing<'_>) -> Result<(), E>,
    rejects: Rejects<'i>,
    made: RowEvents,
    seen: Seen,
    summary: Summary,
}

impl<E> std::fmt::Debug for Importer<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Importer").field("summary", &self.summary).finish_non_exhaustive()
    }
}

impl<'i, E: Error + 'static> Importer<'i, E> {
    /// Every row of `raw` goes to `sink` as events or to `rejects` with a reason.
    pub fn run(
        raw: impl Read,
        mapping: &'i Mapping,
        sink: &'i mut dyn FnMut(Outgoing<'_>) -> Result<(), E>,
        rejects: &'i mut dyn Write,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Summary, ImportError<E>> {
        let mut records = Records::open(raw, &mapping.layout)?;
        let header: Vec<&str> = records.header.iter().map(String::as_str).collect();
        let places = mapping.columns.bind(&header).map_err(ImportError::Mapping)?;
        let rejects = Rejects::new(rejects, &mapping.layout);
        let (made, seen, summary) = (RowEvents::default(), Seen::default(), Summary::default());
        let mut importer = Self { mapping, sink, rejects, made, seen, summary };
        let mut record = StringRecord::new();
        while let Some(line) = records.next(&mut record)? {
            let row = Row { record: &record, places: &places, null_values: &mapping.layout.null_values };
            importer.summary.rows += 1;
            if let Err(problem) = importer.take(row, line, &records.header)? {
                importer.summary.reject(&problem, line);
                let original = if records.is_rejects { LEAD.len() } else { 0 };
                let written = importer.rejects.write(line, &problem, &record, &records.header, original);
                written.map_err(ImportError::Rejects)?;
            }
            if importer.summary.rows.is_multiple_of(REPORT_EVERY) {
                progress(Progress { rows: importer.summary.rows, bytes: records.bytes_read() });
            }
        }
        progress(Progress { rows: importer.summary.rows, bytes: records.bytes_read() });
        importer.rejects.finish().map_err(ImportError::Rejects)?;
        importer.summary.encoding = records.encoding();
        Ok(importer.summary)
    }

    /// The outer error ends the run, the inner one rejects the row.
    fn take(&mut self, row: Row<'_>, line: u64, header: &[String]) -> Result<Result<(), RowProblem>, ImportError<E>> {
        if let Err(fault) = check_shape(row.record, header.len()) {
            return Ok(Err(fault.at("")));
        }
        if let Err(place) = check_text(row) {
            return Ok(Err(Fault::DamagedText.at(&header[place])));
        }
        if !self.mapping.filters.iter().all(|filter| filter.holds(row)) {
            self.summary.filtered += 1;
            return Ok(Ok(()));
        }
        if let Err(problem) = self.made.make(self.mapping, row) {
            return Ok(Err(problem));
        }
        if !self.made.has_own {
            match self.mapping.unmatched {
                Unmatched::Reject => return Ok(Err(Fault::NoRule.at(""))),
                Unmatched::Skip => self.summary.no_event += 1,
            }
        }
        self.send(line)?;
        Ok(Ok(()))
    }

    fn send(&mut self, line: u64) -> Result<(), ImportError<E>> {
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
            (self.sink)(Outgoing { case_id: &self.made.case_id, payload }).map_err(ImportError::Sink)?;
            tally.sent += 1;
        }
        Ok(())
    }
}

/// Empty fields behind the last column come from a delimiter at the end of the line and say nothing.
fn check_shape(record: &StringRecord, expected: usize) -> Result<(), Fault> {
    let found = record.len();
    if found < expected || record.iter().skip(expected).any(|field| !field.trim().is_empty()) {
        return Err(Fault::FieldCount { expected, found });
    }
    Ok(())
}

/// The decoder writes this character where bytes were none. Columns that the mapping does not use may be damaged:
/// exports often cut long text in the middle of a character.
fn check_text(row: Row<'_>) -> Result<(), usize> {
    if !row.record.as_slice().contains('\u{fffd}') {
        return Ok(());
    }
    let is_damaged = |place: &&usize| row.record.get(**place).is_some_and(|field| field.contains('\u{fffd}'));
    row.places.iter().find(is_damaged).map_or(Ok(()), |place| Err(*place))
}
