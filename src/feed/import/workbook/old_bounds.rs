//! What an .xls asks for is looked at before it is read: two cells in opposite corners would ask for a hundred gigabytes.

use std::io::{Cursor, Read, Write};

use cfb::{CompoundFile, Version};

use super::{
    Raw,
    records::{self, Records},
};
use crate::feed::import::read_error::{ReadError, at_start};

/// 65,536 rows of 128 columns. Between the first cell and the last there is room for every one.
const CELLS_MAX: u64 = 8 * 1024 * 1024;
/// What the cells' texts and formulas come to.
const TEXTS_MAX: u64 = 512 * 1024 * 1024;
/// All sheets of it; one that is full is smaller.
const STREAM_MAX: u64 = 256 * 1024 * 1024;
/// So many bytes has each of several numbers that stand side by side in one record.
const NUMBER_IN_A_ROW: u64 = 6;
/// A name that a formula mentions takes five bytes in it.
const MENTION: u64 = 5;

/// An encrypted .xlsx lies in a container of the old kind, and so do documents of other programs.
pub(super) const OTHER: &str =
    "it is encrypted, damaged, or no workbook; open it, save it as .xlsx without a password, and import that";
const TOO_LARGE: &str =
    "it asks for more cells than a sheet of cases can have; save it as .xlsx or CSV and import that";

/// The part that holds the sheets, alone in a container of its own: nothing is read that was not looked at.
pub(super) fn looked_at(raw: &mut Raw<'_>) -> Result<Cursor<Vec<u8>>, ReadError> {
    let other = |_| ReadError::Workbook(OTHER);
    let mut book = CompoundFile::open(raw).map_err(other)?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| book.is_stream(name));
    let mut stream = Vec::new();
    let mut part = book.open_stream(name.ok_or(ReadError::Workbook(OTHER))?).map_err(other)?;
    part.by_ref().take(STREAM_MAX).read_to_end(&mut stream).map_err(other)?;
    if stream.len() as u64 == STREAM_MAX || !is_bounded(&stream) {
        return Err(ReadError::Workbook(TOO_LARGE));
    }
    alone(&stream).map_err(at_start)
}

fn alone(stream: &[u8]) -> std::io::Result<Cursor<Vec<u8>>> {
    let mut book = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
    book.create_stream("/Workbook")?.write_all(stream)?;
    book.flush()?;
    let mut alone = book.into_inner();
    alone.set_position(0);
    Ok(alone)
}

fn is_bounded(stream: &[u8]) -> bool {
    let globals = Globals::of(stream);
    let mut cells = 0u64;
    let mut texts = 0u64;
    for sheet in &globals.sheets {
        let Some(records) = stream.get(*sheet..) else { continue };
        let asked = Asked::of(records, &globals.texts);
        cells = cells.saturating_add(asked.cells());
        texts = texts.saturating_add(asked.texts).saturating_add(asked.formulas / MENTION * globals.longest_name);
        if cells > CELLS_MAX || texts > TEXTS_MAX {
            return false;
        }
    }
    true
}

/// What stands before the sheets.
#[derive(Default)]
struct Globals {
    /// Where each begins.
    sheets: Vec<usize>,
    /// How long each text is that cells share.
    texts: Vec<u64>,
    longest_name: u64,
}

impl Globals {
    fn of(stream: &[u8]) -> Self {
        let mut globals = Self { longest_name: 1, ..Self::default() };
        let mut records = Records::new(stream);
        while let Some((kind, data)) = records.next() {
            match kind {
                EOF => break,
                BOUND_SHEET => {
                    globals.sheets.extend(number(data, 0, 4));
                    globals.name(data, 6);
                }
                NAME => globals.name(data, 3),
                SHARED_TEXTS => globals.texts = records.texts(data),
                _ => {}
            }
        }
        globals
    }

    /// Its length stands in a byte.
    fn name(&mut self, data: &[u8], place: usize) {
        let length = data.get(place).map_or(0, |length| u64::from(*length) * 3);
        self.longest_name = self.longest_name.max(length);
    }
}

/// What one sheet asks for.
#[derive(Default)]
struct Asked {
    rows: Option<(usize, usize)>,
    columns: Option<(usize, usize)>,
    /// What it says itself that it holds.
    told: u64,
    texts: u64,
    /// Bytes of formulas.
    formulas: u64,
    /// Cells and records: what says one cell over and over takes its room and its time each time.
    read: u64,
}

impl Asked {
    fn of(records: &[u8], shared: &[u64]) -> Self {
        let (mut asked, mut depth) = (Self::default(), 0u32);
        for (kind, data) in Records::new(records) {
            asked.read += 1;
            match kind {
                _ if asked.read > CELLS_MAX => break,
                BEGIN => depth += 1,
                EOF if depth <= 1 => break,
                EOF => depth -= 1,
                // A chart within the sheet.
                _ if depth > 1 => {}
                DIMENSIONS => asked.dimensions(data),
                SHARED_TEXT => {
                    asked.cell(data, 2);
                    let text = number(data, 6, 4).and_then(|text| shared.get(text));
                    asked.texts = asked.texts.saturating_add(text.copied().unwrap_or_default());
                }
                FORMULA => {
                    asked.cell(data, 2);
                    asked.formulas += data.len() as u64;
                }
                NUMBERS => {
                    asked.read += data.len() as u64 / NUMBER_IN_A_ROW;
                    asked.cell(data, 2);
                    asked.cell(data, data.len().saturating_sub(2));
                }
                NUMBER | LABEL | RICH_LABEL | TRUTH | SHORT_NUMBER => asked.cell(data, 2),
                _ => {}
            }
        }
        asked
    }

    fn cell(&mut self, data: &[u8], column: usize) {
        let wider = |span: Option<(usize, usize)>, at: usize| {
            Some(span.map_or((at, at), |(first, last)| (first.min(at), last.max(at))))
        };
        if let (Some(row), Some(column)) = (number(data, 0, 2), number(data, column, 2)) {
            (self.rows, self.columns) = (wider(self.rows, row), wider(self.columns, column));
        }
    }

    fn dimensions(&mut self, data: &[u8]) {
        let width = if data.len() == 10 { 2 } else { 4 };
        let at = |place, width| number(data, place, width).unwrap_or_default() as u64;
        let rows = at(width, width).saturating_sub(at(0, width));
        self.told = rows.saturating_mul(at(2 * width + 2, 2));
    }

    fn cells(&self) -> u64 {
        let length = |span: Option<(usize, usize)>| span.map_or(0, |(first, last)| (last - first) as u64 + 1);
        self.told.max(length(self.rows) * length(self.columns)).max(self.read)
    }
}

fn number(data: &[u8], place: usize, width: usize) -> Option<usize> {
    data.get(place..place.checked_add(width)?).map(|bytes| records::number(bytes) as usize)
}

const EOF: u16 = 0x000A;
const BEGIN: u16 = 0x0809;
const BOUND_SHEET: u16 = 0x0085;
const NAME: u16 = 0x0018;
const SHARED_TEXTS: u16 = 0x00FC;
const DIMENSIONS: u16 = 0x0200;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const TRUTH: u16 = 0x0205;
const SHORT_NUMBER: u16 = 0x027E;
const SHARED_TEXT: u16 = 0x00FD;
const NUMBERS: u16 = 0x00BD;
const FORMULA: u16 = 0x0006;

#[cfg(test)]
mod tests {
    use super::{records::record, *};

    /// One sheet of these records, after a table of one text.
    fn stream(letters: u16, sheet: &[Vec<u8>]) -> Vec<u8> {
        let text = [&[0; 8][..], &letters.to_le_bytes(), &[0], &vec![b'x'; letters.into()]].concat();
        let globals = |at: u32| {
            let bound = [&at.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat();
            [record(BEGIN, &[]), record(BOUND_SHEET, &bound), record(SHARED_TEXTS, &text), record(EOF, &[])].concat()
        };
        let begins_at = globals(0).len() as u32;
        [globals(begins_at), record(BEGIN, &[]), sheet.concat(), record(EOF, &[])].concat()
    }

    fn cell(kind: u16, row: u16, column: u16) -> Vec<u8> {
        record(kind, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
    }

    fn dimensions(rows: u32, columns: u16) -> Vec<u8> {
        record(DIMENSIONS, &[&[0; 4][..], &rows.to_le_bytes(), &[0; 2], &columns.to_le_bytes(), &[0; 2]].concat())
    }

    #[test]
    fn a_sheet_may_have_the_cells_and_the_texts_of_a_large_one_and_no_more() {
        let corners = |row, column| stream(9, &[cell(NUMBER, 0, 0), cell(SHORT_NUMBER, row, column)]);
        assert!(is_bounded(&corners(65_535, 99)));
        assert!(!is_bounded(&corners(65_535, 200)));
        assert!(!is_bounded(&corners(65_535, 65_535)));
        assert!(is_bounded(&stream(9, &[dimensions(65_536, 100)])));
        assert!(!is_bounded(&stream(9, &[dimensions(u32::MAX, 100)])));
        let said = |times| stream(60_000, &vec![cell(SHARED_TEXT, 1, 1); times]);
        assert!(is_bounded(&said(2_000)) && !is_bounded(&said(3_000)));
    }

    #[test]
    fn a_chart_within_the_sheet_is_none_of_its_cells() {
        let chart = [record(BEGIN, &[]), cell(NUMBER, 65_535, 65_535), record(EOF, &[])].concat();
        assert!(is_bounded(&stream(9, &[chart.clone(), cell(NUMBER, 1, 1)])));
        assert!(!is_bounded(&stream(9, &[chart, cell(NUMBER, 1, 1), cell(NUMBER, 65_535, 65_534)])));
    }

    #[test]
    fn one_cell_that_is_said_over_and_over_by_many_sheets_is_not_one() {
        let sheet = [record(BEGIN, &[]), cell(NUMBER, 1, 1).repeat(90_000), record(EOF, &[])].concat();
        let many = |count: usize| {
            let bound =
                |at: usize| record(BOUND_SHEET, &[&(at as u32).to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
            let globals = |at| [record(BEGIN, &[]), bound(at).repeat(count), record(EOF, &[])].concat();
            [globals(globals(0).len()), sheet.clone()].concat()
        };
        assert!(is_bounded(&many(90)) && !is_bounded(&many(100)));
        let numbers = record(NUMBERS, &[&[0; 4][..], &[0; 1000 * 6], &[0; 2]].concat());
        assert!(
            is_bounded(&stream(9, &vec![numbers.clone(); 8_000])) && !is_bounded(&stream(9, &vec![numbers; 9_000]))
        );
    }

    #[test]
    fn what_ends_too_soon_is_looked_at_as_far_as_it_goes() {
        let hostile = stream(9, &[dimensions(u32::MAX, 100), cell(NUMBER, 1, 1)]);
        assert!(!is_bounded(&hostile[..hostile.len() - 3]));
        assert!(is_bounded(&hostile[..20]) && is_bounded(&[]));
    }
}
