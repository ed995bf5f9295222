//! The records of the file with the line each begins on, right even where quoted fields run over several lines.

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Read},
    rc::Rc,
};

use csv::{ReaderBuilder, StringRecord, Terminator};

use super::{
    encoding::{Decoding, Found},
    input::{Counted, Limited, NotText, unpacked},
    mapping::Layout,
    rejects::LEAD,
};

const BUFFER: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error("the file is {0}, not CSV: save the sheet as CSV (UTF-8) and import that")]
    NotText(NotText),
    #[error("the file is empty: not even a header")]
    Empty,
    #[error("line {line}: a quote that opens here is never closed")]
    OpenQuote { line: u64 },
    #[error("after line {line}: {source}")]
    Io { line: u64, source: io::Error },
}

pub(super) struct Records<'r> {
    reader: csv::Reader<Box<dyn Read + 'r>>,
    since_record: Rc<Cell<u64>>,
    bytes_read: Rc<Cell<u64>>,
    encoding: Found,
    /// Lines above what `reader` reads.
    skipped: u64,
    /// The first line that can still begin a record.
    next_line: u64,
    pub(super) header: Vec<String>,
    /// A rejects file of ours: its own columns in front of the original ones.
    pub(super) is_rejects: bool,
}

impl<'r> Records<'r> {
    pub(super) fn open(raw: impl Read + 'r, layout: &Layout) -> Result<Self, ReadError> {
        let at_start = |source| ReadError::Io { line: 0, source };
        let (bytes_read, encoding) = (Rc::new(Cell::new(0)), Found::default());
        let raw = Counted { inner: raw, count: Rc::clone(&bytes_read) };
        let unpacked = unpacked(raw).map_err(at_start)?.map_err(ReadError::NotText)?;
        let since_record = Rc::new(Cell::new(0));
        let decoded = Decoding::new(unpacked, layout.encoding, Rc::clone(&encoding));
        let limited = Limited { inner: decoded, since_record: Rc::clone(&since_record) };
        let mut text = BufReader::with_capacity(BUFFER, limited);
        let is_rejects = begins_with_lead(text.fill_buf().map_err(at_start)?, layout.delimiter);
        let skipped = if is_rejects { 0 } else { skip_lines(&mut text, layout.skip_lines).map_err(at_start)? };
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(layout.delimiter).comment(layout.comment);
        // Only \n ends a record; a \r before it is cut off below. So each record is known to end where a line ends.
        builder.terminator(Terminator::Any(b'\n')).buffer_capacity(BUFFER);
        match layout.quote {
            Some(quote) => builder.quote(quote),
            None => builder.quoting(false),
        };
        let reader = builder.from_reader(Box::new(text) as Box<dyn Read + 'r>);
        let header = layout.header.clone().unwrap_or_default();
        let next_line = skipped + 1;
        let mut records = Self { reader, since_record, bytes_read, encoding, skipped, next_line, header, is_rejects };
        if is_rejects || layout.header.is_none() {
            records.read_header()?;
        }
        Ok(records)
    }

    fn read_header(&mut self) -> Result<(), ReadError> {
        let mut record = StringRecord::new();
        self.next(&mut record)?.ok_or(ReadError::Empty)?;
        self.header = record.iter().map(|name| name.trim().to_owned()).collect();
        // A delimiter at the end of the header line names no column.
        while self.header.last().is_some_and(String::is_empty) {
            self.header.pop();
        }
        Ok(())
    }

    /// Reads the next record and gives the line it begins on; none at the end.
    pub(super) fn next(&mut self, record: &mut StringRecord) -> Result<Option<u64>, ReadError> {
        loop {
            let read = self.reader.read_record(record).map_err(|error| self.failed(error))?;
            self.since_record.set(0);
            if !read {
                return Ok(None);
            }
            let inside = record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
            let end = self.skipped + self.reader.position().line();
            let line = end.saturating_sub(1 + inside);
            // The newline that ends a record is outside of it, unless a quote is open.
            if line < self.next_line {
                return Err(ReadError::OpenQuote { line: self.next_line });
            }
            self.next_line = end;
            if !is_blank(record) {
                cut_carriage_return(record);
                return Ok(Some(line));
            }
        }
    }

    fn failed(&self, error: csv::Error) -> ReadError {
        let source = match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            other => io::Error::other(format!("{other:?}")),
        };
        ReadError::Io { line: self.next_line.saturating_sub(1), source }
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read.get()
    }

    pub(super) fn encoding(&self) -> &'static str {
        self.encoding.get().map_or("ASCII", |encoding| encoding.name())
    }
}

fn begins_with_lead(text: &[u8], delimiter: u8) -> bool {
    let lead = LEAD.join(&char::from(delimiter).to_string());
    text.starts_with(lead.as_bytes())
}

fn skip_lines(text: &mut impl BufRead, count: usize) -> io::Result<u64> {
    for _ in 0..count {
        text.skip_until(b'\n')?;
    }
    Ok(count as u64)
}

/// Sheets end in rows of bare delimiters, and an empty line may end with \r\n.
fn is_blank(record: &StringRecord) -> bool {
    record.as_slice().trim().is_empty()
}

fn cut_carriage_return(record: &mut StringRecord) {
    let last = record.len().saturating_sub(1);
    if let Some(text) = record.get(last).and_then(|field| field.strip_suffix('\r')) {
        let text = text.to_owned();
        record.truncate(last);
        record.push_field(&text);
    }
}
