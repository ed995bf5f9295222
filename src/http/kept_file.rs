//! A file with secrets that commands write and a server reads: nobody else's, written whole or not at all, read anew when it changes.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rustix::fs::{FlockOperation, flock};

use super::stamp::{FileStamp, stamp};

#[derive(Debug, thiserror::Error)]
pub enum KeptFileError {
    #[error("cannot read {called} {}: {source}; make one with `{made_by}`", path.display())]
    Unreadable { called: &'static str, made_by: &'static str, path: PathBuf, source: io::Error },
    #[error("{called} {} can be read or changed by others (mode {mode:04o}); chmod 0600 {}", path.display(), path.display())]
    Open { called: &'static str, path: PathBuf, mode: u32 },
    #[error("{}, line {line}: {what}; {remedy}", path.display())]
    Broken { path: PathBuf, line: usize, what: String, remedy: &'static str },
    #[error("cannot write {called} {}: {source}", path.display())]
    Unwritable { called: &'static str, path: PathBuf, source: io::Error },
}

/// What is wrong with a file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFault {
    pub line: usize,
    pub what: String,
    pub remedy: &'static str,
}

impl TextFault {
    /// Of the table there, counted from 0, under its head: `[[account]]`.
    pub(super) fn of_table(
        text: &str,
        head: &str,
        (index, name): (usize, &str),
        (what, remedy): (&str, &'static str),
    ) -> Self {
        let at = text.match_indices(head).map(|(at, _)| at).nth(index).unwrap_or_default();
        Self { line: line(text, at), what: format!("{name:?} {what}"), remedy }
    }
}

/// As TOML; the parser's own text of the line, in which a secret may stand, is not repeated.
pub(super) fn toml_text<T: serde::de::DeserializeOwned>(text: &str, remedy: &'static str) -> Result<T, TextFault> {
    toml::from_str(text).map_err(|error| TextFault {
        line: line(text, error.span().map_or(0, |span| span.start)),
        what: error.message().trim().replace('\n', ", "),
        remedy,
    })
}

fn line(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

/// What stands in such a file.
pub trait KeptText: Sized + Default {
    /// As a person calls it, and the command that makes one.
    const CALLED: &'static str;
    const MADE_BY: &'static str;

    fn from_text(text: &str) -> Result<Self, TextFault>;
    /// For a metric, where there is one.
    fn show_broken(_is_so: bool) {}
    fn to_text(&self) -> Result<String, toml::ser::Error>;
}

#[derive(Debug)]
pub struct KeptFile<T> {
    path: PathBuf,
    held: Mutex<Held<T>>,
}

#[derive(Debug, Default)]
struct Held<T> {
    stamp: Option<FileStamp>,
    content: Arc<T>,
}

impl<T: KeptText> KeptFile<T> {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), held: Mutex::default() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn read(&self) -> Result<T, KeptFileError> {
        let path = || self.path.clone();
        let unreadable =
            |source| KeptFileError::Unreadable { called: T::CALLED, made_by: T::MADE_BY, path: path(), source };
        let mode = fs::metadata(&self.path).map_err(unreadable)?.mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(KeptFileError::Open { called: T::CALLED, path: path(), mode });
        }
        let text = fs::read_to_string(&self.path).map_err(unreadable)?;
        self.parsed(&text)
    }

    /// Those of now. A file that cannot be used leaves those from before in force; that is said once.
    pub(super) fn now(&self) -> Arc<T> {
        let stamp = stamp(&self.path);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.stamp != stamp {
            held.stamp = stamp;
            let read = self.read();
            T::show_broken(read.is_err());
            match read {
                Ok(content) => held.content = Arc::new(content),
                Err(error) => {
                    tracing::error!(%error, "{} cannot be read; what it said before stays in force", T::CALLED)
                }
            }
        }
        Arc::clone(&held.content)
    }

    /// Reads, changes and writes, one after the other, whoever else does so. Nothing is written where the change is refused.
    pub fn change<R, E: From<KeptFileError>>(&self, change: impl FnOnce(&mut T) -> Result<R, E>) -> Result<R, E> {
        let unwritable = |source| KeptFileError::Unwritable { called: T::CALLED, path: self.path.clone(), source };
        let _lock = self.lock().map_err(unwritable)?;
        let mut content = if self.path.exists() { self.read()? } else { T::default() };
        let done = change(&mut content)?;
        let text = content.to_text().map_err(|error| unwritable(io::Error::other(error)))?;
        // What would not be read again is not written.
        self.parsed(&text)?;
        self.write(&text).map_err(unwritable)?;
        Ok(done)
    }

    fn parsed(&self, text: &str) -> Result<T, KeptFileError> {
        let broken =
            |TextFault { line, what, remedy }| KeptFileError::Broken { path: self.path.clone(), line, what, remedy };
        T::from_text(text).map_err(broken)
    }

    /// Until it is dropped. Beside the file, which is another one after every change.
    fn lock(&self) -> io::Result<File> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(self.folder())?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(self.beside("lock"))?;
        flock(&lock, FlockOperation::LockExclusive)?;
        Ok(lock)
    }

    fn write(&self, text: &str) -> io::Result<()> {
        let draft = self.beside("draft");
        let _ = fs::remove_file(&draft);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, &self.path)?;
        File::open(self.folder())?.sync_all()
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{ending}"));
        self.path.with_file_name(name)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, Default, Deserialize, Serialize)]
    #[serde(deny_unknown_fields)]
    struct Guests {
        guest: Vec<String>,
    }

    impl KeptText for Guests {
        const CALLED: &'static str = "the guests";
        const MADE_BY: &'static str = "guests add";

        fn from_text(text: &str) -> Result<Self, TextFault> {
            let guests: Self = toml_text(text, "write another name")?;
            let is_twice = guests.guest.iter().any(|name| guests.guest.iter().filter(|one| *one == name).count() > 1);
            if is_twice {
                return Err(TextFault::of_table(text, "guest", (0, "one"), ("stands there twice", "take one out")));
            }
            Ok(guests)
        }

        fn to_text(&self) -> Result<String, toml::ser::Error> {
            toml::to_string(self)
        }
    }

    fn add(file: &KeptFile<Guests>, name: &str) -> Result<(), KeptFileError> {
        file.change(|guests| {
            guests.guest.push(name.to_owned());
            Ok(())
        })
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_and_changes_are_seen_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeptFile::<Guests>::new(&folder.path().join("new/guests.toml"));
        let refusal = file.read().unwrap_err();
        assert!(matches!(refusal, KeptFileError::Unreadable { .. }));
        assert!(
            refusal.to_string().contains("the guests") && refusal.to_string().contains("`guests add`"),
            "{refusal}"
        );
        add(&file, "li.na").unwrap();
        assert_eq!(fs::metadata(file.path()).unwrap().mode() & 0o777, 0o600);
        assert_eq!(file.now().guest.len(), 1);
        add(&file, "wang").unwrap();
        assert_eq!(file.now().guest.len(), 2);

        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o640)).unwrap();
        let refusal = file.read().unwrap_err().to_string();
        assert!(refusal.contains("0640") && refusal.contains("chmod 0600"), "{refusal}");
        assert_eq!(file.now().guest.len(), 2, "those from before stay in force");
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(file.path(), "\nguest = \"hunter2\"\n").unwrap();
        let refusal = file.read().unwrap_err().to_string();
        assert!(refusal.contains("guests.toml, line 2: ") && !refusal.contains("hunter2 "), "{refusal}");
        assert_eq!(file.now().guest.len(), 2, "a broken file is not taken by half");
    }

    #[test]
    fn a_change_that_is_refused_leaves_the_file_as_it_was_and_many_at_once_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guests.toml");
        let file = KeptFile::<Guests>::new(&path);
        add(&file, "li.na").unwrap();
        let before = fs::read(&path).unwrap();
        let twice = add(&file, "li.na");
        assert!(matches!(twice, Err(KeptFileError::Broken { .. })), "{twice:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
        std::thread::scope(|scope| {
            for n in 0..16 {
                scope.spawn({
                    let path = &path;
                    move || add(&KeptFile::new(path), &format!("p{n}")).unwrap()
                });
            }
        });
        assert_eq!(file.now().guest.len(), 17);
    }
}
