//! Rows that were rejected: which, where and why; no cell but the growing one and the key.

use std::{
    fs::{self, File, OpenOptions},
    io,
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
        let file: File = OpenOptions::new().create(true).append(true).mode(0o600).open(&self.path)?;
        let mut writer = Writer::from_writer(file);
        if is_new {
            writer.write_record(["\u{feff}rejected_at", "growing", "key", "column", "reason"])?;
        }
        writer.write_record([row.at, row.growing, row.key, row.column, row.reason])?;
        writer.flush()
    }
}
