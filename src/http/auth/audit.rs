//! Who did what: lines of JSON, a file a day, only ever added to. What cannot be written down is not done.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::domain::time::Millis;

/// 网络安全法 asks for six months.
const KEPT_DAYS: i32 = 200;
/// Of each text of a line.
const TEXT_MAX: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditWhat {
    LogIn,
    LogOut,
    /// Asked for what one may not have.
    Refused,
    CaseSeen,
    ListSeen,
    ListExported,
    Replayed,
    Discarded,
    Published,
    AccountChanged,
    /// A file: received, to be sent, sent.
    Imported,
    /// Anything else that is changed from the page.
    Changed,
}

impl AuditWhat {
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::LogIn, "log-in"),
        (Self::LogOut, "log-out"),
        (Self::Refused, "refused"),
        (Self::CaseSeen, "case-seen"),
        (Self::ListSeen, "list-seen"),
        (Self::ListExported, "list-exported"),
        (Self::Replayed, "replayed"),
        (Self::Discarded, "discarded"),
        (Self::Published, "published"),
        (Self::AccountChanged, "account-changed"),
        (Self::Imported, "imported"),
        (Self::Changed, "changed"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Its line is on the disk before the act goes on.
    fn is_change(self) -> bool {
        matches!(
            self,
            Self::Replayed | Self::Discarded | Self::Published | Self::AccountChanged | Self::Imported | Self::Changed
        )
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct AuditLine {
    /// With the offset of the zone.
    pub at: String,
    pub account: String,
    pub address: String,
    pub role: String,
    pub what: String,
    /// Which case, which list, whose account.
    pub about: String,
    pub result: String,
}

#[derive(Debug, thiserror::Error)]
#[error("the audit cannot be written in {}: {source}", folder.display())]
pub struct AuditError {
    folder: PathBuf,
    source: io::Error,
}

#[derive(Clone, Debug)]
pub struct AuditLog(Arc<AuditFolder>);

#[derive(Debug)]
struct AuditFolder {
    path: PathBuf,
    zone: TimeZone,
    open: Mutex<Option<(Date, File)>>,
}

impl AuditLog {
    /// Makes the folder, and tries to write there.
    pub fn open(folder: &Path, zone: TimeZone, now: Millis) -> Result<Self, AuditError> {
        let log = Self(Arc::new(AuditFolder { path: folder.to_owned(), zone, open: Mutex::default() }));
        log.0.add(now, "", false).map_err(|source| log.error(source))?;
        Ok(log)
    }

    pub async fn write(&self, what: AuditWhat, line: AuditLine, now: Millis) -> Result<(), AuditError> {
        let log = self.clone();
        let written = tokio::task::spawn_blocking(move || log.write_now(what, line, now)).await;
        written.unwrap_or_else(|error| Err(self.error(io::Error::other(error))))
    }

    /// For who may wait for the disk.
    pub fn write_now(&self, what: AuditWhat, line: AuditLine, now: Millis) -> Result<(), AuditError> {
        let short = |text: String| text.chars().take(TEXT_MAX).collect();
        let AuditLine { account, address, role, about, result, .. } = line;
        let line = AuditLine {
            at: now.rfc3339(&self.0.zone),
            what: what.name().to_owned(),
            account: short(account),
            about: short(about),
            address,
            role,
            result: short(result),
        };
        // As JSON a text can neither end its line nor its field.
        let text = serde_json::to_string(&line).map_err(|error| self.error(error.into()))?;
        self.0.add(now, &format!("{text}\n"), what.is_change()).map_err(|source| self.error(source))
    }

    fn error(&self, source: io::Error) -> AuditError {
        AuditError { folder: self.0.path.clone(), source }
    }
}

impl AuditFolder {
    /// In one writing, so that lines of two processes do not mix.
    fn add(&self, now: Millis, text: &str, is_change: bool) -> io::Result<()> {
        let day = Timestamp::from_millisecond(now.0).map_err(io::Error::other)?.to_zoned(self.zone.clone()).date();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.path.join(file_name(day));
        // A file that was moved away is not written to any more.
        if open.as_ref().is_none_or(|(of, _)| *of != day) || !path.exists() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.path)?;
            *open = Some((day, OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?));
            File::open(&self.path)?.sync_all()?;
            self.forget(day)?;
        }
        let Some((_, file)) = open.as_mut() else { return Ok(()) };
        file.write_all(text.as_bytes())?;
        if is_change { file.sync_data() } else { Ok(()) }
    }

    fn forget(&self, today: Date) -> io::Result<()> {
        let oldest = today.saturating_sub(KEPT_DAYS.days());
        for (day, path) in files(&self.path)? {
            if day < oldest {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

fn file_name(day: Date) -> String {
    format!("audit-{day}.jsonl")
}

/// Only our own, by day.
fn files(folder: &Path) -> io::Result<Vec<(Date, PathBuf)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let day = name.strip_prefix("audit-").and_then(|name| name.strip_suffix(".jsonl"));
        if let Some(day) = day.and_then(|day| day.parse::<Date>().ok()) {
            all.push((day, path));
        }
    }
    all.sort();
    Ok(all)
}

/// What stands in a folder from a day on, line by line; None for a line that is damaged.
pub fn lines(
    folder: &Path,
    since: Option<Date>,
    mut each: impl FnMut(Option<AuditLine>) -> io::Result<()>,
) -> io::Result<()> {
    for (_, path) in files(folder)?.into_iter().filter(|(day, _)| since.is_none_or(|since| *day >= since)) {
        for line in BufReader::new(File::open(path)?).split(b'\n') {
            let line = line?;
            if !line.is_empty() {
                each(serde_json::from_slice(&line).ok())?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const DAY: i64 = 86_400_000;
    /// 2026-11-29 00:00 of Shanghai.
    const NOW: Millis = Millis(1_795_881_600_000);

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    fn line(about: &str) -> AuditLine {
        AuditLine { account: "li.na".to_owned(), about: about.to_owned(), ..AuditLine::default() }
    }

    fn all(folder: &Path) -> Vec<AuditLine> {
        let mut all = Vec::new();
        let each = |line: Option<AuditLine>| {
            all.push(line.unwrap());
            Ok(())
        };
        lines(folder, None, each).unwrap();
        all
    }

    #[test]
    fn a_line_has_its_time_with_the_offset_and_no_text_can_make_another_line() {
        let folder = tempfile::tempdir().unwrap();
        let log = AuditLog::open(folder.path(), zone(), NOW).unwrap();
        let hostile = "1\n{\"account\":\"wang\"}\r\u{2028}\u{1b}[2J\"},{";
        log.write_now(AuditWhat::CaseSeen, line(hostile), NOW).unwrap();
        log.write_now(AuditWhat::Changed, line(&"x".repeat(9_000)), NOW).unwrap();
        let path = folder.path().join("audit-2026-11-29.jsonl");
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let all = all(folder.path());
        assert_eq!((all[0].about.as_str(), all[0].at.as_str()), (hostile, "2026-11-29T00:00:00+08:00"));
        assert_eq!((all[0].what.as_str(), all[1].about.len()), ("case-seen", TEXT_MAX));
    }

    #[test]
    fn each_day_has_its_file_two_hundred_are_kept_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("audit-notes.txt"), "x").unwrap();
        fs::write(folder.path().join("audit-2020-01-01.txt"), "x").unwrap();
        let log = AuditLog::open(folder.path(), zone(), Millis(NOW.0 - 201 * DAY)).unwrap();
        for day in [201, 200, 1, 0] {
            log.write_now(AuditWhat::LogIn, line(&day.to_string()), Millis(NOW.0 - day * DAY)).unwrap();
        }
        let about: Vec<String> = all(folder.path()).into_iter().map(|line| line.about).collect();
        assert_eq!(about, ["200", "1", "0"]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
    }

    #[test]
    fn what_cannot_be_written_is_an_error_and_a_damaged_line_is_told_as_one() {
        let folder = tempfile::tempdir().unwrap();
        let log = AuditLog::open(&folder.path().join("audit"), zone(), NOW).unwrap();
        fs::remove_dir_all(folder.path().join("audit")).unwrap();
        fs::write(folder.path().join("audit"), "in the way").unwrap();
        let error = log.write_now(AuditWhat::CaseSeen, line("1"), NOW).unwrap_err().to_string();
        assert!(error.contains("audit cannot be written"), "{error}");
        assert!(AuditLog::open(&folder.path().join("audit"), zone(), NOW).is_err());

        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join("audit-2026-11-29.jsonl"), "{\"at\":\"\n\n").unwrap();
        let mut damaged = 0;
        let each = |line: Option<AuditLine>| {
            damaged += usize::from(line.is_none());
            Ok(())
        };
        lines(other.path(), None, each).unwrap();
        assert_eq!(damaged, 1);
    }
}
