//! Uploads on the disk: a folder each, for its owner only; and the mappings by which files were sent.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::told::UploadTold;
use crate::{
    domain::time::Millis,
    feed::import::{ProposeChoices, ProposeTable, ProposeWish},
};

/// What is known of an upload besides what stands in the file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct UploadAbout {
    pub(super) id: String,
    /// Whose it is; empty where nobody is asked.
    pub(super) owner: String,
    pub(super) file_name: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) at: i64,
    pub(super) stream: String,
    /// A named mapping that was asked for.
    pub(super) named: String,
    pub(super) wish: ProposeWish,
    pub(super) mapping: Option<UploadMapping>,
    pub(super) trial: Option<UploadTold>,
    pub(super) sent: Option<UploadTold>,
    /// Events were on their way when this was written.
    pub(super) is_sending: bool,
}

/// By what an upload is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum UploadMapping {
    Chosen(ProposeChoices),
    Text { from: UploadFrom, text: String },
}

/// Where the text of a mapping comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum UploadFrom {
    /// The last by which a file of this header was sent.
    Last,
    Named(String),
    Known(String),
    /// Written on the page.
    Own,
}

impl UploadMapping {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Chosen(choices) => choices.mapping(),
            Self::Text { text, .. } => text.clone(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct UploadFolder {
    path: PathBuf,
}

const DATA: &str = "data";
const REJECTS: &str = "rejects.csv";
const ABOUT: &str = "about.json";
const MAPPINGS: &str = "mappings";
const NAMED: &str = "named-";
const ENDING: &str = ".toml";
const NAME_MAX: usize = 40;
/// A mapping is a page of text.
const MAPPING_MAX: u64 = 256 * 1024;

impl UploadFolder {
    /// Makes it, and tries to write there.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let folder = Self { path: path.to_owned() };
        make(&folder.path.join(MAPPINGS))?;
        Ok(folder)
    }

    pub(super) fn make(&self, id: &str) -> io::Result<()> {
        make(&self.path.join(id))
    }

    pub(super) fn data(&self, id: &str) -> PathBuf {
        self.path.join(id).join(DATA)
    }

    pub(super) fn rejects(&self, id: &str) -> PathBuf {
        self.path.join(id).join(REJECTS)
    }

    pub(super) fn write(&self, about: &UploadAbout) -> io::Result<()> {
        let text = serde_json::to_vec(about).map_err(io::Error::other)?;
        write_whole(&self.path.join(&about.id).join(ABOUT), &text)
    }

    /// Of all that can be read; what was broken off while it came has none.
    pub(super) fn all(&self) -> Vec<UploadAbout> {
        let Ok(entries) = fs::read_dir(&self.path) else { return Vec::new() };
        let ids = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        ids.filter(|name| is_id(name)).filter_map(|id| self.about(&id)).collect()
    }

    pub(super) fn about(&self, id: &str) -> Option<UploadAbout> {
        if !is_id(id) {
            return None;
        }
        let text = fs::read(self.path.join(id).join(ABOUT)).ok()?;
        serde_json::from_slice::<UploadAbout>(&text).ok().filter(|about| about.id == id)
    }

    pub(super) fn forget(&self, id: &str) {
        if is_id(id)
            && let Err(error) = fs::remove_dir_all(self.path.join(id))
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, upload = id, "an upload could not be deleted");
        }
    }

    /// Folders of nothing that is known, which were left by a server that was killed while a file came.
    pub(super) fn forget_broken(&self, before: Millis) {
        let Ok(entries) = fs::read_dir(&self.path) else { return };
        for entry in entries.flatten() {
            let Some(id) = entry.file_name().to_str().map(str::to_owned).filter(|name| is_id(name)) else { continue };
            let made = entry.metadata().and_then(|data| data.modified());
            let made = made.ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
            let is_old = made.is_some_and(|since| (since.as_millis() as i64) < before.0);
            if is_old && self.about(&id).is_none() {
                self.forget(&id);
            }
        }
    }

    pub(super) fn last(&self, stream: &str, table: &ProposeTable) -> Option<String> {
        read_mapping(&self.path.join(MAPPINGS).join(of_header(stream, table)))
    }

    pub(super) fn keep_last(&self, stream: &str, table: &ProposeTable, text: &str) -> io::Result<()> {
        write_whole(&self.path.join(MAPPINGS).join(of_header(stream, table)), text.as_bytes())
    }

    pub(super) fn named(&self, name: &str) -> Option<String> {
        is_mapping_name(name)
            .then(|| self.path.join(MAPPINGS).join(format!("{NAMED}{name}{ENDING}")))
            .and_then(|path| read_mapping(&path))
    }

    pub(super) fn keep_named(&self, name: &str, text: &str) -> io::Result<()> {
        write_whole(&self.path.join(MAPPINGS).join(format!("{NAMED}{name}{ENDING}")), text.as_bytes())
    }

    pub(super) fn names(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path.join(MAPPINGS)) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let names = names.filter_map(|name| Some(name.strip_prefix(NAMED)?.strip_suffix(ENDING)?.to_owned()));
        let mut names: Vec<String> = names.filter(|name| is_mapping_name(name)).collect();
        names.sort();
        names
    }
}

fn read_mapping(path: &Path) -> Option<String> {
    let is_small = fs::metadata(path).is_ok_and(|data| data.len() <= MAPPING_MAX);
    if is_small { fs::read_to_string(path).ok() } else { None }
}

/// A file with this header, of this stream, however it was written.
fn of_header(stream: &str, table: &ProposeTable) -> String {
    let delimiter = table.delimiter.filter(|delimiter| *delimiter != ',').map(String::from).unwrap_or_default();
    let mut parts = vec![stream, delimiter.as_str()];
    parts.extend(table.header());
    let hash = Sha256::digest(parts.join("\u{1f}"));
    format!("last-{}{ENDING}", data_encoding::HEXLOWER.encode(&hash[..16]))
}

/// As people call it; it becomes part of a path.
pub(super) fn is_mapping_name(name: &str) -> bool {
    let legal = |letter: char| letter.is_alphanumeric() || "_-".contains(letter);
    (1..=NAME_MAX).contains(&name.chars().count()) && name.chars().all(legal)
}

pub(super) fn is_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
}

fn make(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// For its owner only.
pub(super) fn fresh(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{:08x}.draft", rand::random::<u32>()));
    let mut file = fresh(Path::new(&draft))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::feed::import::ProposeColumn;

    fn table(names: &[&str], delimiter: Option<char>) -> ProposeTable {
        let column = |name: &&str| ProposeColumn { name: (*name).to_owned(), ..ProposeColumn::default() };
        ProposeTable { columns: names.iter().map(column).collect(), delimiter, ..ProposeTable::default() }
    }

    #[test]
    fn what_is_kept_is_for_the_owner_of_the_process_only_and_found_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = UploadFolder::open(&place.path().join("uploads")).unwrap();
        let id = "0123456789abcdef0123456789abcdef";
        folder.make(id).unwrap();
        fresh(&folder.data(id)).unwrap();
        assert!(folder.all().is_empty(), "it is still coming");
        let about = UploadAbout { id: id.to_owned(), owner: "li".to_owned(), ..UploadAbout::default() };
        folder.write(&about).unwrap();
        assert_eq!(folder.all()[0].owner, "li");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&place.path().join("uploads").join(id)), mode(&folder.data(id))), (0o700, 0o600));
        for wrong in ["..", "../x", "mappings", "0123", ""] {
            assert!(folder.about(wrong).is_none(), "{wrong}");
            folder.forget(wrong);
        }
        folder.forget(id);
        assert!(folder.all().is_empty() && place.path().join("uploads/mappings").exists());
    }

    #[test]
    fn a_mapping_is_found_by_header_and_stream_however_the_file_is_written() {
        let place = tempfile::tempdir().unwrap();
        let folder = UploadFolder::open(place.path()).unwrap();
        folder.keep_last("grid", &table(&["a", "b"], None), "x").unwrap();
        assert_eq!(folder.last("grid", &table(&["a", "b"], Some(','))).as_deref(), Some("x"));
        assert_eq!(folder.last("grid", &table(&["a", "b"], Some(';'))), None);
        assert_eq!(folder.last("hotline", &table(&["a", "b"], None)), None);
        assert_eq!(folder.last("grid", &table(&["b", "a"], None)), None);
        folder.keep_named("三月-平台", "y").unwrap();
        assert_eq!((folder.names(), folder.named("三月-平台").as_deref()), (vec!["三月-平台".to_owned()], Some("y")));
        for wrong in ["", "../x", "a/b", "a.b", &"长".repeat(41)] {
            assert!(!is_mapping_name(wrong) && folder.named(wrong).is_none(), "{wrong}");
        }
    }
}
