//! MySQL, MariaDB and their relatives, by the text protocol: values come as the server writes them.

use futures_util::{StreamExt as _, TryStreamExt as _, stream::try_unfold};
use jiff::tz::{Offset, TimeZone};
use mysql_async::{
    Conn, DriverError, Error, IoError, OptsBuilder, QueryResult, Row, SslOpts, TextProtocol, Value,
    prelude::Queryable as _,
};

use super::{RowStream, mysql_cell};
use crate::{
    feed::import::GivenCell,
    pull::{
        cell::{Meaning, of_bytes},
        error::{PullError, without_values},
        growth::civil,
        table::DbColumn,
        task::{DatabaseKind, PullDatabase},
    },
    tls::Files,
};

/// The largest answer that is taken in one piece.
const PACKET_MAX: usize = 64 << 20;
const IDLE_S: usize = 28_800;

pub(super) struct MySql {
    line: Conn,
    clock: Offset,
}

impl MySql {
    pub(super) async fn open(database: &PullDatabase, password: &str, clock: &TimeZone) -> Result<Self, PullError> {
        let tls = database.ca_file.as_ref().map(|ca| {
            // What is wrong with the file is said in our words.
            let files = Files { ca: Some(ca.clone()), own: None };
            files.client().map_err(|error| PullError::Refused(format!("database.ca_file: {error}")))?;
            Ok(SslOpts::default().with_root_certs(vec![ca.clone().into()]).with_disable_built_in_roots(true))
        });
        let options = OptsBuilder::default()
            .ip_or_hostname(&database.host)
            .tcp_port(database.port())
            .user(Some(&database.user))
            .pass(Some(password))
            .db_name(Some(&database.database))
            .prefer_socket(false)
            .stmt_cache_size(0)
            .max_allowed_packet(Some(PACKET_MAX))
            .wait_timeout(Some(IDLE_S))
            .ssl_opts(tls.transpose()?);
        let mut line = Conn::new(options).await.map_err(|error| of(&error))?;
        // By the server's clock, and for as long as this connection stands.
        let said: Option<String> = line.query_first(DatabaseKind::MySql.of_now()).await.map_err(|error| of(&error))?;
        let at = said.and_then(|said| Offset::UTC.to_timestamp(civil(&said)?).ok());
        let offset = clock.to_offset(at.ok_or_else(|| PullError::Broken("its clock says no time".to_owned()))?);
        line.query_drop(format!("SET time_zone = '{}'", written(offset))).await.map_err(|error| of(&error))?;
        // Each of these some relatives do not know; they are met by a clock of our own, and by rights.
        let ms = database.statement_s * 1000;
        let bounds = [
            format!("SET SESSION max_execution_time = {ms}"),
            format!("SET SESSION max_statement_time = {}", database.statement_s),
            "SET SESSION TRANSACTION READ ONLY".to_owned(),
        ];
        for bound in bounds {
            match line.query_drop(bound).await {
                Ok(()) | Err(Error::Server(_)) => {}
                Err(error) => return Err(of(&error)),
            }
        }
        Ok(Self { line, clock: offset })
    }

    pub(super) async fn columns(&mut self, statement: &str, kind: DatabaseKind) -> Result<Vec<DbColumn>, PullError> {
        let said = self.line.query_iter(statement).await.map_err(|error| of(&error))?;
        let columns = said.columns_ref().iter().map(|column| mysql_cell::column(kind, column, self.clock)).collect();
        said.drop_result().await.map_err(|error| of(&error))?;
        Ok(columns)
    }

    pub(super) async fn one(&mut self, statement: &str) -> Result<Option<String>, PullError> {
        let row: Option<Row> = self.line.query_first(statement).await.map_err(|error| of(&error))?;
        Ok(row.and_then(|row| match row.as_ref(0) {
            Some(Value::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }))
    }

    pub(super) async fn rows<'l>(
        &'l mut self,
        statement: &'l str,
        columns: &'l [DbColumn],
    ) -> Result<RowStream<'l>, PullError> {
        let said = self.line.query_iter(statement).await.map_err(|error| of(&error))?;
        let next = |mut said: QueryResult<'l, 'static, TextProtocol>| async move {
            Ok(said.next().await.map_err(|error| of(&error))?.map(|row| (row, said)))
        };
        let cells = |row: Row| {
            columns.iter().enumerate().map(|(place, column)| cell(row.as_ref(place), column.meaning)).collect()
        };
        Ok(try_unfold(said, next).map_ok(cells).boxed())
    }
}

fn cell(value: Option<&Value>, meaning: Meaning) -> GivenCell {
    match value {
        Some(Value::Bytes(bytes)) => {
            let is_time = matches!(meaning, Meaning::Civil | Meaning::Day | Meaning::Offset(_));
            // What MySQL keeps for a date that is none.
            if is_time && bytes.starts_with(b"0000-00-00") { GivenCell::Empty } else { of_bytes(bytes, meaning) }
        }
        // The text protocol has nothing else.
        _ => GivenCell::Empty,
    }
}

/// `+08:00`
fn written(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    format!("{}{:02}:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60)
}

fn of(error: &Error) -> PullError {
    match error {
        Error::Server(said) => match said.code {
            // Who we are, which database, what is asked of it, and what is not there.
            1044 | 1045 | 1049 | 1054 | 1064 | 1102 | 1103 | 1109 | 1142 | 1143 | 1146 | 1227 | 1251 | 1356 | 1370
            | 1698 | 4151 => PullError::Refused(format!("{} ({})", said.message, said.code)),
            // No room, an operator, a lock, a statement that took too long.
            1040
            | 1053
            | 1129
            | 1130
            | 1152
            | 1158..=1161
            | 1203
            | 1205
            | 1213
            | 1226
            | 1290
            | 1317
            | 1927
            | 1969
            | 3024 => PullError::Away(format!("{} ({})", without_values(&said.message), said.code)),
            _ => PullError::Broken(format!("{} ({})", without_values(&said.message), said.code)),
        },
        Error::Io(IoError::Tls(error)) => PullError::Refused(format!("TLS: {error}")),
        Error::Io(IoError::Io(error)) if is_certificate(error) => PullError::Refused(format!("TLS: {error}")),
        Error::Driver(
            DriverError::UnknownAuthPlugin { .. }
            | DriverError::MysqlOldPasswordDisabled
            | DriverError::CleartextPluginDisabled
            | DriverError::NoClientSslFlagFromServer,
        ) => PullError::Refused(error.to_string()),
        Error::Driver(DriverError::ConnectionClosed) => PullError::Away("the connection was closed".to_owned()),
        Error::Driver(DriverError::PacketTooLarge) => PullError::Broken("a row is larger than 64 MB".to_owned()),
        Error::Io(IoError::Io(error)) => PullError::Away(error.to_string()),
        // What the others say may show bytes of a row.
        Error::Driver(_) | Error::Other(_) | Error::Url(_) => {
            PullError::Away("the connection is out of step".to_owned())
        }
    }
}

fn is_certificate(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>())
}
