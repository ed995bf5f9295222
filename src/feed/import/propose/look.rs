//! A file as it is without any mapping: its header, its first rows, and what is known of each column. One pass; bounded whatever the file.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    io::{Read, Seek},
    rc::Rc,
};

use jiff::tz::TimeZone;

use super::{
    super::{
        clock::{Ambiguous, Clock, Nonexistent},
        encoding::Decoding,
        fault::Damage,
        in_chinese::ImportUnread,
        mapping::Layout,
        read_error::{ReadError, at_start},
        record::{Got, Mark, Record},
        records::Records,
        rejects::LEAD,
        source::{Opened, open},
        summary::Values,
        table::{How, Rows},
        workbook,
    },
    dates::{DateFormats, ProposeDates},
    meaning::ProposeKind,
    names,
};

/// Rows in which a header is looked for.
const SEARCHED: usize = 30;
/// Rows that are shown.
const SHOWN: usize = 10;
/// More columns than any table of cases has.
const COLUMNS_MAX: usize = 400;
/// Of a cell that is shown.
const CELL_CHARS: usize = 60;
/// Columns that may be the number of the case, and numbers that are remembered of each.
const NUMBERS_MAX: usize = 4;
const SEEN_MAX: usize = 500_000;
const SNIFFED: u64 = 64 * 1024;
const DELIMITERS: [char; 4] = [',', '\t', ';', '|'];

/// What somebody has said of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProposeWish {
    pub sheet: Option<String>,
    /// The line, or the row of the sheet, of the header.
    pub header_line: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct ProposeTable {
    pub how: How,
    /// Those that can be seen; none of a text.
    pub sheets: Vec<String>,
    /// Of a text.
    pub delimiter: Option<char>,
    pub header_line: u64,
    pub columns: Vec<ProposeColumn>,
    /// As they came, each cell cut; under the columns.
    pub first: Vec<(u64, Vec<String>)>,
    pub rows: u64,
    /// Rejected rows of ours, to be mended: what stands in front of the columns is left out here.
    pub is_rejects: bool,
}

#[derive(Clone, Debug, Default)]
pub struct ProposeColumn {
    pub name: String,
    pub filled: u64,
    pub values: Values,
    pub dates: ProposeDates,
    /// Rows whose value stood in a row before; counted where the column may be the number of the case.
    pub repeated: u64,
}

impl ProposeTable {
    pub fn header(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }
}

fn no_header() -> ImportUnread {
    ImportUnread {
        zh: format!("前 {SEARCHED} 行里没有像表头的一行：请说明列名在第几行"),
        en: format!("no row of the first {SEARCHED} looks like a header: say which row has the names of the columns"),
    }
}

fn not_there(line: u64) -> ImportUnread {
    ImportUnread {
        zh: format!("第 {line} 行没有内容，不能是表头"),
        en: format!("there is nothing in row {line}, so it is no header"),
    }
}

fn too_wide(columns: usize) -> ImportUnread {
    ImportUnread {
        zh: format!("有 {columns} 列；案件表不会超过 {COLUMNS_MAX} 列"),
        en: format!("it has {columns} columns; no table of cases has more than {COLUMNS_MAX}"),
    }
}

/// Reads all of it; `progress` hears of the rows.
pub fn look(
    mut raw: impl Read + Seek,
    wish: &ProposeWish,
    progress: &mut dyn FnMut(u64),
) -> Result<ProposeTable, ImportUnread> {
    let mut layout = Layout { sheet: wish.sheet.clone(), ..Layout::default() };
    let (mut delimiter, mut sheets) = (None, Vec::new());
    match open(&mut raw)? {
        Opened::Text(text) => {
            let found = sniffed(text)?;
            (delimiter, layout.delimiter) = (Some(found), found as u8);
        }
        Opened::Xlsx(raw) => sheets = workbook::sheets(raw)?,
        Opened::Xls(_) => {}
    }
    raw.rewind().map_err(at_start)?;
    // Dates of a workbook are written as every clock reads them.
    let clock = Clock {
        zone: TimeZone::UTC,
        formats: Vec::new(),
        ambiguous: Ambiguous::Earlier,
        nonexistent: Nonexistent::Reject,
        bare: None,
    };
    let clock = clock.with_dates();
    let mut looked = Err(no_header());
    let sheet = wish.sheet.as_deref();
    let mut see = |rows: &mut dyn Rows| {
        looked = Looking::all(rows, wish.header_line, progress);
        Ok(())
    };
    match open(&mut raw)? {
        Opened::Text(text) => see(&mut Records::new(text, &layout))?,
        Opened::Xlsx(raw) => workbook::new(raw, sheet, &clock, &mut see)?,
        Opened::Xls(raw) => workbook::old(raw, sheet, &clock, &mut see)?,
    }
    let mut table = looked?;
    (table.delimiter, table.sheets) = (delimiter, sheets);
    Ok(table)
}

/// The delimiter that stands in the first lines most evenly.
fn sniffed(text: Box<dyn Read + '_>) -> Result<char, ReadError> {
    let mut start = Vec::new();
    let decoding = Decoding::new(text, None, Rc::default());
    decoding.take(SNIFFED).read_to_end(&mut start).map_err(at_start)?;
    let start = String::from_utf8_lossy(&start);
    let lines: Vec<&str> = start.lines().filter(|line| !line.trim().is_empty()).take(SEARCHED).collect();
    let evenness = |delimiter: &char| {
        let counts: Vec<usize> = lines.iter().map(|line| line.matches(*delimiter).count()).collect();
        let most = counts.iter().copied().max().unwrap_or(0);
        counts.iter().filter(|count| **count > 0 && **count == most).count() * 8 + most.min(7)
    };
    // Of equals the first.
    Ok(DELIMITERS.into_iter().rev().max_by_key(evenness).unwrap_or(','))
}

struct Looking {
    table: ProposeTable,
    formats: DateFormats,
    /// Columns of ours in front.
    lead: usize,
    /// Of the columns that may be the number of the case, by their place: hashes of what was seen, so many at most.
    seen: HashMap<usize, HashSet<u64>>,
    hasher: RandomState,
}

impl Looking {
    fn all(
        rows: &mut dyn Rows,
        header: Option<u64>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<ProposeTable, ImportUnread> {
        let mut top: Vec<(Got, Record)> = Vec::new();
        while top.len() < SEARCHED || header.is_some_and(|line| top.last().is_some_and(|(got, _)| got.line < line)) {
            let mut record = Record::default();
            let Some(got) = rows.next(&mut record)? else { break };
            top.push((got, record));
            if top.len() > SEARCHED * 10 {
                break;
            }
        }
        if top.is_empty() {
            return Err(ReadError::Empty.into());
        }
        let at = match header {
            Some(line) => top.iter().position(|(got, _)| got.line == line).ok_or_else(|| not_there(line))?,
            None => found(&top).ok_or_else(no_header)?,
        };
        let mut top = top.into_iter().skip(at);
        let Some((got, names)) = top.next() else { return Err(no_header()) };
        let mut looking = Self::under(got.line, &names)?;
        for (got, record) in top {
            looking.row(&got, &record);
        }
        let mut record = Record::default();
        while let Some(got) = rows.next(&mut record)? {
            looking.row(&got, &record);
            if looking.table.rows.is_multiple_of(1024) {
                progress(looking.table.rows);
            }
        }
        looking.table.how = rows.how();
        Ok(looking.table)
    }

    fn under(line: u64, names: &Record) -> Result<Self, ImportUnread> {
        let mut names: Vec<String> =
            names.cells.iter().map(|name| name.trim_matches('\u{feff}').trim().to_owned()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let is_rejects = LEAD.iter().eq(names.iter().take(LEAD.len()));
        let lead = if is_rejects { LEAD.len() } else { 0 };
        if names.len() > COLUMNS_MAX {
            return Err(too_wide(names.len()));
        }
        let column = |name: &String| ProposeColumn { name: name.clone(), ..ProposeColumn::default() };
        let columns = names.iter().skip(lead).map(column).collect();
        let table = ProposeTable { header_line: line, columns, is_rejects, ..ProposeTable::default() };
        let is_number = |name: &str| {
            names::meanings(name).is_some_and(|(_, all)| all.iter().any(|meaning| meaning.kind == ProposeKind::CaseId))
        };
        let numbers = table.columns.iter().enumerate().filter(|(_, column)| is_number(&column.name));
        let seen = numbers.map(|(place, _)| (place, HashSet::new())).take(NUMBERS_MAX).collect();
        Ok(Self { table, formats: DateFormats::new(), lead, seen, hasher: RandomState::new() })
    }

    fn row(&mut self, got: &Got, record: &Record) {
        self.table.rows += 1;
        if got.fault.is_some() {
            return;
        }
        if self.table.first.len() < SHOWN {
            let cells = record.cells.iter().skip(self.lead).take(self.table.columns.len());
            self.table
                .first
                .push((got.line, cells.map(|cell| cell.trim().chars().take(CELL_CHARS).collect()).collect()));
        }
        for (place, column) in self.table.columns.iter_mut().enumerate() {
            let Some(text) = record.cells.get(place + self.lead).map(str::trim) else { break };
            let mark = record.mark(place + self.lead);
            if text.is_empty() && mark.is_none() {
                continue;
            }
            column.filled += 1;
            if Damage::of(text).is_some() || matches!(mark, Some(Mark::TooManyDigits | Mark::WithoutValue)) {
                continue;
            }
            if let Some(seen) = self.seen.get_mut(&place) {
                let is_new = seen.len() >= SEEN_MAX || seen.insert(self.hasher.hash_one(text));
                column.repeated += u64::from(!is_new);
            }
            column.values.count(text);
            // Rejected rows of a workbook have its dates as they were written.
            let is_written = self.table.is_rejects && text.parse::<jiff::civil::DateTime>().is_ok();
            column.dates.count(text, mark == Some(Mark::Date) || is_written, &self.formats);
        }
    }
}

/// The first row with most names that are known; where none is known, the first that is as wide as the others and holds neither dates nor numbers.
fn found(top: &[(Got, Record)]) -> Option<usize> {
    let known = |record: &Record| record.cells.iter().filter(|name| names::meanings(name).is_some()).count();
    let filled = |record: &Record| record.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    if let Some((_, first)) = top.first()
        && LEAD.iter().eq(first.cells.iter().take(LEAD.len()).collect::<Vec<_>>().iter())
    {
        return Some(0);
    }
    // Of equals the first.
    let best = top.iter().enumerate().rev().max_by_key(|(_, (_, record))| known(record));
    if let Some((at, (_, record))) = best
        && known(record) >= 2
    {
        return Some(at);
    }
    let widest = top.iter().map(|(_, record)| filled(record)).max().unwrap_or(0);
    let is_names = |record: &Record| {
        let mut cells = record.cells.iter().map(str::trim).filter(|cell| !cell.is_empty());
        cells.all(|cell| !cell.starts_with(|first: char| first.is_ascii_digit()) && cell.chars().count() <= CELL_CHARS)
    };
    top.iter().position(|(_, record)| widest >= 2 && filled(record) * 2 > widest && is_names(record))
}
