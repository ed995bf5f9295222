//! A row as it was read, from whatever kind of file.

use csv::StringRecord;

use super::fault::Fault;

#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) cells: StringRecord,
    /// What is known of cells beyond their text; only workbooks say more, and of few cells.
    marks: Vec<(usize, Mark)>,
}

/// What a cell of a workbook is besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A date, not the text of one: as the number of a case it is a number that a spreadsheet took for a date.
    Date,
    /// A number of more digits than a spreadsheet keeps.
    TooManyDigits,
    /// A formula of which the file does not have the value.
    WithoutValue,
}

/// A row that was there, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Got {
    /// The line or the sheet's row on which it begins.
    pub(super) line: u64,
    /// Why it can be no row, whatever it holds.
    pub(super) fault: Option<Fault>,
    /// In which of its fields that stands.
    pub(super) place: Option<usize>,
}

impl Record {
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.marks.clear();
    }

    pub(super) fn push(&mut self, text: &str, mark: Option<Mark>) {
        if let Some(mark) = mark {
            self.marks.push((self.cells.len(), mark));
        }
        self.cells.push_field(text);
    }

    pub(super) fn mark(&self, place: usize) -> Option<Mark> {
        self.marks.iter().find(|(marked, _)| *marked == place).map(|(_, mark)| *mark)
    }

    /// Sheets end in rows of bare delimiters, and an empty line is no row.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.as_slice().trim().is_empty() && self.marks.is_empty()
    }
}
