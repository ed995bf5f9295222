//! The accounts file on the disk: read anew when it changes, and written whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rustix::fs::{FlockOperation, flock};

use super::accounts::{Accounts, AccountsFault};
use crate::http::stamp::{FileStamp, stamp};

#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    #[error("cannot read the accounts {}: {source}; make one with `tongguan account add`", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the accounts {} can be read or changed by others (mode {mode:04o}); chmod 0600 {}", path.display(), path.display())]
    Open { path: PathBuf, mode: u32 },
    #[error("{}, line {}: {}; {}", path.display(), fault.line, fault.what, fault.remedy)]
    Broken { path: PathBuf, fault: AccountsFault },
    #[error("cannot write the accounts {}: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
}

#[derive(Debug)]
pub struct AccountFile {
    path: PathBuf,
    held: Mutex<HeldAccounts>,
}

#[derive(Debug, Default)]
struct HeldAccounts {
    stamp: Option<FileStamp>,
    accounts: Arc<Accounts>,
}

impl AccountFile {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), held: Mutex::default() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn read(&self) -> Result<Accounts, AccountsError> {
        let unreadable = |source| AccountsError::Unreadable { path: self.path.clone(), source };
        let mode = fs::metadata(&self.path).map_err(unreadable)?.mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(AccountsError::Open { path: self.path.clone(), mode });
        }
        let text = fs::read_to_string(&self.path).map_err(unreadable)?;
        Accounts::from_text(&text).map_err(|fault| AccountsError::Broken { path: self.path.clone(), fault })
    }

    /// Those of now. A file that cannot be used leaves those from before in force; that is said once.
    pub(super) fn now(&self) -> Arc<Accounts> {
        let stamp = stamp(&self.path);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.stamp != stamp {
            held.stamp = stamp;
            match self.read() {
                Ok(accounts) => held.accounts = Arc::new(accounts),
                Err(error) => tracing::error!(%error, "the accounts cannot be read; those from before stay in force"),
            }
        }
        Arc::clone(&held.accounts)
    }

    /// Reads, changes and writes, one after the other, whoever else does so. Nothing is written where the change is refused.
    pub fn change<T, E: From<AccountsError>>(
        &self,
        change: impl FnOnce(&mut Accounts) -> Result<T, E>,
    ) -> Result<T, E> {
        let unwritable = |source| AccountsError::Unwritable { path: self.path.clone(), source };
        let _lock = self.lock().map_err(unwritable)?;
        let mut accounts = if self.path.exists() { self.read()? } else { Accounts::default() };
        let done = change(&mut accounts)?;
        let text = accounts.to_text().map_err(|error| unwritable(io::Error::other(error)))?;
        // What would not be read again is not written.
        Accounts::from_text(&text).map_err(|fault| AccountsError::Broken { path: self.path.clone(), fault })?;
        self.write(&text).map_err(unwritable)?;
        Ok(done)
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

    use super::*;
    use crate::http::auth::accounts::PersonAccount;

    fn person(name: &str) -> PersonAccount {
        PersonAccount {
            name: name.to_owned(),
            role: crate::http::auth::AuthRole::Viewer,
            units: Vec::new(),
            towns: Vec::new(),
            password: crate::http::auth::password::NOBODYS.to_owned(),
            changed: jiff::civil::date(2026, 11, 29),
            totp: String::new(),
            certificates: Vec::new(),
            disabled: false,
            must_change: false,
        }
    }

    fn try_add(file: &AccountFile, name: &str) -> Result<(), AccountsError> {
        file.change(|accounts| {
            accounts.people.push(person(name));
            Ok(())
        })
    }

    fn add(file: &AccountFile, name: &str) {
        try_add(file, name).unwrap();
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_and_changes_are_seen_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = AccountFile::new(&folder.path().join("new/accounts.toml"));
        assert!(matches!(file.read(), Err(AccountsError::Unreadable { .. })));
        add(&file, "li.na");
        assert_eq!(fs::metadata(file.path()).unwrap().mode() & 0o777, 0o600);
        assert_eq!(file.now().people.len(), 1);
        add(&file, "wang");
        assert_eq!(file.now().people.len(), 2);

        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o640)).unwrap();
        let refusal = file.read().unwrap_err().to_string();
        assert!(refusal.contains("0640") && refusal.contains("chmod 0600"), "{refusal}");
        assert_eq!(file.now().people.len(), 2, "those from before stay in force");
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(file.path(), "[[account]]\nname = 5\n").unwrap();
        let refusal = file.read().unwrap_err().to_string();
        assert!(refusal.contains("accounts.toml, line 2: "), "{refusal}");
        assert_eq!(file.now().people.len(), 2, "a broken file is not taken by half");
    }

    #[test]
    fn a_change_that_is_refused_leaves_the_file_as_it_was_and_many_at_once_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accounts.toml");
        let file = AccountFile::new(&path);
        add(&file, "li.na");
        let before = fs::read(&path).unwrap();
        let twice = try_add(&file, "li.na");
        assert!(matches!(twice, Err(AccountsError::Broken { .. })), "{twice:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
        std::thread::scope(|scope| {
            for n in 0..16 {
                scope.spawn({
                    let path = &path;
                    move || add(&AccountFile::new(path), &format!("p{n}"))
                });
            }
        });
        assert_eq!(file.now().people.len(), 17);
    }
}
