//! The rows of a sheet, made of its cells.

use std::iter::Peekable;

use super::{
    COLUMNS_MAX, LONG, ROW_MAX,
    cell::{self, Cell},
    merges::{Merges, Text},
    of_sheet,
};
use crate::feed::import::{
    clock::Clock,
    read_error::ReadError,
    record::{Got, Mark, Record},
    serial::Epoch,
    source::grows_too_much,
    table::{How, Rows},
};

/// For each cell, whatever it holds.
const CELL: usize = 8;

const GROWS: &str = "its cells say more than 250 times what the file holds, as those of no table do";
const WIDE: &str = "it has a cell behind the last column that a sheet has";

pub(super) struct SheetRows<'c, I: Iterator> {
    cells: Peekable<I>,
    merges: Merges,
    /// Formulas without their value, in the order of the cells.
    without_value: Vec<(u32, u32)>,
    epoch: Epoch,
    clock: &'c Clock,
    how: How,
    /// Rows up to this one are titles.
    titles: u64,
    reached: u64,
    /// Of the file, in bytes.
    packed: u64,
    /// Bytes of all rows together: a small file can say one text a million times.
    given: u64,
}

impl<'c, I: Iterator<Item = Result<Cell, &'static str>>> SheetRows<'c, I> {
    pub(super) fn new(cells: I, merges: Merges, epoch: Epoch, clock: &'c Clock, (how, packed): (How, u64)) -> Self {
        let without_value = Vec::new();
        Self {
            cells: cells.peekable(),
            merges,
            without_value,
            epoch,
            clock,
            how,
            titles: 0,
            reached: 0,
            packed,
            given: 0,
        }
    }

    pub(super) fn without_value(mut self, mut cells: Vec<(u32, u32)>) -> Self {
        cells.sort_unstable();
        self.without_value = cells;
        self
    }

    /// The cells of the next row that has any, by column; and which row it is.
    fn row(&mut self) -> Result<Option<(u32, Vec<Text>)>, ReadError> {
        let (mut row, mut texts, mut held) = (None, Vec::new(), 0);
        while let Some(cell) = self.cells.next_if(|next| match (next, row) {
            (Ok(cell), Some(row)) => cell.row == row,
            _ => true,
        }) {
            let cell = cell.map_err(|problem| self.failed(problem))?;
            if row.is_none() && u64::from(cell.row) < self.reached {
                return Err(self.failed("its rows are out of order"));
            }
            if cell.column >= COLUMNS_MAX {
                return Err(self.failed(WIDE));
            }
            row = Some(cell.row);
            let place = cell.column as usize;
            if texts.len() <= place {
                texts.resize(place + 1, Text::default());
            }
            let (text, mark) = cell::text(&cell, self.epoch, self.clock);
            held += text.len();
            if held > ROW_MAX {
                return Err(self.failed(LONG));
            }
            let is_without = self.without_value.binary_search(&(cell.row, cell.column)).is_ok();
            texts[place] = (text, if is_without { Some(Mark::WithoutValue) } else { mark });
        }
        Ok(row.map(|row| (row, texts)))
    }

    fn failed(&self, problem: &'static str) -> ReadError {
        of_sheet(self.how.sheet.as_deref().unwrap_or_default(), self.reached, problem)
    }
}

impl<I: Iterator<Item = Result<Cell, &'static str>>> Rows for SheetRows<'_, I> {
    fn next(&mut self, record: &mut Record) -> Result<Option<Got>, ReadError> {
        while let Some((row, mut texts)) = self.row()? {
            let line = u64::from(row) + 1;
            self.reached = line;
            let is_blank = texts.iter().all(|(text, mark)| text.trim().is_empty() && mark.is_none());
            self.merges.fill(row, &mut texts).map_err(|problem| self.failed(problem))?;
            self.given += texts.iter().map(|(text, _)| (text.len() + CELL) as u64).sum::<u64>();
            if grows_too_much(self.packed, self.given) {
                return Err(self.failed(GROWS));
            }
            if is_blank || line <= self.titles {
                continue;
            }
            record.clear();
            texts.iter().for_each(|(text, mark)| record.push(text, *mark));
            return Ok(Some(Got { line, fault: None, place: None }));
        }
        Ok(None)
    }

    fn skip_through(&mut self, line: u64) -> Result<(), ReadError> {
        self.titles = line;
        Ok(())
    }

    fn how(&self) -> How {
        self.how.clone()
    }
}

#[cfg(test)]
mod tests {
    use calamine::Data;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::feed::import::{
        clock::{Ambiguous, Nonexistent},
        workbook::cell::Shape,
    };

    #[test]
    fn a_small_file_does_not_say_one_text_without_end() {
        let (ambiguous, nonexistent) = (Ambiguous::Earlier, Nonexistent::Reject);
        let clock = Clock { zone: TimeZone::UTC, formats: Vec::new(), ambiguous, nonexistent, bare: None };
        let text = "x".repeat(1_000_000);
        let rows = |packed: u64| {
            let cell = |row| Ok(Cell { row, column: 0, data: Data::String(text.clone()), shape: Shape::default() });
            let of_file = (How::default(), packed);
            let mut rows = SheetRows::new((0..300).map(cell), Merges::default(), Epoch::Of1900, &clock, of_file);
            let mut record = Record::default();
            std::iter::from_fn(|| rows.next(&mut record).transpose()).find_map(Result::err)
        };
        assert!(rows(1_000_000).is_some_and(|error| error.to_string().contains("250 times")));
        assert!(rows(2_000_000).is_none());
    }
}
