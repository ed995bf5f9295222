//! The task file: which database, which rows, which column grows.

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::document::Problem;

/// What one process pulls.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullTask {
    pub mapping: PathBuf,
    pub stream: Option<String>,
    /// Empty before the file's name has given it.
    #[serde(default)]
    pub state: PathBuf,
    #[serde(default = "every_s")]
    pub every_s: u64,
    /// Of `/livez`, `/readyz` and `/metrics`.
    pub listen: Option<SocketAddr>,
    /// For Prometheus's textfile collector.
    pub metrics_file: Option<PathBuf>,
    /// Of its file, without the ending.
    #[serde(skip)]
    pub name: String,
    pub database: PullDatabase,
    pub rows: PullRows,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullDatabase {
    pub kind: DatabaseKind,
    pub host: String,
    port: Option<u16>,
    pub database: String,
    pub user: String,
    pub password_file: PathBuf,
    pub ca_file: Option<PathBuf>,
    /// Of times without a zone; none: the mapping's.
    pub timezone: Option<String>,
    #[serde(default = "statement_s")]
    pub statement_s: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullRows {
    pub table: Option<String>,
    pub query: Option<String>,
    #[serde(rename = "where")]
    pub condition: Option<String>,
    pub growing: String,
    #[serde(default)]
    pub key: Vec<String>,
    pub overlap: Option<u64>,
    pub begin: Option<toml::Value>,
    #[serde(default = "page")]
    pub page: u64,
    #[serde(default = "settle_s")]
    pub settle_s: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    #[serde(alias = "postgresql", alias = "kingbase")]
    Postgres,
    #[serde(alias = "mariadb", alias = "oceanbase", alias = "tidb")]
    MySql,
    #[serde(alias = "mssql")]
    SqlServer,
    /// Only where the program was built with the feature `oracle`.
    Oracle,
}

/// What is wrong with the file, and where.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Unusable(Problem),
    #[error("{}: {key}: {problem}", path.display())]
    Invalid { path: PathBuf, key: &'static str, problem: String },
}

fn every_s() -> u64 {
    60
}

fn statement_s() -> u64 {
    120
}

fn page() -> u64 {
    10_000
}

fn settle_s() -> u64 {
    2
}

impl PullTask {
    pub fn load(path: &Path) -> Result<Self, TaskError> {
        let text = fs::read_to_string(path).map_err(|source| unreadable(path, source))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut task: Self = toml::from_str(text).map_err(|error| {
            let place = path.display().to_string();
            TaskError::Unusable(Problem::of_toml(&place, text, &error, "docs/pull.md has a complete file"))
        })?;
        task.check().map_err(|(key, problem)| TaskError::Invalid { path: path.to_owned(), key, problem })?;
        task.place(path);
        Ok(task)
    }

    /// The password, as it stands alone in its file.
    pub fn password(&self) -> Result<String, TaskError> {
        let path = &self.database.password_file;
        let text = fs::read_to_string(path).map_err(|source| unreadable(path, source))?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn check(&self) -> Result<(), (&'static str, String)> {
        let within = |key, value: u64, least: u64, most: u64| match (least..=most).contains(&value) {
            true => Ok(()),
            false => Err((key, format!("must be from {least} to {most}"))),
        };
        let filled = |key, text: &str| match text.trim().is_empty() {
            true => Err((key, "must not be empty".to_owned())),
            false => Ok(()),
        };
        let Self { database, rows, .. } = self;
        within("every_s", self.every_s, 1, 86_400)?;
        within("database.statement_s", database.statement_s, 1, 3600)?;
        within("rows.page", rows.page, 100, 100_000)?;
        within("rows.settle_s", rows.settle_s, 0, 3600)?;
        within("rows.overlap", rows.overlap.unwrap_or(0), 0, 1_000_000_000_000)?;
        filled("database.host", &database.host)?;
        filled("rows.growing", &rows.growing)?;
        match (&rows.table, &rows.query) {
            (Some(table), None) => filled("rows.table", table)?,
            (None, Some(query)) => filled("rows.query", query)?,
            (Some(_), Some(_)) => return Err(("rows.query", "stands beside rows.table: keep one of them".to_owned())),
            (None, None) => {
                return Err(("rows.table", "is missing, and so is rows.query: give one of them".to_owned()));
            }
        }
        if rows.query.is_some() && rows.condition.is_some() {
            return Err(("rows.where", "is for rows.table; a query says it itself".to_owned()));
        }
        if database.kind == DatabaseKind::SqlServer && database.ca_file.is_some() {
            let problem = "TLS to SQL Server is not spoken (docs/pull.md says why, and what to do)";
            return Err(("database.ca_file", problem.to_owned()));
        }
        if database.kind == DatabaseKind::Oracle {
            if !cfg!(feature = "oracle") {
                let problem = "this program was built without Oracle; docs/pull.md says how to build it with it";
                return Err(("database.kind", problem.to_owned()));
            }
            if database.ca_file.is_some() {
                return Err((
                    "database.ca_file",
                    "Oracle's client has certificates of its own (docs/pull.md)".to_owned(),
                ));
            }
        }
        if self.metrics_file.as_ref().is_some_and(|path| path.extension().is_none_or(|end| end != "prom")) {
            return Err(("metrics_file", "must end with .prom: the collector reads no other".to_owned()));
        }
        let wrong = |name: &str| ("database.timezone", format!("`{name}` is no IANA time zone like Asia/Shanghai"));
        match database.timezone.as_deref() {
            Some(name) => TimeZone::get(name).map(|_| ()).map_err(|_| wrong(name)),
            None => Ok(()),
        }
    }

    /// Paths are relative to the task's folder.
    fn place(&mut self, path: &Path) {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let stem = path.file_stem().unwrap_or_default();
        self.name = stem.to_string_lossy().into_owned();
        if self.state.as_os_str().is_empty() {
            self.state = PathBuf::from(format!("{}.state", self.name));
        }
        let own = [&mut self.mapping, &mut self.state, &mut self.database.password_file];
        for path in own.into_iter().chain(&mut self.database.ca_file).chain(&mut self.metrics_file) {
            *path = folder.join(&*path);
        }
    }
}

impl PullDatabase {
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.kind {
            DatabaseKind::Postgres => 5432,
            DatabaseKind::MySql => 3306,
            DatabaseKind::SqlServer => 1433,
            DatabaseKind::Oracle => 1521,
        })
    }

    /// Do passwords and rows leave this machine as they are?
    pub fn is_in_clear(&self) -> bool {
        let is_here = self.host == "localhost"
            || self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        self.ca_file.is_none() && !is_here
    }
}

impl DatabaseKind {
    /// For whoever reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::SqlServer => "SQL Server",
            Self::Oracle => "Oracle",
        }
    }
}

fn unreadable(path: &Path, source: io::Error) -> TaskError {
    TaskError::Unreadable { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: &str = r#"
mapping = "m.toml"
[database]
kind = "kingbase"
host = "10.0.0.5"
database = "d"
user = "u"
password_file = "p"
[rows]
table = "T"
growing = "G"
"#;

    fn load(text: &str) -> Result<PullTask, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grid.toml");
        fs::write(&path, text).unwrap();
        PullTask::load(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn the_task_of_the_document_can_be_used() {
        let document = include_str!("../../docs/pull.md");
        let text = document.split("```toml citygrid\n").nth(1).unwrap().split("```").next().unwrap();
        let task = load(text).unwrap();
        assert_eq!((task.rows.growing.as_str(), task.rows.key.len(), task.rows.overlap), ("ROWTIME", 2, Some(600)));
    }

    #[test]
    fn what_is_left_out_has_its_default_and_paths_are_of_the_tasks_folder() {
        let task = load(TASK).unwrap();
        assert_eq!((task.every_s, task.rows.page, task.rows.settle_s), (60, 10_000, 2));
        assert_eq!((task.database.kind, task.database.port()), (DatabaseKind::Postgres, 5432));
        assert!(task.state.ends_with("grid.state") && task.mapping.is_absolute());
        assert_eq!((task.name.as_str(), task.listen, task.metrics_file.as_ref()), ("grid", None, None));
        assert!(task.database.is_in_clear());
    }

    #[test]
    fn each_mistake_is_said_with_its_key() {
        for (from, to, said) in [
            ("kind = \"kingbase\"", "kind = \"dameng\"", "unknown variant `dameng`"),
            ("table = \"T\"", "tabel = \"T\"", "unknown field `tabel`"),
            ("table = \"T\"", "", "rows.table: is missing"),
            ("table = \"T\"", "table = \"T\"\nquery = \"SELECT 1\"", "rows.query: stands beside"),
            ("table = \"T\"", "query = \"SELECT 1\"\nwhere = \"a = 1\"", "rows.where: is for rows.table"),
            ("growing = \"G\"", "growing = \" \"", "rows.growing: must not be empty"),
            ("growing = \"G\"", "growing = \"G\"\npage = 5", "rows.page: must be from 100"),
            ("user = \"u\"", "", "missing field `user`"),
            ("mapping =", "listen = \"9402\"\nmapping =", "invalid socket address"),
            ("mapping =", "metrics_file = \"pull.txt\"\nmapping =", "metrics_file: must end with .prom"),
            ("user = \"u\"", "user = \"u\"\ntimezone = \"Beijing\"", "`Beijing` is no IANA time zone"),
            ("\"kingbase\"", "\"mssql\"\nca_file = \"x\"", "database.ca_file: TLS to SQL Server"),
        ] {
            let error = load(&TASK.replace(from, to)).unwrap_err();
            assert!(error.contains(said) && error.contains("grid.toml"), "{error}");
        }
    }

    #[test]
    fn a_password_that_stands_in_the_wrong_place_is_not_repeated() {
        let line = "user = \"u\"\npassword = \"hunter2\"";
        let error = load(&TASK.replace("user = \"u\"", line)).unwrap_err();
        assert!(error.contains("line 8, column 1: unknown field `password`"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
