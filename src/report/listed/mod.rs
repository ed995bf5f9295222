//! Lists of cases for people and programs: which columns there are, and the list written as CSV, as lines of JSON or as a workbook,
//! page by page, so that its length does not matter.

mod columns;
mod rows;
mod workbook;

pub use self::{
    columns::{CASE_COLUMNS, CaseCell, CaseColumn, chosen, either, usual},
    rows::ListedRows,
    workbook::{CaseWorkbook, SHEET_ROWS_MAX},
};
