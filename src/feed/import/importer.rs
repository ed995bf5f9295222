//! The run: rows in, events out, rejects aside. Streaming, so that memory does not grow with the file.

use std::{
    cell::Cell,
    error::Error,
    io::{self, Read, Seek, Write},
    rc::Rc,
};

use super::{
    clock::Clock,
    fault::{Damage, Fault, RowProblem},
    in_chinese::ImportUnread,
    mapping::{Mapping, MappingError, Row, Unmatched},
    profile::Profile,
    read_error::ReadError,
    record::{Mark, Record},
    records::Records,
    rejects::{LEAD, Rejects, RejectsIn},
    row_events::RowEvents,
    source::{Counted, Opened, open},
    summary::Summary,
    table::{OpenError, Rows, Table},
    workbook,
};
use crate::feed::seen::{Seen, Sight};

/// Rows between two reports of progress.
const REPORT_EVERY: u64 = 1024;

/// An event on its way out: the key and the value of a Kafka message.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    pub case_id: &'a str,
    pub payload: &'a [u8],
}

#[derive(Clone, Copy, Debug, Default)]
pub struct ImportProgress {
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
    Unreadable(ImportUnread),
    #[error(transparent)]
    Sink(E),
    #[error("cannot write the rejects file: {0}")]
    Rejects(io::Error),
}

impl<E: Error + 'static> From<ReadError> for ImportError<E> {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error.into())
    }
}

impl<E: Error + 'static> From<OpenError> for ImportError<E> {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Read(error) => error.into(),
            OpenError::Mapping(error) => Self::Mapping(error),
        }
    }
}

pub struct Importer<'i, E> {
    mapping: &'i Mapping,
    clock: Clock,
    sink: &'i mut dyn FnMut(Outgoing<'_>) -> Result<(), E>,
    rejects: Rejects<'i>,
    progress: &'i mut dyn FnMut(ImportProgress),
    bytes_read: Rc<Cell<u64>>,
    made: RowEvents,
    seen: Seen,
    profile: Profile,
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
        raw: impl Read + Seek,
        mapping: &'i Mapping,
        sink: &'i mut dyn FnMut(Outgoing<'_>) -> Result<(), E>,
        rejects: &'i mut dyn Write,
        progress: &'i mut dyn FnMut(ImportProgress),
    ) -> Result<Summary, ImportError<E>> {
        Self::run_in(RejectsIn::English, raw, mapping, sink, rejects, progress)
    }

    /// The same; the reasons of the rejected rows are in this language.
    pub fn run_in(
        language: RejectsIn,
        raw: impl Read + Seek,
        mapping: &'i Mapping,
        sink: &'i mut dyn FnMut(Outgoing<'_>) -> Result<(), E>,
        rejects: &'i mut dyn Write,
        progress: &'i mut dyn FnMut(ImportProgress),
    ) -> Result<Summary, ImportError<E>> {
        let bytes_read = Rc::new(Cell::new(0));
        let opened = open(Counted { inner: raw, count: Rc::clone(&bytes_read) })?;
        let mut importer = Self {
            mapping,
            clock: mapping.clock.clone(),
            sink,
            rejects: Rejects::new(rejects, &mapping.layout, language),
            progress,
            bytes_read,
            made: RowEvents::default(),
            seen: Seen::default(),
            profile: Profile::new(&mapping.columns),
            summary: Summary::default(),
        };
        let (sheet, dates) = (mapping.layout.sheet.as_deref(), mapping.clock.with_dates());
        match opened {
            Opened::Text(text) => importer.take_all(&mut Records::new(text, &mapping.layout))?,
            Opened::Xlsx(raw) => workbook::new(raw, sheet, &dates, &mut |rows| Ok(importer.take_all(rows)))??,
            Opened::Xls(raw) => workbook::old(raw, sheet, &dates, &mut |rows| Ok(importer.take_all(rows)))??,
        }
        importer.rejects.finish().map_err(ImportError::Rejects)?;
        importer.profile.tell(&mut importer.summary, mapping);
        Ok(importer.summary)
    }

    fn take_all(&mut self, rows: &mut dyn Rows) -> Result<(), ImportError<E>> {
        let mut table = Table::open(rows, &self.mapping.layout, &self.mapping.columns)?;
        let (header, places, is_rejects) = (table.header.clone(), table.places.clone(), table.is_rejects);
        self.summary.header_line = table.header_line;
        self.summary.how = table.rows().how();
        let is_sheet = self.summary.how.sheet.is_some();
        if is_rejects || is_sheet {
            // Rejected rows of a workbook have its dates, as they were written.
            self.clock = self.mapping.clock.with_dates();
        }
        let mut record = Record::default();
        while let Some(got) = table.next(&mut record)? {
            self.summary.rows += 1;
            if is_sheet {
                // A sheet has no cells behind the last that is filled.
                (record.cells.len()..header.len()).for_each(|_| record.push("", None));
            }
            let fault = got.fault.or_else(|| self.left_open(table.rows(), &mut record, &places, header.len()));
            let row = Row { record: &record, places: &places, null_values: &self.mapping.layout.null_values };
            let taken = match fault {
                Some(fault) => Err(fault.at(got.place.and_then(|place| header.get(place)).map_or("", String::as_str))),
                None => self.take(row, got.line, &header)?,
            };
            if let Err(problem) = taken {
                self.profile.rejected(&problem, row, self.mapping, &self.clock);
                self.summary.reject(&problem, got.line);
                let original = if is_rejects { LEAD.len() } else { 0 };
                let written = self.rejects.write(got.line, &problem, &record.cells, &header, original);
                written.map_err(ImportError::Rejects)?;
            }
            if self.summary.rows.is_multiple_of(REPORT_EVERY) {
                self.report();
            }
        }
        self.report();
        self.summary.how = table.rows().how();
        Ok(())
    }

    fn report(&mut self) {
        (self.progress)(ImportProgress { rows: self.summary.rows, bytes: self.bytes_read.get() });
    }

    /// A field of several lines among which whole rows stand had its quote closed by that of another field.
    fn left_open(&self, rows: &mut dyn Rows, record: &mut Record, places: &[usize], width: usize) -> Option<Fault> {
        let mut made = RowEvents::default();
        let mut is_row = |record: &Record| {
            let row = Row { record, places, null_values: &self.mapping.layout.null_values };
            let is_sound = check_shape(record, width).is_ok() && self.check_text(row).is_ok();
            is_sound && made.make(self.mapping, &self.clock, row).is_ok() && !made.events.is_empty()
        };
        let hides = rows.hides_a_row(&mut is_row);
        hides.then(|| Fault::OpenQuote { lines: rows.take_apart(record), limit: self.mapping.layout.max_lines })
    }

    /// The outer error ends the run, the inner one rejects the row.
    fn take(&mut self, row: Row<'_>, line: u64, header: &[String]) -> Result<Result<(), RowProblem>, ImportError<E>> {
        if let Err(fault) = check_shape(row.record, header.len()) {
            return Ok(Err(fault.at("")));
        }
        if let Err(problem) = self.check_text(row) {
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
        self.send(line)?;
        Ok(Ok(()))
    }

    /// Columns that the mapping does not use may be damaged: exports often cut long text in the middle of a character.
    fn check_text(&self, row: Row<'_>) -> Result<(), RowProblem> {
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
                return Err(fault.at(self.mapping.columns.name(slot)));
            }
        }
        Ok(())
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
fn check_shape(record: &Record, expected: usize) -> Result<(), Fault> {
    let found = record.cells.len();
    if found < expected || record.cells.iter().skip(expected).any(|field| !field.trim().is_empty()) {
        return Err(Fault::FieldCount { expected, found });
    }
    Ok(())
}
