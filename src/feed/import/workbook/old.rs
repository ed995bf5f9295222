//! The .xls of before 2007: at most 65,536 rows, held whole, after a look at what that takes.

use calamine::{Reader, Xls, XlsError};

use super::{
    Raw, Use,
    cell::{Cell, Shape},
    choose, epoch, guarded, length,
    merges::Merges,
    of_sheet, old_bounds,
    sheet::SheetRows,
};
use crate::feed::import::{clock::Clock, read_error::ReadError, table::How};

pub(in crate::feed::import) fn old<T>(
    mut raw: Raw<'_>,
    wanted: Option<&str>,
    clock: &Clock,
    use_rows: Use<'_, T>,
) -> Result<T, ReadError> {
    let packed = length(&mut raw)?;
    let looked_at = guarded(|| old_bounds::looked_at(&mut raw))??;
    let mut book = guarded(|| Xls::new(looked_at))?.map_err(|error| ReadError::Workbook(in_words(&error)))?;
    let chosen = choose(book.sheets_metadata(), wanted)?;
    let damaged = |_| of_sheet(&chosen.name, 0, super::DAMAGED);
    let merged = book.merge_cells_by_sheet_name(&chosen.name).map_err(damaged)?;
    let epoch = epoch(book.has_1904_epoch());
    let range = book.worksheet_range(&chosen.name).map_err(damaged)?;
    let (top, left) = range.start().unwrap_or_default();
    let cells = range.used_cells().map(|(row, column, data)| {
        let (row, column) = (top + row as u32, left + column as u32);
        Ok(Cell { row, column, data: data.clone(), shape: Shape::default() })
    });
    let how = How { encoding: "xls", sheet: Some(chosen.name.clone()), other_sheets: chosen.others };
    use_rows(&mut SheetRows::new(cells, Merges::new(&merged), epoch, clock, (how, packed)))
}

fn in_words(error: &XlsError) -> &'static str {
    match error {
        XlsError::Password => "it is encrypted; save it without a password and import that",
        XlsError::Io(_) => "the file cannot be read, or ends too soon",
        _ => old_bounds::OTHER,
    }
}
