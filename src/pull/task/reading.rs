//! A task file, read key by key: everything that is wrong with it is told at once, and no value but a short one is repeated.

use std::{net::SocketAddr, path::PathBuf};

use jiff::tz::TimeZone;

use super::{DatabaseKind, PullDatabase, PullRows, PullTask, TaskError};
use crate::document::{Document, Section, TomlEntry, in_quotes};

/// As a task says it, and what it is.
const KINDS: [(&str, DatabaseKind); 10] = [
    ("postgres", DatabaseKind::Postgres),
    ("postgresql", DatabaseKind::Postgres),
    ("kingbase", DatabaseKind::Postgres),
    ("mysql", DatabaseKind::MySql),
    ("mariadb", DatabaseKind::MySql),
    ("oceanbase", DatabaseKind::MySql),
    ("tidb", DatabaseKind::MySql),
    ("sqlserver", DatabaseKind::SqlServer),
    ("mssql", DatabaseKind::SqlServer),
    ("oracle", DatabaseKind::Oracle),
];

/// `file` is only for the complaints.
pub(super) fn read(file: &str, text: &str) -> Result<PullTask, TaskError> {
    let doc = Document::new(file, text);
    let table = doc.parse().map_err(|problem| TaskError::Invalid(vec![problem]))?;
    let top = doc.top(&table);
    let task = task(&top);
    top.finish();
    doc.whole(task, "docs/pull.md").map_err(TaskError::Invalid)
}

fn task(top: &Section<'_>) -> Option<PullTask> {
    let mapping =
        top.require("mapping", "mapping = \"FILE\", which says what the columns mean").and_then(|at| path(&at));
    let stream = top.given("stream", |found| Some(found.text()?.to_owned()));
    let state = top.optional("state", PathBuf::new(), |found| found.any_text().map(PathBuf::from));
    let every_s = top.optional("every_s", 60, |found| found.count_in(1..=86_400));
    let listen = top.given("listen", |found| address(found));
    let metrics_file = top.given("metrics_file", |found| metrics_file(found));
    let database = top.require("database", "[database], where the rows are");
    let database = database.and_then(|found| database_of(&found.section()?));
    let rows = top.require("rows", "[rows], which of them").and_then(|found| rows_of(&found.section()?));
    Some(PullTask {
        mapping: mapping?,
        stream: stream?,
        state: state?,
        every_s: every_s?,
        listen: listen?,
        metrics_file: metrics_file?,
        name: String::new(),
        database: database?,
        rows: rows?,
    })
}

fn database_of(section: &Section<'_>) -> Option<PullDatabase> {
    let kind = section.require("kind", "kind = \"postgres\", \"mysql\", \"sqlserver\" or \"oracle\"");
    let kind = kind.and_then(|found| kind_of(&found));
    let text = |key, what| section.require(key, what).and_then(|found| Some(found.any_text()?.to_owned()));
    let host = section.require("host", "host = \"ADDRESS\"").and_then(|found| Some(found.text()?.to_owned()));
    let port = section.given("port", |found| Some(found.count_in(1..=65_535)? as u16));
    let database = text("database", "database = \"NAME\"");
    let user = text("user", "user = \"NAME\"");
    let password_file =
        section.require("password_file", "password_file = \"FILE\", in which the password stands alone");
    let password_file = password_file.and_then(|found| path(&found));
    let ca_file = section.given("ca_file", |found| ca_file(found, kind));
    let timezone = section.given("timezone", |found| timezone(found));
    let statement_s = section.optional("statement_s", 120, |found| found.count_in(1..=3_600));
    section.finish();
    Some(PullDatabase {
        kind: kind?,
        host: host?,
        port: port?,
        database: database?,
        user: user?,
        password_file: password_file?,
        ca_file: ca_file?,
        timezone: timezone?,
        statement_s: statement_s?,
    })
}

fn rows_of(section: &Section<'_>) -> Option<PullRows> {
    let growing = section.require("growing", "growing = \"COLUMN\", which grows with every change");
    let growing = growing.and_then(|found| Some(found.text()?.to_owned()));
    let key = section.optional("key", Vec::new(), |found| {
        found.each(|one| Some(one.text()?.to_owned())) // none is as good as no key
    });
    let overlap = section.given("overlap", |found| found.count_in(0..=1_000_000_000_000));
    let begin = section.given("begin", |found| found.written());
    let page = section.optional("page", 10_000, |found| found.count_in(100..=100_000));
    let settle_s = section.optional("settle_s", 2, |found| found.count_in(0..=3_600));
    let condition = section.get("where");
    let source = section.one_of(&["table", "query"]);
    if let (Some(condition), Some(("query", _))) = (&condition, &source) {
        condition.wrong("is for rows.table", "say it in the query itself");
    }
    let condition = condition.map_or(Some(None), |found| Some(Some(found.text()?.to_owned())));
    let source = source.and_then(|(key, found)| Some((key, found.text()?.to_owned())));
    section.finish();
    let (key_of_source, source) = source?;
    let (table, query) = if key_of_source == "table" { (Some(source), None) } else { (None, Some(source)) };
    Some(PullRows {
        table,
        query,
        condition: condition?,
        growing: growing?,
        key: key?,
        overlap: overlap?,
        begin: begin?,
        page: page?,
        settle_s: settle_s?,
    })
}

fn path(found: &TomlEntry<'_>) -> Option<PathBuf> {
    found.text().map(PathBuf::from)
}

fn address(found: &TomlEntry<'_>) -> Option<SocketAddr> {
    let text = found.text()?;
    let read = text.parse().ok();
    read.or_else(|| found.refuse(format!("{} is no address", in_quotes(text)), "write one like \"127.0.0.1:9402\""))
}

fn metrics_file(found: &TomlEntry<'_>) -> Option<PathBuf> {
    let path = path(found)?;
    match path.extension().is_some_and(|end| end == "prom") {
        true => Some(path),
        false => found.refuse("does not end with .prom", "write a name that does: the collector reads no other"),
    }
}

fn kind_of(found: &TomlEntry<'_>) -> Option<DatabaseKind> {
    match found.choice(&KINDS)? {
        DatabaseKind::Oracle if !cfg!(feature = "oracle") => {
            found.refuse("this program was built without Oracle", "docs/pull.md says how to build it with it")
        }
        kind => Some(kind),
    }
}

/// For the kinds that take it.
fn ca_file(found: &TomlEntry<'_>, kind: Option<DatabaseKind>) -> Option<PathBuf> {
    match kind {
        Some(DatabaseKind::SqlServer) => {
            found.refuse("TLS to SQL Server is not spoken", "docs/pull.md says why, and what to do")
        }
        Some(DatabaseKind::Oracle) => {
            found.refuse("Oracle's client has certificates of its own", "leave it out, see docs/pull.md")
        }
        Some(DatabaseKind::Postgres | DatabaseKind::MySql) | None => path(found),
    }
}

fn timezone(found: &TomlEntry<'_>) -> Option<String> {
    let name = found.text()?;
    match TimeZone::get(name) {
        Ok(_) => Some(name.to_owned()),
        Err(_) => {
            found.refuse(format!("there is no time zone {}", in_quotes(name)), "write an IANA name like Asia/Shanghai")
        }
    }
}

/// Of a section `[rows]` that is right.
#[cfg(test)]
pub(in crate::pull) fn rows(text: &str) -> PullRows {
    let doc = Document::new("task.toml", text);
    let table = doc.parse().unwrap();
    let rows = rows_of(&doc.top(&table));
    rows.unwrap_or_else(|| panic!("{:?}", doc.take_problems()))
}
