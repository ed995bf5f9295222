//! The task file: which database, which rows, which column grows.

mod reading;

#[cfg(test)]
pub(super) use reading::rows;

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use crate::document::{Problem, in_lines};

/// What one process pulls.
#[derive(Clone, Debug)]
pub struct PullTask {
    pub mapping: PathBuf,
    pub stream: Option<String>,
    /// Empty before the file's name has given it.
    pub state: PathBuf,
    pub every_s: u64,
    /// Of `/livez`, `/readyz` and `/metrics`.
    pub listen: Option<SocketAddr>,
    /// For Prometheus's textfile collector.
    pub metrics_file: Option<PathBuf>,
    /// Of its file, without the ending.
    pub name: String,
    pub database: PullDatabase,
    pub rows: PullRows,
}

#[derive(Clone, Debug)]
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
    pub statement_s: u64,
}

#[derive(Clone, Debug)]
pub struct PullRows {
    pub table: Option<String>,
    pub query: Option<String>,
    pub condition: Option<String>,
    pub growing: String,
    pub key: Vec<String>,
    pub overlap: Option<u64>,
    /// As it is written.
    pub begin: Option<String>,
    pub page: u64,
    pub settle_s: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    Postgres,
    MySql,
    SqlServer,
    /// Only where the program was built with the feature `oracle`.
    Oracle,
}

/// What is wrong with the file, and where.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the task cannot be used:{}", in_lines(.0))]
    Invalid(Vec<Problem>),
}

impl PullTask {
    pub fn load(path: &Path) -> Result<Self, TaskError> {
        let text = fs::read_to_string(path).map_err(|source| unreadable(path, source))?;
        let mut task = reading::read(&path.display().to_string(), &text)?;
        task.place(path);
        Ok(task)
    }

    /// The password, as it stands alone in its file.
    pub fn password(&self) -> Result<String, TaskError> {
        let path = &self.database.password_file;
        let text = fs::read_to_string(path).map_err(|source| unreadable(path, source))?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
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
            ("kind = \"kingbase\"", "kind = \"dameng\"", "database.kind: there is no \"dameng\" here"),
            ("table = \"T\"", "tabel = \"T\"", "rows.tabel: unknown key `tabel`; the nearest right one is `table`"),
            ("table = \"T\"", "", "rows: has none of `table`, `query`"),
            ("table = \"T\"", "table = \"T\"\nquery = \"SELECT 1\"", "rows: has several of `table`, `query`"),
            ("table = \"T\"", "query = \"SELECT 1\"\nwhere = \"a = 1\"", "rows.where: is for rows.table"),
            ("growing = \"G\"", "growing = \" \"", "rows.growing: is empty"),
            (
                "growing = \"G\"",
                "growing = \"G\"\npage = 5",
                "rows.page: is out of range; write a whole number from 100",
            ),
            ("growing = \"G\"", "growing = \"G\"\nbegin = true", "rows.begin: is no text, whole number or time"),
            ("user = \"u\"", "", "database.user: is missing"),
            ("mapping =", "listen = \"9402\"\nmapping =", "listen: \"9402\" is no address"),
            ("mapping =", "metrics_file = \"pull.txt\"\nmapping =", "metrics_file: does not end with .prom"),
            ("user = \"u\"", "user = \"u\"\ntimezone = \"Beijing\"", "there is no time zone \"Beijing\""),
            ("user = \"u\"", "user = \"u\"\nport = 70000", "database.port: is out of range"),
            ("\"kingbase\"", "\"mssql\"\nca_file = \"x\"", "database.ca_file: TLS to SQL Server"),
        ] {
            let error = load(&TASK.replace(from, to)).unwrap_err();
            assert!(error.contains(said) && error.contains("grid.toml, line"), "{error}");
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once_and_a_password_in_the_wrong_place_is_not_repeated() {
        let text =
            TASK.replace("user = \"u\"", "usr = \"u\"\npassword = \"hunter2\"").replace("growing = \"G\"", "every = 5");
        let error = load(&text).unwrap_err();
        let said: Vec<&str> = error.lines().filter_map(|line| line.split_once(": ")).map(|(_, said)| said).collect();
        assert_eq!(said.len(), 4, "{error}");
        assert!(error.contains("line 8, database.password: unknown key `password`"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn what_is_empty_is_as_if_it_were_not_there_and_a_database_may_be() {
        let text = TASK.replace("database = \"d\"", "database = \"\"").replace("mapping", "state = \"\"\nmapping");
        let task = load(&text).unwrap();
        assert!(task.state.ends_with("grid.state") && task.database.database.is_empty());
    }

    #[test]
    fn where_the_first_pass_begins_may_be_written_with_quotes_and_without() {
        for (written, is) in [
            ("2021-03-06 10:00:00", "2021-03-06 10:00:00"),
            ("\"2021-03-06\"", "2021-03-06"),
            ("-5", "-5"),
            ("0x10", "16"),
        ] {
            let task = load(&TASK.replace("growing", &format!("begin = {written}\ngrowing"))).unwrap();
            assert_eq!(task.rows.begin.unwrap().replace('T', " "), is);
        }
    }
}
