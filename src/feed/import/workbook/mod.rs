//! Workbooks: the rows of one sheet of an .xlsx (streamed) or an .xls (held, as its format is).

mod bounds;
mod cell;
mod merges;
mod old;
mod old_bounds;
mod records;
mod sheet;

use std::{
    io::{Seek as _, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{Reader, Sheet, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{
    clock::Clock,
    read_error::{ReadError, at_start},
    serial::Epoch,
    source::ReadSeek,
    table::{How, Rows},
};
use cell::{Cell, Shape};
use merges::Merges;
pub(super) use old::old;
use sheet::SheetRows;

use crate::document::remedy;

type Raw<'r> = std::io::BufReader<Box<dyn ReadSeek + 'r>>;

/// What is done with the rows while the workbook is open.
pub(super) type Use<'u, T> = &'u mut dyn FnMut(&mut dyn Rows) -> Result<T, ReadError>;

/// The last column of a sheet is XFD.
const COLUMNS_MAX: u32 = 16_384;
/// What the cells of one row may hold together; a hundred full ones are less.
const ROW_MAX: usize = 16 * 1024 * 1024;

const LONG: &str = "one of its rows holds more than 16 MiB; export CSV";
const DAMAGED: &str =
    "it is damaged, or written in a way that is not understood; open it, save it anew, and import that";

/// Reads the rows of the wanted sheet of an .xlsx.
pub(super) fn new<T>(
    mut raw: Raw<'_>,
    wanted: Option<&str>,
    clock: &Clock,
    use_rows: Use<'_, T>,
) -> Result<T, ReadError> {
    let has_formulas = bounds::look(&mut raw)?;
    let packed = length(&mut raw)?;
    let mut book = guarded(|| Xlsx::new(raw))?.map_err(|error| ReadError::Workbook(in_words(&error)))?;
    let chosen = choose(book.sheets_metadata(), wanted)?;
    let (name, at_start) = (chosen.name.clone(), |problem| of_sheet(&chosen.name, 0, problem));
    let merged = guarded(|| book.merge_cells_by_sheet_name(&name))?.map_err(|error| at_start(in_words(&error)))?;
    let empty = if has_formulas { without_value(&mut book, &name)? } else { Vec::new() };
    let epoch = epoch(book.has_1904_epoch());
    let mut reader = book.worksheet_cells_reader(&name).map_err(|error| at_start(in_words(&error)))?;
    let shapes: Vec<Shape> = reader.styles().iter().map(Shape::of).collect();
    let cells = std::iter::from_fn(|| {
        let read = catch_unwind(AssertUnwindSafe(|| reader.next_cell_with_style_id()));
        match read {
            Ok(Ok(next)) => next.map(|(cell, style)| {
                let (row, column) = cell.get_position();
                let shape = shapes.get(style).copied().unwrap_or_default();
                Ok(Cell { row, column, data: cell.get_value().clone().into(), shape })
            }),
            Ok(Err(error)) => Some(Err(in_words(&error))),
            Err(_) => Some(Err(DAMAGED)),
        }
    });
    let how = How { encoding: "xlsx", sheet: Some(name), other_sheets: chosen.others };
    use_rows(&mut SheetRows::new(cells, Merges::new(&merged), epoch, clock, (how, packed)).without_value(empty))
}

/// The names of the sheets that can be seen.
pub(super) fn sheets(mut raw: Raw<'_>) -> Result<Vec<String>, ReadError> {
    bounds::look(&mut raw)?;
    raw.rewind().map_err(at_start)?;
    let book = guarded(|| Xlsx::new(raw))?.map_err(|error| ReadError::Workbook(in_words(&error)))?;
    Ok(seen(book.sheets_metadata()).map(|sheet| sheet.name.clone()).collect())
}

fn seen(sheets: &[Sheet]) -> impl Iterator<Item = &Sheet> {
    sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
}

fn length(raw: &mut Raw<'_>) -> Result<u64, ReadError> {
    let end = raw.seek(SeekFrom::End(0)).map_err(at_start)?;
    raw.rewind().map_err(at_start)?;
    Ok(end)
}

/// Formulas that nobody computed: programs that write workbooks leave that to whoever opens them.
fn without_value(book: &mut Xlsx<Raw<'_>>, sheet: &str) -> Result<Vec<(u32, u32)>, ReadError> {
    let failed = |error: XlsxError| of_sheet(sheet, 0, in_words(&error));
    let mut reader = book.worksheet_cells_reader(sheet).map_err(failed)?;
    let mut empty = Vec::new();
    loop {
        match guarded(|| reader.next_cell_with_formula_metadata())?.map_err(failed)? {
            Some(cell) if cell.formula.is_some() && cell.value == calamine::DataRef::Empty => empty.push(cell.pos),
            Some(_) => {}
            None => return Ok(empty),
        }
    }
}

fn epoch(is_1904: bool) -> Epoch {
    if is_1904 { Epoch::Of1904 } else { Epoch::Of1900 }
}

struct Chosen {
    name: String,
    others: usize,
}

/// The wanted sheet, else the first that can be seen.
fn choose(sheets: &[Sheet], wanted: Option<&str>) -> Result<Chosen, ReadError> {
    let names: Vec<&str> = seen(sheets).map(|sheet| sheet.name.as_str()).collect();
    let found = match wanted {
        Some(wanted) => sheets.iter().map(|sheet| sheet.name.as_str()).find(|name| name.trim() == wanted.trim()),
        None => names.first().copied(),
    };
    match (found, wanted) {
        (Some(name), _) => {
            Ok(Chosen { name: name.to_owned(), others: names.iter().filter(|other| **other != name).count() })
        }
        (None, Some(wanted)) => Err(ReadError::NoSuchSheet {
            wanted: wanted.to_owned(),
            remedy: remedy(wanted, &names),
            there: names.join(", "),
        }),
        (None, None) => Err(ReadError::Workbook("it has no sheet that can be seen; name one by sheet = \"…\"")),
    }
}

fn of_sheet(sheet: &str, row: u64, problem: &'static str) -> ReadError {
    ReadError::Sheet { sheet: sheet.to_owned(), row, problem }
}

/// The library may panic at what nobody wrote; that is a damaged file and not our end.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| ReadError::Workbook(DAMAGED))
}

/// Without what the error quotes, which may be a cell.
fn in_words(error: &XlsxError) -> &'static str {
    match error {
        XlsxError::Password => "it is encrypted; save it without a password and import that",
        XlsxError::Io(_) | XlsxError::Zip(_) => "the file cannot be read, or ends too soon",
        XlsxError::NotAWorksheet(_) => "it is a chart or a macro and no sheet of cells",
        _ => DAMAGED,
    }
}
