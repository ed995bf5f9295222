//! Rows that were rejected: which, where and why; no cell but the growing one and the key.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
};

use csv::Writer;

/// Beyond it the file makes room for a new one.
const FILE_MAX: u64 = 10_000_000;

/// A row of the file.
#[derive(Clone, Copy, Debug)]
pub struct RefusedRow<'r> {
    pub at: &'r str,
    pub growing: &'r str,
    pub key: &'r str,
    pub column: &'r str,
    pub reason: &'r str,
}

/// `rejects.csv`, made with the first row.
#[derive(Debug)]
pub struct RefusedRows {
    path: PathBuf,
    old: PathBuf,
}

impl RefusedRows {
    pub fn new(path: PathBuf, old: PathBuf) -> Self {
        Self { path, old }
    }

    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    pub fn add(&self, row: RefusedRow<'_>) -> io::Result<()> {
        let length = fs::metadata(&self.path).map_or(0, |data| data.len());
        if length > FILE_MAX {
            fs::rename(&self.path, &self.old)?;
        }
        let is_new = length == 0 || length > FILE_MAX;
        let mut writer = Writer::from_writer(Vec::new());
        if is_new {
            writer.write_record(["\u{feff}rejected_at", "growing", "key", "column", "reason"])?;
        }
        writer.write_record([row.at, row.growing, row.key, row.column, row.reason])?;
        let whole = writer.into_inner().map_err(|error| error.into_error())?;
        let mut file: File = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.path)?;
        // Half a line on a full disk would run into the next one.
        file.write_all(&whole).inspect_err(|_| drop(file.set_len(if is_new { 0 } else { length })))
    }
}
