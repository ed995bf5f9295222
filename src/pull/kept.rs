//! What a task has done: how far it read, and which rows behind that. One file, which is the new or the old one, never half of one.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, tz::TimeZone};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::growth::{GrowingKind, Growth};

/// The first bytes of SHA-256 over all cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RowHash(pub [u8; 16]);

/// Rows that are remembered, at most.
pub const REMEMBERED_MAX: usize = 1_000_000;

const POSITION: &str = "position";
const LOCK: &str = "lock";
const LAST_PASS: &str = "last-pass";
const EACH: usize = 32;

#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    #[error("cannot use {}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("another tongguan pulls with {} already", path.display())]
    Locked { path: PathBuf },
    #[error("{} is damaged: begin where it is sure that everything was read, by --from VALUE", path.display())]
    Damaged { path: PathBuf },
    #[error(
        "{} is of the growing column `{was}`, and rows.growing is `{is}`: name another folder in `state`, or begin by --from VALUE",
        path.display()
    )]
    OfAnother { path: PathBuf, was: String, is: String },
}

/// The state folder, ours alone.
#[derive(Debug)]
pub struct PullFolder {
    path: PathBuf,
    _lock: Option<File>,
}

/// What a task ever did, on record with the position, so that no restart forgets or counts anything twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct PullCounts {
    /// New or changed.
    pub rows: u64,
    pub events: u64,
    pub rejected: u64,
}

/// Position and remembered rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptRows {
    pub position: Option<Growth>,
    pub counts: PullCounts,
    remembered: HashMap<RowHash, Growth>,
    /// Rows that had to be forgotten, since the start.
    pub forgotten: u64,
}

/// The first line of the file.
#[derive(Deserialize, Serialize)]
struct Head {
    version: u32,
    growing: String,
    position: Option<String>,
    rows: usize,
    /// Files from before it have none.
    #[serde(default)]
    counts: PullCounts,
}

impl KeptRows {
    /// Nothing is remembered but what was counted.
    pub fn counted(counts: PullCounts) -> Self {
        Self { counts, ..Self::default() }
    }

    pub fn knows(&self, row: RowHash) -> bool {
        self.remembered.contains_key(&row)
    }

    pub fn remember(&mut self, row: RowHash, at: Growth) {
        self.remembered.insert(row, at);
    }

    pub fn remembered(&self) -> usize {
        self.remembered.len()
    }

    /// What lies before `from` will not be read again.
    pub fn forget_before(&mut self, from: Growth) {
        self.remembered.retain(|_, at| *at >= from);
        if self.remembered.len() > REMEMBERED_MAX {
            let mut all: Vec<Growth> = self.remembered.values().copied().collect();
            let too_many = all.len() - REMEMBERED_MAX;
            let (older, middle, _) = all.select_nth_unstable(too_many);
            let middle = *middle;
            // Those of the value in the middle go as they come.
            let mut left = older.iter().filter(|at| **at == middle).count();
            self.remembered.retain(|_, at| {
                let goes = *at < middle || (left > 0 && *at == middle);
                left -= usize::from(goes && *at == middle);
                !goes
            });
            self.forgotten += too_many as u64;
        }
    }
}

impl PullFolder {
    pub fn open(path: &Path) -> Result<Self, KeptError> {
        let of = |source| KeptError::Io { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(of)?;
        let lock = options().truncate(false).open(path.join(LOCK)).map_err(of)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: Some(lock) }),
            Err(_) => Err(KeptError::Locked { path: path.to_owned() }),
        }
    }

    /// For whoever only looks.
    pub fn unlocked(path: &Path) -> Self {
        Self { path: path.to_owned(), _lock: None }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// None before the first page.
    pub fn read(&self, growing: &str, kind: GrowingKind) -> Result<Option<KeptRows>, KeptError> {
        let path = self.file(POSITION);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(KeptError::Io { path, source }),
        };
        let damaged = || KeptError::Damaged { path: path.clone() };
        let (head, remembered) = parsed(&bytes).ok_or_else(damaged)?;
        if head.growing != growing {
            return Err(KeptError::OfAnother { path, was: head.growing, is: growing.to_owned() });
        }
        // Written as an instant or without a zone, so that this zone does no harm. What is neither is of a column that had another type.
        let position =
            head.position.as_deref().map(|text| kind.read(text, &TimeZone::UTC).ok_or_else(damaged)).transpose()?;
        Ok(Some(KeptRows { position, counts: head.counts, remembered, forgotten: 0 }))
    }

    /// What was ever counted, by whatever column; nothing where that cannot be read.
    pub fn counts(&self) -> PullCounts {
        let bytes = fs::read(self.file(POSITION)).unwrap_or_default();
        parsed(&bytes).map(|(head, _)| head.counts).unwrap_or_default()
    }

    /// The new one takes the place of the old one when all of it is on the disk.
    pub fn write(&self, growing: &str, kind: GrowingKind, kept: &KeptRows) -> Result<(), KeptError> {
        let (path, draft) = (self.file(POSITION), self.file("position.new"));
        let of = |source| KeptError::Io { path: path.clone(), source };
        let written = || -> io::Result<()> {
            let mut file = options().truncate(true).open(&draft)?;
            file.write_all(&bytes(growing, kind, kept)?)?;
            file.sync_all()?;
            fs::rename(&draft, &path)?;
            File::open(&self.path)?.sync_all()
        };
        written().map_err(of)
    }

    /// What the last pass came to, for whoever watches over it.
    pub fn note_pass(&self, told: &serde_json::Value) -> Result<(), KeptError> {
        let (path, draft) = (self.file(LAST_PASS), self.file("last-pass.new"));
        let written = fs::write(&draft, format!("{told}\n")).and_then(|()| fs::rename(&draft, &path));
        written.map_err(|source| KeptError::Io { path, source })
    }

    /// When a pass last came to its end, as far as is known.
    pub fn passed_at(&self) -> Option<Timestamp> {
        let told: serde_json::Value = serde_json::from_slice(&fs::read(self.file(LAST_PASS)).ok()?).ok()?;
        told.get("at")?.as_str()?.parse().ok()
    }
}

/// For its owner only: keys of rows stand beside it.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).write(true).mode(0o600);
    options
}

fn bytes(growing: &str, kind: GrowingKind, kept: &KeptRows) -> io::Result<Vec<u8>> {
    let position = kept.position.map(|at| kind.written(at));
    let (growing, rows, counts) = (growing.to_owned(), kept.remembered.len(), kept.counts);
    let head = Head { version: 1, growing, position, rows, counts };
    let mut bytes = serde_json::to_vec(&head)?;
    bytes.push(b'\n');
    bytes.reserve(kept.remembered.len() * EACH + EACH);
    for (RowHash(hash), Growth(at)) in &kept.remembered {
        bytes.extend_from_slice(hash);
        bytes.extend_from_slice(&at.to_be_bytes());
    }
    let sum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&sum);
    Ok(bytes)
}

fn parsed(bytes: &[u8]) -> Option<(Head, HashMap<RowHash, Growth>)> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(EACH)?)?;
    if Sha256::digest(body).as_slice() != sum {
        return None;
    }
    let end = body.iter().position(|byte| *byte == b'\n')?;
    let head: Head = serde_json::from_slice(&body[..end]).ok()?;
    let rows = body[end + 1..].chunks_exact(EACH);
    if head.version != 1 || rows.len() != head.rows {
        return None;
    }
    let each = |row: &[u8]| {
        let (hash, at) = row.split_at_checked(16)?;
        Some((RowHash(hash.try_into().ok()?), Growth(i128::from_be_bytes(at.try_into().ok()?))))
    };
    Some((head, rows.map(each).collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: GrowingKind = GrowingKind::Civil;

    fn hash(number: u64) -> RowHash {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        RowHash(bytes)
    }

    fn kept() -> KeptRows {
        let counts = PullCounts { rows: 3, events: 2, rejected: 1 };
        let mut kept = KeptRows { position: Some(Growth(16_000_000_000_000_000)), counts, ..KeptRows::default() };
        (0..3).for_each(|number| kept.remember(hash(number), Growth(i128::from(number))));
        kept
    }

    #[test]
    fn what_is_written_is_read_and_a_file_that_was_touched_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let folder = PullFolder::open(dir.path()).unwrap();
        assert_eq!(folder.read("G", KIND).unwrap(), None);
        folder.write("G", KIND, &kept()).unwrap();
        assert_eq!(folder.read("G", KIND).unwrap(), Some(kept()));
        let other = folder.read("H", KIND).unwrap_err().to_string();
        assert!(other.contains("`G`") && other.contains("`H`"), "{other}");
        let path = folder.file(POSITION);
        let good = fs::read(&path).unwrap();
        for place in [3, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[place] ^= 1;
            fs::write(&path, bad).unwrap();
            assert!(matches!(folder.read("G", KIND), Err(KeptError::Damaged { .. })), "{place}");
        }
        fs::write(&path, &good[..good.len() - 5]).unwrap();
        assert!(matches!(folder.read("G", KIND), Err(KeptError::Damaged { .. })));
    }

    #[test]
    fn a_position_of_a_release_before_the_counts_is_read_and_counts_begin_at_0() {
        let dir = tempfile::tempdir().unwrap();
        let folder = PullFolder::open(dir.path()).unwrap();
        let mut old = b"{\"version\":1,\"growing\":\"G\",\"position\":\"2021-03-06 10:00:00\",\"rows\":0}\n".to_vec();
        let sum = Sha256::digest(&old);
        old.extend_from_slice(&sum);
        fs::write(folder.file(POSITION), old).unwrap();
        let kept = folder.read("G", KIND).unwrap().unwrap();
        assert_eq!(
            (kept.position.map(|at| KIND.written(at)).as_deref(), kept.counts),
            (Some("2021-03-06 10:00:00"), PullCounts::default())
        );
        assert_eq!(folder.passed_at(), None);
        folder.note_pass(&serde_json::json!({ "at": "2021-03-06T02:00:00.500+00:00" })).unwrap();
        assert_eq!(folder.passed_at().unwrap().as_millisecond(), 1_614_996_000_500);
    }

    #[test]
    fn a_folder_is_one_processs_alone() {
        let dir = tempfile::tempdir().unwrap();
        let first = PullFolder::open(dir.path()).unwrap();
        assert!(matches!(PullFolder::open(dir.path()), Err(KeptError::Locked { .. })));
        drop(first);
        PullFolder::open(dir.path()).unwrap();
    }

    #[test]
    fn rows_before_the_overlap_are_forgotten_and_of_too_many_the_oldest() {
        let mut kept = kept();
        kept.forget_before(Growth(1));
        assert!(!kept.knows(hash(0)) && kept.knows(hash(1)) && kept.forgotten == 0);
        (0..REMEMBERED_MAX as u64 + 10).for_each(|number| kept.remember(hash(number), Growth(i128::from(number / 4))));
        kept.forget_before(Growth(0));
        assert_eq!((kept.remembered(), kept.forgotten), (REMEMBERED_MAX, 10));
        assert!(!kept.knows(hash(0)) && kept.knows(hash(REMEMBERED_MAX as u64)));
    }
}
