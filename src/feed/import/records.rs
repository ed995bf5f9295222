//! The rows of a text, each with the line on which it begins.
//! A quote that is open where it should not be costs the row in which it opens and never those behind it: they are read again.

use std::{
    cell::Cell,
    io::{BufReader, Read},
    rc::Rc,
};

use encoding_rs::Encoding;

use super::{
    encoding::Decoding,
    fault::Fault,
    lines::{LINE_MAX, Line, Lines},
    mapping::Layout,
    read_error::ReadError,
    record::{Got, Record},
    split::{Marks, Split, Splitter},
    table::{How, Rows},
};

const BUFFER: usize = 64 * 1024;

pub(super) struct Records<'r> {
    lines: Lines<BufReader<Decoding<Box<dyn Read + 'r>>>>,
    encoding: Rc<Cell<Option<&'static Encoding>>>,
    marks: Marks,
    comment: Option<char>,
    max_lines: usize,
    /// Of the row read last, if it has several.
    several: Vec<Line>,
}

impl<'r> Records<'r> {
    pub(super) fn new(text: Box<dyn Read + 'r>, layout: &Layout) -> Self {
        let encoding = Rc::default();
        let decoded = Decoding::new(text, layout.encoding, Rc::clone(&encoding));
        Self {
            lines: Lines::new(BufReader::with_capacity(BUFFER, decoded)),
            encoding,
            marks: Marks { delimiter: layout.delimiter, quote: layout.quote },
            comment: layout.comment.map(char::from),
            max_lines: layout.max_lines,
            several: Vec::new(),
        }
    }

    fn line(&mut self) -> Result<Option<Line>, ReadError> {
        self.lines.next().map_err(|source| ReadError::Io { line: self.lines.reached(), source })
    }

    /// Reads the row that begins with this line.
    fn row(&mut self, first: Line, record: &mut Record) -> Result<Got, ReadError> {
        let line = first.number;
        if first.is_cut {
            let fault = Some(Fault::TooLong { what: "the line", limit: LINE_MAX });
            return Ok(Got { line, fault, place: None });
        }
        let mut splitter = Splitter::new(self.marks);
        let (mut held, mut split) = (first.text.len(), splitter.take(&first, record));
        self.several = vec![first];
        while split == Split::Open && self.several.len() < self.max_lines {
            let Some(line) = self.line()? else { break };
            held += line.text.len();
            let is_too_much = line.is_cut || held > LINE_MAX;
            if !is_too_much {
                split = splitter.take(&line, record);
            }
            self.several.push(line);
            if is_too_much {
                break;
            }
        }
        let (mut fault, mut place) = (None, None);
        if split != Split::Whole {
            // A field that is open was not pushed yet.
            place = Some(record.cells.len() - usize::from(split == Split::Stray));
            let lines = self.take_apart(record);
            let is_of_one_line = split == Split::Stray && lines == 1;
            let open = Fault::OpenQuote { lines, limit: self.max_lines };
            fault = Some(if is_of_one_line { Fault::StrayQuote } else { open });
        }
        Ok(Got { line, fault, place })
    }
}

impl Rows for Records<'_> {
    fn next(&mut self, record: &mut Record) -> Result<Option<Got>, ReadError> {
        loop {
            record.clear();
            self.several.clear();
            let Some(first) = self.line()? else { return Ok(None) };
            if self.comment.is_some_and(|mark| first.text.starts_with(mark)) {
                continue;
            }
            let got = self.row(first, record)?;
            if got.fault.is_some() || !record.is_blank() {
                return Ok(Some(got));
            }
        }
    }

    fn hides_a_row(&mut self, is_row: &mut dyn FnMut(&Record) -> bool) -> bool {
        let mut record = Record::default();
        self.several.iter().skip(1).any(|line| {
            record.clear();
            Splitter::new(self.marks).take(line, &mut record) == Split::Whole && is_row(&record)
        })
    }

    fn take_apart(&mut self, record: &mut Record) -> usize {
        let mut lines = std::mem::take(&mut self.several).into_iter();
        let count = lines.len();
        record.clear();
        if let Some(first) = lines.next() {
            Splitter::plain(self.marks, &first, record);
        }
        self.lines.give_back(lines);
        count
    }

    fn skip_through(&mut self, line: u64) -> Result<(), ReadError> {
        while self.line()?.is_some_and(|passed| passed.number < line) {}
        Ok(())
    }

    fn how(&self) -> How {
        How { encoding: self.encoding.get().map_or("ASCII", |encoding| encoding.name()), sheet: None, other_sheets: 0 }
    }
}
