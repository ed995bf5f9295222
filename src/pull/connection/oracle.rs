//! Oracle, where the program was built with it: by its own client library, which is looked for when it is first asked. That waits in
//! threads, so each question has one.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use oracle::{Connection, Error, Row, sql_type::OracleType};
use tokio::sync::mpsc;

use super::{CELL_MAX, RowStream};
use crate::{
    feed::import::GivenCell,
    pull::{
        cell::{Meaning, of_text},
        error::{PullError, without_values},
        growth::GrowingKind,
        table::DbColumn,
        task::{DatabaseKind, PullDatabase},
    },
};

/// Rows that are on their way at once.
const AHEAD: usize = 500;

pub(super) struct Oracle {
    line: Arc<Connection>,
}

impl Oracle {
    pub(super) async fn open(database: &PullDatabase, password: &str) -> Result<Self, PullError> {
        let (user, password) = (database.user.clone(), password.to_owned());
        let at = format!("//{}:{}/{}", database.host, database.port(), database.database);
        let within = Duration::from_secs(database.statement_s);
        let line = blocking(move || {
            let line = Connection::connect(user, password, at)?;
            line.set_call_timeout(Some(within))?;
            Ok(line)
        });
        Ok(Self { line: Arc::new(line.await?) })
    }

    pub(super) async fn columns(&mut self, statement: &str, kind: DatabaseKind) -> Result<Vec<DbColumn>, PullError> {
        let (line, statement) = (Arc::clone(&self.line), statement.to_owned());
        blocking(move || {
            let said = line.query(&statement, &[])?;
            Ok(said.column_info().iter().map(|one| column(kind, one.name(), one.oracle_type())).collect())
        })
        .await
    }

    pub(super) async fn one(&mut self, statement: &str) -> Result<Option<String>, PullError> {
        let (line, statement) = (Arc::clone(&self.line), statement.to_owned());
        blocking(move || line.query(&statement, &[])?.next().map_or(Ok(None), |row| row?.get(0))).await
    }

    /// A thread reads, until nobody takes what it has.
    pub(super) fn rows(&mut self, statement: &str, columns: &[DbColumn]) -> RowStream<'static> {
        let (line, statement) = (Arc::clone(&self.line), statement.to_owned());
        let meanings: Vec<Meaning> = columns.iter().map(|column| column.meaning).collect();
        let (into, rows) = mpsc::channel(AHEAD);
        tokio::task::spawn_blocking(move || {
            let read = || {
                for row in line.query(&statement, &[])? {
                    if into.blocking_send(Ok(cells(&row?, &meanings)?)).is_err() {
                        break;
                    }
                }
                Ok(())
            };
            if let Err(error) = read() {
                let _ = into.blocking_send(Err(of(&error)));
            }
        });
        stream::unfold(rows, async |mut rows| Some((rows.recv().await?, rows))).boxed()
    }
}

async fn blocking<T: Send + 'static>(ask: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, PullError> {
    let asked = tokio::task::spawn_blocking(ask).await;
    asked.map_err(|error| PullError::Broken(error.to_string()))?.map_err(|error| of(&error))
}

/// Everything comes as text, times as they are asked for.
fn cells(row: &Row, meanings: &[Meaning]) -> Result<Vec<GivenCell>, Error> {
    let cell = |(place, meaning): (usize, &Meaning)| {
        let text: Option<String> = row.get(place)?;
        Ok(text.map_or(GivenCell::Empty, |text| of_text(&text, *meaning)))
    };
    meanings.iter().enumerate().map(cell).collect()
}

/// A `DATE` has seconds, and a time with a zone is asked for as universal time.
fn column(kind: DatabaseKind, name: &str, said: &OracleType) -> DbColumn {
    let column = format!("q.{}", kind.quoted(name));
    let time = |what: String, seconds: &str| format!("TO_CHAR({what}, 'YYYY-MM-DD HH24:MI:SS{seconds}')");
    let universal = Meaning::Offset(jiff::tz::Offset::UTC);
    let (asked, meaning, growing) = match said {
        OracleType::Date => (time(column, ""), Meaning::Civil, Some(GrowingKind::Coarse)),
        OracleType::Timestamp(_) => (time(column, ".FF7"), Meaning::Civil, Some(GrowingKind::Civil)),
        OracleType::TimestampTZ(_) | OracleType::TimestampLTZ(_) => {
            (time(format!("SYS_EXTRACT_UTC({column})"), ".FF7"), universal, Some(GrowingKind::Instant))
        }
        // The same digits whatever the session's language.
        OracleType::Number(..) | OracleType::Int64 | OracleType::UInt64 | OracleType::Float(_) => {
            let digits = format!("TO_CHAR({column}, 'TM9', 'NLS_NUMERIC_CHARACTERS=''. ''')");
            (digits, Meaning::Text, Some(GrowingKind::Number))
        }
        OracleType::CLOB | OracleType::NCLOB => (format!("SUBSTR({column}, 1, {CELL_MAX})"), Meaning::Text, None),
        OracleType::Raw(_) => (format!("'\\x' || LOWER(RAWTOHEX({column}))"), Meaning::Text, None),
        _ => (column, Meaning::Text, None),
    };
    DbColumn { name: name.to_owned(), type_name: said.to_string(), asked, meaning, growing }
}

fn of(error: &Error) -> PullError {
    let text = error.to_string();
    match error.dpi_code() {
        // The client library is not on this machine, or too old.
        Some(code @ (1047 | 1050 | 1072)) => {
            return PullError::Refused(format!(
                "Oracle's client library cannot be used (DPI-{code}): install Instant Client, and name its folder in LD_LIBRARY_PATH"
            ));
        }
        // Not connected, a call that took too long, a line that was cut.
        Some(1010 | 1067 | 1080) => return PullError::Away(without_values(&text).to_owned()),
        _ => {}
    }
    let Some(said) = error.db_error().filter(|said| said.code() != 0) else {
        return PullError::Broken(without_values(&text).to_owned());
    };
    let told =
        format!("ORA-{:05} {}", said.code(), without_values(said.message().trim_start_matches(|c| c != ' ').trim()));
    match said.code() {
        // Who we are, what is asked, what is not there, which service.
        900..=999 | 1005 | 1017 | 1031 | 1045 | 12505 | 12514 | 12154 | 28000 | 28001 => PullError::Refused(told),
        // A restart, no line, no room, a line that said nothing for too long.
        1012 | 1033 | 1034 | 1089 | 1090 | 3113 | 3114 | 3135 | 3136 | 12170 | 12516 | 12518 | 12519 | 12520
        | 12528 | 12537 | 12541 | 12543 | 12545 | 12547 | 12560 | 12570 | 12571 => PullError::Away(told),
        _ => PullError::Broken(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_asked_for_as_a_text_that_means_one_thing() {
        let of = |said| column(DatabaseKind::Oracle, "G", &said);
        for (said, asked, meaning, growing) in [
            (OracleType::Date, "TO_CHAR(q.\"G\", 'YYYY-MM-DD HH24:MI:SS')", Meaning::Civil, Some(GrowingKind::Coarse)),
            (
                OracleType::TimestampTZ(6),
                "TO_CHAR(SYS_EXTRACT_UTC(q.\"G\"), 'YYYY-MM-DD HH24:MI:SS.FF7')",
                Meaning::Offset(jiff::tz::Offset::UTC),
                Some(GrowingKind::Instant),
            ),
            (
                OracleType::Number(10, 0),
                "TO_CHAR(q.\"G\", 'TM9', 'NLS_NUMERIC_CHARACTERS=''. ''')",
                Meaning::Text,
                Some(GrowingKind::Number),
            ),
            (OracleType::Varchar2(40), "q.\"G\"", Meaning::Text, None),
        ] {
            let found = of(said);
            assert_eq!((found.asked.as_str(), found.meaning, found.growing), (asked, meaning, growing));
        }
    }
}
