//! PostgreSQL and its relatives. By simple queries: everything is text, no type has to be known, and a pooler in between does no harm.

use std::{future::ready, time::Duration};

use futures_util::{StreamExt as _, TryStreamExt as _};
use jiff::tz::{Offset, TimeZone};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Error, NoTls, SimpleQueryMessage, SimpleQueryRow, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{CELL_MAX, CONNECT_WITHIN, RowStream};
use crate::{
    feed::import::GivenCell,
    pull::{
        cell::{Meaning, of_text},
        error::{PullError, without_values},
        growth::GrowingKind,
        table::DbColumn,
        task::{DatabaseKind, PullDatabase},
    },
    tls::Files,
};

/// A line that is quiet for so long is asked whether it still stands.
const ASKED_AFTER: Duration = Duration::from_secs(30);

pub(super) struct Postgres {
    client: Client,
    line: JoinHandle<()>,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.line.abort();
    }
}

impl Postgres {
    pub(super) async fn open(database: &PullDatabase, password: &str, clock: &TimeZone) -> Result<Self, PullError> {
        let mut config = Config::new();
        config
            .host(&database.host)
            .port(database.port())
            .dbname(&database.database)
            .user(&database.user)
            .password(password)
            .application_name("tongguan pull")
            .connect_timeout(CONNECT_WITHIN)
            .keepalives_idle(ASKED_AFTER);
        let (client, line) = match &database.ca_file {
            Some(ca) => {
                let files = Files { ca: Some(ca.clone()), own: None };
                let tls = files.client().map_err(|error| PullError::Refused(format!("database.ca_file: {error}")))?;
                config.ssl_mode(SslMode::Require);
                let (client, line) = config.connect(MakeRustlsConnect::new(tls)).await.map_err(|error| of(&error))?;
                (client, tokio::spawn(async move { drop(line.await) }))
            }
            None => {
                config.ssl_mode(SslMode::Disable);
                let (client, line) = config.connect(NoTls).await.map_err(|error| of(&error))?;
                (client, tokio::spawn(async move { drop(line.await) }))
            }
        };
        let opened = Self { client, line };
        let zone = clock.iana_name().unwrap_or("UTC");
        let session = format!(
            "SET DateStyle = 'ISO, YMD'; SET TimeZone = '{zone}'; SET extra_float_digits = 1; SET bytea_output = 'hex'; \
             SET statement_timeout = {}; SET default_transaction_read_only = on",
            database.statement_s * 1000
        );
        opened.client.batch_execute(&session).await.map_err(|error| of(&error))?;
        Ok(opened)
    }

    /// Names of the result's, types as the server calls them: known without a row.
    pub(super) async fn columns(
        &mut self,
        statement: &str,
        source: &str,
        kind: DatabaseKind,
    ) -> Result<Vec<DbColumn>, PullError> {
        let said = self.client.simple_query(statement).await.map_err(|error| of(&error))?;
        let names: Vec<String> = said
            .iter()
            .find_map(|message| match message {
                SimpleQueryMessage::RowDescription(columns) => {
                    Some(columns.iter().map(|column| column.name().to_owned()).collect())
                }
                _ => None,
            })
            .unwrap_or_default();
        let asked: Vec<String> = names.iter().map(|name| format!("pg_typeof(q.{})::text", kind.quoted(name))).collect();
        let typed = format!("SELECT {} FROM (SELECT 1) one LEFT JOIN {source} ON false", asked.join(", "));
        let said = self.client.simple_query(&typed).await.map_err(|error| of(&error))?;
        let types = said.into_iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let types = types.ok_or_else(|| PullError::Broken("it does not say what its columns are".to_owned()))?;
        let column = |(place, name): (usize, String)| column(kind, name, types.get(place).unwrap_or_default());
        Ok(names.into_iter().enumerate().map(column).collect())
    }

    pub(super) async fn one(&mut self, statement: &str) -> Result<Option<String>, PullError> {
        let said = self.client.simple_query(statement).await.map_err(|error| of(&error))?;
        Ok(said.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }

    pub(super) async fn rows<'l>(
        &'l mut self,
        statement: &str,
        columns: &'l [DbColumn],
    ) -> Result<RowStream<'l>, PullError> {
        let said = self.client.simple_query_raw(statement).await.map_err(|error| of(&error))?;
        let cells = |message| match message {
            SimpleQueryMessage::Row(row) => {
                let cells = columns.iter().enumerate().map(|(place, column)| cell(&row, place, column.meaning));
                Some(cells.collect())
            }
            _ => None,
        };
        Ok(said.map_err(|error| of(&error)).try_filter_map(move |message| ready(Ok(cells(message)))).boxed())
    }
}

fn cell(row: &SimpleQueryRow, place: usize, meaning: Meaning) -> GivenCell {
    match row.try_get(place) {
        Ok(Some(text)) => of_text(text, meaning),
        Ok(None) => GivenCell::Empty,
        // Of a database without an encoding: bytes that are no text here. A row that uses it is rejected.
        Err(_) => GivenCell::Text('\u{fffd}'.to_string()),
    }
}

fn column(kind: DatabaseKind, name: String, type_name: &str) -> DbColumn {
    let column = format!("q.{}", kind.quoted(&name));
    let is_time = type_name.contains("timestamp");
    let (asked, meaning, growing) = match type_name {
        _ if is_time && (type_name.contains("with time zone") || type_name.contains("timestamptz")) => {
            let asked = format!("({column} AT TIME ZONE 'UTC')::text");
            (asked, Meaning::Offset(Offset::UTC), Some(GrowingKind::Instant))
        }
        _ if is_time => (format!("{column}::text"), Meaning::Civil, Some(GrowingKind::Civil)),
        "date" => (format!("{column}::text"), Meaning::Day, Some(GrowingKind::Day)),
        "smallint" | "integer" | "bigint" | "numeric" | "oid" | "xid8" => {
            (format!("{column}::text"), Meaning::Text, Some(GrowingKind::Number))
        }
        // Its text by a cast has a mask that nobody else shows.
        "inet" => (column, Meaning::Text, None),
        _ => (format!("left({column}::text, {CELL_MAX})"), Meaning::Text, None),
    };
    DbColumn { name, type_name: type_name.to_owned(), asked, meaning, growing }
}

fn of(error: &Error) -> PullError {
    let Some(said) = error.as_db_error() else { return of_line(error) };
    let (code, message) = (said.code().code(), said.message());
    match &code[..2] {
        // Who we are, which database, what is asked of it, and what is not there.
        "28" | "3D" | "3F" | "42" | "0A" => PullError::Refused(format!("{message} ({code})")),
        // No room, an operator, a deadlock, a fault of its own, a line.
        "08" | "40" | "53" | "55" | "57" | "58" | "XX" => {
            PullError::Away(format!("{} ({code})", without_values(message)))
        }
        _ => PullError::Broken(format!("{} ({code})", without_values(message))),
    }
}

/// Without a word of the server's.
fn of_line(error: &Error) -> PullError {
    let told = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let parts: Vec<String> = told.map(ToString::to_string).collect();
    let mut said = parts[0].clone();
    for part in parts.iter().skip(1).filter(|part| !parts[0].contains(*part)) {
        said = format!("{said}: {part}");
    }
    let is_refused = ["authentication", "password", "certificate", "does not support TLS", "UnknownIssuer"]
        .iter()
        .any(|word| said.contains(word));
    if is_refused { PullError::Refused(said) } else { PullError::Away(said) }
}
