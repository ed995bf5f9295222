//! Why a file cannot be read, or not on: what and where, never what it holds.

use std::io;

use super::not_text::NotText;

#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error("the file is {0}")]
    NotText(NotText),
    #[error("the file is empty: not even a header")]
    Empty,
    #[error(
        "none of the columns that the mapping names stands in the first {searched} rows: is it the right file, has it a header (if \
         not, name its columns in csv.header), and are csv.delimiter and csv.encoding right?"
    )]
    NoHeader { searched: usize },
    #[error("after line {line}: {source}")]
    Io { line: u64, source: io::Error },
    #[error("there is no sheet `{wanted}`; {remedy}")]
    NoSuchSheet { wanted: String, remedy: String, there: String },
    /// Of a sheet, once it is known which.
    #[error("sheet `{sheet}`, after row {row}: {problem}")]
    Sheet { sheet: String, row: u64, problem: &'static str },
    #[error("the workbook cannot be read: {0}")]
    Workbook(&'static str),
}

pub(super) fn at_start(source: io::Error) -> ReadError {
    ReadError::Io { line: 0, source }
}
