//! Whether a file is still the one that was read.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path};

/// Another one after every change: a file that is put in its place has another inode.
pub(super) type FileStamp = (u64, i64, i64, u64, u32);

/// None: it cannot be looked at.
pub(super) fn stamp(path: &Path) -> Option<FileStamp> {
    let file = fs::metadata(path).ok()?;
    Some((file.ino(), file.mtime(), file.mtime_nsec(), file.size(), file.mode()))
}
