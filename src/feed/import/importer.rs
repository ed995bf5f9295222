//! The run: rows in, events out, rejects aside. Streaming, so that memory does not grow with the file.

use std::{
    cell::Cell,
    error::Error,
    io::{self, Read, Seek, Write},
    rc::Rc,
};

use super::{
    fault::Fault,
    in_chinese::ImportUnread,
    mapping::{Mapping, MappingError, Row},
    read_error::ReadError,
    record::Record,
    records::Records,
    rejects::{LEAD, Rejects, RejectsIn},
    row_events::RowEvents,
    source::{Counted, Opened, open},
    summary::Summary,
    table::{OpenError, Rows, Table},
    taking::{Outgoing, Sink, Taking},
    workbook,
};

/// Rows between two reports of progress.
const REPORT_EVERY: u64 = 1024;

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
    taking: Taking<'i>,
    sink: &'i mut Sink<'i, E>,
    rejects: Rejects<'i>,
    progress: &'i mut dyn FnMut(ImportProgress),
    bytes_read: Rc<Cell<u64>>,
}

impl<E> std::fmt::Debug for Importer<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Importer").field("summary", &self.taking.summary).finish_non_exhaustive()
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
            taking: Taking::new(mapping),
            sink,
            rejects: Rejects::new(rejects, &mapping.layout, language),
            progress,
            bytes_read,
        };
        let (sheet, dates) = (mapping.layout.sheet.as_deref(), mapping.clock.with_dates());
        match opened {
            Opened::Text(text) => importer.take_all(&mut Records::new(text, &mapping.layout))?,
            Opened::Xlsx(raw) => workbook::new(raw, sheet, &dates, &mut |rows| Ok(importer.take_all(rows)))??,
            Opened::Xls(raw) => workbook::old(raw, sheet, &dates, &mut |rows| Ok(importer.take_all(rows)))??,
        }
        importer.rejects.finish().map_err(ImportError::Rejects)?;
        let Taking { profile, mut summary, .. } = importer.taking;
        profile.tell(&mut summary, mapping);
        Ok(summary)
    }

    fn take_all(&mut self, rows: &mut dyn Rows) -> Result<(), ImportError<E>> {
        let mapping = self.taking.mapping;
        let mut table = Table::open(rows, &mapping.layout, &mapping.columns)?;
        let (header, places, is_rejects) = (table.header.clone(), table.places.clone(), table.is_rejects);
        self.taking.summary.header_line = table.header_line;
        self.taking.summary.how = table.rows().how();
        let is_sheet = self.taking.summary.how.sheet.is_some();
        if is_rejects || is_sheet {
            // Rejected rows of a workbook have its dates, as they were written.
            self.taking.clock = mapping.clock.with_dates();
        }
        let mut record = Record::default();
        while let Some(got) = table.next(&mut record)? {
            self.taking.summary.rows += 1;
            if is_sheet {
                // A sheet has no cells behind the last that is filled.
                (record.cells.len()..header.len()).for_each(|_| record.push("", None));
            }
            let fault = got.fault.or_else(|| self.left_open(table.rows(), &mut record, &places, header.len()));
            let row = Row { record: &record, places: &places, null_values: &mapping.layout.null_values };
            let taken = match fault {
                Some(fault) => Err(fault.at(got.place.and_then(|place| header.get(place)).map_or("", String::as_str))),
                None => self.taking.take(row, got.line, header.len(), self.sink).map_err(ImportError::Sink)?,
            };
            if let Err(problem) = taken {
                self.taking.reject(&problem, row, got.line);
                let original = if is_rejects { LEAD.len() } else { 0 };
                let written = self.rejects.write(got.line, &problem, &record.cells, &header, original);
                written.map_err(ImportError::Rejects)?;
            }
            if self.taking.summary.rows.is_multiple_of(REPORT_EVERY) {
                self.report();
            }
        }
        self.report();
        self.taking.summary.how = table.rows().how();
        Ok(())
    }

    fn report(&mut self) {
        (self.progress)(ImportProgress { rows: self.taking.summary.rows, bytes: self.bytes_read.get() });
    }

    /// A field of several lines among which whole rows stand had its quote closed by that of another field.
    fn left_open(&self, rows: &mut dyn Rows, record: &mut Record, places: &[usize], width: usize) -> Option<Fault> {
        let mut made = RowEvents::default();
        let mut is_row = |record: &Record| {
            let row = Row { record, places, null_values: &self.taking.mapping.layout.null_values };
            self.taking.is_sound(row, width, &mut made)
        };
        let hides = rows.hides_a_row(&mut is_row);
        hides.then(|| Fault::OpenQuote { lines: rows.take_apart(record), limit: self.taking.mapping.layout.max_lines })
    }
}
