//! Rows of any kind of file under their header, which is found where it stands.

use std::collections::VecDeque;

use super::{
    fault::Fault,
    lines::LINE_MAX,
    mapping::{Columns, Layout, MappingError},
    read_error::ReadError,
    record::{Got, Record},
    rejects::LEAD,
};

/// In how many rows the header is looked for: titles, units and dates of issue stand above it.
const SEARCHED: usize = 30;

pub(super) trait Rows {
    /// The next row that is not blank; none at the end.
    fn next(&mut self, record: &mut Record) -> Result<Option<Got>, ReadError>;

    /// Is one of the lines of the row read last a row by itself? Then a quote was left open, and closed by another.
    fn hides_a_row(&mut self, is_row: &mut dyn FnMut(&Record) -> bool) -> bool {
        let _ = is_row;
        false
    }

    /// Makes a row of the first line of the row read last, and gives the others back; how many they were.
    fn take_apart(&mut self, record: &mut Record) -> usize {
        let _ = record;
        1
    }

    /// Passes over the lines up to this one.
    fn skip_through(&mut self, line: u64) -> Result<(), ReadError>;

    fn how(&self) -> How;
}

/// How a file was read, for the summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct How {
    pub encoding: &'static str,
    pub sheet: Option<String>,
    /// Sheets beside it that can be seen and were not read.
    pub other_sheets: usize,
}

#[derive(Debug)]
pub(super) enum OpenError {
    Read(ReadError),
    Mapping(MappingError),
}

impl From<ReadError> for OpenError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

pub(super) struct Table<'t> {
    rows: &'t mut dyn Rows,
    /// Read while the header was looked for.
    waiting: VecDeque<(Got, Record)>,
    pub(super) header: Vec<String>,
    /// The line that the header stands on; none where the mapping has the names.
    pub(super) header_line: Option<u64>,
    /// For each column of the mapping, its place.
    pub(super) places: Vec<usize>,
    /// A rejects file of ours: its own columns in front of the original ones.
    pub(super) is_rejects: bool,
}

impl<'t> Table<'t> {
    pub(super) fn open(rows: &'t mut dyn Rows, layout: &Layout, columns: &Columns) -> Result<Self, OpenError> {
        let (waiting, header, places) = (VecDeque::new(), Vec::new(), Vec::new());
        let mut table = Self { rows, waiting, header, header_line: None, places, is_rejects: false };
        table.find_header(layout, columns)?;
        let names: Vec<&str> = table.header.iter().map(String::as_str).collect();
        table.places = columns.bind(&names).map_err(OpenError::Mapping)?;
        Ok(table)
    }

    fn find_header(&mut self, layout: &Layout, columns: &Columns) -> Result<(), OpenError> {
        // A rejects file has no titles: what is above its header is nothing.
        let mut first = Record::default();
        let Some(got) = self.rows.next(&mut first)? else {
            self.header = layout.header.clone().ok_or(ReadError::Empty)?;
            return Ok(());
        };
        let names = names(&first);
        if LEAD.iter().eq(names.iter().take(LEAD.len())) {
            self.is_rejects = true;
            (self.header, self.header_line) = (names, Some(got.line));
            return Ok(());
        }
        self.waiting.push_back((got, first));
        if layout.skip_lines > 0 {
            self.pass_over(layout.skip_lines as u64)?;
        }
        match &layout.header {
            Some(names) => self.header.clone_from(names),
            None => self.search(layout, columns)?,
        }
        Ok(())
    }

    /// The first row, which was read already, may begin on one of these lines.
    fn pass_over(&mut self, lines: u64) -> Result<(), ReadError> {
        let Some((got, record)) = self.waiting.front_mut() else { return Ok(()) };
        if got.line > lines {
            return Ok(());
        }
        self.rows.take_apart(record);
        let is_more = got.line < lines;
        self.waiting.clear();
        if is_more { self.rows.skip_through(lines) } else { Ok(()) }
    }

    /// The first row that has all the columns; else the one that has most of them, so that the others can be named.
    fn search(&mut self, layout: &Layout, columns: &Columns) -> Result<(), OpenError> {
        let searched = if layout.skip_lines > 0 { 1 } else { SEARCHED };
        let (mut best, mut most, mut held) = (None, 0, 0);
        let mut looked_at = 0;
        while looked_at < searched {
            if looked_at == self.waiting.len() {
                let mut record = Record::default();
                match self.rows.next(&mut record)? {
                    Some(got) => {
                        held += record.cells.as_slice().len();
                        self.waiting.push_back((got, record));
                    }
                    None => break,
                }
            }
            let (got, record) = &self.waiting[looked_at];
            let count = if got.fault.is_none() { columns.found_in(&names(record)) } else { 0 };
            if count > most {
                (best, most) = (Some(looked_at), count);
            }
            looked_at += 1;
            if count == columns.len() || held > LINE_MAX {
                break;
            }
        }
        if self.waiting.is_empty() {
            return Err(ReadError::Empty.into());
        }
        let Some(at) = best else { return Err(self.without_header(looked_at, columns)) };
        let Some((got, record)) = self.waiting.drain(..=at).next_back() else { return Err(ReadError::Empty.into()) };
        (self.header, self.header_line) = (names(&record), Some(got.line));
        Ok(())
    }

    /// Nothing of the rows is said, because they may be no header at all.
    fn without_header(&self, searched: usize, columns: &Columns) -> OpenError {
        let (_, first) = &self.waiting[0];
        let line = first.cells.get(0).unwrap_or_default();
        if first.cells.len() == 1
            && let Some(delimiter) = columns.delimiter_of(line)
        {
            return OpenError::Mapping(columns.one_column(delimiter));
        }
        if let Some((Got { line, fault: Some(Fault::TooLong { .. }), .. }, _)) = self.waiting.front() {
            let problem = "a line of more than 16 MiB: this is no text of rows";
            let source = std::io::Error::new(std::io::ErrorKind::InvalidData, problem);
            return ReadError::Io { line: line - 1, source }.into();
        }
        ReadError::NoHeader { searched }.into()
    }

    pub(super) fn next(&mut self, record: &mut Record) -> Result<Option<Got>, ReadError> {
        match self.waiting.pop_front() {
            Some((got, waiting)) => {
                *record = waiting;
                Ok(Some(got))
            }
            None => self.rows.next(record),
        }
    }

    pub(super) fn rows(&mut self) -> &mut dyn Rows {
        self.rows
    }
}

fn names(record: &Record) -> Vec<String> {
    let mut names: Vec<String> =
        record.cells.iter().map(|name| name.trim_matches('\u{feff}').trim().to_owned()).collect();
    // A delimiter at the end of the header line names no column.
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}
