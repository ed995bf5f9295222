//! The key on disk: one line of hexadecimal digits, for its owner only. Any other content is taken as the raw key.

use std::{
    fmt::Write as _,
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use rand::{TryRngCore as _, rngs::OsRng};

use super::key::{Key, KeyError};

impl Key {
    /// Nobody knows it, and it ends with the process: for what is looked at and not kept.
    pub(crate) fn of_this_process() -> Result<Self, KeyError> {
        Self::from_bytes(None, random_line(32)?.as_bytes())
    }

    /// Reads the key and makes none. Errors: the file cannot be read, or holds no key.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let content = fs::read(path).map_err(|source| KeyError::Unreadable { path: path.into(), source })?;
        Self::from_bytes(None, &secret_in(&content))
            .map_err(|reason| KeyError::Unusable { path: path.into(), reason: Box::new(reason) })
    }

    /// Reads the key, or makes one where there is none. Of several processes that do this at once one makes the key
    /// and all read that one.
    pub fn read_or_create(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        if !path.exists() {
            let line = random_line(32)?;
            create(path, &line).map_err(|source| KeyError::NotCreated { path: path.into(), source })?;
        }
        Self::read(path)
    }
}

/// The file appears complete or not at all: it is written beside its place and then linked there, which fails when
/// another was quicker. (`create_new` at the place itself would show readers an empty file, for ever after a crash.)
fn create(path: &Path, line: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = draft_beside(path).map_err(io::Error::other)?;
    let made = write_draft(&draft, line).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    fs::remove_file(&draft).and(made)?;
    fs::File::open(folder)?.sync_all()
}

fn write_draft(draft: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

fn draft_beside(path: &Path) -> Result<PathBuf, KeyError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".draft-{}", random_line(8)?.trim_end()));
    Ok(path.with_file_name(name))
}

fn random_line(bytes: usize) -> Result<String, KeyError> {
    let mut random = vec![0; bytes];
    OsRng.try_fill_bytes(&mut random).map_err(|error| KeyError::NoRandomness(error.to_string()))?;
    let mut line = random.iter().fold(String::new(), |mut line, byte| {
        let _ = write!(line, "{byte:02x}"); // writing to a String cannot fail
        line
    });
    line.push('\n');
    Ok(line)
}

fn secret_in(content: &[u8]) -> Vec<u8> {
    let Ok(text) = str::from_utf8(content) else { return content.to_vec() };
    let text = text.trim();
    let pairs = text.as_bytes().chunks_exact(2);
    if text.len() % 2 == 1 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return text.as_bytes().to_vec();
    }
    let value = |digit: u8| (digit as char).to_digit(16).unwrap_or_default() as u8;
    pairs.map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::PermissionsExt as _, thread};

    use super::*;

    #[test]
    fn a_missing_key_is_made_for_its_owner_only_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/folder/key");
        let made = Key::read_or_create(&path).unwrap();
        assert_eq!(made.id(), Key::read_or_create(&path).unwrap().id());
        assert_eq!(made.id(), Key::read(&path).unwrap().id());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&path).unwrap().trim().len(), 64);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn processes_that_race_end_with_one_key() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("keys/key");
            let ids: Vec<_> = thread::scope(|scope| {
                let racers: Vec<_> = (0..8).map(|_| scope.spawn(|| Key::read_or_create(&path).unwrap())).collect();
                racers.into_iter().map(|racer| racer.join().unwrap().id().to_owned()).collect()
            });
            assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        }
    }

    #[test]
    fn the_error_names_the_file_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(Key::read(&path).unwrap_err().to_string().contains("must exist"));
        fs::write(&path, "0123456789abcdef\n").unwrap();
        let said = Key::read(&path).unwrap_err().to_string();
        assert!(said.contains("8 bytes") && said.contains("openssl rand -hex 32"), "{said}");
    }

    #[test]
    fn a_key_may_be_hexadecimal_text_or_raw_bytes() {
        assert_eq!(secret_in(b"00ff10\n"), [0, 255, 16]);
        assert_eq!(secret_in(b"correct horse battery\n"), b"correct horse battery");
        assert_eq!(secret_in(&[200, 1, 10]), [200, 1, 10]);
    }
}
